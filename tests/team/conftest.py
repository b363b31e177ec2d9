"""What the tests of several replicas share: a PostgreSQL that they may stop, and an Aseed that they steer."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.browser.service import Service, service
from tests.postgres import Server, fresh_database, restartable_postgres


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server of the module's own; what it has said to be committed, it keeps."""
    with (
        TemporaryDirectory(prefix="postgres-") as folder,
        restartable_postgres(Path(folder), "synchronous_commit=on") as made,
    ):
        yield made


@pytest.fixture
def journal(server: Server) -> Iterator[str]:
    """The URL of an empty database of that server."""
    with fresh_database(server.url) as url:
        yield url


@pytest.fixture
def aseed(tmp_path: Path) -> Iterator[Service]:
    with service(tmp_path) as made:
        yield made
