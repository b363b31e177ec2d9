"""Links by what tells them apart, so that one link in two rooms is noticed, whenever the second one comes."""

import json
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

from services.same_link import link_keys

revision = "0006"
down_revision = "0005"

ROWS_AT_ONCE = 5_000
"""How many rows are written together."""


LARGE = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    keys = op.create_table(
        "link_keys",
        sa.Column("key", LARGE, primary_key=True, autoincrement=False),
        sa.Column("room", LARGE, nullable=False),
    )
    op.create_table(
        "listed_rooms",
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("room_id", sa.Text, primary_key=True),
        sa.Column("project_id", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
    )
    shared = op.create_table(
        "shared_links",
        sa.Column("service", sa.Text, primary_key=True),
        sa.Column("room_id", sa.Text, primary_key=True),
        sa.Column("key", LARGE, primary_key=True, autoincrement=False),
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
    first: dict[int, dict[str, Any]] = {}
    twins: dict[tuple[str, str, int], dict[str, Any]] = {}
    for *whose, link, room in found.all():
        row = dict(zip(names, whose, strict=True))
        for text in link_keys(link, str(json.loads(room)["access_token"])):
            key = _digest(row["service"], text)
            other = first.setdefault(key, row)
            if other["room_id"] != row["room_id"]:
                for one in (other, row):
                    twins[one["service"], one["room_id"], key] = {**one, "key": key}
    _insert(keys, [{"key": key, "room": _digest(row["service"], row["room_id"])} for key, row in first.items()])
    _insert(shared, list(twins.values()))


def _insert(table: sa.Table, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), ROWS_AT_ONCE):
        op.bulk_insert(table, rows[start : start + ROWS_AT_ONCE])


def _digest(service: str, text: str) -> int:
    """As services.journal.links has it."""
    digest = sha256(f"{service}\n{text}".encode(errors="surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
