"""Rooms that a person adopts go to the calls that asked for them."""

from collections.abc import Iterable

from services.batches.settling import Rooms, assign_adopted
from services.journal.records import Call
from tests.services.batches.test_likeness import WANTED, room

PLAIN, CEDAR = WANTED, WANTED.model_copy(update={"voice": "cedar"})


def given(assigned: Iterable[tuple[Call, Rooms]]) -> list[tuple[int, str]]:
    """The number of a call and the id of a room, for each room."""
    return sorted((call.id, each.id) for call, its in assigned for each in its)


def test_rooms_go_to_the_call_they_are_like() -> None:
    calls = [Call(1, PLAIN, (1, 2)), Call(2, CEDAR, (3,))]
    rooms = [room(id="a", voice="cedar"), room(id="b"), room(id="c")]
    assert given(assign_adopted(calls, rooms)) == [(1, "b"), (1, "c"), (2, "a")]


def test_one_too_many_fills_no_other_place() -> None:
    # A service may fill in a voice where none was asked for, so these could be of the second call.
    calls = [Call(1, CEDAR, ()), Call(2, PLAIN, (3,))]
    rooms = [room(id="a", voice="cedar"), room(id="b", voice="cedar")]
    assert given(assign_adopted(calls, rooms)) == [(1, "a"), (1, "b")]


def test_changed_room_fills_a_likely_place() -> None:
    calls = [Call(1, CEDAR, ()), Call(2, PLAIN, (3,))]
    assert given(assign_adopted(calls, [room(id="a", voice="marin")])) == [(2, "a")]


def test_room_like_nothing_is_not_left_out() -> None:
    calls = [Call(1, PLAIN, (1,)), Call(2, PLAIN, (2,))]
    odd = [room(id=name, status="active") for name in "abc"]
    assert [name for _, name in sorted(given(assign_adopted(calls, odd)), key=lambda pair: pair[1])] == ["a", "b", "c"]
    assert assign_adopted([], odd) == []
