"""Where the journal names people: every table that may, read into traces; and whose traces these are."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, or_, select

from services.email_address import same_address
from services.journal.personal.records import Held, Key, Source, Spot, Trace, key_of
from services.journal.rows import AnyRow
from services.journal.tables import batches, hand_outs, participants, people, rooms

ROOMS_PER_QUESTION = 500
"""How many rooms one select names."""

_OF_PLACE = and_(rooms.c.batch_id == participants.c.batch_id, rooms.c.place == participants.c.place)


def _names_a_person(column: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column of text
    """Whether a room as JSON, which we write without spaces, has a label or a respondent."""
    return or_(column.contains('"display_name":"'), column.contains('"respondent_email":"'))


_IS_LISTED = or_(participants.c.label != "", participants.c.email != "", participants.c.external_id != "")
_IS_SAID = or_(people.c.label != "", people.c.email != "", people.c.external_id != "")
_IS_AT_DESK = or_(hand_outs.c.label != "", hand_outs.c.whom != "", _names_a_person(hand_outs.c.room))
"""Whether a row names a person at all."""

_LIST = (
    select(participants, batches.c.service, batches.c.project_id, batches.c.account, rooms.c.room_id)
    .join(batches, batches.c.id == participants.c.batch_id)
    .join(
        rooms,
        and_(rooms.c.batch_id == participants.c.batch_id, rooms.c.place == participants.c.place),
        isouter=True,
    )
    .where(_IS_LISTED)
)
_SAID = (
    select(people, rooms.c.batch_id, rooms.c.place)
    .join(rooms, and_(rooms.c.service == people.c.service, rooms.c.room_id == people.c.room_id), isouter=True)
    .where(_IS_SAID)
)
_CREATED = (
    select(rooms, batches.c.project_id, batches.c.account)
    .join(batches, batches.c.id == rooms.c.batch_id)
    .where(_names_a_person(rooms.c.room))
)
_OF_DESK = (hand_outs.c[name] for name in ("service", "project_id", "account", "room_id", "label", "whom", "room"))
_DESK = (
    select(*_OF_DESK, rooms.c.batch_id, rooms.c.place)
    .join(rooms, and_(rooms.c.service == hand_outs.c.service, rooms.c.room_id == hand_outs.c.room_id), isouter=True)
    .where(_IS_AT_DESK)
)


def found_by(db: Connection, text: str) -> list[Held]:
    """Everyone whose email, label or code is this text, with all of their traces anywhere."""
    spots = {trace.spot for trace in _traces(db) if trace.is_found_by(text)}
    keys = {key_of(its) for its in _people_of(_traces_in(db, spots)) if any(each.is_found_by(text) for each in its)}
    return held_under(db, keys)


def held_under(db: Connection, keys: Collection[Key]) -> list[Held]:
    """All traces of the people with these keys, in the order of their keys."""
    emails = {key.email for key in keys if key.email}
    names = {name for key in keys for name in (key.label, key.code) if name}

    def may_be_theirs(trace: Trace) -> bool:
        return (bool(trace.email) and key_of([trace]).email in emails) or bool(trace.names & names)

    found = _people_of(_traces_in(db, {trace.spot for trace in _traces(db) if may_be_theirs(trace)}))
    ordered = sorted(keys, key=lambda key: (key.label, key.code, key.email))
    return [held for key in ordered if (held := _held(key, found)).traces]


def batch_names_people() -> ColumnElement[bool]:
    """The condition that a batch may have traces of people."""
    its_room = rooms.c.batch_id == batches.c.id
    desk = and_(its_room, rooms.c.service == hand_outs.c.service, rooms.c.room_id == hand_outs.c.room_id)
    later = and_(its_room, rooms.c.service == people.c.service, rooms.c.room_id == people.c.room_id)
    return or_(
        exists().where(participants.c.batch_id == batches.c.id, _IS_LISTED),
        exists().where(later, _IS_SAID),
        exists().where(its_room, _names_a_person(rooms.c.room)),
        exists().where(desk, _IS_AT_DESK),
    )


def of_batch(db: Connection, batch_id: int) -> list[Trace]:
    """The traces in the rooms of a batch, and in its places without a room."""
    return list(_read(db, batch_id))


def of_rooms(db: Connection, found: Collection[tuple[str, str]]) -> list[Trace]:
    """The traces in rooms, by their services and ids."""
    return _traces_in(db, {Spot(service, room_id) for service, room_id in found})


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


def _traces_in(db: Connection, spots: Collection[Spot]) -> list[Trace]:
    ids = sorted({spot.room_id for spot in spots if spot.room_id})
    placed = {(spot.batch_id, spot.place) for spot in spots if not spot.room_id}
    here = {(spot.service, spot.room_id) for spot in spots if spot.room_id}
    found = [
        trace
        for start in range(0, len(ids), ROOMS_PER_QUESTION)
        for trace in _read(db, room_ids=ids[start : start + ROOMS_PER_QUESTION])
        if (trace.spot.service, trace.spot.room_id) in here
    ]
    for batch_id in sorted({batch_id for batch_id, _ in placed if batch_id is not None}):
        its = (_as_listed(row) for row in db.execute(_LIST.where(participants.c.batch_id == batch_id)))
        found += [trace for trace in its if not trace.spot.room_id and (batch_id, trace.spot.place) in placed]
    return found


def _traces(db: Connection) -> Iterator[Trace]:
    """All of the journal."""
    yield from _read(db)


def _read(db: Connection, batch_id: int | None = None, room_ids: Sequence[str] | None = None) -> Iterator[Trace]:
    """All traces, or those of a batch or of some rooms. Rows come as they are read: there may be 100,000."""
    for statement, table, traces_of in _READS:
        if batch_id is not None:
            column = participants.c.batch_id if table is participants else rooms.c.batch_id
            statement = statement.where(column == batch_id)
        if room_ids is not None:
            statement = statement.where((rooms if table is participants else table).c.room_id.in_(room_ids))
        for row in db.execute(statement):
            yield from traces_of(row)


def _of_list(row: AnyRow) -> Iterator[Trace]:
    yield _as_listed(row)


def _as_listed(row: AnyRow) -> Trace:
    return _trace(row, Source.LIST, row.label, row.email, row.external_id)


def _of_said(row: AnyRow) -> Iterator[Trace]:
    yield _trace(row, Source.SAID, row.label, row.email, row.external_id)


def _of_created(row: AnyRow) -> Iterator[Trace]:
    yield from _told(row, Source.CREATED)


def _of_desk(row: AnyRow) -> Iterator[Trace]:
    if row.label:
        yield _trace(row, Source.DESK, row.label)
    if row.whom and row.whom != row.label:
        is_address = "@" in row.whom
        yield _trace(row, Source.DESK, "" if is_address else row.whom, row.whom if is_address else "")
    yield from _told(row, Source.DESK)


def _told(row: AnyRow, source: Source) -> Iterator[Trace]:
    """What Aseed's words tell: the label, and who joined, who may be another person."""
    told = json.loads(row.room)
    if label := told.get("display_name"):
        yield _trace(row, source, label)
    if email := told.get("respondent_email"):
        yield _trace(row, source, "", email)


def _trace(row: AnyRow, source: Source, label: str, email: str = "", code: str = "") -> Trace:
    spot = Spot(row.service, row.room_id or "", row.batch_id, row.place)
    return Trace(spot, source, row.project_id, row.account, label, email, code)


_READS: tuple[tuple[Select[Any], Any, Callable[[AnyRow], Iterator[Trace]]], ...] = (
    (_LIST, participants, _of_list),
    (_SAID, people, _of_said),
    (_CREATED, rooms, _of_created),
    (_DESK, hand_outs, _of_desk),
)
"""How each table is read."""
