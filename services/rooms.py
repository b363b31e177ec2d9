"""The rooms of a study as its researcher follows them: grouped, searched, counted, and what about them needs a person.

What the API says of a room and what the journal knows of it become one `Entry`; everything else here reads entries.
"""

import base64
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from hashlib import sha256
from statistics import median
from zoneinfo import ZoneInfo

from services.aseed.models import (
    ACTIVE,
    CANCELLED,
    COMPLETED,
    EXPIRED,
    PENDING,
    InterviewConfigResponse,
    InterviewRoomResponse,
)
from services.journal.records import Known
from services.local_time import local
from services.participants import Participant
from services.trust import is_link

NOBODY = Participant()

EXPIRES_SOON = timedelta(hours=24)
"""How long before its end a link that nobody has used is called to mind."""

DROPPED_SHARE = 0.2
"""An interview that took less than this share of its time has probably been cut off."""

LONG_WORD = 5
"""Characters from which on a word is looked for in codes, names and links that are made of random letters too."""


class Tab(StrEnum):
    """The vendor's own groups of rooms, by status; a status that nobody has named stays in sight, under Active."""

    ACTIVE = "Active"
    COMPLETED = "Completed"
    ARCHIVED = "Archived"


_TABS = {COMPLETED: Tab.COMPLETED, EXPIRED: Tab.ARCHIVED, CANCELLED: Tab.ARCHIVED}


class Flag(StrEnum):
    """What about a room needs a person."""

    EXPIRING = "expiring"
    """Nobody has used it, and its link runs out within EXPIRES_SOON."""
    DROPPED = "dropped"
    """It was completed in under DROPPED_SHARE of its time, and nothing has replaced it."""
    OTHER_PERSON = "other_person"
    """Whoever joined gave another email than the person whom the room is for has on the roster."""
    SAME_EMAIL = "same_email"
    """The same email has joined another room of the project too."""
    STILL_OPEN = "still_open"
    """A replacement has come in its place, and its own link still works all the same."""
    BAD_LINK = "bad_link"
    """Its URL is no link that may be handed out (services.trust.is_link)."""


@dataclass(frozen=True)
class Entry:
    """One room with everything that is known of it. number: its place in its batch, or in the list without one."""

    room: InterviewRoomResponse
    project_name: str
    number: int
    participant: Participant = NOBODY
    known: Known | None = None

    @property
    def id(self) -> str:
        return self.room.id

    @property
    def link(self) -> str:
        """The URL as it was handed over: whatever the API says of the room later does not change it."""
        return self.known.link if self.known and self.known.link else self.room.url

    @property
    def label(self) -> str:
        """Whom the room is for, or what it is called; empty where it has no name."""
        return self.participant.label or self.room.display_name or ""

    @property
    def known_as(self) -> str:
        """How the room is told from others on our own pages; it may be an email."""
        return self.label or self.participant.known_as

    @property
    def name(self) -> str:
        """What the room is called where it has to have a name."""
        return self.known_as or f"Room {self.number}"

    @property
    def batch_name(self) -> str:
        return self.known.batch_name if self.known else ""

    @property
    def tab(self) -> Tab:
        return _TABS.get(self.room.status, Tab.ACTIVE)

    @property
    def is_pending(self) -> bool:
        return self.room.status == PENDING

    @property
    def length(self) -> timedelta | None:
        """How long the interview took; None while it has not ended."""
        started, finished = self.room.started_at, self.room.finished_at
        return finished - started if started and finished and self.room.status == COMPLETED else None

    @cached_property
    def staff_code(self) -> str:
        """A short name that staff can say aloud, such as K7M-4QX: made of the room's id, and of no use as a link."""
        text = base64.b32encode(sha256(self.room.id.encode(errors="replace")).digest()).decode()[:6]
        # Crockford's base 32 has no letter that is read as a digit.
        text = text.translate(_CROCKFORD)
        return f"{text[:3]}-{text[3:]}"

    def has(self, word: str) -> bool:
        """Whether a word (in `plain` letters) is part of what tells the room from others."""
        return word in self._whom or (len(word) >= LONG_WORD and word in self._codes)

    @cached_property
    def _whom(self) -> str:
        person, joined = self.participant, self.room.respondent_email
        return plain("\n".join(filter(None, (self.label, person.email, person.external_id, joined))))

    @cached_property
    def _codes(self) -> str:
        return plain("\n".join((self.staff_code, self.room.room_name, self.link)))


_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def entries(
    rooms: Iterable[InterviewRoomResponse],
    known: Mapping[str, Known],
    project_names: Mapping[str, str],
) -> list[Entry]:
    """The rooms that the API lists, each with what the journal knows of it.

    The newest batch comes first, its rooms in the order of their places; a room of no batch is numbered by its age.
    """
    by_age = sorted(rooms, key=lambda room: (room.created_at, room.id))
    # Of a batch of many calls all rooms stay together.
    begun: dict[int | None, datetime] = {}
    for room in by_age:
        begun.setdefault(_batch_of(room, known), room.created_at)

    def newest_first(entry: Entry) -> tuple[float, int, int, datetime, str]:
        batch = _batch_of(entry.room, known)
        since = begun[batch] if batch else entry.room.created_at
        return -since.timestamp(), -(batch or 0), entry.number, entry.room.created_at, entry.id

    made = []
    for number, room in enumerate(by_age, start=1):
        its = known.get(room.id)
        made.append(
            Entry(
                room,
                project_names.get(room.project_id, ""),
                its.place if its and its.place else number,
                (its and its.participant) or NOBODY,
                its,
            )
        )
    return sorted(made, key=newest_first)


def _batch_of(room: InterviewRoomResponse, known: Mapping[str, Known]) -> int | None:
    its = known.get(room.id)
    return its.batch_id if its else None


# Looking


@dataclass(frozen=True)
class View:
    """What of a study is on show. Each None, empty text or empty set stands for all.

    expiring: only what is pending and runs out within so many hours. flag: only what carries it.
    """

    tab: Tab | None = None
    text: str = ""
    statuses: frozenset[str] = frozenset()
    batch: int | None = None
    expiring: int | None = None
    flag: Flag | None = None


def seen(listed: Sequence[Entry], view: View, now: datetime, flags: Mapping[str, Collection[Flag]]) -> list[Entry]:
    """The entries of a view, in the order given. flags: as `flagged` gives them."""
    wanted, soon = plain(view.text).split(), now + timedelta(hours=view.expiring or 0)
    return [
        entry
        for entry in listed
        if (view.tab is None or entry.tab == view.tab)
        and (not view.statuses or entry.room.status in view.statuses)
        and (view.batch is None or (entry.known is not None and entry.known.batch_id == view.batch))
        and (view.expiring is None or _runs_out(entry, now, soon))
        and (view.flag is None or view.flag in flags.get(entry.id, ()))
        and (not wanted or all(map(entry.has, wanted)))
    ]


def plain(text: str) -> str:
    """Text as it is searched: without case, and with accents where they are part of the letter only."""
    return unicodedata.normalize("NFC", text).casefold()


def _runs_out(entry: Entry, now: datetime, soon: datetime) -> bool:
    ends = entry.room.expires_at
    return entry.is_pending and ends is not None and now < ends <= soon


# Counting


@dataclass(frozen=True)
class Figures:
    """What a researcher reports of a study.

    statuses: how many rooms each status has. completed_on: interviews completed on each day, without gaps.
    reserved, spent, releasable: tokens by our reading of the price; releasable is the part of the reserved ones that
    cancelling every pending room would give back.
    """

    statuses: Mapping[str, int]
    median_minutes: float | None
    completed_on: Mapping[date, int]
    reserved: int
    spent: int
    releasable: int

    @property
    def completed(self) -> int:
        return self.statuses.get(COMPLETED, 0)

    @property
    def completion_rate(self) -> float | None:
        """Completed interviews as a share of all links that were not cancelled; None where there are none."""
        valid = sum(self.statuses.values()) - self.statuses.get(CANCELLED, 0)
        return self.completed / valid if valid else None


def figures(listed: Sequence[Entry], price: InterviewConfigResponse | None, zone: ZoneInfo) -> Figures:
    """price: None where it is not known; then the tokens are 0. zone: whose days are counted."""
    lengths = [entry.length / timedelta(minutes=1) for entry in listed if entry.length is not None]
    tokens: Counter[str] = Counter()
    if price:
        for entry in listed:
            tokens[entry.room.status] += price.tokens_for(entry.room.max_duration_minutes)
    return Figures(
        statuses=Counter(entry.room.status for entry in listed),
        median_minutes=median(lengths) if lengths else None,
        completed_on=_by_day(listed, zone),
        reserved=tokens[PENDING] + tokens[ACTIVE],
        spent=tokens[COMPLETED],
        releasable=tokens[PENDING],
    )


def _by_day(listed: Sequence[Entry], zone: ZoneInfo) -> dict[date, int]:
    counted = Counter(
        local(entry.room.finished_at, zone).date()
        for entry in listed
        if entry.room.status == COMPLETED and entry.room.finished_at
    )
    if not counted:
        return {}
    first, last = min(counted), max(counted)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {day: counted[day] for day in days}


# What needs a person


def flagged(
    listed: Sequence[Entry], now: datetime, origins: tuple[str, ...], settled: Collection[tuple[str, str]] = ()
) -> dict[str, tuple[Flag, ...]]:
    """The flags of each room that has any, by its id. origins: where links may lead (services.trust.is_link).

    settled: rooms and flags, of which somebody has said that they are fine.
    """
    joined = _joined_twice(listed)
    found: dict[str, tuple[Flag, ...]] = {}
    for entry in listed:
        flags = tuple(flag for flag in _flags(entry, now, origins, joined) if (entry.id, flag) not in settled)
        if flags:
            found[entry.id] = flags
    return found


def _flags(entry: Entry, now: datetime, origins: tuple[str, ...], joined: Collection[str]) -> Iterable[Flag]:
    room = entry.room
    if _runs_out(entry, now, now + EXPIRES_SOON):
        yield Flag.EXPIRING
    if _is_dropped(entry):
        yield Flag.DROPPED
    expected, joined_as = entry.participant.email, room.respondent_email
    if expected and joined_as and not _is_replaced(entry) and plain(joined_as.strip()) != plain(expected.strip()):
        yield Flag.OTHER_PERSON
    if entry.id in joined:
        yield Flag.SAME_EMAIL
    if entry.is_pending and _is_replaced(entry):
        yield Flag.STILL_OPEN
    if entry.tab == Tab.ACTIVE and not is_link(entry.link, origins):
        yield Flag.BAD_LINK


def _is_dropped(entry: Entry) -> bool:
    if entry.length is None or _is_replaced(entry):
        return False
    return entry.length < DROPPED_SHARE * timedelta(minutes=entry.room.max_duration_minutes)


def _is_replaced(entry: Entry) -> bool:
    return entry.known is not None and bool(entry.known.replaced_by)


def _joined_twice(listed: Sequence[Entry]) -> frozenset[str]:
    """The rooms whose respondent has joined another one of the project; a room and its replacement count as one."""
    by_person: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in listed:
        if entry.room.respondent_email:
            by_person[entry.room.project_id, plain(entry.room.respondent_email.strip())].append(entry)
    twice: set[str] = set()
    for theirs in by_person.values():
        apart = [entry for entry in theirs if not _is_replaced(entry)]
        if len(apart) > 1:
            twice.update(entry.id for entry in apart)
    return frozenset(twice)
