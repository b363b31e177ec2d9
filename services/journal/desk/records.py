"""What the journal is told and what it tells of handing out in person: stations, offers, hand-outs."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from services.aseed.models import InterviewRoomResponse


class HandOutState(StrEnum):
    """Where a room is that is to be handed out. It is in one place only."""

    FREE = "free"
    """In the pool."""
    CLAIMED = "claimed"
    """A station has it, and has not shown it yet."""
    SHOWN = "shown"
    """It is on a station's screen."""
    RECALLED = "recalled"
    """It is to be taken off a station's screen, and goes back to the pool once that has been done."""
    GIVEN = "given"
    """Somebody has it."""
    PACKED = "packed"
    """It is in a file for a place without a network."""
    GONE = "gone"
    """It can be given to nobody: it was cancelled, ran out, or was used by somebody who had it from elsewhere."""


IN_HAND = (HandOutState.CLAIMED, HandOutState.SHOWN, HandOutState.RECALLED)
"""A station has it; it has one at a time."""


class How(StrEnum):
    """How a link came to whoever has it."""

    SCREEN = "screen"
    PAPER = "paper"
    PACK = "pack"


class Kind(StrEnum):
    """What gives links: a device at work, or a file for a place without a network."""

    DESK = "desk"
    PACK = "pack"


def signature(station: str, operator: str) -> str:
    """How hand-outs are signed, such as `Desk A, Maria`, or `Desk A` where nobody is named."""
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

    room: as the service described it when it was last asked, which was `looked` ago, in seconds. claimed: when a
    station took it. given: when it was given for good: the interview began, or staff said so.
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

    @property
    def by(self) -> str:
        """Who gave it."""
        return signature(self.station, self.operator)

    @property
    def name(self) -> str:
        """How staff tell it from others."""
        return self.known_as or f"No. {self.number}"


@dataclass(frozen=True)
class Station:
    """A device, or a file that stands for one.

    key: nobody can guess it. batch_id: whose links it gives; None for all of the project. by_name: whether staff
    choose whom each link is for; then rooms that are for somebody are never given to anybody else. moves_on: whether
    the next link comes by itself once an interview has begun. holder: the window that shows it. seen: how long ago it
    last said so, in seconds.
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

    @property
    def by(self) -> str:
        """How its hand-outs are signed."""
        return signature(self.name, self.operator)


@dataclass(frozen=True)
class Left:
    """What is in a pool. free: rooms that can be given; unnamed: those of them that are for nobody in particular.

    ending: those of all rooms that are not over which run out before the moment that was asked about.
    """

    free: int
    unnamed: int
    ending: int = 0


@dataclass(frozen=True)
class Tick:
    """A hand-out that was noted without a network. whom: who it was for, where that was typed."""

    room_id: str
    at: datetime
    by: str = ""
    whom: str = ""


@dataclass(frozen=True)
class Conflict:
    """A tick that does not fit what the journal knows, and why."""

    tick: Tick
    name: str
    words: str
