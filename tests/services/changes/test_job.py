"""Many rooms changed at once: each as it was asked, none that began meanwhile, and all of it written down."""

import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import stamina
from pydantic import SecretStr

from services.aseed.client import AseedClient, Connections
from services.aseed.errors import AseedError, Failed, NotReached, RateLimited, TokenRefused
from services.aseed.models import (
    ACTIVE,
    CANCELLED,
    PENDING,
    CreateProjectRequest,
    CreateRoomsRequest,
    InterviewRoomResponse,
    JoinRoomRequest,
    UpdateRoomRequest,
)
from services.changes import job as changes_module
from services.changes.job import Changes, Job
from services.changes.task import Result, Task
from services.journal.database import JournalError
from services.journal.journal import Journal
from services.journal.rooms import RoomRecords
from services.journal.visibility import Visibility
from services.participants import Participant
from services.sandbox.store import Store
from tests.conftest import Clock
from tests.journals import empty_journal
from tests.memory import holders
from tests.servers import eventually

ROOMS = 40


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    return Store(tmp_path / "sandbox.sqlite3", balance=100_000, now=clock)


@pytest.fixture(autouse=True)
def each_request_once() -> Iterator[None]:
    with stamina.set_testing(True, attempts=1):
        yield


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with closing(Journal(empty_journal(tmp_path))) as opened:
        yield opened


@pytest.fixture
def changes(journal: Journal) -> Iterator[Changes]:
    with closing(Changes(journal)) as made:
        yield made
    eventually(lambda: not any(thread.name == "changes" for thread in threading.enumerate()))


@pytest.fixture
def project_id(client: AseedClient) -> str:
    ready = CreateProjectRequest(name="A study", research_goals="To know why.", interview_guide="1. Why?")
    return client.create_project(ready).id


@pytest.fixture
def rooms(client: AseedClient, project_id: str) -> list[InterviewRoomResponse]:
    return client.create_rooms(CreateRoomsRequest(project_id=UUID(project_id), count=ROOMS))


@pytest.fixture
def do(changes: Changes, client: AseedClient) -> Callable[..., Job]:
    """Does a job to its end."""

    def done(tasks: Sequence[Task], by: AseedClient = client) -> Job:
        return ended(changes, changes.start(tasks, by, visibility(client)))

    return done


def visibility(client: AseedClient) -> Visibility:
    return Visibility(client.service, client.account)


def ended(changes: Changes, job_id: str) -> Job:
    def is_over() -> bool:
        job = changes.job(job_id)
        assert job is not None
        return job.over

    eventually(is_over)
    job = changes.job(job_id)
    assert job is not None and len(job.outcomes) == job.total
    return job


def results(job: Job) -> list[Result]:
    return [outcome.result for outcome in job.outcomes]


def extensions(rooms: Sequence[InterviewRoomResponse], until: datetime) -> list[Task]:
    change = UpdateRoomRequest(expires_at=until)
    return [Task(room.id, room.project_id, f"Room {number}", change, "extended") for number, room in enumerate(rooms)]


def cancellations(rooms: Sequence[InterviewRoomResponse]) -> list[Task]:
    return [Task(room.id, room.project_id, "", None, "cancelled") for room in rooms]


def told(journal: Journal, client: AseedClient, room_id: str) -> list[str]:
    return [event.what for event in journal.rooms.history(visibility(client), room_id)]


def in_a_month(clock: Clock) -> datetime:
    return clock.now + timedelta(days=30)


def test_each_history_says_that_rooms_were_extended(
    do: Callable[..., Job], rooms: list[InterviewRoomResponse], client: AseedClient, journal: Journal, clock: Clock
) -> None:
    tasks = extensions(rooms, in_a_month(clock))
    job = do(tasks)
    assert job.succeeded == job.total == ROOMS and results(job) == [Result.DONE] * ROOMS
    # In the order in which they were asked for, whichever came first.
    assert [outcome.task for outcome in job.outcomes] == tasks
    assert {room.expires_at for room in client.rooms(rooms[0].project_id)} == {in_a_month(clock)}
    assert all(told(journal, client, room.id) == ["extended"] for room in rooms)


def test_job_that_is_over_keeps_no_token(
    changes: Changes,
    rooms: list[InterviewRoomResponse],
    sandbox: str,
    connections: Connections,
    clock: Clock,
) -> None:
    token = f"sandbox-{secrets.token_hex(8)}"

    def start() -> str:
        theirs = AseedClient(f"{sandbox}/custdev", SecretStr(token), connections)
        return changes.start(extensions(rooms[:2], in_a_month(clock)), theirs, visibility(theirs))

    ended(changes, start())
    eventually(lambda: holders(token) == [])


def test_repeated_job_changes_and_writes_nothing(
    do: Callable[..., Job], rooms: list[InterviewRoomResponse], client: AseedClient, journal: Journal, clock: Clock
) -> None:
    for tasks in (extensions(rooms[:5], in_a_month(clock)), cancellations(rooms[:5])):
        assert results(do(tasks)) == [Result.DONE] * 5
        again = do(tasks)
        assert results(again) == [Result.ALREADY] * 5 and again.succeeded == 5
    assert told(journal, client, rooms[0].id) == ["extended", "cancelled"]


def test_rooms_that_began_meanwhile_are_not_cancelled(
    do: Callable[..., Job], rooms: list[InterviewRoomResponse], client: AseedClient
) -> None:
    client.join_room(rooms[3].access_token, JoinRoomRequest(email="anna@example.com"))
    job = do(cancellations(rooms[:6]))
    assert job.succeeded == 5 and job.outcomes[3].result == Result.REFUSED
    assert job.outcomes[3].words == "It was left alone, because it is active by now."
    statuses = [client.room(room.id).status for room in rooms[:7]]
    assert statuses == [CANCELLED] * 3 + [ACTIVE] + [CANCELLED] * 2 + [PENDING]
    # Who has seen that it is active, and wants it all the same, gets it.
    assert results(do([replace(cancellations(rooms)[3], seen_as=ACTIVE)])) == [Result.DONE]


def test_journal_knows_people_of_relabelled_rooms(
    do: Callable[..., Job], rooms: list[InterviewRoomResponse], client: AseedClient, journal: Journal, project_id: str
) -> None:
    people = [
        Participant(label=f"Person {number}", email=f"{number}@example.com", external_id=str(number))
        for number in range(ROOMS)
    ]
    tasks = [
        Task(room.id, room.project_id, "", UpdateRoomRequest(display_name=person.label), "renamed", person)
        for room, person in zip(rooms, people, strict=True)
    ]
    assert do(tasks).succeeded == ROOMS
    known = journal.rooms.known(visibility(client), project_id)
    assert [known[room.id].participant for room in rooms] == people
    assert [client.room(room.id).display_name for room in rooms[:3]] == ["Person 0", "Person 1", "Person 2"]
    # An email alone is nothing that the service is asked for.
    moved = replace(people[0], email="new@example.com")
    assert results(do([Task(rooms[0].id, rooms[0].project_id, "", UpdateRoomRequest(), "another email", moved)])) == [
        Result.DONE
    ]
    assert journal.rooms.known(visibility(client))[rooms[0].id].participant == moved
    assert told(journal, client, rooms[0].id) == ["renamed", "another email"]


def test_what_is_to_be_cleared_is_cleared_once(
    do: Callable[..., Job], rooms: list[InterviewRoomResponse], client: AseedClient
) -> None:
    client.update_room(rooms[0].id, UpdateRoomRequest(display_name="Anna"))
    task = Task(rooms[0].id, rooms[0].project_id, "Anna", UpdateRoomRequest(clear_display_name=True), "label removed")
    assert results(do([task])) == [Result.DONE] and client.room(rooms[0].id).display_name is None
    assert results(do([task])) == [Result.ALREADY]


def test_one_job_changes_rooms_of_several_projects(
    do: Callable[..., Job], rooms: list[InterviewRoomResponse], client: AseedClient, journal: Journal
) -> None:
    ready = CreateProjectRequest(name="Another", research_goals="To know why.", interview_guide="1. Why?")
    other = client.create_rooms(CreateRoomsRequest(project_id=UUID(client.create_project(ready).id)))
    tasks = [replace(task, person=Participant(label=task.room_id[:8])) for task in cancellations([*rooms[:2], *other])]
    assert do(tasks).succeeded == 3
    assert all(told(journal, client, task.room_id) == ["cancelled"] for task in tasks)
    assert journal.rooms.known(visibility(client), other[0].project_id).keys() == {other[0].id}


def test_refused_room_stops_no_other(
    do: Callable[..., Job], rooms: list[InterviewRoomResponse], client: AseedClient, journal: Journal, clock: Clock
) -> None:
    client.cancel_room(rooms[1].id)
    tasks = extensions(rooms[:5], in_a_month(clock))
    tasks[2] = replace(tasks[2], room_id="00000000-0000-0000-0000-000000000000")
    job = do(tasks)
    assert results(job) == [Result.DONE, Result.REFUSED, Result.REFUSED, Result.DONE, Result.DONE]
    assert job.outcomes[1].words == "Only pending rooms can be updated; this one is cancelled."
    assert job.outcomes[2].words == "Aseed does not know this room any more."
    assert told(journal, client, rooms[1].id) == []


class Failing(AseedClient):
    """A client that has a problem from its so-manieth change on, or just once."""

    problem: AseedError
    after = 10
    once = False
    changes = 0

    def update_room(self, room_id: str, change: UpdateRoomRequest) -> InterviewRoomResponse:
        self.changes += 1
        if self.changes == self.after + 1 or (self.changes > self.after and not self.once):
            raise self.problem
        return super().update_room(room_id, change)


@pytest.fixture
def failing(sandbox: str, connections: Connections) -> Failing:
    return Failing(f"{sandbox}/custdev", SecretStr("sandbox"), connections)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (TokenRefused(401, "expired"), "does not accept the token"),
        (NotReached("no network"), "cannot be reached"),
        (RateLimited(429, "", 3600), "asks for a pause"),
    ],
)
def test_what_stops_one_stops_the_rest(
    problem: AseedError,
    words: str,
    do: Callable[..., Job],
    failing: Failing,
    rooms: list[InterviewRoomResponse],
    journal: Journal,
    clock: Clock,
) -> None:
    failing.problem = problem
    job = do(extensions(rooms, in_a_month(clock)), failing)
    assert job.over and job.succeeded == 10 and failing.changes <= 14
    rest = [outcome for outcome in job.outcomes if not outcome.succeeded]
    tried = [outcome for outcome in rest if outcome.result == Result.UNCERTAIN]
    assert len(rest) == 30 and len(tried) <= 4
    assert all(
        outcome.result == Result.NOT_TRIED and words in outcome.words for outcome in rest if outcome not in tried
    )
    # An earlier attempt may have arrived, of those under way, where the service did not refuse.
    assert bool(tried) == (not isinstance(problem, TokenRefused))
    # What was done is written down, and the rest can simply be done again.
    done = sum(told(journal, failing, room.id) == ["extended"] for room in rooms)
    assert done == 10
    failing.after = 1000
    assert do(extensions(rooms, in_a_month(clock)), failing).succeeded == ROOMS


@pytest.mark.parametrize("problem", [Failed("Aseed failed (500).", 500), TokenRefused(403, "Not yours.")])
def test_a_failure_of_one_room_is_its_own(
    problem: AseedError, do: Callable[..., Job], failing: Failing, rooms: list[InterviewRoomResponse], clock: Clock
) -> None:
    failing.problem, failing.once = problem, True
    job = do(extensions(rooms, in_a_month(clock)), failing)
    assert job.succeeded == ROOMS - 1
    (other,) = [outcome for outcome in job.outcomes if not outcome.succeeded]
    if isinstance(problem, Failed):
        assert other.result == Result.UNCERTAIN and "do it again" in other.words
    else:
        assert other.result == Result.REFUSED and other.words == "Not yours."


@pytest.mark.parametrize("seconds", [0.0, 0.1, None])
def test_rate_limit_is_waited_out(
    seconds: float | None,
    do: Callable[..., Job],
    failing: Failing,
    rooms: list[InterviewRoomResponse],
    journal: Journal,
    clock: Clock,
) -> None:
    failing.problem, failing.once = RateLimited(429, "", seconds), True
    job = do(extensions(rooms, in_a_month(clock)), failing)
    assert results(job) == [Result.DONE] * ROOMS
    assert all(told(journal, failing, room.id) == ["extended"] for room in rooms)


def test_stop_ends_a_wait_for_the_rate(
    changes: Changes, failing: Failing, rooms: list[InterviewRoomResponse], clock: Clock
) -> None:
    failing.problem = RateLimited(429, "", 59)
    job_id = changes.start(extensions(rooms, in_a_month(clock)), failing, visibility(failing))
    eventually(lambda: failing.changes > failing.after)
    changes.stop(job_id)
    job = ended(changes, job_id)
    assert job.succeeded >= 10 and not any(outcome.result == Result.REFUSED for outcome in job.outcomes)


class Slow(AseedClient):
    """A client that waits for a gate before each change. most: how many stood before it at once."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.gate = threading.Event()
        self.waiting = 0
        self.most = 0
        self._lock = threading.Lock()

    def update_room(self, room_id: str, change: UpdateRoomRequest) -> InterviewRoomResponse:
        with self._lock:
            self.waiting += 1
            self.most = max(self.most, self.waiting)
        self.gate.wait()
        with self._lock:
            self.waiting -= 1
        return super().update_room(room_id, change)


@pytest.fixture
def slow(sandbox: str, connections: Connections) -> Slow:
    return Slow(f"{sandbox}/custdev", SecretStr("sandbox"), connections)


def test_at_most_four_rooms_at_once(
    changes: Changes, slow: Slow, rooms: list[InterviewRoomResponse], clock: Clock
) -> None:
    halves = (rooms[:20], rooms[20:])
    jobs = [changes.start(extensions(half, in_a_month(clock)), slow, visibility(slow)) for half in halves]
    eventually(lambda: slow.waiting == 4)
    seen = [changes.job(job) for job in jobs]
    assert all(job is not None and not job.over and job.outcomes == () and job.total == 20 for job in seen)
    slow.gate.set()
    assert [ended(changes, job).succeeded for job in jobs] == [20, 20] and slow.most == 4


def test_stopped_job_finishes_what_has_begun(
    changes: Changes,
    slow: Slow,
    rooms: list[InterviewRoomResponse],
    journal: Journal,
    clock: Clock,
) -> None:
    job_id = changes.start(extensions(rooms, in_a_month(clock)), slow, visibility(slow))
    eventually(lambda: slow.waiting == 4)
    changes.stop(job_id)
    slow.gate.set()
    job = ended(changes, job_id)
    assert job.succeeded == 4 and sum(told(journal, slow, room.id) == ["extended"] for room in rooms) == 4
    assert {outcome.words for outcome in job.outcomes[4:]} == {"You stopped before it came to this room."}


def test_a_shutdown_is_quick_and_starts_nothing_more(
    journal: Journal, slow: Slow, rooms: list[InterviewRoomResponse], clock: Clock
) -> None:
    changes = Changes(journal)
    tasks = extensions(rooms, in_a_month(clock))
    changes.start(tasks, slow, visibility(slow))
    eventually(lambda: slow.waiting == 4)
    changes.close()
    # Those four still wait: the shutdown did not.
    assert slow.waiting == 4
    slow.gate.set()
    after = ended(changes, changes.start(tasks, slow, visibility(slow)))
    assert results(after) == [Result.NOT_TRIED] * ROOMS
    eventually(lambda: not any(thread.name == "changes" for thread in threading.enumerate()))


def test_done_rooms_are_recorded_meanwhile(
    changes: Changes,
    slow: Slow,
    rooms: list[InterviewRoomResponse],
    journal: Journal,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(changes_module, "WRITE_EVERY", 0)
    job_id = changes.start(extensions(rooms[:6], in_a_month(clock)), slow, visibility(slow))
    held = threading.Event()
    eventually(lambda: slow.waiting == 4)
    first, slow.gate = slow.gate, held
    first.set()
    eventually(lambda: any(told(journal, slow, room.id) for room in rooms[:4]))
    job = changes.job(job_id)
    assert job is not None and not job.over
    held.set()
    assert ended(changes, job_id).succeeded == 6


def test_busy_journal_is_told_later_and_once(
    do: Callable[..., Job],
    rooms: list[InterviewRoomResponse],
    client: AseedClient,
    journal: Journal,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keeps, fails = RoomRecords.note_rooms, iter([True, True])

    def note_rooms(*what: object) -> None:
        if next(fails, False):
            raise JournalError("The journal's database does not work (OperationalError).")
        keeps(*what)  # type: ignore[arg-type]

    monkeypatch.setattr(RoomRecords, "note_rooms", note_rooms)
    assert do(extensions(rooms[:5], in_a_month(clock))).succeeded == 5
    assert all(told(journal, client, room.id) == ["extended"] for room in rooms[:5])


def test_the_last_fifty_jobs_are_remembered(do: Callable[..., Job], changes: Changes) -> None:
    jobs = [do([]).id for _ in range(changes_module.JOBS_KEPT + 3)]
    known = [changes.job(job) is not None for job in jobs]
    assert known == [False] * 3 + [True] * changes_module.JOBS_KEPT
    assert changes.job("none of ours") is None
    changes.stop("none of ours")


class Leaky(AseedClient):
    """A client in which something of ours breaks with a text that holds what must not be told."""

    def update_room(self, room_id: str, change: UpdateRoomRequest) -> InterviewRoomResponse:
        raise ValueError(f"{self._token and self._token.get_secret_value()} {self.room(room_id).url} {change!r}")


def test_log_holds_no_link_token_or_email(
    do: Callable[..., Job],
    rooms: list[InterviewRoomResponse],
    sandbox: str,
    connections: Connections,
    client: AseedClient,
    caplog: pytest.LogCaptureFixture,
) -> None:
    token = "sandbox"
    leaky = Leaky(f"{sandbox}/custdev", SecretStr(token), connections)
    anna = Participant(label="Anna", email="anna@example.com")
    tasks = [Task(rooms[0].id, rooms[0].project_id, "Anna", UpdateRoomRequest(display_name="Anna"), "renamed", anna)]
    with caplog.at_level(logging.DEBUG):
        job = do(tasks, leaky)
        assert do(tasks, client).succeeded == 1
    assert results(job) == [Result.UNCERTAIN] and "ValueError" in caplog.text
    shown = caplog.text + repr(job)
    assert rooms[0].access_token not in shown and "anna@example.com" not in shown and "/interview/" not in shown


class Mixing(AseedClient):
    """A client that is told the link of the room which it changed first, whichever one it changes."""

    first: InterviewRoomResponse | None = None

    def update_room(self, room_id: str, change: UpdateRoomRequest) -> InterviewRoomResponse:
        room = super().update_room(room_id, change)
        self.first = self.first or room
        return room.model_copy(update={"url": self.first.url, "access_token": self.first.access_token})


def test_answers_to_changes_are_compared(
    sandbox: str,
    connections: Connections,
    do: Callable[..., Job],
    rooms: list[InterviewRoomResponse],
    journal: Journal,
    clock: Clock,
) -> None:
    mixing = Mixing(f"{sandbox}/custdev", SecretStr("sandbox"), connections)
    job = do(extensions(rooms[:3], clock() + timedelta(days=2)), mixing)
    assert job.succeeded == 3
    assert journal.links.in_conflict(mixing.service) == {room.id for room in rooms[:3]}
