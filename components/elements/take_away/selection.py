"""The selection whose links are taken away."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.rooms.entry import Entry

Entries = Callable[[], Sequence[Entry]]
"""The selection, which may be thousands of rooms: read when it is needed."""

SAMPLE = 20
"""Among how many of the first rooms a preview finds one to show."""


@dataclass(frozen=True)
class Selection:
    """Rooms to take away.

    sample: the first of them, SAMPLE at most.
    project_id: None for rooms of several projects.
    key: tells this selection's widgets from those of another page.
    """

    entries: Entries
    sample: Entries
    count: int
    project_name: str
    project_id: str | None
    key: str
