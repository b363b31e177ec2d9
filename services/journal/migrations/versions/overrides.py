"""Overrides apart from people: what a room gets once it is there, for batches without participants too."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "overrides",
        sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("change", sa.Text, nullable=False),
    )
    op.execute(
        "INSERT INTO overrides (batch_id, place, change)"
        " SELECT batch_id, place, overrides FROM participants WHERE overrides != ''"
    )
    op.drop_column("participants", "overrides")
