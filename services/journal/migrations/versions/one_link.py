"""Links by what tells them apart, so that one link in two rooms is noticed, whenever the second one comes."""

import json
from hashlib import sha256

import sqlalchemy as sa
from alembic import op

from services.same_link import link_keys

revision = "0005"
down_revision = "0004"

ROWS_AT_ONCE = 5_000
"""How many rows are written together."""


def upgrade() -> None:
    keys = op.create_table(
        "link_keys",
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("room_id", sa.Text, nullable=False),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
    )
    op.create_index("link_keys_by_room", "link_keys", ["service", "room_id"])
    shared = op.create_table(
        "shared_links",
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("room_id", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("is_over", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_table(
        "own_links",
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("room_id", sa.Text, primary_key=True),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=False),
    )
    _write_down(keys, shared)


def _write_down(keys: sa.Table, shared: sa.Table) -> None:
    """Writes down the links of the rooms that are there."""
    names = ("service", "room_id", "project_id", "account")
    found = op.get_bind().execute(
        sa.text(
            "SELECT rooms.service, rooms.room_id, batches.project_id, batches.account, rooms.link, rooms.room"
            " FROM rooms JOIN batches ON batches.id = rooms.batch_id ORDER BY rooms.id"
        )
    )
    first: dict[tuple[str, str], dict[str, str]] = {}
    twins: dict[tuple[str, str, str], dict[str, str]] = {}
    for *whose, link, room in found.all():
        row = dict(zip(names, whose, strict=True))
        for text in link_keys(link, str(json.loads(room)["access_token"])):
            key = sha256(text.encode(errors="surrogatepass")).hexdigest()
            other = first.setdefault((row["service"], key), {**row, "key": key})
            if other["room_id"] != row["room_id"]:
                for one in (other, {**row, "key": key}):
                    twins[one["service"], one["room_id"], key] = one
    for table, rows in ((keys, list(first.values())), (shared, list(twins.values()))):
        for start in range(0, len(rows), ROWS_AT_ONCE):
            op.bulk_insert(table, rows[start : start + ROWS_AT_ONCE])
