"""The records of handing out in person: stations, offers, hand-outs."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.aseed.models import InterviewRoomResponse
from services.participants import WITHDRAWN
from services.texts.speech import _


class HandOutState(StrEnum):
    """Where a room is that is to be handed out: in one place only."""

    FREE = "free"
    """In the pool."""
    CLAIMED = "claimed"
    """A station has it, and has not shown it yet."""
    SHOWN = "shown"
    """It is on a station's screen."""
    RECALLED = "recalled"
    """It is to be taken off a station's screen, and goes back to the pool once that has been done."""
    GIVEN = "given"
    """A person has it."""
    PACKED = "packed"
    """It is in a file for a place without a network."""
    ENDING = "ending"
    """It is about to be cancelled. Where that does not come about, it is offered again later."""
    GONE = "gone"
    """It cannot be given: it was cancelled, expired, or was used by a person who had it from elsewhere."""


IN_HAND = (HandOutState.CLAIMED, HandOutState.SHOWN, HandOutState.RECALLED)
"""A station has it; it has one at a time."""


class How(StrEnum):
    """How a link came to the person who has it."""

    SCREEN = "screen"
    PAPER = "paper"
    PACK = "pack"
    DOOR = "door"


class Kind(StrEnum):
    """What gives links: a device at work, or a file for a place without a network."""

    DESK = "desk"
    PACK = "pack"


def signature(station: str, operator: str) -> str:
    """How hand-outs are signed, such as `Desk A, Maria`, or `Desk A` without an operator."""
    return ", ".join(filter(None, (station, operator)))


@dataclass(frozen=True)
class Offer:
    """A pending room that may be handed out.

    link: to be shown.
    label: what the person who gets it may read.
    known_as: how staff tell it from others; it may be an email.
    is_named: whether it has a participant.
    """

    room: InterviewRoomResponse = field(repr=False)
    link: str = field(repr=False)
    number: int
    label: str
    known_as: str
    is_named: bool
    batch_id: int | None = None


@dataclass(frozen=True)
class HandOut:
    """A room in the pool or out of it.

    room: as the service described it when it was last asked.
    seconds_since_look: how long ago the service was asked.
    claimed: when a station took it.
    given: when it was given for good: the interview began, or staff said so.
    shares_link, has_own_link, is_withdrawn: as services.journal.records.KeptRoom has them.
    """

    room_id: str
    number: int
    label: str
    known_as: str
    is_named: bool
    link: str = field(repr=False)
    room: InterviewRoomResponse = field(repr=False)
    status: str
    state: HandOutState
    how: How | None
    station_key: str = field(repr=False)
    station: str
    operator: str
    claimed: datetime | None
    given: datetime | None
    seconds_since_look: float
    batch_id: int | None = None
    shares_link: bool = False
    has_own_link: bool = False
    is_withdrawn: bool = False

    @property
    def by(self) -> str:
        """Who gave it."""
        return signature(self.station, self.operator)

    @property
    def name(self) -> str:
        """How staff tell it from others."""
        if self.is_withdrawn:
            return _(WITHDRAWN)
        return self.known_as or _("No. {number}", number=self.number)


@dataclass(frozen=True)
class Station:
    """A device, or a file that stands for one.

    key: cannot be guessed.
    batch_id: of the batch whose links it gives; None for all of the project.
    by_name: whether staff choose the person for each link; then the room of one person is never given to another.
    moves_on: whether the next link comes by itself once an interview has begun.
    holder: the window that shows it.
    seconds_since_beat: how long ago that window last said so.
    about: what visitors read that the interview is about; empty where they are not told.
    """

    key: str = field(repr=False)
    kind: Kind
    project_id: str
    name: str
    operator: str = ""
    batch_id: int | None = None
    by_name: bool = False
    moves_on: bool = True
    opened: datetime | None = None
    is_closed: bool = False
    holder: str = ""
    seconds_since_beat: float = 0.0
    about: str = ""

    @property
    def by(self) -> str:
        """How its hand-outs are signed."""
        return signature(self.name, self.operator)


@dataclass(frozen=True)
class PoolCounts:
    """How many rooms a pool has.

    free: rooms that can be given.
    unnamed: those of them that are for no certain person.
    ending: rooms, given or not, that no person has joined and that expire before the moment that was asked about.
    given: rooms that were given, at a desk or from a pack.
    """

    free: int
    unnamed: int
    ending: int = 0
    given: int = 0


@dataclass(frozen=True)
class Tick:
    """A hand-out that was noted without a network.

    given: when, by the clock of the device, in UTC.
    by: the person who gave it.
    label: the person who got it, where that was typed.
    whom: how staff know that person; the label where it is empty.
    """

    room_id: str
    given: datetime
    by: str = ""
    label: str = ""
    whom: str = ""
