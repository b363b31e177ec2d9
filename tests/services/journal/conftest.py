"""The journal's databases: each test that asks for one runs on both kinds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import fresh_database


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/journal.sqlite3"
    else:
        # Asked for only here: who runs the tests on SQLite alone need not wait for a server.
        with fresh_database(request.getfixturevalue("postgres")) as url:
            yield url
