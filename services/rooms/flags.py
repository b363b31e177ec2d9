"""What about a room needs a person."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from services.email_address import folded_address, same_address
from services.rooms.entry import Entry, Tab

EXPIRES_SOON = timedelta(hours=24)
"""How long before its end an unused link is flagged."""

DROPPED_SHARE = 0.2
"""An interview that took less than this share of its time has probably been cut off."""


class Flag(StrEnum):
    """What about a room needs a person."""

    EXPIRING = "expiring"
    """It is unused, and its link expires within EXPIRES_SOON."""
    DROPPED = "dropped"
    """It was completed in under DROPPED_SHARE of its time, and nothing has replaced it."""
    OTHER_PERSON = "other_person"
    """The respondent gave another email than the participant has on the roster."""
    SAME_EMAIL = "same_email"
    """The same email has joined another room of the project too."""
    STILL_OPEN = "still_open"
    """It has been replaced, and its own link still works."""
    BAD_LINK = "bad_link"
    """Its link is not a proper one (services.link), so it must not be handed out."""
    SAME_LINK = "same_link"
    """Another room has the same link, so neither is handed out. This one cannot be called fine."""


def flagged(
    listed: Sequence[Entry], now: datetime, settled: Collection[tuple[str, str]] = ()
) -> dict[str, tuple[Flag, ...]]:
    """The flags of each room that has any, by its id.

    now: the moment by which links expire.
    settled: pairs of a room's id and a flag that a person has called fine.
    """
    joined = _joined_twice(listed)
    found: dict[str, tuple[Flag, ...]] = {}
    for entry in listed:
        flags = tuple(
            flag for flag in _flags(entry, now, joined) if flag is Flag.SAME_LINK or (entry.id, flag) not in settled
        )
        if flags:
            found[entry.id] = flags
    return found


def _flags(entry: Entry, now: datetime, joined: Collection[str]) -> Iterable[Flag]:
    room = entry.room
    if entry.is_withdrawn:
        return
    if entry.runs_out(now, now + EXPIRES_SOON):
        yield Flag.EXPIRING
    if _is_dropped(entry):
        yield Flag.DROPPED
    expected, joined_as = entry.participant.email, room.respondent_email
    if expected and joined_as and not entry.is_replaced and not same_address(joined_as, expected):
        yield Flag.OTHER_PERSON
    if entry.id in joined:
        yield Flag.SAME_EMAIL
    if entry.is_pending and entry.is_replaced:
        yield Flag.STILL_OPEN
    if entry.tab == Tab.ACTIVE and not entry.link.is_proper and not entry.link.is_withheld:
        yield Flag.SAME_LINK if entry.shares_link else Flag.BAD_LINK


def _is_dropped(entry: Entry) -> bool:
    if entry.length is None or entry.is_replaced:
        return False
    return entry.length < DROPPED_SHARE * timedelta(minutes=entry.room.max_duration_minutes)


def _joined_twice(listed: Sequence[Entry]) -> frozenset[str]:
    """The ids of rooms whose respondent joined another room of the project; a room and its replacement count once."""
    by_person: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in listed:
        if entry.room.respondent_email:
            by_person[entry.room.project_id, folded_address(entry.room.respondent_email)].append(entry)
    twice: set[str] = set()
    for theirs in by_person.values():
        apart = [entry for entry in theirs if not entry.is_replaced]
        if len(apart) > 1:
            twice.update(entry.id for entry in apart)
    return frozenset(twice)
