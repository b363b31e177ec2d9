"""Numbers, stretches of time, states and flags of rooms as people say them."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from services.aseed.models import ACTIVE, CANCELLED, COMPLETED, EXPIRED, PENDING
from services.rooms.flags import Flag
from services.texts.speech import N_, _, counted, ngettext

Thing = TypeVar("Thing")

STATUSES = {
    PENDING: N_("Not started"),
    ACTIVE: N_("In interview"),
    COMPLETED: N_("Done"),
    EXPIRED: N_("Ran out"),
    CANCELLED: N_("Cancelled"),
}
"""A room's status in the words of the field, by the API's."""

FLAGS: Mapping[str, str] = {
    Flag.EXPIRING: N_("Runs out within 24 h"),
    Flag.DROPPED: N_("Very short interview"),
    Flag.OTHER_PERSON: N_("Another person joined"),
    Flag.SAME_EMAIL: N_("Same email in two rooms"),
    Flag.STILL_OPEN: N_("Replaced, but still works"),
    Flag.BAD_LINK: N_("Not a proper link"),
    Flag.SAME_LINK: N_("Same link as another room"),
}
"""Why a room needs a person, in a few words, to be said by `_`."""


def status_in_words(status: str) -> str:
    """Such as `Not started`; a status that is not known here is told as the API has it."""
    return _(STATUSES[status]) if status in STATUSES else status


def status_in_full(status: str) -> str:
    """Such as `Not started (pending at Aseed)`."""
    return _("{status} ({word} at Aseed)", status=status_in_words(status), word=status)


def rooms_in_words(count: int) -> str:
    """Such as `1 room`, `2,500 rooms`."""
    return counted(count, "room", "rooms")


def time_in_words(seconds: float) -> str:
    """Such as `40 s`, `2 min 5 s`, `3 h 20 min`."""
    whole = max(0, round(seconds))
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return _("{hours} h {minutes} min", hours=hours, minutes=minutes)
    if minutes:
        return _("{minutes} min {seconds} s", minutes=minutes, seconds=whole % 60)
    return _("{seconds} s", seconds=whole)


def bullets(things: Sequence[Thing], line: Callable[[Thing], str], most: int) -> str:
    """Markdown of the first things, a line each, and how many more there are."""
    more = len(things) - most
    lines = [line(thing) for thing in things[:most]] + (
        [ngettext("and {count} more", "and {count} more", more)] if more > 0 else []
    )
    return "\n".join(f"- {text}" for text in lines)


def told_apart(names: Sequence[str], marks: Sequence[str]) -> list[str]:
    """The names of a list's rows, such as `Anna`; where several have one name, each with its mark: `Anna (12.3)`."""
    times = Counter(names)
    return [f"{name} ({mark})" if times[name] > 1 else name for name, mark in zip(names, marks, strict=True)]


def shortened(text: str, longest: int = 100) -> str:
    """As much of a text as fits in a line; longest: in characters."""
    return text if len(text) <= longest else f"{text[:longest]}…"
