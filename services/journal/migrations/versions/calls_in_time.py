"""When a call was claimed and sent, and what a person should know of a batch: rooms left alone, a list with gaps."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("calls", sa.Column("claimed_at", sa.Float))
    op.add_column("calls", sa.Column("sent_at", sa.Float))
    op.add_column("batches", sa.Column("left_alone", sa.Integer, nullable=False, server_default="0"))
    op.add_column("batches", sa.Column("has_gaps", sa.Boolean, nullable=False, server_default=sa.false()))
