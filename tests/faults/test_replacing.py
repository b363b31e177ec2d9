"""A room that replaces another: one, for any number of presses and faults, and no old link stays open unnoticed."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from services.aseed.client import AseedClient, Connections
from services.aseed.errors import Failed, NotReached, Refused, TokenRefused, TokensShort
from services.aseed.models import (
    ACTIVE,
    CANCELLED,
    COMPLETED,
    PENDING,
    CreateRoomsRequest,
    InterviewRoomResponse,
    JoinRoomRequest,
    RoomSettings,
    UpdateRoomRequest,
)
from services.batches.engine import Engine
from services.batches.replace import NotReplaceable
from services.journal.batches import Busy
from services.journal.journal import Journal
from services.journal.records import Batch, State
from services.journal.replacements import AlreadyReplaced
from services.participants import Participant
from tests.faults.proxy import Fault
from tests.faults.study import QUICK, Study, StudyOf, creations, no_fault, refusing_address
from tests.servers import eventually

ANNA = Participant(label="Anna", email="anna@example.com", external_id="A-1")
DAYS = 14
THREADS = 16

pytestmark = pytest.mark.usefixtures("each_request_once")


def is_idle() -> bool:
    return not any(thread.name == "batch" for thread in threading.enumerate())


def room_of(it: Study, **change: object) -> InterviewRoomResponse:
    """A room that is to be replaced, made past the journal."""
    wanted = RoomSettings(language="ru", voice="cedar", max_duration_minutes=45)
    (room,) = it.straight.create_rooms(CreateRoomsRequest.of(it.project_id, 1, wanted))
    return it.straight.update_room(room.id, UpdateRoomRequest.model_validate(change)) if change else room


def replaced(engine: Engine, it: Study, room: InterviewRoomResponse, client: AseedClient | None = None) -> Batch:
    """The batch of a replacement, once it is at rest."""
    return it.at_rest(engine.journal, engine.replace([(room, ANNA)], "A study", DAYS, client or it.client))


def statuses(it: Study) -> dict[str, str]:
    return {room["id"]: room["status"] for room in it.rooms()}


def new_room(journal: Journal, batch: Batch) -> InterviewRoomResponse:
    (kept,) = journal.batches.rooms(batch.id)
    return kept.room


def told(journal: Journal, it: Study, room_id: str) -> list[str]:
    return [event.what for event in journal.rooms.history(it.visibility, room_id)]


def is_replaced(it: Study, journal: Journal, room: InterviewRoomResponse, batch: Batch, count: int = 2) -> bool:
    """Whether there is one room more, the old one is cancelled, and both histories say so."""
    new = new_room(journal, batch)
    assert told(journal, it, room.id) == [f"replaced by room {new.id}", "cancelled"]
    assert told(journal, it, new.id)[1:] == [
        f"replaces room {room.id}",
        f"room {room.id}, in whose place it came: cancelled",
    ]
    return statuses(it) == {room.id: CANCELLED, new.id: PENDING} and len(it.rooms()) == count


def test_replacement_keeps_settings_and_person(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(no_fault) as it:
        own = {"research_goals_override": "To know why.", "interview_guide_override": "1. Why?"}
        old = room_of(it, topics_for_respondent="Coffee", display_name="Before", **own)
        batch = replaced(engine, it, old)
        assert batch.state == State.DONE and is_replaced(it, journal, old, batch)
        new = it.straight.room(new_room(journal, batch).id)
        same = ("language", "voice", "max_duration_minutes", "topics_for_respondent", *own)
        assert all(getattr(new, name) == getattr(old, name) for name in same)
        assert new.display_name == "Anna" and new.url != old.url
        assert new.expires_at is not None and round((new.expires_at - new.created_at).total_seconds() / 86400) == DAYS
        known = journal.rooms.known(it.visibility)
        assert known[new.id].participant == ANNA and known[old.id].replaced_by == new.id


def test_a_room_without_a_person_keeps_its_label(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(no_fault) as it:
        old = room_of(it, display_name="Seat 7")
        batch = it.at_rest(journal, engine.replace([(old, Participant())], "A study", DAYS, it.client))
        assert batch.state == State.DONE and it.straight.room(new_room(journal, batch).id).display_name == "Seat 7"


def test_replacement_drops_address_of_old_label(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(no_fault) as it:
        old = room_of(it)
        person = Participant(label="Anna <anna@example.org>")
        batch = it.at_rest(journal, engine.replace([(old, person)], "A study", DAYS, it.client))
        new = new_room(journal, batch).id
        assert batch.state == State.DONE and it.straight.room(new).display_name == "Anna"
        known = journal.rooms.known(it.visibility)[new].participant
        assert known is not None and known.label == "Anna"


def test_sixteen_presses_at_once_make_one_replacement(study_with: StudyOf, database: str) -> None:
    with (
        study_with(no_fault) as it,
        closing(Journal(database)) as first,
        closing(Journal(database)) as second,
        closing(Engine(first, QUICK)) as one,
        closing(Engine(second, QUICK)) as other,
    ):
        old = room_of(it)
        gate = threading.Barrier(THREADS)

        def press(number: int) -> int | None:
            gate.wait()
            try:
                return (one, other)[number % 2].replace([(old, ANNA)], "A study", DAYS, it.client).id
            except AlreadyReplaced:
                return None

        with ThreadPoolExecutor(THREADS) as pool:
            (number,) = set(pool.map(press, range(THREADS))) - {None}
        assert number is not None
        batch = first.batches.find(number, it.visibility)
        assert batch is not None
        assert is_replaced(it, first, old, it.at_rest(first, batch)) and it.creations == 1
        with pytest.raises(AlreadyReplaced) as refused:
            one.replace([(old, ANNA)], "A study", DAYS, it.client)
        assert refused.value.room_id == new_room(first, batch).id
        eventually(lambda: sum(thread.name == "batch" for thread in threading.enumerate()) == 2)
    eventually(is_idle)


@pytest.mark.parametrize("fault", [Fault.NONE, Fault.RESET_AFTER_COMMIT, Fault.RESET_BEFORE_READ])
def test_many_rooms_get_their_own_replacements(
    fault: Fault, study_with: StudyOf, engine: Engine, journal: Journal
) -> None:
    people = [Participant(label=f"Person {number}") for number in range(6)]
    with study_with(creations(Fault.NONE, fault)) as it:
        # Two kinds of rooms: two calls, of which the second is answered badly.
        wanted = [RoomSettings(max_duration_minutes=15 + 30 * (number % 2)) for number in range(6)]
        olds = [it.straight.create_rooms(CreateRoomsRequest.of(it.project_id, 1, each))[0] for each in wanted]
        batch = it.at_rest(journal, engine.replace(list(zip(olds, people, strict=True)), "A study", DAYS, it.client))
        assert batch.state == State.DONE and batch.rooms == 6
        known = journal.rooms.known(it.visibility)
        for old, person in zip(olds, people, strict=True):
            new = it.straight.room(str(known[old.id].replaced_by))
            assert known[new.id].participant == person and new.display_name == person.label
            assert new.max_duration_minutes == old.max_duration_minutes
        assert sorted(statuses(it).values()) == [CANCELLED] * 6 + [PENDING] * 6


def test_begun_room_among_many_stays_open(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(no_fault) as it:
        begun, free = room_of(it), room_of(it)
        it.straight.join_room(begun.access_token, JoinRoomRequest(email="anna@example.com"))
        olds = [(begun, ANNA), (free, Participant())]
        batch = it.at_rest(journal, engine.replace(olds, "A study", DAYS, it.client))
        assert batch.state == State.DONE
        assert statuses(it)[begun.id] == ACTIVE and statuses(it)[free.id] == CANCELLED


def test_no_room_of_many_is_replaced_twice(study_with: StudyOf, engine: Engine) -> None:
    with study_with(no_fault) as it:
        first, second = room_of(it), room_of(it)
        replaced(engine, it, first)
        before = it.rooms()
        with pytest.raises(AlreadyReplaced):
            engine.replace([(second, ANNA), (first, ANNA)], "A study", DAYS, it.client)
        assert it.rooms() == before
        batch = replaced(engine, it, second)
        # The same wish is the same press.
        assert batch.state == State.DONE and len(it.rooms()) == 4


def test_replacement_waits_for_the_projects_batch(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(creations(Fault.NONE, Fault.UNAUTHORIZED)) as it:
        old = room_of(it)
        parked = it.at_rest(journal, engine.start(it.pressed(150), it.client))
        with pytest.raises(Busy):
            engine.replace([(old, ANNA)], "A study", DAYS, it.client)
        assert it.resumed(engine, parked).state == State.DONE
        assert replaced(engine, it, old).state == State.DONE


def test_failed_replacement_keeps_the_old_room(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(creations(Fault.PAYMENT, Fault.UNAUTHORIZED)) as it:
        old = room_of(it)
        for kind in (TokensShort, TokenRefused):
            batch = replaced(engine, it, old)
            assert batch.over and isinstance(batch.problem, kind) and statuses(it) == {old.id: PENDING}
        assert is_replaced(it, journal, old, replaced(engine, it, old))


@pytest.mark.parametrize("fault", [Fault.RESET_AFTER_COMMIT, Fault.ERROR_500_AFTER_COMMIT, Fault.RESET_BEFORE_READ])
def test_lost_answer_of_a_replacement_is_settled(
    fault: Fault, study_with: StudyOf, engine: Engine, journal: Journal
) -> None:
    with study_with(creations(fault)) as it:
        old = room_of(it)
        batch = replaced(engine, it, old)
        assert batch.state == State.DONE and is_replaced(it, journal, old, batch)


class Interrupted(AseedClient):
    """A client whose process ends before an old room is cancelled, or after: its engine hears no answer any more."""

    at_cancel: Callable[[], None]
    does_it = False

    def cancel_room(self, room_id: str) -> None:
        if self.does_it:
            super().cancel_room(room_id)
        self.at_cancel()


@pytest.mark.parametrize("does_it", [False, True])
def test_next_process_cancels_the_old_room(does_it: bool, study_with: StudyOf, database: str) -> None:
    reached, goes_on = threading.Event(), threading.Event()

    def stand_still() -> None:
        reached.set()
        goes_on.wait()
        raise NotReached("The process is gone.")

    with study_with(no_fault, client=Interrupted) as it, closing(Journal(database, lease=0.3)) as journal:
        assert isinstance(it.client, Interrupted)
        it.client.at_cancel, it.client.does_it = stand_still, does_it
        old = room_of(it)
        with closing(Engine(journal, QUICK, beat=3600)) as dead:
            batch = dead.replace([(old, ANNA)], "A study", DAYS, it.client)
            assert reached.wait(30)
            # Its replacement is there and labelled before the old one is touched.
            new = it.straight.room(new_room(journal, batch).id)
            assert new.display_name == "Anna"
            with closing(Engine(journal, QUICK, beat=0.1)) as engine:
                eventually(lambda: it.batch(journal, batch).interrupted)
                assert it.resumed(engine, batch, it.straight).state == State.DONE
                assert is_replaced(it, journal, old, batch)
                goes_on.set()
        eventually(is_idle)
        assert is_replaced(it, journal, old, batch)


class Changed(AseedClient):
    """A client before whose cancellation something happens."""

    before: Callable[[str], None]

    def cancel_room(self, room_id: str) -> None:
        self.before(room_id)
        super().cancel_room(room_id)


def join(it: Study, room: InterviewRoomResponse) -> None:
    it.straight.join_room(room.access_token, JoinRoomRequest(email="anna@example.com"))


def test_begun_interview_is_not_cancelled(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(no_fault) as it:
        old = room_of(it)
        join(it, old)
        batch = replaced(engine, it, old)
        new = new_room(journal, batch)
        assert batch.state == State.DONE and statuses(it) == {old.id: ACTIVE, new.id: PENDING}
        assert told(journal, it, old.id)[-1] == "left as it is: active"


def test_room_that_ends_meanwhile_is_left(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(no_fault, client=Changed) as it:
        assert isinstance(it.client, Changed)
        old = room_of(it)

        def sit_it(_: str) -> None:
            join(it, old)
            it.straight.leave_room(old.access_token)

        it.client.before = sit_it
        batch = replaced(engine, it, old)
        assert batch.state == State.DONE and statuses(it)[old.id] == COMPLETED
        assert told(journal, it, old.id)[-1].startswith("left as it is: Aseed refused the request (409)")
        assert journal.batches.unretired(batch.id) == []


def test_old_room_that_is_gone_counts_as_cancelled(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(no_fault) as it:
        gone = room_of(it).model_copy(update={"id": "00000000-0000-0000-0000-000000000000"})
        batch = replaced(engine, it, gone)
        assert batch.state == State.DONE and told(journal, it, gone.id)[-1] == "gone already"


class Failing(AseedClient):
    """A client whose service does not cancel rooms, as long as there is a problem. tries: how often it was asked to."""

    problem: Exception | None = None
    tries = 0

    def cancel_room(self, room_id: str) -> None:
        self.tries += 1
        if self.problem:
            raise self.problem
        super().cancel_room(room_id)


@pytest.mark.parametrize("problem", [TokenRefused(401), NotReached("refused"), Failed("Aseed failed (500).", 500)])
def test_batch_waits_until_old_room_is_closed(
    problem: Exception, study_with: StudyOf, engine: Engine, journal: Journal
) -> None:
    with study_with(no_fault, client=Failing) as it:
        assert isinstance(it.client, Failing)
        it.client.problem = problem
        old = room_of(it)
        batch = replaced(engine, it, old)
        assert batch.state == State.PARKED and type(batch.problem) is type(problem) and batch.rooms == 1
        with pytest.raises(AlreadyReplaced):
            engine.replace([(old, ANNA)], "A study", DAYS, it.client)
        it.client.problem = None
        assert it.resumed(engine, batch).state == State.DONE and is_replaced(it, journal, old, batch)


def test_forbidden_cancellation_does_not_hold_the_batch_up(
    study_with: StudyOf, engine: Engine, journal: Journal
) -> None:
    with study_with(no_fault, client=Failing) as it:
        assert isinstance(it.client, Failing)
        it.client.problem = TokenRefused(403)
        old = room_of(it)
        assert replaced(engine, it, old).state == State.DONE
        assert told(journal, it, old.id)[-1].startswith("left as it is: Aseed refused the request (403)")


def test_cancel_ends_a_replacement_that_is_stuck(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(no_fault, client=Failing) as it:
        assert isinstance(it.client, Failing)
        it.client.problem = Failed("Aseed failed (500).", 500)
        old = room_of(it)
        batch = replaced(engine, it, old)

        def is_over() -> bool:
            engine.cancel(batch, it.client)
            return it.batch(journal, batch).over

        eventually(is_over)
        assert told(journal, it, old.id)[-1] == "may still be open: Aseed failed (500)."
        assert statuses(it)[old.id] == PENDING and len(journal.batches.unretired(batch.id)) == 1
        # It can be made up for.
        it.client.problem = None
        engine.label_again(batch, it.client)
        eventually(lambda: not journal.batches.unretired(batch.id))
        assert statuses(it)[old.id] == CANCELLED and told(journal, it, old.id)[-1] == "cancelled"


class Stubborn(AseedClient):
    """A client whose service does not change rooms."""

    def update_room(self, room_id: str, change: UpdateRoomRequest) -> InterviewRoomResponse:
        raise Refused(422, f"No {len(change.model_fields_set)} changes to {room_id}.")


def test_old_room_stays_where_overrides_failed(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(no_fault, client=Stubborn) as it:
        old = room_of(it, interview_guide_override="1. Why?")
        batch = replaced(engine, it, old)
        assert batch.state == State.DONE and batch.labels_failed == 1 and statuses(it)[old.id] == PENDING
        assert "did not take over" in told(journal, it, old.id)[-1]
        engine.label_again(batch, it.straight)
        eventually(lambda: not journal.batches.unretired(batch.id))
        assert is_set(it, new_room(journal, batch).id) and statuses(it)[old.id] == CANCELLED


def is_set(it: Study, room_id: str) -> bool:
    new = it.straight.room(room_id)
    return (new.display_name, new.interview_guide_override) == ("Anna", "1. Why?")


def test_failed_label_still_closes_the_old_link(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(no_fault, client=Stubborn) as it:
        old = room_of(it)
        batch = replaced(engine, it, old)
        assert batch.labels_failed == 1 and is_replaced(it, journal, old, batch)


def test_room_with_impossible_settings_is_not_replaced(study_with: StudyOf, engine: Engine) -> None:
    with study_with(no_fault) as it:
        odd = room_of(it).model_copy(update={"max_duration_minutes": 0})
        with pytest.raises(NotReplaceable):
            engine.replace([(odd, ANNA)], "A study", DAYS, it.client)
        assert it.creations == 0


def test_a_service_that_is_away_replaces_nothing(study_with: StudyOf, engine: Engine, connections: Connections) -> None:
    with study_with(no_fault) as it:
        old = room_of(it)
        nowhere = AseedClient(refusing_address(), it.token, connections, service=it.client.service)
        assert isinstance(replaced(engine, it, old, nowhere).problem, NotReached)
        assert replaced(engine, it, old).state == State.DONE


def test_a_replacement_can_be_replaced(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(no_fault) as it:
        old = room_of(it)
        first = new_room(journal, replaced(engine, it, old))
        second = new_room(journal, replaced(engine, it, first))
        assert statuses(it) == {old.id: CANCELLED, first.id: CANCELLED, second.id: PENDING}
        known = journal.rooms.known(it.visibility)
        assert (known[first.id].replaces, known[first.id].replaced_by) == (old.id, second.id)


def test_several_rooms_are_replaced_in_one_batch(study_with: StudyOf, engine: Engine, journal: Journal) -> None:
    with study_with(no_fault) as it:
        olds = [room_of(it) for _ in range(5)]
        people = [Participant(label=f"Person {number}") for number in range(5)]
        new = it.pressed(people=people)
        batch = engine.start(type(new)(**{**vars(new), "replaces": [old.id for old in olds]}), it.client)
        assert it.at_rest(journal, batch).state == State.DONE
        known = journal.rooms.known(it.visibility)
        assert {known[kept.room.id].replaces: kept.participant for kept in journal.batches.rooms(batch.id)} == dict(
            zip((old.id for old in olds), people, strict=True)
        )
        assert {statuses(it)[old.id] for old in olds} == {CANCELLED}
