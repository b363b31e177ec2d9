"""The line before the processes that read lists: first come, first read, and no one waits for longer than is said."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition

from services.roster.sheet import ReadersBusy

Say = Callable[[int], object]
"""Told how many lists are read before one that waits; again every TELL_SECONDS. It may raise to leave the line."""

TELL_SECONDS = 1.0


def say_nothing(before: int) -> None:
    """For callers that no person waits for."""


class Line:
    """A line of those who wait for one of some places.

    at_once: how many places there are.
    patience: seconds after which one who still waits is turned away.
    """

    def __init__(self, at_once: int, patience: float) -> None:
        self._at_once, self._patience = at_once, patience
        self._changed = Condition()
        self._line: list[object] = []
        """Those who have a place, and behind them those who wait."""

    @contextmanager
    def place(self, say: Say) -> Iterator[None]:
        """Waits for a place and holds it. Raises ReadersBusy."""
        mine = object()
        with self._changed:
            self._line.append(mine)
        try:
            self._wait(mine, say)
            yield
        finally:
            with self._changed:
                self._line.remove(mine)
                self._changed.notify_all()

    def _wait(self, mine: object, say: Say) -> None:
        deadline = time.monotonic() + self._patience
        before = self._before(mine, 0)
        while before >= self._at_once:
            if time.monotonic() >= deadline:
                raise ReadersBusy(before)
            # Not under the lock: it may take long, or raise because no person waits any more.
            say(before)
            before = self._before(mine, TELL_SECONDS)

    def _before(self, mine: object, seconds: float) -> int:
        """How many are before one, after waiting for a change for at most so long where that one has no place yet."""
        with self._changed:
            if seconds and self._line.index(mine) >= self._at_once:
                self._changed.wait(seconds)
            return self._line.index(mine)
