"""What may become of a journal's file, or be in its place."""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path


def emptied(file: Path) -> None:
    file.write_bytes(b"")


def no_sqlite(file: Path) -> None:
    file.write_text("Dear diary, " * 1000)


def _broken_pages(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096 * 3 : 4096 * 9] = os.urandom(4096 * 6)
    file.write_bytes(content)


def _broken_schema(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[100:4096] = os.urandom(3996)
    file.write_bytes(content)


def _truncated(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def _cut_short(file: Path) -> None:
    os.truncate(file, 50)


def _foreign(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("CREATE TABLE diary (entry TEXT)")


def _foreign_with_revisions(file: Path) -> None:
    _foreign(file)
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("CREATE TABLE alembic_version (version_num TEXT)")
        db.execute("INSERT INTO alembic_version VALUES ('9999')")


def _newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "emptied": (emptied, "is empty: its content is lost. Restore a backup"),
    "no SQLite": (no_sqlite, "is damaged, or is no journal. Restore a backup"),
    "broken pages": (_broken_pages, "is damaged, or is no journal. Restore a backup"),
    "broken schema": (_broken_schema, "is damaged, or is no journal. Restore a backup"),
    "truncated": (_truncated, "is damaged, or is no journal. Restore a backup"),
    "cut short": (_cut_short, "is damaged, or is no journal. Restore a backup"),
    "foreign": (_foreign, "is a database, and not a journal of this dashboard. Move it away"),
    "foreign, with revisions": (_foreign_with_revisions, "is a database, and not a journal of this dashboard."),
    "newer": (_newer, "was written by a newer version of this dashboard. Update the dashboard."),
    "a folder": (_folder, "There is a folder in the place of the journal's file"),
    "a pipe": (_pipe, "is not a file. Move it away."),
}
"""What it is called, how it comes about, and what is said then."""
