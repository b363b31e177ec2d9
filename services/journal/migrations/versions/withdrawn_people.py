"""Rooms of people whose names, codes and addresses have gone from the journal."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "withdrawn_rooms",
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("room_id", sa.Text, primary_key=True),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("was_theirs", sa.Boolean, nullable=False),
    )
