"""Handing out in person: stations, and the rooms that they give, one line each."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "stations",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("service", sa.Text, nullable=False),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("operator", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Integer),
        sa.Column("by_name", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("moves_on", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("opened_at", sa.Float, nullable=False),
        sa.Column("closed_at", sa.Float),
        sa.Column("holder", sa.Text, nullable=False, server_default=""),
        sa.Column("seen_at", sa.Float, nullable=False),
    )
    op.create_index("stations_by_project", "stations", ["service", "project_id", "kind"])
    op.create_table(
        "hand_outs",
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("room_id", sa.Text, primary_key=True),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("batch_id", sa.Integer),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("whom", sa.Text, nullable=False),
        sa.Column("is_named", sa.Boolean, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
        sa.Column("room", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("expires_at", sa.Float),
        sa.Column("looked_at", sa.Float, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("how", sa.Text, nullable=False, server_default=""),
        sa.Column("station_key", sa.Text, nullable=False, server_default=""),
        sa.Column("station", sa.Text, nullable=False, server_default=""),
        sa.Column("operator", sa.Text, nullable=False, server_default=""),
        sa.Column("claimed_at", sa.Float),
        sa.Column("given_at", sa.Float),
    )
    op.create_index("hand_outs_by_turn", "hand_outs", ["service", "project_id", "state", "turn"])
    op.create_index("hand_outs_by_station", "hand_outs", ["station_key"])
    in_hand = sa.text("state IN ('claimed', 'shown', 'recalled')")
    op.create_index(
        "one_link_a_station",
        "hand_outs",
        ["station_key"],
        unique=True,
        sqlite_where=in_hand,
        postgresql_where=in_hand,
    )
