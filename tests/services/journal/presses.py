"""Presses of Create and their answers, for tests of batches and runs."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from services.aseed.errors import OutcomeUnknown
from services.aseed.models import PENDING, InterviewRoomResponse, RoomSettings
from services.journal.database import Database
from services.journal.journal import Journal
from services.journal.records import Batch, Call, NewBatch, PlannedCall
from services.journal.run import Run
from services.journal.tables import calls
from services.journal.visibility import Visibility
from services.participants import Participant

T = TypeVar("T")
SERVICE, ACCOUNT = "https://aseed.example/custdev", "account"
PROJECT, OTHER_PROJECT = UUID(int=1), UUID(int=2)
MINE = Visibility(SERVICE, ACCOUNT)
THREADS = 16
LOST = OutcomeUnknown("Aseed did not answer in time.")


def form(minutes: int = 30) -> RoomSettings:
    return RoomSettings(max_duration_minutes=minutes)


def press(
    nonce: str = "nonce",
    calls: Sequence[int] = (3,),
    *,
    account: str = ACCOUNT,
    service: str = SERVICE,
    project: UUID = PROJECT,
    minutes: Sequence[int] | None = None,
    people: Sequence[Participant] = (),
) -> NewBatch:
    """A press of Create. calls: how many rooms each call asks for. minutes: the setting of each."""
    planned, first = [], 1
    for size, length in zip(calls, minutes or [30] * len(calls), strict=True):
        planned.append(PlannedCall(form(length), tuple(range(first, first + size))))
        first += size
    return NewBatch(nonce, account, service, str(project), "Morning coffee", form(30), planned, people)


def room(name: str, label: str | None = None) -> InterviewRoomResponse:
    made = datetime(2026, 3, 1, tzinfo=UTC)
    return InterviewRoomResponse(
        id=name,
        project_id=str(PROJECT),
        access_token=f"token-of-{name}",
        url=f"https://aseed.example/interview/token-of-{name}",
        room_name=f"interview-{name}",
        max_duration_minutes=30,
        status=PENDING,
        created_at=made,
        expires_at=made + timedelta(days=7),
        created_by="researcher@example.com",
        display_name=label,
    )


def rooms(names: str) -> list[InterviewRoomResponse]:
    """A room for each letter."""
    return [room(name) for name in names]


def started(journal: Journal, new: NewBatch) -> tuple[Batch, Run]:
    """A new batch at work, with no room in its project before it."""
    batch, run = journal.batches.start(new, "runner")
    assert run is not None
    run.keep_baseline(())
    return batch, run


def claimed(run: Run) -> Call:
    call = run.claim()
    assert call is not None
    return call


def now(journal: Journal, batch: Batch) -> Batch:
    """The batch as it stands."""
    found = journal.batches.find(batch.id, Visibility(batch.service, batch.account))
    assert found is not None
    return found


def places(journal: Journal, batch: Batch) -> dict[int, str]:
    """Which room is in which place."""
    return {kept.place: kept.room.id for kept in journal.batches.rooms(batch.id)}


def call_states(tables: Database) -> list[str]:
    with tables.reading() as db:
        return list(db.execute(select(calls.c.state).order_by(calls.c.id)).scalars())


def all_at_once(work: Callable[[int], T]) -> list[T]:
    """What came of the same work in THREADS threads that begin together."""
    gate = Barrier(THREADS)

    def begin(number: int) -> T:
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))


PEOPLE = (
    Participant(label="Anna", email="anna@example.com", external_id="P-1"),
    Participant(label="Ben"),
    Participant(label="", email="c@example.com"),
)
