"""What the tests of faults share: one sandbox a module by the real clock, and a journal on either database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina
from starlette.applications import Starlette

from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from tests.postgres import fresh_database
from tests.servers import serving


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The sandbox's store, by the real clock, which a late commit is measured by; each test counts its own rooms."""
    return Store(tmp_path_factory.mktemp("sandbox") / "sandbox.sqlite3")


@pytest.fixture(scope="module")
def sandbox(store: Store) -> Iterator[str]:
    with serving(Starlette(routes=sandbox_routes(store))) as address:
        yield address


@pytest.fixture
def each_request_once() -> Iterator[None]:
    """The client repeats nothing by itself: what is repeated here, the engine repeats."""
    with stamina.set_testing(True, attempts=1):
        yield


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/journal.sqlite3"
    else:
        with fresh_database(request.getfixturevalue("postgres")) as url:
            yield url
