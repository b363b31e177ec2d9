"""The journal on both kinds of database: each test that asks for one runs on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from services.journal.database import Database
from services.journal.journal import Journal
from services.journal.tables import metadata
from tests.journals import empty_journal
from tests.postgres import fresh_database


@pytest.fixture(scope="module")
def kept_database(postgres: str) -> Iterator[str]:
    with fresh_database(postgres) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a new database, without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/journal.sqlite3"
        return
    with fresh_database(request.getfixturevalue("postgres")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database. PostgreSQL's is emptied after each test: a new one takes a third of a second."""
    if request.param == "sqlite":
        yield empty_journal(tmp_path)
        return
    # Asked for only here: tests on SQLite alone need not wait for a server.
    url: str = request.getfixturevalue("kept_database")
    yield url
    with psycopg.connect(url) as db:
        db.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, metadata.tables))))


@pytest.fixture
def journal(database: str) -> Iterator[Journal]:
    with closing(Journal(database)) as opened:
        yield opened


@pytest.fixture
def tables(database: str, journal: Journal) -> Iterator[Database]:
    """The journal's tables themselves, for what has no verb."""
    assert journal
    with closing(Database(database)) as opened:
        yield opened
