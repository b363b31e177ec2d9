"""A batch at work on both databases: calls, answers, lost answers, labels."""

from sqlalchemy import update

from services.aseed.errors import Invalid
from services.journal.database import Database
from services.journal.journal import Journal
from services.journal.records import Call, CallState, LabelState, State
from services.journal.tables import calls
from tests.services.journal.presses import (
    LOST,
    PEOPLE,
    all_at_once,
    call_states,
    claimed,
    form,
    now,
    places,
    press,
    room,
    rooms,
    started,
)


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


def test_second_look_comes_after_every_loss(journal: Journal) -> None:
    batch, run = started(journal, press(calls=(1, 1)))
    run.record_answer(claimed(run), (), LOST)
    run.settle([(each, rooms("a")) for each in run.lost_calls()], look_again=0)
    assert now(journal, batch).is_to_look_again
    run.record_answer(claimed(run), (), LOST)
    run.settle([(each, ()) for each in run.lost_calls()], look_again=600)
    assert not now(journal, batch).is_to_look_again


def test_claim_may_be_sent_until_its_lease_passes(journal: Journal) -> None:
    batch, run = started(journal, press(calls=(1, 1)))
    call, other = claimed(run), claimed(run)
    assert run.may_send(call) and run.may_send(other)
    with journal._database.writing() as db:
        db.execute(update(calls).where(calls.c.id == call.id).values(claimed_at=journal._database.now - 16))
    assert not run.may_send(call) and run.may_send(other)
    run.not_sent(call)
    again = claimed(run)
    assert again.id == call.id and run.may_send(again) and not run.may_send(call)
    run.release()
    assert journal.batches.take(batch.id, "another") is not None
    assert not run.may_send(other)


def test_one_caller_looks_again_before_the_pause(journal: Journal) -> None:
    batch, run = started(journal, press())
    run.record_answer(claimed(run), (), LOST)
    run.settle([(each, ()) for each in run.lost_calls()], look_again=0)
    assert [journal.batches.claim_look(batch.id, pause=600) for _ in range(3)] == [True, False, False]
    assert not now(journal, batch).is_to_look_again


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
