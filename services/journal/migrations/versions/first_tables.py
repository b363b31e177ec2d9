"""The first tables: batches, calls, rooms, participants, the audit trail, and presets."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("nonce", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("project_name", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False, server_default=""),
        sa.Column("name", sa.Text, nullable=False, server_default=""),
        sa.Column("wanted", sa.Integer, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("problem", sa.Text),
        sa.Column("cancelling", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("made_at", sa.Float, nullable=False),
        sa.Column("ended_at", sa.Float),
        sa.Column("wait_until", sa.Float),
        sa.Column("runner", sa.Text),
        sa.Column("runner_seen_at", sa.Float),
        sa.Column("baseline", sa.Text),
        sa.Column("look_again_at", sa.Float),
        sa.Column("late_rooms", sa.Integer, nullable=False, server_default="0"),
        sa.UniqueConstraint("account", "nonce"),
    )
    op.create_index("batches_by_project", "batches", ["service", "project_id", "id"])
    unresolved = sa.text("ended_at IS NULL")
    op.create_index(
        "one_unresolved_batch",
        "batches",
        ["service", "project_id"],
        unique=True,
        sqlite_where=unresolved,
        postgresql_where=unresolved,
    )
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.id"), nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("places", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("problem", sa.Text),
    )
    op.create_index("calls_by_batch", "calls", ["batch_id", "state", "id"])
    op.create_table(
        "rooms",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.id"), nullable=False),
        sa.Column("call_id", sa.Integer, sa.ForeignKey("calls.id"), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("room_id", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("room", sa.Text, nullable=False),
        sa.Column("label_state", sa.Text),
        sa.UniqueConstraint("service", "room_id"),
        sa.UniqueConstraint("batch_id", "place"),
    )
    op.create_index("rooms_by_call", "rooms", ["call_id"])
    op.create_index("rooms_by_label", "rooms", ["batch_id", "label_state"])
    op.create_table(
        "participants",
        sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.id"), primary_key=True),
        sa.Column("place", sa.Integer, primary_key=True),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("batch_id", sa.Integer, sa.ForeignKey("batches.id"), nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
    )
    op.create_index("events_by_batch", "events", ["batch_id", "id"])
    op.create_table(
        "presets",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("is_default", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("service", "project_id", "name"),
    )
