"""What about a door needs a person, told before visitors notice it."""

import pytest

from services.door.alerts import Alert, alerts
from services.journal.door.records import Door, DoorFigures, DoorState, VisitState
from services.journal.records import Batch, State, moment
from tests.services.journal.door.visitors import settings
from tests.services.journal.presses import form

FILLING = {"like_batch": 1, "most_tokens": 100}


def door(**how: object) -> Door:
    return Door(1, "abc", "secret", "service", "account", "project", settings(**how), 1, moment(0))


def figures(free: int = 50, got: int = 0, today: int = 0, spent: int = 0, **states: int) -> DoorFigures:
    return DoorFigures({VisitState(name): count for name, count in states.items()}, today, got, free, spent)


def batch(state: State, rooms: int) -> Batch:
    """One of five rooms."""
    ended = None if state == State.CREATING else moment(0)
    whose = ("nonce", "account", "service", "project", "Coffee", "me", "")
    return Batch(1, *whose, 5, form(), state, moment(0), ended, 1, rooms, 1, 1, 0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize(
    ("how", "seen", "expected"),
    [
        ({}, figures(), []),
        ({"most": 20}, figures(got=17), []),
        ({"most": 20}, figures(got=18), [Alert.FULL_SOON]),
        ({"most_a_day": 10}, figures(today=9), [Alert.FULL_TODAY_SOON]),
        ({}, figures(free=4), [Alert.FEW_ROOMS]),
        ({}, figures(free=0), [Alert.NO_ROOMS]),
        ({"filling": FILLING}, figures(free=0), []),
        # As many as may still come have a room.
        ({"most": 20}, figures(free=3, got=17), []),
        ({"filling": FILLING}, figures(spent=90), [Alert.TOKENS_SHORT]),
        ({}, figures(cut_off=3, done=12), [Alert.MANY_CUT_OFF]),
        ({}, figures(cut_off=3, done=13), []),
        ({}, figures(cut_off=2), []),
    ],
)
def test_door_tells_what_needs_a_person(how: dict[str, object], seen: DoorFigures, expected: list[Alert]) -> None:
    assert list(alerts(door(**how), DoorState.OPEN, seen, None)) == expected


def test_door_that_is_over_tells_nothing() -> None:
    assert not alerts(door(), DoorState.CLOSED, figures(free=0, cut_off=9), None)


def test_full_door_lacks_no_rooms() -> None:
    assert not alerts(door(most=20), DoorState.FULL, figures(free=0, got=20), None)


@pytest.mark.parametrize(
    ("state", "rooms", "expected"),
    [
        (State.SHORT, 3, [Alert.FILL_SHORT]),
        (State.PARKED, 3, [Alert.FILL_SHORT]),
        (State.CREATING, 3, []),
        (State.DONE, 5, []),
    ],
)
def test_fill_that_ended_short_is_told(state: State, rooms: int, expected: list[Alert]) -> None:
    assert list(alerts(door(filling=FILLING), DoorState.OPEN, figures(), batch(state, rooms))) == expected
