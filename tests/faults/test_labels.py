"""Labels of rooms that are there: what the service refuses, delays or cannot be told holds up nothing else."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from services.aseed.client import AseedClient
from services.aseed.errors import AseedError, Invalid, NotFound, RateLimited, TokenRefused
from services.aseed.models import CANCELLED, PENDING, InterviewRoomResponse, UpdateRoomRequest
from services.batches.engine import Engine
from services.journal.batches import Batches
from services.journal.database import JournalError
from services.journal.journal import Journal
from services.journal.records import LabelState, State
from services.journal.run import Run
from services.participants import Participant
from tests.faults.proxy import Fault, Request
from tests.faults.study import QUICK, EngineOf, Study, StudyOf, creations, exactly, no_fault, noting
from tests.servers import PATIENCE, eventually

WANTED = 5

PEOPLE = tuple(Participant(label=f"P{number}") for number in range(WANTED))

pytestmark = pytest.mark.usefixtures("each_request_once")


def test_labels_that_failed_can_be_set_later(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    def decide(request: Request) -> Fault:
        return Fault.ERROR_500_BEFORE_COMMIT if request.method == "PATCH" else Fault.NONE

    people = [Participant(label=f"P{number}") for number in range(WANTED)]
    with study_with(decide) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(people=people), it.client))
        assert batch.state == State.DONE
        assert (batch.labels, batch.labels_set, batch.labels_failed) == (WANTED, 0, WANTED)
        it.proxy.decide = no_fault
        engine.label_again(batch, it.client)
        eventually(lambda: it.batch(journal, batch).labels_set == WANTED)
        named = {room["id"]: room["display_name"] for room in it.rooms()}
        assert [named[kept.room.id] for kept in journal.batches.rooms(batch.id)] == [
            f"P{number}" for number in range(WANTED)
        ]


class Choosy(AseedClient):
    """A client whose service takes no label that begins with a digit."""

    def update_room(self, room_id: str, change: object) -> InterviewRoomResponse:
        assert isinstance(change, UpdateRoomRequest)
        if (change.display_name or "")[:1].isdigit():
            raise Invalid(422, fields={"display_name": "begins with a digit"})
        return super().update_room(room_id, change)


def test_refused_label_holds_up_no_other(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    people = [Participant(label=label) for label in ("Anna", "2nd person", "Clara")]
    with study_with(no_fault, client=Choosy) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(people=people), it.client))
        assert batch.state == State.DONE and batch.labels_failed == 1
        kept = journal.batches.rooms(batch.id)
        assert [entry.label_state for entry in kept] == [LabelState.SET, LabelState.FAILED, LabelState.SET]
        assert [entry.room.display_name for entry in kept] == ["Anna", None, "Clara"]


def test_only_rooms_for_a_person_get_a_label(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    sent: list[Request] = []
    people = [Participant(label="Anna"), Participant(external_id="17"), Participant(label="Clara")]
    with study_with(noting(creations(Fault.MORE_ROOMS), sent)) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(people=people), it.client))
        assert batch.state == State.DONE and batch.rooms == len(people) + 1
        changed = [request.path.rsplit("/", 1)[1] for request in sent if request.method == "PATCH"]
        kept = journal.batches.rooms(batch.id)
        assert sorted(changed) == sorted([kept[0].room.id, kept[2].room.id])


def test_token_refused_at_labels_parks_the_batch(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    class Revoked(AseedClient):
        def update_room(self, *_: object) -> InterviewRoomResponse:
            raise TokenRefused(401)

    people = [Participant(label=f"P{number}") for number in range(WANTED)]
    with study_with(no_fault, client=Revoked) as it:
        batch = it.at_rest(journal, engine.start(it.pressed(people=people), it.client))
        assert batch.state == State.PARKED and isinstance(batch.problem, TokenRefused)
        assert exactly(WANTED, it, journal, batch.id)
        now = it.resumed(engine, batch, it.straight)
        assert now.state == State.DONE and now.labels_set == WANTED


class Refusing(AseedClient):
    """A client whose service answers a change, or a cancellation, of a room with these problems, the last one first."""

    problems: list[AseedError]

    def update_room(self, room_id: str, change: UpdateRoomRequest) -> InterviewRoomResponse:
        if self.problems:
            raise self.problems.pop()
        return super().update_room(room_id, change)

    def cancel_room(self, room_id: str) -> None:
        if self.problems:
            raise self.problems.pop()
        super().cancel_room(room_id)


def refusing(it: Study, *problems: AseedError) -> Refusing:
    assert isinstance(it.client, Refusing)
    it.client.problems = list(reversed(problems))
    return it.client


@pytest.mark.parametrize("problem", [TokenRefused(403, "Not yours."), NotFound(404)], ids=repr)
def test_refused_label_fails_and_batch_ends(
    problem: AseedError, study_with: StudyOf, engine: Engine, journal: Journal
) -> None:
    with study_with(no_fault, client=Refusing) as it:
        client = refusing(it, problem)
        batch = it.at_rest(journal, engine.start(it.pressed(people=PEOPLE), client))
        assert batch.state == State.DONE and batch.over
        assert (batch.labels_set, batch.labels_failed) == (WANTED - 1, 1)
        engine.label_again(batch, client)
        eventually(lambda: it.batch(journal, batch).labels_set == WANTED)


@pytest.mark.parametrize("seconds", [0.0, 0.3, None])
def test_rate_limit_on_labels_is_waited_out(
    seconds: float | None, study_with: StudyOf, engine: Engine, journal: Journal
) -> None:
    with study_with(no_fault, client=Refusing) as it:
        client = refusing(it, RateLimited(429, "", seconds), RateLimited(429, "", seconds))
        batch = it.at_rest(journal, engine.start(it.pressed(people=PEOPLE), client))
        assert batch.state == State.DONE
        assert (batch.labels_set, batch.labels_failed) == (WANTED, 0)


@pytest.mark.parametrize(
    "refusals", [[RateLimited(429, "", 3600)], [RateLimited(429, "", 0)] * 10], ids=["long", "often"]
)
def test_too_much_waiting_for_labels_parks(
    refusals: list[AseedError], study_with: StudyOf, engine: Engine, journal: Journal
) -> None:
    with study_with(no_fault, client=Refusing) as it:
        client = refusing(it, *refusals)
        batch = it.at_rest(journal, engine.start(it.pressed(people=PEOPLE), client))
        assert batch.state == State.PARKED and isinstance(batch.problem, RateLimited)
        assert batch.labels_failed == 0
        client.problems = []
        now = it.resumed(engine, batch)
        assert now.state == State.DONE and now.labels_set == WANTED


def test_setting_labels_again_waits_too(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(no_fault, client=Refusing) as it:
        client = refusing(it, *[Invalid(422)] * WANTED)
        batch = it.at_rest(journal, engine.start(it.pressed(people=PEOPLE), client))
        assert batch.state == State.DONE and batch.labels_failed == WANTED
        refusing(it, RateLimited(429, "", 0.1), TokenRefused(403), RateLimited(429, "", 0.1))
        engine.label_again(batch, client)
        eventually(lambda: it.batch(journal, batch).labels_set == WANTED - 1)
        assert it.batch(journal, batch).labels_failed == 1


def test_refused_token_leaves_labels_to_set_again(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(no_fault, client=Refusing) as it:
        client = refusing(it, *[Invalid(422)] * WANTED)
        batch = it.at_rest(journal, engine.start(it.pressed(people=PEOPLE), client))
        refusing(it, TokenRefused(401))
        engine.label_again(batch, client)
        eventually(lambda: not client.problems)
        assert it.batch(journal, batch).labels_failed == WANTED
        engine.label_again(batch, client)
        eventually(lambda: it.batch(journal, batch).labels_set == WANTED)


def test_rate_limit_on_old_room_is_waited_out(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(no_fault, client=Refusing) as it:
        client = refusing(it)
        it.elsewhere()
        (old,) = it.straight.rooms(it.project_id)
        refusing(it, RateLimited(429, "", 0.1))
        batch = engine.replace([(old, Participant())], "A study", 7, client)
        batch = it.at_rest(journal, batch)
        assert batch.state == State.DONE and not client.problems
        assert sorted(room["status"] for room in it.rooms()) == [CANCELLED, PENDING]


def test_refused_cancellation_does_not_keep_others(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(creations(Fault.RESET_AFTER_COMMIT), client=Refusing) as it:
        client = refusing(it)
        it.proxy.decide = creations(Fault.RESET_BEFORE_READ, Fault.NONE)
        batch = it.at_rest(journal, engine.start(it.pressed(WANTED), client))
        assert batch.state == State.DONE
        it.elsewhere(count=3)
        found = engine.in_question(batch, it.straight)
        assert len(found) == 3
        refusing(it, TokenRefused(403, "Not yours."))
        with pytest.raises(TokenRefused):
            engine.cancel_rooms(batch, found, client)
        assert len(engine.in_question(batch, it.straight)) == 1


def test_overrides_need_no_participants(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    goals = UpdateRoomRequest(research_goals_override="To know why tea.")
    with study_with(no_fault) as it:
        new = replace(it.pressed(3), overrides=(goals, None, goals))
        batch = it.at_rest(journal, engine.start(new, it.client))
        assert batch.state == State.DONE and batch.labels_failed == 0
        there = {room["id"]: room["research_goals_override"] for room in it.rooms()}
        kept = journal.batches.rooms(batch.id)
        assert [there[its.room.id] for its in kept] == ["To know why tea.", None, "To know why tea."]
        assert [its.room.research_goals_override for its in kept] == ["To know why tea.", None, "To know why tea."]


# A journal that fails


@pytest.fixture
def unhandled(monkeypatch: pytest.MonkeyPatch) -> list[threading.ExceptHookArgs]:
    """The exceptions with which threads ended."""
    ended: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", ended.append)
    return ended


@contextmanager
def failing(monkeypatch: pytest.MonkeyPatch, owner: type, verb: str) -> Iterator[threading.Event]:
    """Meanwhile a verb of the journal fails; the event says that it has."""
    works, failed = getattr(owner, verb), threading.Event()
    over = threading.Event()

    def fail(*what: object, **more: object) -> object:
        if over.is_set():
            return works(*what, **more)
        failed.set()
        raise JournalError("The journal's database does not work (OperationalError).")

    monkeypatch.setattr(owner, verb, fail)
    yield failed
    over.set()


@pytest.mark.parametrize("verb", ["rooms", "record_labels", "unretired", "record_retired"])
def test_labels_are_set_once_the_journal_works(
    verb: str,
    study_with: StudyOf,
    engine: Engine,
    journal: Journal,
    monkeypatch: pytest.MonkeyPatch,
    unhandled: list[threading.ExceptHookArgs],
) -> None:
    with study_with(no_fault, client=Refusing) as it:
        client = refusing(it, *[Invalid(422)] * WANTED)
        batch = it.at_rest(journal, engine.start(it.pressed(people=PEOPLE), client))
        assert batch.labels_failed == WANTED
        with failing(monkeypatch, Batches, verb) as failed:
            engine.label_again(batch, client)
            assert failed.wait(PATIENCE)
        eventually(lambda: it.batch(journal, batch).labels_set == WANTED)
        assert not unhandled


def test_rate_limit_leaves_no_lost_call(
    study_with: StudyOf, engine_with: EngineOf, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, told = Run.step, threading.Event()

    def fail_to_show_the_wait(run: Run, state: State, wait: float | None = None) -> None:
        if state is State.CREATING and wait is not None:
            told.set()
            raise JournalError("The journal's database does not work (OperationalError).")
        step(run, state, wait)

    monkeypatch.setattr(Run, "step", fail_to_show_the_wait)
    with study_with(creations(Fault.NONE, Fault.RATE_LIMIT_SILENT)) as it:
        engine = engine_with(replace(QUICK, unknown_wait=3600))
        batch = it.at_rest(journal, engine.start(it.pressed(250), it.client))
        assert told.is_set()
        assert batch.state == State.DONE and exactly(250, it, journal, batch.id) and it.creations == 4


@pytest.mark.parametrize("verb", ["not_sent", "record_answer", "settle", "record_labels", "end"])
def test_outcome_is_recorded_once_the_journal_works(
    verb: str,
    study_with: StudyOf,
    engine: Engine,
    journal: Journal,
    monkeypatch: pytest.MonkeyPatch,
    unhandled: list[threading.ExceptHookArgs],
) -> None:
    with study_with(creations(Fault.RESET_AFTER_COMMIT, Fault.RATE_LIMIT_SECONDS)) as it:
        people = [*PEOPLE, Participant(label="other", voice="cedar")]
        with failing(monkeypatch, Run, verb) as failed:
            batch = engine.start(it.pressed(people=people), it.client)
            assert failed.wait(PATIENCE)
        assert it.at_rest(journal, batch).state == State.DONE
        assert exactly(len(people), it, journal, batch.id) and not unhandled


def test_parking_is_recorded_once_the_journal_works(
    study_with: StudyOf, engine: Engine, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    with study_with(creations(Fault.NONE, Fault.UNAUTHORIZED)) as it:
        with failing(monkeypatch, Run, "park") as failed:
            batch = engine.start(it.pressed(250), it.client)
            assert failed.wait(PATIENCE)
        eventually(lambda: it.batch(journal, batch).state == State.PARKED)
