"""Whose traces these are: people told apart, in one room and in the whole journal."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Connection

from services.email_address import same_address
from services.journal.database import Database
from services.journal.personal.records import Held, Key, Source, Spot, Trace, key_of
from services.journal.personal.traces import scan, traces_in


def found_by(database: Database, text: str) -> list[Held]:
    """Everyone whose email, label or code is this text, with all of their traces anywhere."""
    spots = scan(database, lambda trace: trace.is_found_by(text))
    with database.reading() as db:
        people = _people_of(traces_in(db, spots))
    keys = {key_of(its) for its in people if any(each.is_found_by(text) for each in its)}
    if not keys:
        return []
    spots = spots_under(database, keys)
    with database.reading() as db:
        return held_under(db, keys, spots)


def spots_under(database: Database, keys: Collection[Key]) -> set[Spot]:
    """The rooms and places that may have traces of the people with these keys."""
    emails = {key.email for key in keys if key.email}
    names = {name for key in keys for name in (key.label, key.code) if name}

    def may_be_theirs(trace: Trace) -> bool:
        return (bool(trace.email) and key_of([trace]).email in emails) or bool(trace.names & names)

    return scan(database, may_be_theirs)


def held_under(db: Connection, keys: Collection[Key], spots: Collection[Spot]) -> list[Held]:
    """All traces of the people with these keys in some rooms and places, in the order of their keys."""
    found = _people_of(traces_in(db, spots))
    ordered = sorted(keys, key=lambda key: (key.label, key.code, key.email))
    return [held for key in ordered if (held := _held(key, found)).traces]


def _held(key: Key, found: Sequence[Sequence[Trace]]) -> Held:
    theirs = [trace for its in found if key_of(its) == key for trace in its]
    spots = {trace.spot for trace in theirs}
    others = [trace for its in found if key_of(its) != key for trace in its if trace.spot in spots]
    return Held(key, tuple(theirs), tuple(others))


def _people_of(traces: Iterable[Trace]) -> list[list[Trace]]:
    """The traces of each room by the person to whom they belong."""
    by_spot: defaultdict[Spot, list[Trace]] = defaultdict(list)
    for trace in traces:
        by_spot[trace.spot].append(trace)
    return [person for its in by_spot.values() for person in _apart(its)]


_ORDER = list(Source)


def _apart(traces: list[Trace]) -> list[list[Trace]]:
    """The traces of one room by person: what was listed or said first, then what only agrees with it."""
    found: list[list[Trace]] = []
    for trace in sorted(traces, key=lambda each: (_ORDER.index(each.source), not each.label)):
        its = next((person for person in found if _agrees(trace, person)), None)
        its.append(trace) if its is not None else found.append([trace])
    return found


def _agrees(trace: Trace, person: Sequence[Trace]) -> bool:
    """Whether a trace is of a person: by the address, by a name where no other address speaks against it.

    An address alone, by which a room was joined, is of a person without one.
    """
    emails = [each.email for each in person if each.email]
    if trace.email and emails:
        return any(same_address(trace.email, email) for email in emails)
    if not trace.names:
        return not emails
    return any(trace.names & each.names for each in person)
