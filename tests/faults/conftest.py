"""What the tests of faults share: one sandbox a module by the real clock, and a journal on either database."""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import stamina
from starlette.applications import Starlette

from services.aseed.client import Connections
from services.batches.engine import Engine
from services.batches.pace import Pace
from services.journal.journal import Journal
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from tests.faults.study import QUICK, EngineOf, StudyOf, study
from tests.journals import empty_journal
from tests.postgres import fresh_database
from tests.servers import eventually, serving


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
        yield empty_journal(tmp_path)
    else:
        with fresh_database(request.getfixturevalue("postgres")) as url:
            yield url


@pytest.fixture
def journal_file(tmp_path: Path) -> Path:
    empty_journal(tmp_path)
    return tmp_path / "journal.sqlite3"


@pytest.fixture
def journal(journal_file: Path) -> Iterator[Journal]:
    made = Journal(f"sqlite:///{journal_file}")
    yield made
    made.close()


@pytest.fixture
def engine_with(journal: Journal) -> Iterator[EngineOf]:
    """Makes engines of a pace on the journal, or on another one, and closes them."""
    engines: list[Engine] = []

    def made(pace: Pace = QUICK, on: Journal = journal) -> Engine:
        engines.append(Engine(on, pace, beat=0.1))
        return engines[-1]

    yield made
    for engine in engines:
        engine.close()
    eventually(lambda: not any(thread.name == "batch" for thread in threading.enumerate()))


@pytest.fixture
def engine(engine_with: EngineOf) -> Engine:
    return engine_with()


@pytest.fixture
def study_with(store: Store, sandbox: str, connections: Connections) -> StudyOf:
    return partial(study, store, sandbox, connections)
