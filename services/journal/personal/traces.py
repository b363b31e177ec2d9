"""Where the journal names people: every table that may, read into traces."""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, and_, exists, literal, or_, select, tuple_

from services.journal.database import Database
from services.journal.parts import in_parts
from services.journal.personal.records import Source, Spot, Trace
from services.journal.rows import AnyRow
from services.journal.tables import batches, hand_outs, participants, people, rooms

ROOMS_PER_QUESTION = 500
"""How many rooms one select names."""

ROWS_AT_ONCE = 2_000
"""How many rows are read in one transaction."""

_OF_PLACE = and_(rooms.c.batch_id == participants.c.batch_id, rooms.c.place == participants.c.place)


def _names_a_person(column: Any) -> ColumnElement[bool]:  # noqa: ANN401 - a column of text
    """Whether a room as JSON, which we write without spaces, has a label or a respondent."""
    return or_(column.contains('"display_name":"'), column.contains('"respondent_email":"'))


is_listed = or_(participants.c.label != "", participants.c.email != "", participants.c.external_id != "")
is_said = or_(people.c.label != "", people.c.email != "", people.c.external_id != "")
is_at_desk = or_(hand_outs.c.label != "", hand_outs.c.whom != "", _names_a_person(hand_outs.c.room))
"""Whether a row names a person at all."""

_LIST = (
    select(participants, batches.c.service, batches.c.project_id, batches.c.account, rooms.c.room_id)
    .join(batches, batches.c.id == participants.c.batch_id)
    .join(rooms, _OF_PLACE, isouter=True)
    .where(is_listed)
)
_SAID = (
    select(people, rooms.c.batch_id, rooms.c.place)
    .join(rooms, and_(rooms.c.service == people.c.service, rooms.c.room_id == people.c.room_id), isouter=True)
    .where(is_said)
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
    .where(is_at_desk)
)


def batch_names_people() -> ColumnElement[bool]:
    """The condition that a batch may have traces of people."""
    its_room = rooms.c.batch_id == batches.c.id
    desk = and_(its_room, rooms.c.service == hand_outs.c.service, rooms.c.room_id == hand_outs.c.room_id)
    later = and_(its_room, rooms.c.service == people.c.service, rooms.c.room_id == people.c.room_id)
    return or_(
        exists().where(participants.c.batch_id == batches.c.id, is_listed),
        exists().where(later, is_said),
        exists().where(its_room, _names_a_person(rooms.c.room)),
        exists().where(desk, is_at_desk),
    )


def scan(database: Database, is_wanted: Callable[[Trace], bool]) -> set[Spot]:
    """The rooms and places of all wanted traces in the journal. In parts, as a writer of SQLite waits for a reader."""
    found: set[Spot] = set()
    for read in _READS:
        last: tuple[Any, ...] | None = None
        while rows := _page(database, read, last):
            found |= {trace.spot for row in rows for trace in read.traces_of(row) if is_wanted(trace)}
            last = tuple(getattr(rows[-1], column.name) for column in read.key)
    return found


def traces_in(db: Connection, spots: Collection[Spot]) -> list[Trace]:
    """All traces in some rooms and places."""
    ids = sorted({spot.room_id for spot in spots if spot.room_id})
    here = {(spot.service, spot.room_id) for spot in spots if spot.room_id}
    found = []
    for some in in_parts(ids, ROOMS_PER_QUESTION):
        for read in _READS:
            for row in db.execute(read.statement.where(read.rooms.c.room_id.in_(some))):
                found += [each for each in read.traces_of(row) if (each.spot.service, each.spot.room_id) in here]
    return found + _without_rooms(db, {(spot.batch_id, spot.place) for spot in spots if not spot.room_id})


def spots_of(db: Connection, batch_id: int) -> list[Spot]:
    """The rooms and places of a batch that have traces, in their order."""
    found: set[Spot] = set()
    for read in _READS:
        for row in db.execute(read.statement.where(read.batch == batch_id)):
            found |= {trace.spot for trace in read.traces_of(row)}
    return sorted(found, key=lambda spot: (spot.place or 0, spot.room_id))


def _without_rooms(db: Connection, places: Collection[tuple[int | None, int | None]]) -> list[Trace]:
    """The traces in places of batches that got no room."""
    found = []
    for batch_id in sorted({batch_id for batch_id, _ in places if batch_id is not None}):
        its = (_as_listed(row) for row in db.execute(_LIST.where(participants.c.batch_id == batch_id)))
        found += [trace for trace in its if not trace.spot.room_id and (batch_id, trace.spot.place) in places]
    return found


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


@dataclass(frozen=True)
class Read:
    """How a table is read. key: by what its rows are told apart. rooms, batch: where the room's id and batch are."""

    statement: Select[Any]
    key: tuple[Column[Any], ...]
    rooms: Table
    batch: Column[Any]
    traces_of: Callable[[AnyRow], Iterator[Trace]]


_READS = (
    Read(_LIST, (participants.c.batch_id, participants.c.place), rooms, participants.c.batch_id, _of_list),
    Read(_SAID, (people.c.service, people.c.room_id), people, rooms.c.batch_id, _of_said),
    Read(_CREATED, (rooms.c.id,), rooms, rooms.c.batch_id, _of_created),
    Read(_DESK, (hand_outs.c.service, hand_outs.c.room_id), hand_outs, rooms.c.batch_id, _of_desk),
)


def _page(database: Database, read: Read, last: tuple[Any, ...] | None) -> Sequence[AnyRow]:
    """The next rows after the one with this key."""
    statement = read.statement.order_by(*read.key).limit(ROWS_AT_ONCE)
    if last is not None:
        statement = statement.where(tuple_(*read.key) > tuple_(*map(literal, last)))
    with database.reading() as db:
        return db.execute(statement).all()
