"""The records of what is held on a person: traces in rooms, the person they make, and what was taken out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.email_address import folded_address, same_address
from services.folding import folded
from services.normal_form import normal_form


class Source(StrEnum):
    """Which table of the journal holds a trace, and what it is there."""

    LIST = "participants"
    """The list of people with which a batch was created."""
    SAID = "people"
    """What was said later of whom a room is for, on a page or at a desk."""
    CREATED = "rooms"
    """Aseed's words about a room, when it was created or labelled."""
    DESK = "hand_outs"
    """The pool of a desk: how staff know the person, and Aseed's words about the room."""


@dataclass(frozen=True)
class Spot:
    """A room, or a place of a batch that got none (room_id is empty then). batch_id: None for a room of no batch."""

    service: str
    room_id: str
    batch_id: int | None = None
    place: int | None = None


@dataclass(frozen=True)
class Trace:
    """One place in the journal that names a person. project_id, account: whose the row is."""

    spot: Spot
    source: Source
    project_id: str
    account: str
    label: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    code: str = field(default="", repr=False)

    @property
    def names(self) -> frozenset[str]:
        """Its label and code in the form in which people are told apart."""
        return frozenset(filter(None, map(name_key, (self.label, self.code))))

    def is_found_by(self, text: str) -> bool:
        """Whether its email, label or code is this text, however it is spelled; a part of one is none."""
        if self.email and same_address(text, self.email):
            return True
        wanted = folded(text)
        return bool(wanted) and wanted in (folded(self.label), folded(self.code))


@dataclass(frozen=True)
class Key:
    """What tells one person from all others: the address, and without one the label together with the code."""

    email: str = field(default="", repr=False)
    label: str = field(default="", repr=False)
    code: str = field(default="", repr=False)


def name_key(text: str) -> str:
    """A label or code in the form in which people are told apart: stricter than a search, which knows no accents."""
    return normal_form("NFC", text.strip()).casefold()


def key_of(traces: Sequence[Trace]) -> Key:
    """The key of the person to whom these traces of one room belong."""
    email = next((trace.email for trace in traces if trace.email), "")
    if email:
        return Key(email=folded_address(email))
    label = next((trace.label for trace in traces if trace.label), "")
    code = next((trace.code for trace in traces if trace.code), "")
    return Key(label=name_key(label), code=name_key(code))


@dataclass(frozen=True)
class Held:
    """All traces of one person. others: in the same rooms, those of other people."""

    key: Key
    traces: tuple[Trace, ...]
    others: tuple[Trace, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        return _unique(trace.label for trace in self.traces)

    @property
    def emails(self) -> tuple[str, ...]:
        return _unique(trace.email for trace in self.traces)

    @property
    def codes(self) -> tuple[str, ...]:
        return _unique(trace.code for trace in self.traces)

    @property
    def spots(self) -> tuple[Spot, ...]:
        """Rooms, and places that got none, in a fixed order."""
        found = {trace.spot for trace in self.traces}
        return tuple(sorted(found, key=lambda spot: (spot.batch_id or 0, spot.place or 0, spot.service, spot.room_id)))

    @property
    def room_ids(self) -> tuple[str, ...]:
        return tuple(spot.room_id for spot in self.spots if spot.room_id)

    @property
    def batch_ids(self) -> tuple[int, ...]:
        return tuple(sorted({spot.batch_id for spot in self.spots if spot.batch_id is not None}))


class StillNeeded(Exception):
    """The person's data cannot be taken out just now.

    batches: the numbers of those that are still at work with the person. desks: where their link is on show now.
    """

    def __init__(self, batches: Sequence[int], desks: Sequence[str]) -> None:
        super().__init__(*batches, *desks)
        self.batches, self.desks = tuple(batches), tuple(desks)


@dataclass(frozen=True)
class FileMade:
    """A file with some of the rooms, as the audit tells of it. by: who made it; empty where no one signs in."""

    at: datetime
    kind: str
    by: str
    rooms: int


@dataclass(frozen=True)
class RoomLeft:
    """A room that named a person, as it is left. Aseed has it still.

    is_open: whether a person with its link could join it, as far as it is known here.
    is_labelled: whether Aseed had given it the person's label.
    """

    service: str
    project_id: str
    room_id: str
    is_open: bool
    is_labelled: bool


@dataclass(frozen=True)
class Receipt:
    """What was taken out, without the name.

    by: who did it; empty where no one signs in. places: how many of batches that got no room.
    erased: how many values of each kind went, by Kind. files: copies that may name the person still.
    """

    at: datetime
    by: str
    batch_ids: tuple[int, ...]
    rooms: tuple[RoomLeft, ...]
    places: int
    erased: Mapping[str, int]
    files: tuple[FileMade, ...] = ()

    @property
    def room_ids(self) -> tuple[str, ...]:
        return tuple(room.room_id for room in self.rooms)

    @property
    def open(self) -> tuple[RoomLeft, ...]:
        """Those that could still be joined."""
        return tuple(room for room in self.rooms if room.is_open)

    @property
    def labelled(self) -> tuple[RoomLeft, ...]:
        """Those that have the label at Aseed, unless it was changed there since."""
        return tuple(room for room in self.rooms if room.is_labelled)


class Kind(StrEnum):
    """What may go: values of a person, and texts that were for or about them alone."""

    LABELS = "labels"
    EMAILS = "emails"
    CODES = "codes"
    TEXTS = "texts"


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
