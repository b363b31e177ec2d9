"""One room with everything that is known of it: what the API says, and what the journal knows."""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from services.aseed.models import (
    CANCELLED,
    COMPLETED,
    EXPIRED,
    PENDING,
    InterviewRoomResponse,
)
from services.email_address import spellings
from services.folding import folded
from services.journal.records import RoomRecord
from services.link import NO_LINKS, SHARED_LINK, WITHDRAWN_LINK, Link, LinkCheck
from services.participants import WITHDRAWN, Participant
from services.same_link import keys_of_room, sharing
from services.texts.speech import N_, _

NO_PARTICIPANT = Participant()
"""Of a room that is for no person in particular."""

LONG_WORD = 5
"""Words of so many characters are also looked for in codes and links, which are made of random letters."""


UNNAMED = N_("Room {number}")
"""What a room is called that has no name."""


class Tab(StrEnum):
    """The vendor's own groups of rooms, by status; an unknown status stays visible, under Active.

    The value is also what an address has; `_` says it.
    """

    ACTIVE = N_("Active")
    COMPLETED = N_("Completed")
    ARCHIVED = N_("Archived")


_TABS = {COMPLETED: Tab.COMPLETED, EXPIRED: Tab.ARCHIVED, CANCELLED: Tab.ARCHIVED}


@dataclass(frozen=True)
class Entry:
    """One room with everything that is known of it.

    It has three names, each made of the one before: `label` (the API's display_name), which everyone may read;
    `known_as` for our own pages, where it may be an email; `name`, which is never empty.

    number: its place in its batch, or in the list without one.
    participant: whom the room is for.
    known: what the journal knows of it; None where it knows nothing.
    check: by which its link is checked; without one, no link is proper.
    shares_here: whether a room that was listed with it has the same link.
    """

    room: InterviewRoomResponse
    project_name: str
    number: int
    participant: Participant = NO_PARTICIPANT
    known: RoomRecord | None = None
    check: LinkCheck = field(default=NO_LINKS, repr=False)
    shares_here: bool = False

    def __post_init__(self) -> None:
        # Aseed still tells of a person whose data was taken out, and a list may be older than that.
        if self.known and self.known.hides_names:
            object.__setattr__(self, "room", self.room.without_person())
        if self.is_withdrawn:
            object.__setattr__(self, "participant", NO_PARTICIPANT)

    @property
    def id(self) -> str:
        return self.room.id

    @property
    def is_withdrawn(self) -> bool:
        """Whether the data of the person whom it was for was taken out of the journal."""
        return self.known is not None and self.known.is_withdrawn

    @cached_property
    def link(self) -> Link:
        """The checked link, as it was handed over (LinkCheck.of_room); not one that another room has too.

        Nor that of a person whose data was taken out: that person may have it, so no other one gets it.
        """
        if self.is_withdrawn:
            return WITHDRAWN_LINK
        return SHARED_LINK if self.shares_link else self._address

    @property
    def shares_link(self) -> bool:
        """Whether another room has the same link, so that two people would be sent to one interview."""
        return self.shares_here or (self.known is not None and self.known.shares_link)

    @cached_property
    def _address(self) -> Link:
        """The checked link, whichever other room has it: to be looked for, and never shown."""
        known = self.known
        if known and known.has_own_link:
            return self.check(known.link)
        return self.check.of_room(known.link if known else "", self.room.url)

    @property
    def label(self) -> str:
        """The label of the participant, else the room's own; empty where it has none."""
        return self.participant.label or self.room.display_name or ""

    @property
    def known_as(self) -> str:
        """What our own pages call the room: its label, else the participant's external id or email; it may be empty."""
        return self.label or self.participant.known_as

    @property
    def name(self) -> str:
        """The same, and where that is empty the room's number, or that its person has withdrawn."""
        if self.is_withdrawn:
            return _(WITHDRAWN)
        return self.known_as or _(UNNAMED, number=self.number)

    @property
    def batch_name(self) -> str:
        return self.known.batch_name if self.known else ""

    @cached_property
    def tab(self) -> Tab:
        return _TABS.get(self.room.status, Tab.ACTIVE)

    @property
    def is_pending(self) -> bool:
        return self.room.status == PENDING

    @property
    def is_replaced(self) -> bool:
        """Whether another room has replaced this one."""
        return self.known is not None and bool(self.known.replaced_by)

    @property
    def batch_id(self) -> int | None:
        """The number of the room's batch; None where it was not created here."""
        return self.known.batch_id if self.known else None

    def runs_out(self, now: datetime, soon: datetime) -> bool:
        """Whether the link is pending and works no longer than until `soon`."""
        ends = self.room.expires_at
        return self.is_pending and ends is not None and now < ends <= soon

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

    @cached_property
    def _whom(self) -> str:
        person = self.participant
        emails = (*spellings(person.email), *spellings(self.room.respondent_email or ""))
        return _searched(self.label, person.external_id, *emails)

    @cached_property
    def _whom_and_codes(self) -> str:
        return f"{self._whom}\n{_searched(self.staff_code, self.room.room_name, self._address.text)}"


_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def entries(
    rooms: Iterable[InterviewRoomResponse],
    known: Mapping[str, RoomRecord],
    project_names: Mapping[str, str],
    check: LinkCheck,
) -> list[Entry]:
    """The rooms that the API lists, each with what the journal knows of it.

    The newest batch comes first, its rooms in the order of their places; a room of no batch is numbered by its age.
    Rooms of the list that have one link are in conflict, as are those that the journal knows to be.

    known: what the journal knows, by the room's id.
    project_names: by the project's id.
    check: by which links are checked.
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

    made, shared = [], sharing_among(by_age, known)
    for number, room in enumerate(by_age, start=1):
        its = known.get(room.id)
        made.append(
            Entry(
                room,
                project_names.get(room.project_id, ""),
                its.place if its and its.place else number,
                (its and its.participant) or NO_PARTICIPANT,
                its,
                check,
                room.id in shared,
            )
        )
    return sorted(made, key=newest_first)


def sharing_among(rooms: Iterable[InterviewRoomResponse], known: Mapping[str, RoomRecord]) -> frozenset[str]:
    """The ids of those of the rooms that have one link with another of them. known: as `entries` takes it."""
    keys = {}
    for room in rooms:
        its = known.get(room.id)
        # What a list says of a room counts no more once the room's own answer was asked for.
        if not (its and its.has_own_link):
            keys[room.id] = keys_of_room(room, its.link if its else "")
    return sharing(keys)


def _batch_of(room: InterviewRoomResponse, known: Mapping[str, RoomRecord]) -> int | None:
    its = known.get(room.id)
    return its.batch_id if its else None


def having(listed: Iterable[Entry], word: str) -> list[Entry]:
    """Returns the entries that a word, as services.folding writes it, tells from others, in the order given.

    What is searched is folded once for each entry.
    """
    if len(word) < LONG_WORD:
        return [entry for entry in listed if word in entry._whom]
    return [entry for entry in listed if word in entry._whom_and_codes]


def _searched(*texts: str) -> str:
    """The texts in the form in which they are searched, one on each line: no word is found across two of them."""
    return "\n".join(map(folded, filter(None, texts)))
