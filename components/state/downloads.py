"""The files that this session's browser has asked for and has not taken yet.

A file may be 13 MB of codes, so none is kept in memory. It is gone once the browser says that it has it, when that
message does not come within KEPT_SECONDS, and when the session ends.
"""

import time
from dataclasses import dataclass, field

from components.state import session
from components.state.kept_file import KeptFile

KEPT_SECONDS = 60
"""How long a file waits for its browser; a button stops waiting for its file after as long (download.js)."""


@dataclass(frozen=True)
class Made:
    """What came of a press: a file, or the problem with it. kind: its media type."""

    name: str = ""
    kind: str = ""
    content: KeptFile | None = None
    problem: str = ""


@dataclass(frozen=True)
class Waiting:
    """What a browser has not taken yet. press: the number that the browser gave the press. since: monotonic seconds."""

    press: str
    made: Made
    since: float


@dataclass
class Downloads:
    """pressed: the last press that was answered, by the key of the button. waiting: what is still to be taken."""

    pressed: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, Waiting] = field(default_factory=dict)


def current() -> Downloads:
    return session.state(Downloads)


def give(key: str, press: str, made: Made) -> None:
    """Keeps what came of a press until the browser takes it."""
    kept = current()
    kept.waiting[key] = Waiting(press, made, time.monotonic())
    kept.pressed[key] = press


def drop(key: str) -> None:
    """Forgets a file that the browser has taken."""
    current().waiting.pop(key, None)


def drop_late() -> None:
    """Forgets every file of which no browser has said for KEPT_SECONDS that it has it, whichever page gave it."""
    waiting = current().waiting
    for key, each in list(waiting.items()):
        if time.monotonic() - each.since > KEPT_SECONDS:
            waiting.pop(key, None)
