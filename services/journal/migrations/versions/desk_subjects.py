"""What visitors of a desk read that the interview is about."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("stations", sa.Column("about", sa.Text, nullable=False, server_default=""))
