"""Batches on both databases: started once, run by one, decided by a person, nothing twice, nothing lost."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from services.aseed.errors import Refused, TokensShort
from services.journal.batches import LEFT_ALONE, Busy
from services.journal.database import Database
from services.journal.journal import Journal
from services.journal.records import Batch, CallState, State
from services.journal.run import Lapsed, Run
from services.journal.tables import batches
from services.journal.visibility import Visibility
from tests.services.journal.presses import (
    ACCOUNT,
    LOST,
    MINE,
    OTHER_PROJECT,
    PEOPLE,
    PROJECT,
    SERVICE,
    all_at_once,
    call_states,
    claimed,
    form,
    now,
    places,
    press,
    rooms,
    started,
)


def let_lapse(tables: Database) -> None:
    """An hour passes in which no runner gives a sign of life."""
    with tables.writing() as db:
        db.execute(update(batches).values(runner_seen_at=batches.c.runner_seen_at - 3600))


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
    assert again.id == batch.id and len(journal.batches.newest(MINE, 100)) == 1


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
    assert len(journal.batches.newest(MINE, 100)) == 1


def test_one_press_in_sixteen_threads_has_one_runner(journal: Journal) -> None:
    came = all_at_once(lambda number: journal.batches.start(press(), f"runner {number}"))
    assert len({batch.id for batch, _ in came}) == 1
    assert len([run for _, run in came if run is not None]) == 1


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
    assert journal.batches.has_any(visibility) == seen


def test_press_is_known_in_every_account(journal: Journal) -> None:
    journal.batches.start(press("theirs", account="another"), "runner")
    assert journal.batches.was_pressed("theirs") and not journal.batches.was_pressed("mine")


def test_batches_come_newest_first(journal: Journal) -> None:
    ids = []
    for number in range(5):
        batch, run = started(journal, press(f"nonce {number}"))
        run.end()
        ids.append(batch.id)
    assert [batch.id for batch in journal.batches.newest(MINE, 2)] == ids[:-3:-1]
    assert [batch.id for batch in journal.batches.newest(MINE, 10)] == ids[::-1]


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


def test_adopted_room_of_an_unsent_call_counts(journal: Journal) -> None:
    batch, run = started(journal, press(calls=(1, 3)))
    run.record_answer(claimed(run), rooms("a"))
    (unsent,) = [call for call in journal.batches.calls(batch.id) if call.places == (2, 3, 4)]
    journal.batches.adopt(batch.id, [(unsent, rooms("b"))])
    call = claimed(run)
    assert call.places == (3, 4)
    assert not run.record_answer(call, rooms("cd"))
    assert places(journal, batch) == {1: "a", 2: "b", 3: "c", 4: "d"}


def test_a_batch_that_is_over_is_not_taken(journal: Journal) -> None:
    batch, run = started(journal, press())
    run.end()
    assert journal.batches.take(batch.id, "another") is None


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
    journal.batches.set_aside(batch.id, ["a", "b"], LEFT_ALONE)
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
    journal.batches.set_aside(batch.id, ["b"], LEFT_ALONE)
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


def test_logged_batch_shows_no_email_or_link(journal: Journal) -> None:
    batch, run = started(journal, press(people=PEOPLE))
    run.record_answer(claimed(run), rooms("abc"))
    shown = repr(
        (press(people=PEOPLE), now(journal, batch), journal.batches.rooms(batch.id), journal.batches.calls(batch.id))
    )
    assert "Anna" in shown
    assert "anna@" not in shown and "c@" not in shown and "token-of" not in shown
