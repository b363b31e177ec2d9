"""The journal's verbs on both databases: nothing twice, nothing lost, nothing shown to whom it does not concern."""

import sqlite3
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import TypeVar
from uuid import UUID

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import select, update

from services.aseed.errors import Invalid, OutcomeUnknown, Refused, TokensShort
from services.aseed.models import PENDING, InterviewRoomResponse, RoomSettings
from services.journal import calls as journal_calls
from services.journal import database as journal_database
from services.journal.batches import Busy
from services.journal.database import Database, JournalError
from services.journal.journal import Journal
from services.journal.records import Batch, Call, CallState, LabelState, NewBatch, PlannedCall, State
from services.journal.run import Lapsed, Run
from services.journal.tables import batches, calls, metadata
from services.journal.visibility import Visibility
from services.participants import Participant
from tests.postgres import fresh_database

T = TypeVar("T")

SERVICE, ACCOUNT = "https://aseed.example/custdev", "account"
PROJECT, OTHER_PROJECT = UUID(int=1), UUID(int=2)
MINE = Visibility(SERVICE, ACCOUNT)
THREADS = 16
LOST = OutcomeUnknown("Aseed did not answer in time.")


@pytest.fixture(scope="module")
def kept_database(postgres: str) -> Iterator[str]:
    with fresh_database(postgres) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database. PostgreSQL's is emptied after each test: a new one takes a third of a second."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/journal.sqlite3"
        return
    url: str = request.getfixturevalue("kept_database")
    yield url
    with psycopg.connect(url) as db:
        db.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, metadata.tables))))


@pytest.fixture
def journal(database: str) -> Iterator[Journal]:
    with closing(Journal(database)) as opened:
        yield opened


@pytest.fixture
def tables(database: str, journal: Journal) -> Iterator[Database]:
    """The journal's tables themselves, for what has no verb."""
    assert journal
    with closing(Database(database)) as opened:
        yield opened


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


def let_lapse(tables: Database) -> None:
    """An hour passes in which no runner gives a sign of life."""
    with tables.writing() as db:
        db.execute(update(batches).values(runner_seen_at=batches.c.runner_seen_at - 3600))


def all_at_once(work: Callable[[int], T]) -> list[T]:
    """What came of the same work in THREADS threads that begin together."""
    gate = Barrier(THREADS)

    def begin(number: int) -> T:
        gate.wait()
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))


# Starting


def test_a_batch_is_what_was_asked_for(journal: Journal) -> None:
    batch, run = journal.batches.start(press("mine", (2, 1), minutes=(30, 45)), "runner")
    assert run is not None and run.batch_id == batch.id
    assert (batch.nonce, batch.account, batch.service, batch.project_id) == ("mine", ACCOUNT, SERVICE, str(PROJECT))
    assert (batch.project_name, batch.settings, batch.wanted) == ("Morning coffee", form(), 3)
    assert (batch.state, batch.rooms, batch.calls, batch.calls_planned) == (State.CREATING, 0, 2, 2)
    assert batch.working and not batch.over and not batch.interrupted and not batch.has_people
    assert abs(batch.made - datetime.now(UTC)) < timedelta(minutes=1)
    assert batch == now(journal, batch) or batch.work_seconds <= now(journal, batch).work_seconds


def test_second_press_starts_nothing(journal: Journal) -> None:
    batch, run = journal.batches.start(press(), "runner")
    again, second = journal.batches.start(press(), "another runner")
    assert run is not None and second is None
    assert again.id == batch.id and journal.batches.count(MINE) == 1


def test_press_stays_known_after_its_batch(journal: Journal) -> None:
    batch, run = started(journal, press())
    run.end()
    again, second = journal.batches.start(press(), "runner")
    assert (again.id, second) == (batch.id, None)


def test_same_press_of_another_account_starts(journal: Journal) -> None:
    batch, _ = journal.batches.start(press(), "runner")
    theirs, run = journal.batches.start(press(account="another", project=OTHER_PROJECT), "runner")
    assert run is not None and theirs.id != batch.id


def test_second_batch_of_a_project_waits(journal: Journal) -> None:
    batch, run = started(journal, press("first"))
    for account in (ACCOUNT, "another"):
        with pytest.raises(Busy) as busy:
            journal.batches.start(press("second", account=account), "runner")
        assert busy.value.batch.id == batch.id
    assert journal.batches.start(press("elsewhere", project=OTHER_PROJECT), "runner")[1] is not None
    assert journal.batches.start(press("other service", service="https://other.example"), "runner")[1] is not None
    run.end()
    assert journal.batches.start(press("second"), "runner")[1] is not None


def test_sixteen_presses_in_a_project_start_one(journal: Journal) -> None:
    def start(number: int) -> Batch | Busy:
        try:
            return journal.batches.start(press(f"nonce {number}"), f"runner {number}")[0]
        except Busy as busy:
            return busy

    came = all_at_once(start)
    (winner,) = [batch for batch in came if isinstance(batch, Batch)]
    assert {busy.batch.id for busy in came if isinstance(busy, Busy)} == {winner.id}
    assert journal.batches.count(MINE) == 1


def test_one_press_in_sixteen_threads_has_one_runner(journal: Journal) -> None:
    came = all_at_once(lambda number: journal.batches.start(press(), f"runner {number}"))
    assert len({batch.id for batch, _ in came}) == 1
    assert len([run for _, run in came if run is not None]) == 1


# Looking


@pytest.mark.parametrize(
    ("visibility", "seen"),
    [
        (MINE, True),
        (Visibility(SERVICE, "another"), False),
        (Visibility(SERVICE, "another", frozenset({str(PROJECT)})), True),
        (Visibility(SERVICE, "another", frozenset({str(OTHER_PROJECT)})), False),
        (Visibility("https://other.example", ACCOUNT, frozenset({str(PROJECT)})), False),
    ],
)
def test_batch_is_visible_to_account_and_project_readers(journal: Journal, visibility: Visibility, seen: bool) -> None:
    batch, _ = journal.batches.start(press(), "runner")
    found = [journal.batches.find(batch.id, visibility), journal.batches.pressed("nonce", visibility)]
    found += [journal.batches.unresolved(visibility.service, str(PROJECT), visibility)]
    assert [one is not None for one in found] == [seen] * 3
    assert [one.id for one in journal.batches.newest(visibility, 10)] == [batch.id] * seen
    assert journal.batches.count(visibility) == seen


def test_press_is_known_in_every_account(journal: Journal) -> None:
    journal.batches.start(press("theirs", account="another"), "runner")
    assert journal.batches.was_pressed("theirs") and not journal.batches.was_pressed("mine")


def test_batches_come_newest_first_and_by_the_page(journal: Journal) -> None:
    ids = []
    for number in range(5):
        batch, run = started(journal, press(f"nonce {number}"))
        run.end()
        ids.append(batch.id)
    assert [batch.id for batch in journal.batches.newest(MINE, 2)] == ids[:-3:-1]
    assert [batch.id for batch in journal.batches.newest(MINE, 10, skip=3)] == ids[1::-1]
    assert journal.batches.count(MINE) == 5


def test_only_an_unresolved_batch_blocks_others(journal: Journal) -> None:
    batch, run = started(journal, press())
    waiting = journal.batches.unresolved(SERVICE, str(PROJECT), MINE)
    assert waiting is not None and waiting.id == batch.id
    run.end()
    assert journal.batches.unresolved(SERVICE, str(PROJECT), MINE) is None


def test_rooms_and_links_come_by_place_and_page(journal: Journal) -> None:
    batch, run = started(journal, press(calls=(2, 2)))
    first, second = claimed(run), claimed(run)
    run.record_answer(second, rooms("cd"))
    run.record_answer(first, rooms("ab"))
    assert [kept.room.id for kept in journal.batches.rooms(batch.id)] == list("abcd")
    assert [kept.room.id for kept in journal.batches.rooms(batch.id, 2, skip=1)] == list("bc")
    assert journal.batches.links(batch.id) == [each.url for each in rooms("abcd")]
    assert now(journal, batch).who == "researcher@example.com"


# Calls


def test_sixteen_threads_claim_each_call_once(journal: Journal) -> None:
    _, run = started(journal, press(calls=[1] * 40))

    def claim_all(_: int) -> list[Call]:
        return list(iter(run.claim, None))

    given = [call for some in all_at_once(claim_all) for call in some]
    assert sorted(call.places for call in given) == [(place,) for place in range(1, 41)]
    assert len({call.id for call in given}) == 40


def test_call_asks_only_for_missing_rooms(journal: Journal) -> None:
    _, run = started(journal, press(calls=(3,)))
    call = claimed(run)
    assert call.settings == form() and len(call.places) == 3
    run.record_answer(call, rooms("a"), LOST)
    (lost,) = run.lost_calls()
    assert lost.places == (2, 3)
    run.settle([(lost, ())], 600)
    again = claimed(run)
    assert (again.id, again.places) == (call.id, (2, 3))


def test_call_that_was_not_sent_is_claimed_again(journal: Journal) -> None:
    _, run = started(journal, press())
    call = claimed(run)
    assert run.claim() is None
    run.not_sent(call)
    assert claimed(run).id == call.id


def test_late_not_sent_does_not_free_second_attempt(journal: Journal) -> None:
    _, run = started(journal, press())
    first = claimed(run)
    run.not_sent(first)
    claimed(run)
    run.not_sent(first)
    assert run.claim() is None


def test_late_refusal_does_not_end_second_attempt(journal: Journal, tables: Database) -> None:
    _, run = started(journal, press())
    first = claimed(run)
    run.not_sent(first)
    claimed(run)
    run.record_refusal(first, Invalid(422))
    assert call_states(tables) == [CallState.SENDING]


def test_rooms_fill_places_in_order(journal: Journal, tables: Database) -> None:
    batch, run = started(journal, press(calls=(2, 3)))
    claimed(run)
    run.record_answer(claimed(run), rooms("xyz"))
    assert places(journal, batch) == {3: "x", 4: "y", 5: "z"}
    assert call_states(tables) == [CallState.SENDING, CallState.DONE]


def test_short_answer_keeps_rooms_and_is_lost(journal: Journal) -> None:
    batch, run = started(journal, press())
    run.record_answer(claimed(run), rooms("a"), LOST)
    assert places(journal, batch) == {1: "a"}
    assert [call.places for call in run.lost_calls()] == [(2, 3)]
    assert now(journal, batch).lost == 1


def test_short_answer_without_a_problem_is_lost(journal: Journal) -> None:
    _, run = started(journal, press())
    run.record_answer(claimed(run), rooms("ab"))
    assert [call.places for call in run.lost_calls()] == [(3,)]


def test_surplus_rooms_come_after_all_others(journal: Journal, tables: Database) -> None:
    batch, run = started(journal, press(calls=(2, 2)))
    run.record_answer(claimed(run), rooms("abcd"))
    run.record_answer(claimed(run), rooms("efg"))
    assert places(journal, batch) == {1: "a", 2: "b", 3: "e", 4: "f", 5: "c", 6: "d", 7: "g"}
    assert call_states(tables) == [CallState.DONE, CallState.DONE]


def test_room_answered_twice_is_kept_once(journal: Journal) -> None:
    batch, run = started(journal, press(calls=(2, 2)))
    first, second = claimed(run), claimed(run)
    run.record_answer(first, [*rooms("ab"), room("a")])
    run.record_answer(first, rooms("ab"))
    run.record_answer(second, rooms("abc"))
    assert places(journal, batch) == {1: "a", 2: "b", 3: "c"}
    assert [call.places for call in run.lost_calls()] == [(4,)]


def test_room_of_another_batch_does_not_count(journal: Journal) -> None:
    _, run = started(journal, press("first", (1,)))
    run.record_answer(claimed(run), rooms("a"))
    run.end()
    batch, run = started(journal, press("second", (1,)))
    run.record_answer(claimed(run), rooms("a"))
    assert places(journal, batch) == {}
    assert [call.places for call in run.lost_calls()] == [(1,)]


def test_sixteen_threads_record_an_answer_once(journal: Journal) -> None:
    batch, run = started(journal, press(calls=(10,)))
    call = claimed(run)
    all_at_once(lambda _: run.record_answer(call, rooms("abcdefghij")))
    assert list(places(journal, batch).values()) == list("abcdefghij")


def test_late_answer_prevents_second_creation(
    journal: Journal,
) -> None:
    batch, run = started(journal, press())
    call = claimed(run)
    run.record_answer(call, (), LOST)
    run.settle([(each, ()) for each in run.lost_calls()], 600)
    run.record_answer(call, rooms("abc"))
    assert run.claim() is None and run.lost_calls() == []
    assert places(journal, batch) == {1: "a", 2: "b", 3: "c"}


def test_partial_late_answer_leaves_the_rest_planned(journal: Journal) -> None:
    _, run = started(journal, press())
    call = claimed(run)
    run.record_answer(call, (), LOST)
    run.settle([(each, ()) for each in run.lost_calls()], 600)
    run.record_answer(call, rooms("a"), LOST)
    assert claimed(run).places == (2, 3)


def test_answer_after_second_creation_is_surplus(journal: Journal) -> None:
    batch, run = started(journal, press(calls=(2,)))
    call = claimed(run)
    run.record_answer(call, (), LOST)
    run.settle([(each, ()) for each in run.lost_calls()], 600)
    run.record_answer(claimed(run), rooms("cd"))
    run.record_answer(call, rooms("ab"))
    run.end()
    assert places(journal, batch) == {1: "c", 2: "d", 3: "a", 4: "b"}
    assert now(journal, batch).state == State.DONE


def test_answer_after_the_end_is_kept(journal: Journal) -> None:
    batch, run = started(journal, press())
    call = claimed(run)
    run.record_answer(call, (), LOST)
    run.end()
    run.record_answer(call, rooms("abc"))
    assert places(journal, batch) == {1: "a", 2: "b", 3: "c"}
    assert now(journal, batch).state == State.SHORT


def test_refusal_ends_calls_with_the_same_settings(journal: Journal, tables: Database) -> None:
    batch, run = started(journal, press(calls=(1, 1, 1, 1), minutes=(30, 45, 30, 30)))
    first = claimed(run)
    claimed(run)
    under_way = claimed(run)
    run.record_refusal(first, Invalid(422, fields={"max_duration_minutes": "too long"}))
    states = [CallState.REFUSED, CallState.SENDING, CallState.SENDING, CallState.REFUSED]
    assert call_states(tables) == states
    run.record_answer(under_way, rooms("a"))
    run.end()
    ended = now(journal, batch)
    assert (ended.state, ended.refused, ended.rooms) == (State.SHORT, 2, 1)
    assert isinstance(ended.problem, Invalid) and ended.problem.fields == {"max_duration_minutes": "too long"}


# Who runs it


def test_running_batch_is_not_taken(journal: Journal) -> None:
    batch, _ = started(journal, press())
    assert journal.batches.take(batch.id, "another") is None


def test_released_batch_is_taken_once(journal: Journal) -> None:
    batch, run = started(journal, press())
    run.release()
    assert now(journal, batch).interrupted
    taken = all_at_once(lambda number: journal.batches.take(batch.id, f"runner {number}"))
    assert len([run for run in taken if run is not None]) == 1
    assert now(journal, batch).working


def test_batch_of_a_silent_runner_is_taken_once(journal: Journal, tables: Database) -> None:
    batch, _ = started(journal, press())
    let_lapse(tables)
    assert now(journal, batch).interrupted and not now(journal, batch).working
    taken = all_at_once(lambda number: journal.batches.take(batch.id, f"runner {number}"))
    assert len([run for run in taken if run is not None]) == 1


def test_take_over_makes_sent_calls_lost(journal: Journal) -> None:
    batch, run = started(journal, press(calls=(1, 1)))
    claimed(run)
    run.release()
    taken = journal.batches.take(batch.id, "another")
    assert taken is not None
    assert [call.places for call in taken.lost_calls()] == [(1,)]
    assert claimed(taken).places == (2,)


SPENDING: dict[str, Callable[[Run], object]] = {
    "keep_baseline": lambda run: run.keep_baseline(["a"]),
    "claim": lambda run: run.claim(),
    "settle": lambda run: run.settle([], 600),
    "step": lambda run: run.step(State.LABELLING),
    "park": lambda run: run.park(TokensShort(402)),
    "ask": lambda run: run.ask(LOST),
    "end": lambda run: run.end(),
}


@pytest.mark.parametrize("verb", SPENDING)
@pytest.mark.parametrize("over", [False, True])
def test_lapsed_run_cannot_spend_or_end(journal: Journal, tables: Database, verb: str, over: bool) -> None:
    batch, run = started(journal, press())
    if over:
        run.end()
    else:
        let_lapse(tables)
        assert journal.batches.take(batch.id, "another") is not None
    before = now(journal, batch)
    with pytest.raises(Lapsed):
        SPENDING[verb](run)
    after = now(journal, batch)
    assert (after.state, after.calls_planned, after.problem) == (before.state, before.calls_planned, before.problem)


def test_lapsed_run_neither_releases_nor_holds(journal: Journal, tables: Database) -> None:
    batch, run = started(journal, press())
    let_lapse(tables)
    assert journal.batches.take(batch.id, "another") is not None
    run.release()
    assert journal.batches.take(batch.id, "third") is None
    let_lapse(tables)
    run.beat()
    assert journal.batches.take(batch.id, "third") is not None


def test_a_run_that_lives_keeps_its_batch(journal: Journal, tables: Database) -> None:
    batch, run = started(journal, press())
    let_lapse(tables)
    run.beat()
    assert journal.batches.take(batch.id, "third") is None


def test_lapsed_run_still_records_answers(journal: Journal, tables: Database) -> None:
    batch, run = started(journal, press(calls=(2,)))
    call = claimed(run)
    let_lapse(tables)
    taken = journal.batches.take(batch.id, "another")
    assert taken is not None
    run.record_answer(call, rooms("ab"))
    assert places(journal, batch) == {1: "a", 2: "b"} and taken.lost_calls() == []


def test_a_batch_that_is_over_is_not_taken(journal: Journal) -> None:
    batch, run = started(journal, press())
    run.end()
    assert journal.batches.take(batch.id, "another") is None


# Lost answers


def test_unaccounted_rooms_are_new_and_in_no_batch(journal: Journal) -> None:
    batch, run = journal.batches.start(press(), "runner")
    assert run is not None and run.baseline() is None
    run.keep_baseline(["a", "b"])
    assert run.baseline() == frozenset("ab")
    run.record_answer(claimed(run), rooms("c"))
    assert run.unaccounted_rooms(rooms("abcde")) == rooms("de")
    assert journal.batches.unaccounted_rooms(batch.id, rooms("abcde")) == rooms("de")


def test_thousands_of_rooms_are_told_apart(journal: Journal) -> None:
    _, run = started(journal, press(calls=(100,)))
    many = [room(str(number)) for number in range(2500)]
    run.record_answer(claimed(run), many[1000:1100])
    assert len(run.unaccounted_rooms(many)) == 2400


def test_settling_adopts_found_and_plans_the_rest(journal: Journal, tables: Database) -> None:
    batch, run = started(journal, press(calls=(2, 2)))
    for _ in range(2):
        run.record_answer(claimed(run), (), LOST)
    first, second = run.lost_calls()
    run.settle([(first, rooms("ab")), (second, rooms("c"))], look_again=600)
    assert places(journal, batch) == {1: "a", 2: "b", 3: "c"}
    assert call_states(tables) == [CallState.DONE, CallState.PLANNED]
    again = claimed(run)
    assert (again.id, again.places) == (second.id, (4,))


def test_attempts_are_counted(journal: Journal) -> None:
    _, run = started(journal, press())
    for attempt in (1, 2, 3):
        run.record_answer(claimed(run), (), LOST)
        (lost,) = run.lost_calls()
        assert lost.attempts == attempt
        run.settle([(lost, ())], 600)


def test_missing_rooms_are_looked_for_again(journal: Journal) -> None:
    batch, run = started(journal, press())
    run.record_answer(claimed(run), (), LOST)
    run.settle([(each, ()) for each in run.lost_calls()], look_again=0)
    assert now(journal, batch).is_to_look_again
    journal.batches.record_late_rooms(batch.id, 2)
    looked = now(journal, batch)
    assert (looked.is_to_look_again, looked.late) == (False, 2)


def test_second_look_is_never_early_or_needless(journal: Journal) -> None:
    batch, run = started(journal, press(calls=(1, 1)))
    run.record_answer(claimed(run), (), LOST)
    run.settle([(each, rooms("a")) for each in run.lost_calls()], look_again=0)
    assert not now(journal, batch).is_to_look_again
    run.record_answer(claimed(run), (), LOST)
    run.settle([(each, ()) for each in run.lost_calls()], look_again=600)
    assert not now(journal, batch).is_to_look_again


def test_one_caller_looks_again_before_the_pause(journal: Journal) -> None:
    batch, run = started(journal, press())
    run.record_answer(claimed(run), (), LOST)
    run.settle([(each, ()) for each in run.lost_calls()], look_again=0)
    assert [journal.batches.claim_look(batch.id, pause=600) for _ in range(3)] == [True, False, False]
    assert not now(journal, batch).is_to_look_again


# Stopping, deciding, ending


@pytest.mark.parametrize("state", [State.PARKED, State.ASKING])
def test_stopped_batch_says_why_and_resumes(journal: Journal, state: State) -> None:
    batch, run = started(journal, press())
    run.record_answer(claimed(run), rooms("a"), LOST)
    problem = TokensShort(402, "Not enough tokens: 90 needed, 10 left.")
    run.park(problem) if state == State.PARKED else run.ask(problem)
    run.release()
    stopped = now(journal, batch)
    assert (stopped.state, stopped.over, stopped.interrupted) == (state, False, False)
    assert isinstance(stopped.problem, TokensShort) and stopped.problem.detail == problem.detail
    assert journal.batches.take(batch.id, "another") is not None
    assert (now(journal, batch).state, now(journal, batch).problem) == (State.CREATING, None)


def test_batch_parked_before_any_room_ends(journal: Journal) -> None:
    batch, run = started(journal, press())
    run.not_sent(claimed(run))
    run.park(TokensShort(402))
    ended = now(journal, batch)
    assert (ended.state, ended.over) == (State.SHORT, True) and isinstance(ended.problem, TokensShort)


@pytest.mark.parametrize("under_way", ["sending", "lost"])
def test_batch_parked_with_open_calls_stays(journal: Journal, under_way: str) -> None:
    batch, run = started(journal, press())
    call = claimed(run)
    if under_way == "lost":
        run.record_answer(call, (), LOST)
    run.park(TokensShort(402))
    run.release()
    assert now(journal, batch).state == State.PARKED
    taken = journal.batches.take(batch.id, "another")
    assert taken is not None and [each.id for each in taken.lost_calls()] == [call.id]


def test_state_and_wait_are_recorded(journal: Journal) -> None:
    batch, run = started(journal, press())
    run.step(State.WAITING, 90)
    waiting = now(journal, batch)
    assert waiting.state == State.WAITING and waiting.wait_seconds is not None and 80 < waiting.wait_seconds <= 90
    run.step(State.LABELLING)
    assert (now(journal, batch).state, now(journal, batch).wait_seconds) == (State.LABELLING, None)


@pytest.mark.parametrize(("came", "state"), [("abc", State.DONE), ("abcd", State.DONE), ("ab", State.SHORT)])
def test_rooms_decide_how_a_batch_ends(journal: Journal, came: str, state: State) -> None:
    batch, run = started(journal, press())
    run.record_answer(claimed(run), rooms(came))
    run.end()
    ended = now(journal, batch)
    assert (ended.state, ended.over, ended.rooms) == (state, True, len(came))


def test_surplus_room_does_not_replace_a_missing_one(journal: Journal) -> None:
    batch, run = started(journal, press(calls=(1, 1)))
    run.record_answer(claimed(run), rooms("ab"))
    run.record_refusal(claimed(run), Refused(409, "closed"))
    run.end()
    assert (now(journal, batch).state, now(journal, batch).rooms) == (State.SHORT, 2)


def test_cancelled_run_claims_nothing_and_keeps_answers(journal: Journal, tables: Database) -> None:
    batch, run = started(journal, press(calls=(1, 1)))
    call = claimed(run)
    assert not now(journal, batch).cancelling
    assert journal.batches.cancel(batch.id) is False
    assert now(journal, batch).cancelling and run.claim() is None
    run.record_answer(call, rooms("a"))
    run.end()
    ended = now(journal, batch)
    assert (ended.state, ended.rooms, ended.cancelling) == (State.CANCELLED, 1, False)
    assert call_states(tables) == [CallState.DONE, CallState.LEFT]


@pytest.mark.parametrize("going_on", [True, False])
def test_cancelled_batch_creates_only_when_resumed(journal: Journal, going_on: bool) -> None:
    batch, run = started(journal, press(calls=(1, 1)))
    run.record_answer(claimed(run), (), LOST)
    journal.batches.cancel(batch.id)
    run.release()
    taken = journal.batches.take(batch.id, "another", going_on=going_on)
    assert taken is not None and (taken.claim() is not None) == going_on


def test_complete_batch_is_done_despite_cancel(journal: Journal) -> None:
    batch, run = started(journal, press())
    call = claimed(run)
    journal.batches.cancel(batch.id)
    run.record_answer(call, rooms("abc"))
    run.end()
    assert now(journal, batch).state == State.DONE


def test_a_parked_batch_is_cancelled_at_once(journal: Journal) -> None:
    batch, run = started(journal, press(calls=(1, 1)))
    run.record_answer(claimed(run), rooms("a"))
    run.park(TokensShort(402))
    run.release()
    assert journal.batches.cancel(batch.id) is True
    assert now(journal, batch).state == State.CANCELLED
    assert journal.batches.cancel(batch.id) is True


@pytest.mark.parametrize("under_way", ["sending", "lost"])
def test_cancel_with_open_calls_does_not_end(journal: Journal, under_way: str) -> None:
    batch, run = started(journal, press())
    call = claimed(run)
    if under_way == "lost":
        run.record_answer(call, (), LOST)
    run.release()
    assert journal.batches.cancel(batch.id) is False
    taken = journal.batches.take(batch.id, "another")
    assert taken is not None and len(taken.lost_calls()) == 1
    taken.settle([(each, ()) for each in taken.lost_calls()], 600)
    assert taken.claim() is None


def test_cancelling_answers_the_question_about_lost_answers(journal: Journal, tables: Database) -> None:
    batch, run = started(journal, press())
    run.record_answer(claimed(run), (), LOST)
    run.ask(LOST)
    run.release()
    assert journal.batches.cancel(batch.id) is True
    assert now(journal, batch).state == State.CANCELLED and call_states(tables) == [CallState.LEFT]


def test_adopted_rooms_fill_missing_places(journal: Journal) -> None:
    batch, run = started(journal, press(calls=(2, 2)))
    run.record_answer(claimed(run), rooms("ab"))
    run.record_answer(claimed(run), (), LOST)
    run.ask(LOST)
    run.release()
    lost = journal.batches.calls(batch.id)[0]
    assert lost.places == (3, 4)
    journal.batches.adopt(batch.id, [(lost, rooms("cd"))])
    assert places(journal, batch) == {1: "a", 2: "b", 3: "c", 4: "d"}
    taken = journal.batches.take(batch.id, "another")
    assert taken is not None and taken.lost_calls() == [] and taken.claim() is None
    taken.end()
    assert now(journal, batch).state == State.DONE


def test_adopting_completes_a_short_batch(journal: Journal) -> None:
    batch, run = started(journal, press())
    run.record_answer(claimed(run), rooms("a"), LOST)
    run.settle([(each, ()) for each in run.lost_calls()], 0)
    run.end()
    journal.batches.record_late_rooms(batch.id, 3)
    (call,) = journal.batches.calls(batch.id)
    journal.batches.adopt(batch.id, [(call, rooms("b"))])
    assert (now(journal, batch).state, now(journal, batch).late) == (State.SHORT, 2)
    (call,) = journal.batches.calls(batch.id)
    journal.batches.adopt(batch.id, [(call, rooms("cd"))])
    assert (now(journal, batch).state, now(journal, batch).late) == (State.DONE, 0)
    assert places(journal, batch) == {1: "a", 2: "b", 3: "c", 4: "d"}


def test_rooms_set_aside_stay_out_of_questions(journal: Journal) -> None:
    batch, run = started(journal, press())
    run.record_answer(claimed(run), (), LOST)
    run.ask(LOST)
    run.release()
    journal.batches.record_late_rooms(batch.id, 2)
    journal.batches.set_aside(batch.id, ["a", "b"], "left alone")
    assert journal.batches.unaccounted_rooms(batch.id, rooms("abc")) == rooms("c")
    assert now(journal, batch).late == 0 and places(journal, batch) == {}


def test_missing_rooms_are_created_after_a_decision(journal: Journal) -> None:
    batch, run = started(journal, press())
    run.record_answer(claimed(run), rooms("a"), LOST)
    run.ask(LOST)
    run.release()
    journal.batches.create_missing(now(journal, batch))
    taken = journal.batches.take(batch.id, "another")
    assert taken is not None and claimed(taken).places == (2, 3)


def test_decision_counts_only_for_its_question(journal: Journal, tables: Database) -> None:
    batch, run = started(journal, press())
    run.record_answer(claimed(run), rooms("a"), LOST)
    run.ask(LOST)
    run.release()
    seen = now(journal, batch)
    journal.batches.set_aside(batch.id, ["b"], "left alone")
    assert not journal.batches.create_missing(seen)
    assert call_states(tables) == [CallState.LOST]
    assert journal.batches.create_missing(now(journal, batch))


def test_unasked_lost_call_is_not_created_again(journal: Journal, tables: Database) -> None:
    batch, run = started(journal, press())
    run.record_answer(claimed(run), (), LOST)
    journal.batches.create_missing(now(journal, batch))
    assert call_states(tables) == [CallState.LOST]
    run.end()
    journal.batches.create_missing(now(journal, batch))
    assert call_states(tables) == [CallState.LEFT]


def test_the_calls_that_wait_for_rooms_come_first(journal: Journal) -> None:
    batch, run = started(journal, press(calls=(1, 1, 1)))
    run.record_answer(claimed(run), rooms("a"))
    run.record_answer(claimed(run), (), LOST)
    assert [call.places for call in journal.batches.calls(batch.id)] == [(2,), (), (3,)]


# Labels

PEOPLE = (
    Participant(label="Anna", email="anna@example.com", external_id="P-1"),
    Participant(label="Ben"),
    Participant(label="", email="c@example.com"),
)


def test_room_is_for_person_of_its_place(journal: Journal) -> None:
    batch, run = started(journal, press(people=PEOPLE))
    run.record_answer(claimed(run), rooms("abcd"))
    kept = journal.batches.rooms(batch.id)
    assert [each.participant for each in kept] == [*PEOPLE, None]
    assert [each.label_state for each in kept] == [LabelState.WANTED, LabelState.WANTED, None, None]
    assert now(journal, batch).has_people


def test_labels_are_set_once_and_failures_counted(journal: Journal) -> None:
    batch, run = started(journal, press(people=PEOPLE))
    run.record_answer(claimed(run), rooms("abc"))
    anna, ben = run.unlabelled(100)
    assert [each.room.id for each in run.unlabelled(1)] == ["a"]
    run.record_labels([(anna, room("a", "Anna")), (ben, None)])
    assert run.unlabelled(100) == []
    told = now(journal, batch)
    assert (told.labels, told.labels_set, told.labels_failed) == (2, 1, 1)
    assert [each.room.display_name for each in journal.batches.rooms(batch.id)] == ["Anna", None, None]
    run.end()
    journal.batches.record_labels([(ben, room("b", "Ben"))])
    assert (now(journal, batch).labels_set, now(journal, batch).labels_failed) == (2, 0)


def test_label_answer_does_not_change_the_link(journal: Journal) -> None:
    batch, run = started(journal, press(calls=(1,), people=PEOPLE[:1]))
    run.record_answer(claimed(run), rooms("a"))
    (kept,) = run.unlabelled(1)
    run.record_labels([(kept, room("a", "Anna").model_copy(update={"url": "https://evil.example/"}))])
    (labelled,) = journal.batches.rooms(batch.id)
    assert (labelled.room.display_name, labelled.link, kept.link) == ("Anna", room("a").url, room("a").url)


def test_room_with_its_label_needs_none(journal: Journal) -> None:
    batch, run = started(journal, press(calls=(1,), people=PEOPLE[:1]))
    run.record_answer(claimed(run), [room("a", "Anna")])
    assert run.unlabelled(100) == [] and now(journal, batch).labels_set == 1


def test_people_without_a_room_are_named(journal: Journal) -> None:
    batch, run = started(journal, press(people=PEOPLE))
    run.record_answer(claimed(run), rooms("a"), LOST)
    assert journal.batches.without_room(batch.id) == [(2, "Ben"), (3, "c@example.com")]


# Names, presets, forgetting, the audit trail


def test_a_batch_can_be_renamed(journal: Journal) -> None:
    batch, _ = started(journal, press())
    journal.batches.rename(batch.id, "Wave 2, «кофе»")
    assert now(journal, batch).name == "Wave 2, «кофе»"


def test_audit_trail_is_in_order(journal: Journal) -> None:
    batch, run = started(journal, press())
    run.record_answer(claimed(run), rooms("a"), LOST)
    run.settle([(each, ()) for each in run.lost_calls()], 600)
    run.park(TokensShort(402))
    run.release()
    assert journal.batches.cancel(batch.id)
    told = journal.batches.events(batch.id)
    assert [event.what for event in told] == [
        "Create was pressed: 3 rooms",
        "looked for lost rooms: 0 found, 2 not there",
        "parked: Aseed refused the request (402)",
        "Cancel was pressed",
        "cancelled: 1 of 3 rooms",
    ]
    assert [event.at for event in told] == sorted(event.at for event in told)


def test_the_audit_trail_holds_no_link(journal: Journal) -> None:
    batch, run = started(journal, press(people=PEOPLE))
    run.record_answer(claimed(run), rooms("ab"), LOST)
    (lost,) = run.lost_calls()
    run.settle([(lost, rooms("c"))], 600)
    run.end()
    trail = " ".join(event.what for event in journal.batches.events(batch.id))
    assert "interview" not in trail and "token-of" not in trail and "@" not in trail


def test_preset_of_the_same_name_is_replaced(journal: Journal) -> None:
    journal.presets.save(MINE, str(PROJECT), "Зимняя волна", {"minutes": 30})
    journal.presets.save(MINE, str(PROJECT), "autumn", {"minutes": 45, "voice": None})
    journal.presets.save(MINE, str(PROJECT), "Зимняя волна", {"minutes": 60})
    assert {preset.name: preset.settings for preset in journal.presets.all(MINE)} == {
        "autumn": {"minutes": 45, "voice": None},
        "Зимняя волна": {"minutes": 60},
    }


def test_two_projects_may_share_a_preset_name(journal: Journal) -> None:
    journal.presets.save(MINE, str(PROJECT), "weekly", {"minutes": 30})
    journal.presets.save(MINE, str(OTHER_PROJECT), "weekly", {"minutes": 45})
    assert [preset.settings["minutes"] for preset in journal.presets.all(MINE)] == [30, 45]


def test_stranger_neither_sees_nor_changes_presets(journal: Journal) -> None:
    journal.presets.save(MINE, str(PROJECT), "mine", {})
    (mine,) = journal.presets.all(MINE)
    stranger = Visibility(SERVICE, "another", frozenset({str(OTHER_PROJECT)}))
    colleague = Visibility(SERVICE, "another", frozenset({str(PROJECT)}))
    assert journal.presets.all(stranger) == [] and journal.presets.all(colleague) == [mine]
    journal.presets.set_default(stranger, mine.id)
    journal.presets.delete(stranger, mine.id)
    assert journal.presets.all(MINE) == [mine]
    journal.presets.delete(colleague, mine.id)
    assert journal.presets.all(MINE) == []


def test_one_preset_at_the_most_is_the_default(journal: Journal) -> None:
    for name in "ab":
        journal.presets.save(MINE, str(PROJECT), name, {})
    first, second = journal.presets.all(MINE)

    def defaults() -> list[str]:
        return [preset.name for preset in journal.presets.all(MINE) if preset.is_default]

    assert defaults() == []
    journal.presets.set_default(MINE, first.id)
    assert defaults() == ["a"]
    journal.presets.set_default(MINE, second.id)
    assert defaults() == ["b"]
    journal.presets.save(MINE, str(PROJECT), "b", {"minutes": 60})
    assert defaults() == ["b"]
    journal.presets.set_default(MINE, None)
    assert defaults() == []


def test_forgetting_keeps_what_is_not_visible(journal: Journal) -> None:
    batch, run = started(journal, press(people=PEOPLE))
    call = claimed(run)
    run.record_answer(call, rooms("ab"), LOST)
    journal.presets.save(MINE, str(PROJECT), "mine", {})
    theirs, their_run = started(journal, press("theirs", account="another", project=OTHER_PROJECT))
    their_run.record_answer(claimed(their_run), rooms("xyz"))
    journal.forget(MINE)
    assert journal.batches.count(MINE) == 0 and journal.presets.all(MINE) == []
    assert (
        journal.batches.rooms(batch.id) == []
        and journal.batches.events(batch.id) == []
        and journal.batches.calls(batch.id) == []
    )
    assert journal.batches.links(theirs.id) == [each.url for each in rooms("xyz")]
    with pytest.raises(Lapsed):
        run.claim()
    run.record_answer(call, rooms("c"))
    assert journal.batches.rooms(batch.id) == []
    assert journal.batches.start(press(), "runner")[1] is not None


# Secrets


def test_logged_batch_shows_no_email_or_link(journal: Journal) -> None:
    batch, run = started(journal, press(people=PEOPLE))
    run.record_answer(claimed(run), rooms("abc"))
    shown = repr(
        (press(people=PEOPLE), now(journal, batch), journal.batches.rooms(batch.id), journal.batches.calls(batch.id))
    )
    assert "Anna" in shown
    assert "anna@" not in shown and "c@" not in shown and "token-of" not in shown


def test_database_error_shows_no_link_or_email(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    _, run = started(journal, press(people=PEOPLE))
    call = claimed(run)
    run.record_answer(call, rooms("ab"), LOST)
    with monkeypatch.context() as forgetful:
        forgetful.setattr(journal_calls, "known_ids", lambda *_: set())
        with pytest.raises(JournalError) as clash:
            run.record_answer(call, rooms("abc"))
    shown = "".join(traceback.format_exception(clash.value))
    assert "token-of" not in shown and "example.com" not in shown


WRONG = (
    "postgresql://user:{}@127.0.0.1:1/rooms",
    "postgresql://user:{}@127.0.0.1:port/rooms",
    "postgresql://host:{}/rooms",
    "postgresql://user:p@{}@127.0.0.1:1/rooms",
    "postgresql://user@127.0.0.1:1/rooms?option={}",
    "mysql://user:{}@127.0.0.1/rooms",
    "user:{}@127.0.0.1",
    "{}",
    "",
    "sqlite://",
    "sqlite+other://",
    "sqlite:////dev/null/journal.sqlite3",
)


@pytest.mark.parametrize("address", WRONG)
def test_wrong_address_is_told_without_its_password(address: str) -> None:
    password = "Tr0ub4dor"
    with pytest.raises(JournalError) as wrong:
        Journal(address.format(password))
    assert password not in "".join(traceback.format_exception(wrong.value))


# SQLite


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new" / "journal.sqlite3"


def test_only_its_owner_can_read_the_file(file: Path) -> None:
    Journal(f"sqlite:///{file}").close()
    assert file.stat().st_mode & 0o777 == 0o600


def test_readable_file_is_closed_to_others(file: Path) -> None:
    file.parent.mkdir()
    file.touch(0o644)
    Journal(f"sqlite:///{file}").close()
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_is_committed_survives_a_power_cut(file: Path) -> None:
    opened = Database(f"sqlite:///{file}")
    with closing(opened), opened.reading() as db:
        settings = {
            name: db.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    # Not WAL, whose older versions may lose a commit.
    assert settings.pop("journal_mode") in ("delete", "truncate")
    assert settings == {"synchronous": 2, "foreign_keys": 1}


def test_locked_file_fails_and_works_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_database, "BUSY_SECONDS", 0.05)
    journal = Journal(f"sqlite:///{file}")
    with closing(journal), closing(sqlite3.connect(file, isolation_level=None)) as other:
        batch, run = started(journal, press())
        other.execute("BEGIN IMMEDIATE")
        # More often than there are connections: none may get lost.
        for _ in range(20):
            with pytest.raises(JournalError, match="does not work"):
                run.claim()
        assert now(journal, batch).calls_planned == 1
        other.execute("COMMIT")
        assert run.claim() is not None


def test_file_that_is_no_database_fails(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("Dear diary, " * 100)
    with pytest.raises(JournalError):
        Journal(f"sqlite:///{file}")
    assert file.read_text().startswith("Dear diary")
