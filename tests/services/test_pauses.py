"""Pauses that the service asks for: kept up to a length, and a number of times."""

import threading

from services.aseed.errors import RateLimited
from services.pauses import USUAL_PAUSE, Pauses


def turned_away(seconds: float | None) -> RateLimited:
    return RateLimited(429, "", seconds)


def test_named_pause_is_kept() -> None:
    pauses = Pauses(longest=60, in_a_row=3)
    assert pauses.left <= 0
    assert pauses.note(turned_away(30)) == 30
    assert 0 < pauses.left <= 30


def test_usual_pause_where_none_is_named() -> None:
    assert Pauses(longest=60, in_a_row=3).note(turned_away(None)) == USUAL_PAUSE


def test_too_long_a_pause_is_not_kept() -> None:
    assert Pauses(longest=60, in_a_row=3).note(turned_away(61)) is None


def test_refusals_in_a_row_are_counted() -> None:
    pauses = Pauses(longest=60, in_a_row=2)
    assert [pauses.note(turned_away(0)) for _ in range(3)] == [0, 0, None]
    pauses.succeeded()
    assert pauses.note(turned_away(0)) == 0


def test_shorter_pause_does_not_shorten_a_longer() -> None:
    pauses = Pauses(longest=60, in_a_row=3)
    pauses.hold(30)
    pauses.hold(1)
    assert pauses.left > 1


def test_wait_ends_at_a_shutdown() -> None:
    pauses, stop = Pauses(longest=3600, in_a_row=3), threading.Event()
    pauses.hold(3600)
    stop.set()
    pauses.wait(stop)
    assert pauses.left > 0
