"""Numbers and stretches of time as people say them."""

from collections.abc import Callable, Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


def rooms_in_words(count: int) -> str:
    """Such as `1 room`, `2,500 rooms`."""
    return counted(count, "room", "rooms")


def time_in_words(seconds: float) -> str:
    """Such as `40 s`, `2 min 5 s`, `3 h 20 min`."""
    whole = max(0, round(seconds))
    hours, minutes = divmod(whole // 60, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {whole % 60} s" if minutes else f"{whole} s"


def bullets(things: Sequence[Thing], line: Callable[[Thing], str], most: int) -> str:
    """Markdown of the first things, a line each, and how many more there are."""
    more = len(things) - most
    lines = [line(thing) for thing in things[:most]] + ([f"and {more:,} more"] if more > 0 else [])
    return "\n".join(f"- {text}" for text in lines)


def counted(count: int, one: str, many: str) -> str:
    """Such as `1 row needs`, `3 rows need`."""
    return f"{count:,} {one if count == 1 else many}"


def shortened(text: str, longest: int = 100) -> str:
    """As much of a text as fits in a line; longest: in characters."""
    return text if len(text) <= longest else f"{text[:longest]}…"
