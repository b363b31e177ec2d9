"""The pauses that the service asks for when it turns requests away for their rate (429)."""

import threading
import time

from services.aseed.errors import RateLimited

USUAL_PAUSE = 1.0
"""Seconds to wait where the service does not say how long."""


class Pauses:
    """When the next request may leave. All threads that work on one thing share it.

    longest: the longest pause that is kept, in seconds.
    in_a_row: how many refusals are waited out when no request succeeds between them.
    """

    def __init__(self, longest: float, in_a_row: int) -> None:
        self._longest = longest
        self._in_a_row = in_a_row
        self._refusals = 0
        self._not_before = 0.0
        self._lock = threading.Lock()

    def note(self, refusal: RateLimited) -> float | None:
        """How many seconds the service asks to wait; None where that is too long, or was asked for too often."""
        seconds = USUAL_PAUSE if refusal.retry_after is None else refusal.retry_after
        self.hold(seconds)
        with self._lock:
            self._refusals += 1
            return None if seconds > self._longest or self._refusals > self._in_a_row else seconds

    def hold(self, seconds: float) -> None:
        """Lets no request leave for so many seconds from now."""
        with self._lock:
            self._not_before = max(self._not_before, time.monotonic() + seconds)

    def succeeded(self) -> None:
        """A request was answered: refusals are counted from the start again."""
        with self._lock:
            self._refusals = 0

    @property
    def left(self) -> float:
        """How many seconds the next request has to wait; zero or less for none."""
        with self._lock:
            return self._not_before - time.monotonic()

    def wait(self, stop: threading.Event) -> None:
        """Returns once the next request may leave, or `stop` is set."""
        while (left := self.left) > 0 and not stop.wait(left):
            pass
