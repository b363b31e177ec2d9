"""Two dashboards at once, in one project of one account.

On one journal, which is how several replicas are meant to run, they are safe: a press is one batch, a batch has one
runner, and a lost answer is settled once. Two things are out of any journal's reach:

- A dashboard that is stopped between writing down that it sends a call and sending it, for longer than its lease and
  the wait for lost answers together, sends when it comes back what another one has created meanwhile. Its rooms are
  kept, and shown as more than were wanted.
- Two dashboards with a journal each cannot tell their rooms apart where the settings are the same. Where there are
  more new rooms than one of them misses, it asks a person and creates nothing. Where there are exactly as many as it
  misses, and all of them are the other's, nothing tells them from its own: it takes them for its own. Then nothing is
  paid for twice, but fewer rooms exist than were wanted, and both hand out the same links. So dashboards that create
  rooms in the same projects have to share a journal.
"""

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from services.aseed.client import AseedClient, Connections
from services.aseed.errors import OutcomeUnknown
from services.aseed.models import CreateRoomsRequest, InterviewRoomResponse
from services.batches.engine import Engine
from services.batches.pace import Pace
from services.journal.batches import Busy
from services.journal.journal import Journal
from services.journal.records import Batch, State
from services.sandbox.store import Store
from tests.faults.proxy import Fault, seeded
from tests.faults.study import QUICK, Study, creations, kept_ids, no_fault, study
from tests.servers import PATIENCE, eventually

WANTED = 5

LEASE = 1.0
"""After how many seconds without a sign of life a batch may be taken over, in the tests that wait for that."""

PATIENT = replace(QUICK, unknown_wait=60)
"""Looks for lost answers only long after a test has done what has to come before."""

SILENT = 3600.0
"""Between two signs of life, for a dashboard that is stalled."""

NOTHING_CAME = (Fault.RESET_BEFORE_READ, Fault.ERROR_500_BEFORE_COMMIT)

LOSSES = (*NOTHING_CAME, Fault.RESET_AFTER_COMMIT, Fault.TRUNCATED_LENGTH, Fault.PARTIAL_COMMIT_500)

pytestmark = pytest.mark.usefixtures("each_request_once")


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    """Closes what is opened in a test, and then waits for the threads that were at work on it."""
    with ExitStack() as stack:
        stack.callback(eventually, lambda: at_work() == 0)
        yield stack


def at_work() -> int:
    """How many threads of dashboards there are: one for each that is open, and one for each batch in its hands."""
    return sum(thread.name == "batch" for thread in threading.enumerate())


def dashboard(url: str, opened: ExitStack, pace: Pace = QUICK, *, lease: float = 15, beat: float = 0.1) -> Engine:
    """A dashboard with its own connection to the journal at `url`."""
    journal = opened.enter_context(closing(Journal(url, lease=lease)))
    return opened.enter_context(closing(Engine(journal, pace, beat)))


class Counting(AseedClient):
    """A client that counts the creations that it sent, and those whose answer was lost."""

    sent = 0
    lost = 0

    def create_rooms(self, request: CreateRoomsRequest) -> list[InterviewRoomResponse]:
        self.sent += 1
        try:
            return super().create_rooms(request)
        except OutcomeUnknown:
            self.lost += 1
            raise


def stalling(at: int, *, before_sending: bool) -> tuple[type[AseedClient], threading.Event, threading.Event]:
    """A kind of client that stands still around its creation number `at`; set when it does, and to let it go on."""
    stands_still, goes_on, numbers = threading.Event(), threading.Event(), iter(range(1, 1000))

    class Stalling(AseedClient):
        def create_rooms(self, request: CreateRoomsRequest) -> list[InterviewRoomResponse]:
            stalls = next(numbers) == at
            if stalls and before_sending:
                self._stand_still()
            rooms = super().create_rooms(request)
            if stalls and not before_sending:
                self._stand_still()
            return rooms

        def _stand_still(self) -> None:
            stands_still.set()
            assert goes_on.wait(PATIENCE)

    return Stalling, stands_still, goes_on


def all_kept_once(it: Study, journal: Journal, batch: Batch) -> bool:
    """Whether the journal holds each room of the project once."""
    return sorted(kept_ids(journal, batch)) == sorted(room["id"] for room in it.rooms())


# One journal


def test_one_press_in_both_is_one_batch(
    database: str, store: Store, sandbox: str, connections: Connections, opened: ExitStack
) -> None:
    engines = [dashboard(database, opened) for _ in range(2)]
    with study(store, sandbox, connections, no_fault) as it, ThreadPoolExecutor(8) as threads:
        new = it.pressed(WANTED)
        pressed = list(threads.map(lambda engine: engine.start(new, it.client), engines * 4))
        assert len({batch.id for batch in pressed}) == 1
        batch = it.at_rest(engines[0].journal, pressed[0])
        assert batch.state == State.DONE and it.creations == 1
        assert len(it.rooms()) == WANTED and all_kept_once(it, engines[1].journal, batch)


def test_second_press_in_a_project_waits(
    database: str, store: Store, sandbox: str, connections: Connections, opened: ExitStack
) -> None:
    # A lost answer keeps the first batch under way until the second is pressed.
    engines = [dashboard(database, opened, PATIENT) for _ in range(2)]
    with study(store, sandbox, connections, creations(Fault.RESET_BEFORE_READ)) as it, ThreadPoolExecutor(2) as threads:
        presses = [threads.submit(engine.start, it.pressed(WANTED), it.client) for engine in engines]
        (refused,) = (error for press in presses if (error := press.exception()))
        (batch,) = (press.result() for press in presses if not press.exception())
        assert isinstance(refused, Busy) and refused.batch.id == batch.id
        for engine in engines:
            engine.close()
        assert it.resumed(dashboard(database, opened), batch).state == State.DONE
        assert len(it.rooms()) == WANTED and it.creations == 2


@pytest.mark.parametrize("fault", LOSSES)
def test_lost_answer_is_settled_once(
    fault: Fault, database: str, store: Store, sandbox: str, connections: Connections, opened: ExitStack
) -> None:
    first = dashboard(database, opened, PATIENT)
    others = [dashboard(database, opened, replace(QUICK, unknown_wait=0.5)) for _ in range(2)]
    with study(store, sandbox, connections, creations(fault)) as it, ThreadPoolExecutor(8) as threads:
        batch = first.start(it.pressed(WANTED), it.client)
        eventually(lambda: it.batch(first.journal, batch).state == State.WAITING)
        first.close()
        eventually(lambda: it.batch(first.journal, batch).interrupted)
        taken = list(threads.map(lambda engine: engine.resume(batch, it.client), others * 4))
        assert sum(taken) == 1
        batch = it.at_rest(first.journal, batch)
        assert batch.state == State.DONE
        assert len(it.rooms()) == WANTED and all_kept_once(it, first.journal, batch)
        assert it.creations == (1 if fault in (Fault.RESET_AFTER_COMMIT, Fault.TRUNCATED_LENGTH) else 2)


def test_stalled_dashboard_sends_nothing_more(
    database: str, store: Store, sandbox: str, connections: Connections, opened: ExitStack
) -> None:
    kind, stands_still, goes_on = stalling(2, before_sending=False)
    stalled = dashboard(database, opened, lease=LEASE, beat=SILENT)
    other = dashboard(database, opened, lease=LEASE)
    with study(store, sandbox, connections, no_fault, client=kind) as it:
        batch = stalled.start(it.pressed(350), it.client)
        assert stands_still.wait(PATIENCE)
        eventually(lambda: other.resume(batch, it.straight))
        eventually(lambda: it.batch(other.journal, batch).over)
        goes_on.set()
        # One for each dashboard that is open: no dashboard runs the batch.
        eventually(lambda: at_work() == 2)
        batch = it.batch(other.journal, batch)
        assert (batch.state, batch.rooms) == (State.DONE, 350)
        assert len(it.rooms()) == 350 and all_kept_once(it, other.journal, batch)
        # The other went past the proxy. On a slow machine the stalled one is late for its second call already.
        assert it.creations <= 2


def test_stalled_dashboard_leaves_a_taken_batch(
    database: str, store: Store, sandbox: str, connections: Connections, opened: ExitStack
) -> None:
    stands_still, goes_on = threading.Event(), threading.Event()

    class Stalling(Counting):
        listings = 0

        def rooms(self, project_id: UUID | str | None = None, status: str | None = None) -> list[InterviewRoomResponse]:
            self.listings += 1
            # The first is before anything is sent.
            if self.listings == 2:
                stands_still.set()
                assert goes_on.wait(PATIENCE)
            return super().rooms(project_id, status)

    stalled = dashboard(database, opened, lease=LEASE, beat=SILENT)
    other = dashboard(database, opened, PATIENT, lease=LEASE)
    with study(store, sandbox, connections, creations(Fault.RESET_BEFORE_READ), client=Stalling) as it:
        mine = Counting(f"{it.proxy.address}/custdev", it.token, connections, service=it.client.service)
        batch = stalled.start(it.pressed(WANTED), it.client)
        assert stands_still.wait(PATIENCE)
        eventually(lambda: other.resume(batch, mine))
        eventually(lambda: it.batch(other.journal, batch).state == State.WAITING)
        goes_on.set()
        # The stalled one has let go, and the other goes on waiting.
        eventually(lambda: at_work() == 3)
        assert it.batch(other.journal, batch).state == State.WAITING
        other.close()
        last = dashboard(database, opened)
        batch = it.resumed(last, batch, mine)
        assert batch.state == State.DONE and it.creations == 2
        assert isinstance(it.client, Counting) and (it.client.sent, mine.sent) == (1, 1)
        assert len(it.rooms()) == WANTED and all_kept_once(it, last.journal, batch)


def test_call_is_not_sent_after_a_stall(
    database: str, store: Store, sandbox: str, connections: Connections, opened: ExitStack
) -> None:
    kind, stands_still, goes_on = stalling(1, before_sending=True)
    stalled = dashboard(database, opened, lease=LEASE, beat=SILENT)
    other = dashboard(database, opened, lease=LEASE)
    with study(store, sandbox, connections, no_fault, client=kind) as it:
        batch = stalled.start(it.pressed(WANTED), it.client)
        assert stands_still.wait(PATIENCE)
        eventually(lambda: other.resume(batch, it.straight))
        eventually(lambda: it.batch(other.journal, batch).over)
        goes_on.set()
        eventually(lambda: at_work() == 2)
        batch = it.batch(other.journal, batch)
        assert (batch.state, batch.rooms, batch.late) == (State.DONE, WANTED, 0)
        assert len(it.rooms()) == WANTED and all_kept_once(it, other.journal, batch)
        # The other went past the proxy.
        assert it.creations == 0


# Two journals


def two(opened: ExitStack, folder: Path, pace: Pace = QUICK) -> tuple[Engine, Engine]:
    """Two dashboards with a journal each. pace: of the first one."""
    return (
        dashboard(f"sqlite:///{folder}/one.sqlite3", opened, pace),
        dashboard(f"sqlite:///{folder}/other.sqlite3", opened),
    )


def started_again(first: Engine, opened: ExitStack, folder: Path) -> Engine:
    """The first of two dashboards, which now looks for lost answers at once."""
    first.close()
    return dashboard(f"sqlite:///{folder}/one.sqlite3", opened)


def test_ambiguous_rooms_make_it_ask(
    store: Store, sandbox: str, connections: Connections, opened: ExitStack, tmp_path: Path
) -> None:
    patient, other = two(opened, tmp_path, PATIENT)
    with study(store, sandbox, connections, creations(Fault.RESET_BEFORE_READ)) as it:
        batch = patient.start(it.pressed(WANTED), it.client)
        eventually(lambda: it.batch(patient.journal, batch).state == State.WAITING)
        others = it.at_rest(other.journal, other.start(it.pressed(WANTED + 1), it.client))
        assert others.state == State.DONE
        one = started_again(patient, opened, tmp_path)
        batch = it.resumed(one, batch)
        assert batch.state == State.ASKING and it.creations == 2
        # A person knows whose they are.
        one.leave(batch, one.in_question(batch, it.straight))
        one.create_missing(it.batch(one.journal, batch), it.client)
        assert it.at_rest(one.journal, batch).state == State.DONE
        mine, theirs = kept_ids(one.journal, batch), kept_ids(other.journal, others)
        assert (len(mine), len(theirs)) == (WANTED, WANTED + 1)
        assert sorted(mine + theirs) == sorted(room["id"] for room in it.rooms())


def test_fewer_foreign_rooms_are_not_paid_twice(
    store: Store, sandbox: str, connections: Connections, opened: ExitStack, tmp_path: Path
) -> None:
    """Nor can these be told apart: they are taken for what came of the lost call, and the rest is created."""
    patient, other = two(opened, tmp_path, PATIENT)
    with study(store, sandbox, connections, creations(Fault.RESET_BEFORE_READ)) as it:
        batch = patient.start(it.pressed(WANTED), it.client)
        eventually(lambda: it.batch(patient.journal, batch).state == State.WAITING)
        others = it.at_rest(other.journal, other.start(it.pressed(WANTED - 2), it.client))
        one = started_again(patient, opened, tmp_path)
        assert it.resumed(one, batch).state == State.DONE
        assert set(kept_ids(other.journal, others)) < set(kept_ids(one.journal, batch))
        assert len(it.rooms()) == WANTED and it.creations == 3


def test_as_many_foreign_rooms_are_adopted(
    store: Store, sandbox: str, connections: Connections, opened: ExitStack, tmp_path: Path
) -> None:
    """What cannot be known, as it is: the same links in both journals. Only one journal for both prevents it."""
    patient, other = two(opened, tmp_path, PATIENT)
    with study(store, sandbox, connections, creations(Fault.RESET_BEFORE_READ)) as it:
        batch = patient.start(it.pressed(WANTED), it.client)
        eventually(lambda: it.batch(patient.journal, batch).state == State.WAITING)
        others = it.at_rest(other.journal, other.start(it.pressed(WANTED), it.client))
        one = started_again(patient, opened, tmp_path)
        assert it.resumed(one, batch).state == State.DONE
        assert sorted(kept_ids(one.journal, batch)) == sorted(kept_ids(other.journal, others))
        assert len(it.rooms()) == WANTED and it.creations == 2


def test_foreign_rooms_with_other_settings_stay_foreign(
    store: Store, sandbox: str, connections: Connections, opened: ExitStack, tmp_path: Path
) -> None:
    patient, other = two(opened, tmp_path, PATIENT)
    with study(store, sandbox, connections, creations(Fault.RESET_BEFORE_READ)) as it:
        batch = patient.start(it.pressed(WANTED, voice="cedar"), it.client)
        eventually(lambda: it.batch(patient.journal, batch).state == State.WAITING)
        others = it.at_rest(other.journal, other.start(it.pressed(WANTED, voice="marin"), it.client))
        one = started_again(patient, opened, tmp_path)
        asking = it.resumed(one, batch)
        assert asking.state == State.ASKING and "other voice" in str(asking.problem)
        one.leave(asking, one.in_question(asking, it.client))
        assert it.resumed(one, batch).state == State.DONE
        assert not set(kept_ids(one.journal, batch)) & set(kept_ids(other.journal, others))
        assert len(it.rooms()) == 2 * WANTED and it.creations == 3


@pytest.mark.parametrize("seed", range(20))
def test_no_loss_is_sent_again_twice(
    seed: int, store: Store, sandbox: str, connections: Connections, opened: ExitStack, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    engines = two(opened, tmp_path)
    decide = seeded(seed, 0.6, LOSSES, at_most_in_a_row=3)
    with study(store, sandbox, connections, decide, client=Counting) as it:
        clients = [it.client, Counting(f"{it.proxy.address}/custdev", it.token, connections, service=it.client.service)]
        wanted = [chance.randint(1, 8) for _ in engines]
        with ThreadPoolExecutor(2) as threads:
            batches = list(
                threads.map(
                    lambda engine, client, count: engine.start(it.pressed(count), client), engines, clients, wanted
                )
            )
        known: set[str] = set()
        at_rest = [it.at_rest(engine.journal, batch) for engine, batch in zip(engines, batches, strict=True)]
        for engine, client, now in zip(engines, clients, at_rest, strict=True):
            assert isinstance(client, Counting)
            # Each of its losses it sent again once at the most, and nothing of the other's.
            assert client.sent <= 1 + client.lost
            kept = kept_ids(engine.journal, now)
            assert len(kept) == len(set(kept)) <= now.wanted
            assert (now.state == State.DONE) == (len(kept) == now.wanted)
            known.update(kept)
        there = {room["id"] for room in it.rooms()}
        assert len(there) <= sum(wanted)
        if all(now.state == State.DONE for now in at_rest):
            assert there == known
