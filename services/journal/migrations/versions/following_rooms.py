"""Following rooms: replacements, what was done to a room, whom it is for by now, settled flags, targets."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("participants", sa.Column("replaces", sa.Text, nullable=False, server_default=""))
    op.add_column("participants", sa.Column("retired", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("participants", sa.Column("overrides", sa.Text, nullable=False, server_default=""))
    some = sa.text("replaces != ''")
    op.create_index("replacements", "participants", ["replaces"], sqlite_where=some, postgresql_where=some)
    op.create_table(
        "room_events",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("room_id", sa.Text, nullable=False),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
    )
    op.create_index("room_events_by_room", "room_events", ["service", "room_id", "id"])
    op.create_table(
        "people",
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("room_id", sa.Text, primary_key=True),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
    )
    op.create_index("people_by_project", "people", ["service", "project_id"])
    op.create_table(
        "settled_flags",
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("room_id", sa.Text, primary_key=True),
        sa.Column("flag", sa.Text, primary_key=True),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
    )
    op.create_index("settled_flags_by_project", "settled_flags", ["service", "project_id"])
    op.create_table(
        "targets",
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("project_id", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("completes", sa.Integer, nullable=False),
    )
