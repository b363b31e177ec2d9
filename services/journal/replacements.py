"""Rooms that replace others: a room is replaced once, and the old rooms are dealt with."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select, update
from sqlalchemy.engine import Row

from services.journal.database import Database
from services.journal.records import LabelState, NewBatch, Replacement, Retired
from services.journal.rooms import note_rooms
from services.journal.shared import is_shared
from services.journal.tables import batches, overrides, participants, rooms
from services.journal.visibility import Visibility
from services.texts.kept import kept

DEALT_WITH = kept("room {room}, in whose place it came: {why}")
REPLACED_BY = kept("replaced by room {room}")
REPLACES = kept("replaces room {room}")

_ROOM_OF_PLACE = and_(rooms.c.batch_id == participants.c.batch_id, rooms.c.place == participants.c.place)


class AlreadyReplaced(Exception):
    """Another room has replaced this one already. room_id: of the other room."""

    def __init__(self, room_id: str) -> None:
        super().__init__(room_id)
        self.room_id = room_id


def refuse_second(db: Connection, new: NewBatch) -> None:
    """Raises AlreadyReplaced where one of the rooms that a batch is to replace has a replacement.

    Call it once the batch is written down: from then on no other batch of the project can create rooms, in any
    account, and batches that ended before are visible.
    """
    for old_id in filter(None, new.replaces):
        if (room_id := replacement_of(db, new.service, old_id)) is not None:
            raise AlreadyReplaced(room_id)


def replacement_of(db: Connection, service: str, old_id: str) -> str | None:
    """Returns the id of the newest room that has replaced this one, if any."""
    found = (
        select(rooms.c.room_id)
        .join(participants, _ROOM_OF_PLACE)
        .where(participants.c.replaces == old_id, rooms.c.service == service)
        .order_by(rooms.c.id.desc())
        .limit(1)
    )
    return db.execute(found).scalar()


def failed_replacements(db: Connection, service: str, old_id: str) -> int:
    """How many batches that were to replace a room have ended without a room in its place."""
    found = (
        select(func.count())
        .select_from(participants)
        .join(batches, batches.c.id == participants.c.batch_id)
        .join(rooms, _ROOM_OF_PLACE, isouter=True)
        .where(
            participants.c.replaces == old_id,
            batches.c.service == service,
            batches.c.ended_at.is_not(None),
            rooms.c.id.is_(None),
        )
    )
    return db.execute(found).scalar_one()


def unretired(db: Connection, batch_id: int) -> list[Replacement]:
    """Returns the rooms of a batch that replace others which have not been dealt with."""
    lacks = and_(rooms.c.label_state == LabelState.FAILED, overrides.c.place.is_not(None))
    its_change = and_(overrides.c.batch_id == participants.c.batch_id, overrides.c.place == participants.c.place)
    found: Select[Any] = (
        select(
            participants.c.place,
            rooms.c.room_id,
            participants.c.replaces,
            func.coalesce(lacks, False),
            is_shared(rooms),
        )
        .join(rooms, _ROOM_OF_PLACE)
        .join(overrides, its_change, isouter=True)
        .where(participants.c.batch_id == batch_id, participants.c.replaces != "", participants.c.retired.is_(False))
        .order_by(participants.c.place)
    )
    return [
        Replacement(place, new, old, bool(lacking), bool(sharing))
        for place, new, old, lacking, sharing in db.execute(found)
    ]


def keep_retired(db: Connection, batch_id: int, done: Retired, database: Database) -> None:
    """Writes down what was done about old rooms, in the histories of both."""
    lines: list[tuple[str, str]] = []
    for its, for_good, words in done:
        still = and_(
            participants.c.batch_id == batch_id,
            participants.c.place == its.place,
            participants.c.retired.is_(False),
        )
        # The process that took the batch over may have been here before.
        if db.execute(update(participants).where(still).values(retired=for_good)).rowcount:
            lines += [(its.old_id, words), (its.room_id, DEALT_WITH(room=its.old_id, why=words))]
    _note(db, batch_id, lines, database)


def note_replacements(
    db: Connection, batch_id: int, places: Iterable[Row[Any]], new: dict[int, str], database: Database
) -> None:
    """Lets the histories of new rooms and of those that they replace point to each other. new: rooms by their place."""
    pairs = [(row.replaces, new[row.place]) for row in places if row.replaces]
    lines = [(old, REPLACED_BY(room=room)) for old, room in pairs]
    _note(db, batch_id, [*lines, *((room, REPLACES(room=old)) for old, room in pairs)], database)


def _note(db: Connection, batch_id: int, lines: list[tuple[str, str]], database: Database) -> None:
    if not lines:
        return
    of = db.execute(
        select(batches.c.service, batches.c.account, batches.c.project_id).where(batches.c.id == batch_id)
    ).one()
    note_rooms(db, database, Visibility(of.service, of.account), of.project_id, lines)
