"""kill -9 of the process that creates rooms, in every phase and at any moment: the next one ends its batch exactly."""

import itertools
import multiprocessing
import os
import random
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from services.aseed.client import AseedClient, Connections
from services.aseed.models import CreateProjectRequest
from services.batches.engine import Engine
from services.journal.database import JournalError
from services.journal.journal import Journal
from services.journal.records import Batch, State
from services.journal.run import Run
from services.journal.tables import batches
from services.journal.visibility import Visibility
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from tests.faults import victim
from tests.faults.victim import BEAT, PACE, PEOPLE, TOKEN, press, run_to_its_end
from tests.postgres import fresh_database
from tests.servers import PATIENCE, eventually, serving

AT_ONCE = 2
"""How many batches are at work, and killed, at once."""

FORKS = multiprocessing.get_context("forkserver")
"""Starts processes that have everything imported already, which takes half a second of a core."""

FORKS.set_forkserver_preload(["pytest", "tests.faults.victim"])

KILLS_A_BATCH = 3
"""How often one batch is killed at the most before it may come to its end."""


class Counted:
    """An application that knows which requests it is busy with, by their numbers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.busy_with: set[int] = set()
        self._numbers = itertools.count()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = next(self._numbers)
        self.busy_with.add(number)
        try:
            await self.app(scope, receive, send)
        finally:
            self.busy_with.remove(number)


AUTHORIZED = {"Authorization": f"Bearer {TOKEN.get_secret_value()}"}


@dataclass(frozen=True)
class Place:
    """A sandbox on a real socket, with one account in which every batch has a project of its own."""

    address: str
    served: Counted
    store: Store
    client: AseedClient

    def new_project(self) -> str:
        wanted = CreateProjectRequest(name="Study", research_goals="Goals.", interview_guide="1. Why?")
        return str(self.store.create_project(self._account, wanted)["id"])

    def settle(self) -> None:
        """Wait until everything that was asked of the sandbox by now is done, also for processes that are dead."""
        # Over a new connection: those are accepted, and their requests begun, in order. So an answer means that
        # all requests before this one have begun. Over a kept one it may come before that.
        httpx.get(f"{self.address}/custdev/api/interviews/config", headers=AUTHORIZED, trust_env=False)
        begun = frozenset(self.served.busy_with)
        eventually(lambda: begun.isdisjoint(self.served.busy_with))

    def assert_exact(self, journal: Journal, batch: Batch) -> None:
        """Every person has the room that is meant for them, with its label and its link, and there is no other."""
        created = {row["id"]: row for row in self.store.rooms(self._account, UUID(batch.project_id))}
        kept = journal.batches.rooms(batch.id)
        assert batch.state == State.DONE
        assert len(created) == len(kept) == batch.rooms == batch.wanted == len(PEOPLE)
        assert {each.room.id for each in kept} == created.keys()
        for place, (each, person) in enumerate(zip(kept, PEOPLE, strict=True), start=1):
            row = created[each.room.id]
            assert (each.place, each.participant) == (place, type(person)(label=person.label))
            assert each.room.display_name == row["display_name"] == person.label
            assert each.room.max_duration_minutes == row["max_duration_minutes"] == person.max_duration_minutes
        links = [f"{self.address}/interview/{created[each.room.id]['access_token']}" for each in kept]
        assert journal.batches.links(batch.id) == links

    @property
    def _account(self) -> str:
        return self.store.account(TOKEN.get_secret_value())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    store = Store(tmp_path_factory.mktemp("sandbox") / "sandbox.sqlite3")
    served = Counted(Starlette(routes=sandbox_routes(store)))
    with serving(served) as address, Connections(trust_env=False) as connections:
        yield Place(address, served, store, AseedClient(f"{address}/custdev", TOKEN, connections))


@dataclass(frozen=True)
class Life:
    """One press of Create, and the processes that work on it, one after the other."""

    place: Place
    url: str
    project_id: str
    nonce: str

    def killed_at(self, *moment: str) -> None:
        """A process works on it until it gets to that moment (tests.faults.victim)."""
        with self._process(*moment) as process:
            process.join(PATIENCE)
            assert process.exitcode == -signal.SIGKILL, f"it never got to {moment}"
        self._bury()

    def killed_after(self, seconds: float) -> bool:
        """A process works on it for so long; whether it was killed then, and not through already."""
        with self._process() as process:
            process.join(seconds)
            process.kill()
            process.join(PATIENCE)
            killed = process.exitcode == -signal.SIGKILL
        self._bury()
        return killed

    @contextmanager
    def standing_still_at(self, *moment: str) -> Iterator[None]:
        """A process stands still at that moment, its lease passes, and after the block it goes on to its end."""
        with self._process(*moment) as process:
            assert process.pid is not None
            eventually(lambda: stands_still(process.pid))
            # It has no request out: there is nothing to wait for.
            with closing(Journal(self.url)) as journal:
                let_lease_pass(journal, self.nonce)
            yield
            os.kill(process.pid, signal.SIGCONT)
            process.join(PATIENCE)
            assert process.exitcode == 0

    def ended(self) -> None:
        """The last process is this one: it gets to the end, exactly."""
        client = self.place.client
        with closing(Journal(self.url)) as journal, closing(Engine(journal, PACE, BEAT)) as engine:
            batch = run_to_its_end(engine, client, press(client, self.project_id, self.nonce))
            self.place.assert_exact(journal, batch)

    def uninterrupted(self) -> float:
        """How many seconds a process takes that is not killed."""
        with self._process() as process:
            began = time.monotonic()
            process.join(PATIENCE)
            assert process.exitcode == 0
            return time.monotonic() - began

    def _bury(self) -> None:
        """Wait for what the dead process has asked for, and let the lease pass that it had."""
        self.place.settle()
        with closing(Journal(self.url)) as journal:
            let_lease_pass(journal, self.nonce)

    @contextmanager
    def _process(self, *moment: str) -> Iterator[ForkServerProcess]:
        ready = FORKS.Event()
        process = FORKS.Process(
            target=victim.main, args=(ready, self.url, self.place.address, self.project_id, self.nonce, *moment)
        )
        process.start()
        assert ready.wait(PATIENCE)
        try:
            yield process
        finally:
            process.kill()
            process.join(PATIENCE)
            process.close()


def stands_still(process_id: int | None) -> bool:
    """Whether a process was stopped by a signal."""
    state = subprocess.run(["ps", "-o", "state=", "-p", str(process_id)], capture_output=True, text=True, check=True)
    return state.stdout.startswith("T")


def let_lease_pass(journal: Journal, nonce: str) -> None:
    """As if the process that has this batch had given no sign of life for long."""
    with journal._database.writing() as db:
        db.execute(update(batches).where(batches.c.nonce == nonce).values(runner_seen_at=0))


def new_life(place: Place, url: str) -> Life:
    return Life(place, url, place.new_project(), secrets.token_hex(8))


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('journal')}/journal.sqlite3"


@pytest.fixture(scope="module")
def postgresql(postgres: str) -> Iterator[str]:
    with fresh_database(postgres) as url:
        yield url


PHASES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "as the press is written down": (
        ("before", "Batches.start", "1"),
        ("commit", "Batches.start", "1"),
        ("after", "Batches.start", "1"),
    ),
    "as the project is looked at before the first call": (
        ("after", "AseedClient.rooms", "1"),
        ("commit", "Run.keep_baseline", "1"),
        ("after", "Run.keep_baseline", "1"),
    ),
    "as a call is marked as being sent": (
        ("commit", "Run.claim", "1"),
        ("after", "Run.claim", "1"),
        ("after", "Run.claim", "5"),
        ("after", "Run.claim", "8"),
    ),
    "when the rooms are there and their answer is not written down": (
        ("after", "AseedClient.create_rooms", "1"),
        ("after", "AseedClient.create_rooms", "4"),
        ("after", "AseedClient.create_rooms", "7"),
    ),
    "as an answer is written down": (
        ("commit", "Run.record_answer", "1"),
        ("after", "Run.record_answer", "1"),
        ("commit", "Run.record_answer", "7"),
        ("after", "Run.record_answer", "7"),
    ),
    "as rooms are labelled": (
        ("before", "AseedClient.update_room", "1"),
        ("after", "AseedClient.update_room", "7"),
        ("after", "AseedClient.update_room", "14"),
    ),
    "as labels are written down": (
        ("before", "Run.record_labels", "1"),
        ("commit", "Run.record_labels", "1"),
        ("after", "Run.record_labels", "1"),
    ),
    "as the end is written down": (
        ("before", "Run.end", "1"),
        ("commit", "Run.end", "1"),
        ("after", "Run.end", "1"),
        ("after", "Run.release", "1"),
    ),
}

SECOND = (
    ("commit", "Batches.take", "1"),
    ("after", "Batches.take", "1"),
    ("after", "AseedClient.rooms", "1"),
    ("before", "Run.settle", "1"),
    ("commit", "Run.settle", "1"),
    ("after", "Run.settle", "1"),
)
"""Where the one is killed that looks what became of a lost answer."""


STANDSTILLS = (("stop", "Run.claim", "1"), ("stop", "Run.claim", "6"))
"""Where a process stands still whose call is marked as being sent, and not a byte of it has left."""


@pytest.mark.parametrize("phase", PHASES)
def test_next_process_ends_a_killed_batch_exactly(place: Place, sqlite: str, phase: str) -> None:
    def killed_once(moment: tuple[str, str, str]) -> None:
        life = new_life(place, sqlite)
        life.killed_at(*moment)
        life.ended()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(killed_once, PHASES[phase]))


@pytest.mark.parametrize("moment", SECOND, ids=" ".join)
def test_settling_process_may_be_killed_too(place: Place, sqlite: str, moment: tuple[str, str, str]) -> None:
    life = new_life(place, sqlite)
    life.killed_at("after", "AseedClient.create_rooms", "4")
    life.killed_at(*moment)
    life.ended()


def test_killed_batch_ends_exactly_on_postgresql(place: Place, postgresql: str) -> None:
    def killed_once(phase: str) -> None:
        life = new_life(place, postgresql)
        life.killed_at(*PHASES[phase][-1])
        life.ended()

    def killed_twice(moment: tuple[str, str, str]) -> None:
        life = new_life(place, postgresql)
        life.killed_at("after", "AseedClient.create_rooms", "4")
        life.killed_at(*moment)
        life.ended()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(killed_once, PHASES))
        list(pool.map(killed_twice, SECOND[-2:]))


@pytest.mark.parametrize("journal_of", ["sqlite", "postgresql"])
def test_process_that_stood_still_sends_nothing(place: Place, journal_of: str, request: pytest.FixtureRequest) -> None:
    url: str = request.getfixturevalue(journal_of)

    def stood_still(moment: tuple[str, str, str]) -> None:
        life = new_life(place, url)
        with life.standing_still_at(*moment):
            life.ended()
        life.ended()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(stood_still, STANDSTILLS))


def test_batch_survives_kills_at_any_moment(place: Place, sqlite: str, request: pytest.FixtureRequest) -> None:
    wanted: int = request.config.getoption("kills")
    usual = new_life(place, sqlite).uninterrupted()

    def lived(seed: int) -> int:
        """How often one batch was killed before it came to its end."""
        chance, life, kills = random.Random(seed), new_life(place, sqlite), 0
        while kills < KILLS_A_BATCH and life.killed_after(chance.uniform(0, usual)):
            kills += 1
        life.ended()
        return kills

    kills, seed = 0, 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        while kills < wanted:
            kills += sum(pool.map(lived, range(seed, seed + 2 * AT_ONCE)))
            seed += 2 * AT_ONCE


def test_same_process_resumes_after_a_journal_error(place: Place, sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise JournalError("The journal's database does not work (OperationalError).")

    client = place.client
    new = press(client, place.new_project(), "nonce")
    visibility = Visibility(new.service, new.account)
    with closing(Journal(sqlite)) as journal, closing(Engine(journal, PACE, BEAT)) as engine:
        with monkeypatch.context() as locked:
            locked.setattr(Run, "step", fail)
            engine.start(new, client)
            eventually(lambda: not engine._runs)
        let_lease_pass(journal, new.nonce)
        batch = journal.batches.pressed(new.nonce, visibility)
        assert batch is not None and batch.interrupted
        place.assert_exact(journal, run_to_its_end(engine, client, new))
