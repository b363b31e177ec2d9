"""Doors: public addresses that give each visitor a room, with their texts, fills, visits and answers."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "doors",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("code", sa.Text, nullable=False, unique=True),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("made_at", sa.Float, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False, server_default=""),
        sa.Column("is_paused", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("closed_at", sa.Float),
        sa.Column("looked_at", sa.Float, nullable=False, server_default="0"),
        sa.Column("fills", sa.Integer, nullable=False, server_default="0"),
    )
    op.create_index("doors_by_project", "doors", ["service", "project_id"])
    op.create_table(
        "door_texts",
        sa.Column("door_id", sa.Integer, sa.ForeignKey("doors.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("texts", sa.Text, nullable=False),
    )
    op.create_table(
        "door_fills",
        sa.Column("door_id", sa.Integer, sa.ForeignKey("doors.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("rooms", sa.Integer, nullable=False),
        sa.Column("tokens", sa.Integer, nullable=False),
        sa.Column("batch_id", sa.Integer),
    )
    op.create_table(
        "door_visits",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("door_id", sa.Integer, sa.ForeignKey("doors.id"), nullable=False),
        sa.Column("key", sa.Text, nullable=False, unique=True),
        sa.Column("device", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False, server_default=""),
        sa.Column("email", sa.Text, nullable=False, server_default=""),
        sa.Column("panel_id", sa.Text, nullable=False, server_default=""),
        sa.Column("parameters", sa.Text, nullable=False, server_default="{}"),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("entered_at", sa.Float, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("changed_at", sa.Float, nullable=False),
        sa.Column("room_id", sa.Text),
        sa.Column("claimed_at", sa.Float),
        sa.Column("started_at", sa.Float),
        sa.Column("ended_at", sa.Float),
        sa.Column("cut_offs", sa.Integer, nullable=False, server_default="0"),
        sa.Column("allowed", sa.Integer, nullable=False, server_default="0"),
        sa.Column("code", sa.Text, nullable=False),
        sa.UniqueConstraint("door_id", "device"),
    )
    op.create_index("door_visits_by_state", "door_visits", ["door_id", "state"])
    op.create_index("door_visits_by_room", "door_visits", ["room_id"])
    has_person = sa.text("person != ''")
    op.create_index(
        "one_visit_a_person",
        "door_visits",
        ["door_id", "person"],
        unique=True,
        sqlite_where=has_person,
        postgresql_where=has_person,
    )
    op.create_table(
        "door_answers",
        sa.Column("visit_id", sa.Integer, sa.ForeignKey("door_visits.id"), primary_key=True),
        sa.Column("question", sa.Integer, primary_key=True),
        sa.Column("answer", sa.Integer, nullable=False),
    )
