"""What the screen Desk remembers, besides the values of its widgets."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from components.state import session
from services.aseed.errors import AseedError
from services.journal.desk.conflicts import Conflict
from services.journal.desk.records import HandOut, Station
from services.roster.people import RowProblem


@dataclass
class Screen:
    """What this window shows of a station that is at work.

    about: what visitors read that the interview is about.
    waits: whether staff have to ask for the next code.
    gave: whether the last link was given.
    shown: the hand-out whose code is on show, or just was.
    begun: since when the screen says that the interview has begun, by the monotonic clock.
    filled: when an empty pool was filled last, by the same clock.
    said: to staff, about the last thing that they did.
    """

    station_key: str
    about: str
    waits: bool
    gave: bool = False
    shown: HandOut | None = None
    begun: float | None = None
    filled: float = 0.0
    said: str = ""


@dataclass(frozen=True)
class Entered:
    """What came of a file of ticks.

    count: how many hand-outs it has.
    conflicts: those that do not fit what was known.
    problems: rows that could not be read, or are to be looked at.
    used: links that were used and not ticked.
    trouble: why these are not known.
    """

    count: int
    conflicts: Sequence[Conflict]
    problems: Sequence[RowProblem]
    used: Sequence[HandOut]
    trouble: AseedError | None


@dataclass
class DeskState:
    """What is kept from one run to the next.

    station_key: of the station that this device became in this session; None for the one that its cookie names.
    is_at_work: whether this window shows that station.
    window: a name for this window of the browser.
    screen: what it shows.
    problem: why the last press started no desk, until it was shown.
    taken: the station that has the chosen name already, until going on with it was offered.
    pack_problem: why the last press made no pack, until it was shown.
    filled: the account and the project whose pool was filled last.
    is_changed: whether rooms of the pool were changed, so that it has to be filled again.
    entered: what came of each file of ticks, by pack and content; None for a file of another pack.
    """

    station_key: str | None = None
    is_at_work: bool = False
    window: str = field(default_factory=lambda: secrets.token_urlsafe(8))
    screen: Screen | None = None
    problem: str | None = None
    taken: Station | None = None
    pack_problem: str | None = None
    filled: tuple[str, str] | None = None
    is_changed: bool = False
    entered: dict[str, Entered | None] = field(default_factory=dict)


def current() -> DeskState:
    return session.state(DeskState)
