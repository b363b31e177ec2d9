"""The records of doors: how one is set up, who has come, and what has become of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Annotated, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

LONGEST_NAME, LONGEST_TEXT = 80, 4000
"""Characters of a name, and of a text that visitors read."""

MOST_QUESTIONS, MOST_ANSWERS = 5, 12

PROLIFIC_ID, PROLIFIC_STUDY, PROLIFIC_SESSION = "PROLIFIC_PID", "STUDY_ID", "SESSION_ID"
"""The parameters that Prolific adds to a study's address."""

CODE_PLACE, ID_PLACE = "{code}", "{id}"
"""Where an address of return holds the completion code and the panel's id of the visitor."""

PROLIFIC_RETURN = f"https://app.prolific.com/submissions/complete?cc={CODE_PLACE}"


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, OSError, ValueError):
        # Not chained: its text may name files.
        raise ValueError("is not a time zone that is known here") from None


Zone = Annotated[str, AfterValidator(_zone)]
Name = Annotated[str, Field(max_length=LONGEST_NAME)]
LongText = Annotated[str, Field(max_length=LONGEST_TEXT)]
Some = Annotated[int, Field(ge=1, le=100_000)]


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class DoorTexts(_Settings):
    """What visitors read in one language. consent: empty where nothing is to be agreed to."""

    name: Name
    welcome: LongText = ""
    consent: LongText = ""
    contact: Name = ""


class Answer(_Settings):
    """An answer of a screening question.

    texts: by language. lets_in: whether people with this answer may take part. quota: how many of them get a room.
    """

    texts: Mapping[str, Name]
    lets_in: bool = True
    quota: Some | None = None


class Question(_Settings):
    """A screening question. texts: by language."""

    texts: Mapping[str, Name]
    answers: Annotated[tuple[Answer, ...], Field(min_length=2, max_length=MOST_ANSWERS)]


class Hours(_Settings):
    """When a door is open on some days of the week. days: 0 for Monday. until: on the next day where it is earlier."""

    days: Annotated[tuple[Annotated[int, Field(ge=0, le=6)], ...], Field(min_length=1)]
    since: time
    until: time


class PanelKind(StrEnum):
    """Who sends the visitors."""

    PROLIFIC = "prolific"
    OTHER = "other"


class Panel(_Settings):
    """How a panel tells who comes, and how it is told what became of them.

    id_parameter: the parameter of the address that tells visitors apart. kept: further ones that are written down.
    return_address: where a visitor goes in the end, with CODE_PLACE and ID_PLACE in it; empty where the code is shown
        alone. done_code: for a completed interview; empty for a code of each visitor's own. The other codes are for
        those who were screened out, or whose quota was full; empty for none.
    """

    kind: PanelKind
    id_parameter: Name = PROLIFIC_ID
    kept: tuple[Name, ...] = ()
    return_address: str = ""
    done_code: Name = ""
    screened_code: Name = ""
    full_code: Name = ""


class Filling(_Settings):
    """How a door creates rooms by itself: like those of a batch, until it has spent its cap.

    keep_free: rooms that are to wait in the pool. most_tokens: what all rooms together may cost.
    """

    like_batch: int
    keep_free: Annotated[int, Field(ge=1, le=100)] = 5
    most_tokens: Annotated[int, Field(ge=1, le=1_000_000)]


class DoorSettings(_Settings):
    """How a door is set up.

    texts: by language; the first one is for visitors whose language is none of these.
    batch_id: of the batch whose rooms it gives; None for all free rooms of the project.
    zone: of its days and hours. opens, closes: between which moments it is open at all.
    most, most_a_day: how many visitors get a room.
    asks_pin: whether visitors type the PIN of the day. asks_email: whether they give an address.
    one_a_device: whether a device gets one room; else it may go to the next person once an interview is over.
    minutes_to_start: after how many minutes a room whose interview has not begun goes back to the pool.
    cut_off_minutes: an interview that ended sooner was cut off. replacements: how many rooms a visitor gets in place
        of interviews that were cut off, without staff.
    releases_tokens: whether rooms that are left are cancelled once the project has its completed interviews.
    """

    texts: Annotated[Mapping[str, DoorTexts], Field(min_length=1)]
    batch_id: int | None = None
    zone: Zone = "UTC"
    opens: datetime | None = None
    closes: datetime | None = None
    hours: Hours | None = None
    most: Some | None = None
    most_a_day: Some | None = None
    asks_pin: bool = False
    asks_email: bool = False
    one_a_device: bool = True
    questions: Annotated[tuple[Question, ...], Field(max_length=MOST_QUESTIONS)] = ()
    minutes_to_start: Annotated[int, Field(ge=1, le=1440)] = 15
    cut_off_minutes: Annotated[int, Field(ge=0, le=240)] = 2
    replacements: Annotated[int, Field(ge=0, le=10)] = 1
    panel: Panel | None = None
    filling: Filling | None = None
    releases_tokens: bool = False

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.opens and self.closes and self.opens >= self.closes:
            raise ValueError("the door closes before it opens")
        return self

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.texts)

    @property
    def name(self) -> str:
        """The name in the first language."""
        return next(iter(self.texts.values())).name

    @property
    def clock(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def texts_in(self, language: str) -> DoorTexts:
        """The texts in a language, else in the first one."""
        return self.texts.get(language) or next(iter(self.texts.values()))


@dataclass(frozen=True)
class Door:
    """A door. code: what its address ends with. secret: signs what its visitors' browsers keep."""

    id: int
    code: str
    secret: str = field(repr=False)
    service: str
    account: str = field(repr=False)
    project_id: str
    settings: DoorSettings
    version: int
    made: datetime
    made_by: str = ""
    is_paused: bool = False
    is_closed: bool = False


class DoorState(StrEnum):
    """Whether a door lets visitors in, and why not."""

    OPEN = "open"
    PAUSED = "paused"
    """Staff hold it shut for a while."""
    FULL = "full"
    """As many as may come have a room."""
    FULL_TODAY = "full_today"
    """The same for this day."""
    EARLY = "early"
    """It has not opened yet."""
    OUT_OF_HOURS = "out_of_hours"
    """It opens again by itself."""
    CLOSED = "closed"
    """It is over."""


class VisitState(StrEnum):
    """What has become of a visitor."""

    ENTERED = "entered"
    """Agreed, fits, and has no room yet."""
    SCREENED_OUT = "screened_out"
    QUOTA_FULL = "quota_full"
    """Fits, but enough people who gave the same answer have taken part."""
    CLAIMED = "claimed"
    """Has a room, whose interview has not begun."""
    STARTED = "started"
    DONE = "done"
    CUT_OFF = "cut_off"
    """The interview ended at once."""
    RETURNED = "returned"
    """Did not begin in time: the room is another visitor's now."""
    LOST = "lost"
    """The room was cancelled or expired before its interview."""


HAS_ROOM = (VisitState.CLAIMED, VisitState.STARTED)
"""The visitor's room is to be watched."""

COUNTED = (*HAS_ROOM, VisitState.DONE, VisitState.CUT_OFF)
"""The visitor counts towards limits and quotas."""


@dataclass(frozen=True)
class NewVisit:
    """A visitor who wants to come in.

    device, person: digests that tell devices and people apart; person is empty where nothing tells.
    email, panel_id: as they were given. parameters: further ones of the address, by name.
    answers: the place of the answer to each question, in order.
    """

    device: str
    language: str
    version: int
    person: str = ""
    email: str = field(default="", repr=False)
    panel_id: str = field(default="", repr=False)
    parameters: Mapping[str, str] = field(default_factory=dict, repr=False)
    answers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Visit:
    """A visitor.

    key: stands for the visitor where a station stands for a desk.
    device, person: digests as of NewVisit. code: their own completion code.
    """

    id: int
    door_id: int
    key: str = field(repr=False)
    device: str = field(repr=False)
    person: str = field(repr=False)
    panel_id: str = field(repr=False)
    parameters: Mapping[str, str] = field(repr=False)
    language: str
    version: int
    state: VisitState
    entered: datetime
    changed: datetime
    code: str = field(repr=False)
    room_id: str | None = None
    claimed: datetime | None = None
    started: datetime | None = None
    ended: datetime | None = None
    cut_offs: int = 0
    allowed: int = 0

    def may_claim(self, settings: DoorSettings) -> bool:
        """Whether the visitor may have a room, a further one after an interview that was cut off included."""
        if self.state == VisitState.CUT_OFF:
            return self.cut_offs <= settings.replacements + self.allowed
        return self.state in (VisitState.ENTERED, VisitState.RETURNED, VisitState.LOST)


@dataclass(frozen=True)
class Claimed:
    """A room that a visitor has. is_new: whether it was claimed just now."""

    visit: Visit
    room_id: str
    is_new: bool


@dataclass(frozen=True)
class DoorFigures:
    """How many visitors a door had, each counted in one state, and how many rooms wait.

    by_state: all that have come, by their state now. today: who got a room on this day.
    got_room: who got a room at any time. free: rooms in the pool that it may give.
    spent: tokens of the rooms that it has created by itself.
    """

    by_state: Mapping[VisitState, int]
    today: int
    got_room: int
    free: int
    spent: int

    @property
    def came(self) -> int:
        return sum(self.by_state.values())

    def at(self, *states: VisitState) -> int:
        """How many are in one of these states."""
        return sum(self.by_state.get(state, 0) for state in states)
