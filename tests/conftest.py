"""Fixtures that every test may use: a sandbox on a real socket, and the client that speaks to it."""

import logging
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from streamlit.components.v2 import manifest_scanner

from services import events
from services.aseed.client import AseedClient, Connections
from services.json_lines import write_json_lines
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from tests.postgres import running_postgres
from tests.servers import running_dashboard, serving


@dataclass
class Clock:
    """A clock that a test moves by hand."""

    now: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    return Store(tmp_path / "sandbox.sqlite3", balance=1000, now=clock)


@pytest.fixture
def sandbox(store: Store) -> Iterator[str]:
    """The address of a sandbox on a real socket."""
    with serving(Starlette(routes=sandbox_routes(store))) as address:
        yield address


@pytest.fixture
def connections() -> Iterator[Connections]:
    with Connections(trust_env=False) as made:
        yield made


@pytest.fixture
def client(sandbox: str, connections: Connections) -> AseedClient:
    return AseedClient(f"{sandbox}/custdev", SecretStr("sandbox"), connections)


@pytest.fixture
def out(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """The log as lines of JSON, from the start of a test on."""
    monkeypatch.setattr(events, "listeners", [])
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    made = StringIO()
    write_json_lines(made)
    return made


@pytest.fixture(scope="session", autouse=True)
def made_once() -> Iterator[None]:
    """Keep what each test would make once more, and what takes longer than most of them.

    A TLS context reads all certificates. A page without a browser looks through all packages for components.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx, "create_ssl_context", cache(httpx.create_ssl_context))
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dashboard")


@pytest.fixture(scope="session")
def dashboard(data: Path) -> Iterator[str]:
    """The dashboard as a newcomer has it: on the sandbox."""
    with running_dashboard(data, ASEED_BASE_URL="", ASEED_API_TOKEN="") as address:
        yield address


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server; a database for one test is `tests.postgres.fresh_database` in it."""
    # Not pytest's own folder, which only its owner may enter.
    with TemporaryDirectory(prefix="postgres-") as folder, running_postgres(Path(folder)) as url:
        yield url


MEMORY = Path("/dev/shm")
"""Where a file system is kept in memory on Linux."""

ENOUGH_MEMORY = 2 * 1024**3
"""How much of it has to be free for the files of a run of all tests, in bytes."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    """Keep the tests' files in memory where that is possible: a commit to a database waits for no disk there."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH_MEMORY:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


LONG = ("faults", "browser")
"""The folders whose files take longest: begun last, one of them would keep a single worker busy at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.parent.name not in LONG)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--examples", type=int, default=50, help="examples an operation for schemathesis")
    parser.addoption("--batches", type=int, default=1000, help="batches of the campaign in tests/faults")
    parser.addoption("--batches-seed", type=int, default=0, help="the seed of the first of them")
    parser.addoption("--kills", type=int, default=50, help="kills at random moments of processes that create rooms")
    parser.addoption("--claims", type=int, default=480, help="rooms of the pools that sixteen stations empty at once")
    parser.addoption("--cards", type=int, default=60, help="cards of the longest PDF that is read back code by code")
    parser.addoption("--visitors", type=int, default=60, help="visitors who come to one door at once")
    parser.addoption("--turns", type=int, default=3, help="turns in which two desks empty a pool in the browser")
