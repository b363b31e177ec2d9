"""What happens, told once: to the lines of the log and to the metrics, where the deployment has them.

A fact is a number, a word of this code or of Aseed's contract, or the id of a batch or a project. Never a link or a
token, nor the id of a room, a label, a name or an email of a person, and no text of an error, which may quote them.
Who did it is not told here: a listener is called in the thread in which it happens, and can find the key of its person.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

Fact = str | int | float | None
"""None where it is not known; then nothing is said of it."""

listeners: list[Callable[[str, Mapping[str, Fact]], object]] = []
"""Who is told: nothing is where this is empty, as it is in tests and commands. app.py fills it."""


def tell(event: str, **facts: Fact) -> None:
    """Tells everyone who listens. What fails there, such as a full disk of the log, does not stop what is told of."""
    for listener in tuple(listeners):
        with suppress(Exception):
            listener(event, {name: fact for name, fact in facts.items() if fact is not None})


@contextmanager
def call(kind: str, rooms: int | None = None) -> Iterator[None]:
    """Tells how one request to Aseed ended: with `ok`, or with the name of the error and the status it was told by.

    kind: the HTTP method, or `create` for what costs money. rooms: how many were asked for.
    """
    begun = time.perf_counter()
    outcome, status = "ok", None
    try:
        yield
    except Exception as error:
        outcome, status = type(error).__name__, getattr(error, "status", None)
        raise
    finally:
        seconds = round(time.perf_counter() - begun, 3)
        tell("aseed.call", kind=kind, outcome=outcome, status=status, seconds=seconds, rooms=rooms)
