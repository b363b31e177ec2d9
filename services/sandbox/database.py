"""The sandbox's SQLite file: connections, transactions, and the values of new rows."""

import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zlib import crc32

from services.private_folder import make_private_folder

Row = dict[str, Any]
"""A row, with the names of the published models."""

_SCHEMA = Path(__file__).with_name("schema.sql").read_text()
_VERSION = crc32(_SCHEMA.encode()) >> 1
"""Another number for another schema; SQLite keeps 31 bits of it."""

_COLUMNS = (
    "SELECT tables.name AS in_table, columns.name, columns.type "
    "FROM sqlite_master AS tables JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'"
)


class SandboxFileError(Exception):
    """The sandbox's file cannot be used. Its text says what to do."""


def create(path: Path) -> None:
    """Creates the file with its folder and tables where it is missing. Only its owner may read it.

    A file of an earlier schema keeps its rows and gets what it lacks: tables, columns, indexes.
    Raises SandboxFileError.
    """
    try:
        make_private_folder(path.parent)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        _update(path)
    except OSError as error:
        raise SandboxFileError(
            f"The sandbox's file {path} cannot be opened ({type(error).__name__}). ROOMS_DATA_DIR names its folder: "
            "choose one in which the account of the dashboard may write."
        ) from None
    except sqlite3.DatabaseError as error:
        raise SandboxFileError(
            f"The sandbox's file {path} does not work ({error.sqlite_errorname}). Nothing in it was paid for: where it "
            "is damaged, move it away, and the next start makes a new one."
        ) from None


def _update(path: Path) -> None:
    with closing(connect(path)) as db, transaction(db):
        if db.execute("PRAGMA user_version").fetchone()["user_version"] != _VERSION:
            _add_missing_columns(db)
            for statement in _SCHEMA.split(";"):
                db.execute(statement)
            db.execute(f"PRAGMA user_version = {_VERSION}")


def _add_missing_columns(db: sqlite3.Connection) -> None:
    """Adds the columns of the schema that the tables of this file lack."""
    has = {(column["in_table"], column["name"]) for column in db.execute(_COLUMNS)}
    with closing(sqlite3.connect(":memory:")) as fresh:
        fresh.executescript(_SCHEMA)
        for table, name, kind in fresh.execute(_COLUMNS):
            if (table, name) not in has and table in {known for known, _ in has}:
                db.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind}")


def connect(path: Path) -> sqlite3.Connection:
    """A new connection, whose rows are dicts."""
    db = sqlite3.connect(path, timeout=10, isolation_level=None)
    db.row_factory = lambda cursor, row: {
        column[0]: value for column, value in zip(cursor.description, row, strict=True)
    }
    db.execute("PRAGMA foreign_keys = ON")
    # Survives every crash of ours; a power cut may cost the last rehearsal, for which no one paid.
    db.execute("PRAGMA synchronous = NORMAL")
    return db


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing, with the write lock from the start: a lock taken late would fail under load."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def insert(db: sqlite3.Connection, table: str, *rows: Row) -> None:
    """Inserts rows that all have the fields of the first."""
    columns, places = ", ".join(rows[0]), ", ".join(f":{name}" for name in rows[0])
    db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)


def update(db: sqlite3.Connection, table: str, row_id: str, values: Row) -> None:
    """Sets values of one row. No values change nothing."""
    if values:
        changes = ", ".join(f"{name} = :{name}" for name in values)
        db.execute(f"UPDATE {table} SET {changes} WHERE id = :id", {**values, "id": row_id})


def new_room_keys() -> Row:
    """The values that tell a new room from every other; its access token has 192 bits."""
    return {
        "id": time_ordered_id(),
        "access_token": secrets.token_urlsafe(24),
        "room_name": f"interview-{secrets.token_hex(6)}",
    }


def time_ordered_id() -> str:
    """A UUID, version 7 (RFC 9562, with 12 bits of the millisecond's fraction): indexes on it grow at their end."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    head = milliseconds << 16 | 7 << 12 | rest * 4096 // 1_000_000
    return str(UUID(int=head << 64 | 2 << 62 | secrets.randbits(62)))


def as_text(moment: datetime) -> str:
    """A moment as text that sorts as time: always UTC, always microseconds, always four digits of the year."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")
