"""The selection whose links are taken away."""

from collections.abc import Callable, Sequence

from services.rooms.entry import Entry

Entries = Callable[[], Sequence[Entry]]
"""The selection, which may be thousands of rooms: read when it is needed."""
