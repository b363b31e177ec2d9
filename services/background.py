"""Work that outlives a rerun of a page: threads of this process that a shutdown does not wait for.

A thread that runs here never ends with an unhandled exception: what it raises is logged, without its text, because
that may hold a link.
"""

import asyncio
import atexit
import logging
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from services.journal.database import JournalError
from services.people.acting import begun_by, key_at_work

log = logging.getLogger(__name__)

R = TypeVar("R")

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds before the journal is tried again; each pause is twice as long as the one before, up to the longest."""


_closing: list[Callable[[], None]] = []


def at_end(close: Callable[[], None]) -> None:
    """Has this called once, as the process ends."""
    _closing.append(close)


def end() -> None:
    """Calls what `at_end` was given, the last first."""
    while _closing:
        _closing.pop()()


# For an end that is not a stop of the server: a server that is stopped dies of its signal, and Python calls nothing.
atexit.register(end)


class BackgroundRunner:
    """Runs work in daemon threads and tells it when the process shuts down.

    name: how its threads are called.
    """

    def __init__(self, name: str) -> None:
        self.stop = threading.Event()
        self._name = name
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()

    def start(self, work: Callable[[], None], person: str | None = None) -> bool:
        """Runs the work in a thread of its own. False where this machine has no room for another thread.

        person: the key of the one who began it, for the log; None for the one at work, empty for the process itself.
        """
        key = key_at_work() if person is None else person
        thread = _started(lambda: _logged(work, self._name), self._name, key)
        if thread is None:
            log.error("This machine has no room for another thread just now.")
            return False
        with self._lock:
            self._threads = [known for known in self._threads if known.is_alive()] + [thread]
        return True

    def close(self, grace: float) -> None:
        """Tells all work to stop and waits for it for at most `grace` seconds."""
        self.stop.set()
        deadline = time.monotonic() + grace
        with self._lock:
            threads = tuple(self._threads)
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))


class Inquiry(Generic[R]):
    """A question that many may want answered: asked in a thread, never twice at once, nor again before its time.

    So it costs the one who is asked the same, however often it is put, and one that hangs holds one thread alone.

    every: seconds for which an answer counts, from the moment in which it was asked for.
    """

    def __init__(self, ask: Callable[[], R], every: float, name: str) -> None:
        self._ask = ask
        self._every = every
        self._name = name
        self._asked = -float("inf")
        self._answer: Future[R] | None = None
        self._lock = threading.Lock()

    async def within(self, seconds: float) -> R:
        """The answer. Raises TimeoutError where it takes longer, and what the question raises."""
        answer, left = self._begun(seconds)
        if left and not answer.done():
            # Not cancelled where it takes too long: others wait for the same answer.
            await asyncio.wait([asyncio.wrap_future(answer)], timeout=left)
        return answer.result(0)

    def wait(self, seconds: float) -> R:
        """The same outside of an event loop."""
        answer, left = self._begun(seconds)
        return answer.result(left)

    def _begun(self, seconds: float) -> tuple[Future[R], float]:
        """The answer that counts, or that is on its way, and for how long to wait for it."""
        with self._lock:
            now = time.monotonic()
            if self._answer is None or (self._answer.done() and now - self._asked >= self._every):
                self._answer, self._asked = Future(), now
                asking = self._answer
                if _started(lambda: self._put(asking), self._name, "") is None:
                    asking.set_exception(RuntimeError("this machine has no room for another thread"))
            return self._answer, max(0.0, self._asked + seconds - now)

    def _put(self, asking: Future[R]) -> None:
        try:
            asking.set_result(self._ask())
        except Exception as error:
            asking.set_exception(error)


def in_parallel(work: Callable[[], None], threads: int) -> None:
    """Does the same work in several threads, of which this one is the first, and waits for all of them.

    Where this machine has no room for another thread, fewer do the work. Raises the first error of any of them, once
    all have ended.
    """
    errors: list[Exception] = []

    def guarded() -> None:
        try:
            work()
        except Exception as error:
            errors.append(error)

    name, key = threading.current_thread().name, key_at_work()
    started = []
    for _ in range(threads - 1):
        thread = _started(guarded, f"{name} (parallel)", key)
        if thread is None:
            break
        started.append(thread)
    guarded()
    for thread in started:
        thread.join()
    if errors:
        raise errors[0]


def patiently(verb: Callable[[], R], stop: threading.Event, subject: str) -> R:
    """Reads or writes the journal, and tries again for as long as it is locked, its disk is full or it is away.

    subject: what the log calls it, such as `Batch 7`.

    Raises JournalError where it still fails once `stop` is set.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            return verb()
        except JournalError as error:
            log.error("%s cannot be read or written down, and is tried again: %s", subject, error)
            if stop.wait(pause):
                raise
            pause = min(2 * pause, LONGEST_PAUSE)


def _started(work: Callable[[], None], name: str, key: str) -> threading.Thread | None:
    def begin() -> None:
        with begun_by(key):
            work()

    thread = threading.Thread(target=begin, name=name, daemon=True)
    try:
        thread.start()
    except RuntimeError:
        return None
    return thread


def _logged(work: Callable[[], None], name: str) -> None:
    try:
        work()
    except Exception as error:
        where = "".join(traceback.format_tb(error.__traceback__))
        log.error("Work in the background (%s) broke with %s:\n%s", name, type(error).__name__, where)
