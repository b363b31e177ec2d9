"""The journal's verbs for rooms that a door creates by itself, each time once, whichever process does it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, insert, select, update

from services.journal.database import Database
from services.journal.door.doors import figures_of, spent_of
from services.journal.door.records import Door, DoorFigures
from services.journal.door.rows import door_of
from services.journal.door_tables import door_fills, doors
from services.journal.records import moment


@dataclass(frozen=True)
class Fill:
    """One time that a door creates rooms. batch_id: None until the batch has begun."""

    number: int
    at: datetime
    rooms: int
    tokens: int
    batch_id: int | None


class Fills:
    """The verbs; each is one transaction, and may raise services.journal.database.JournalError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self, door: Door) -> list[Fill]:
        """Returns the times that a door created rooms, the newest first."""
        with self._database.reading() as db:
            return [_fill_of(row) for row in db.execute(_of(door))]

    def begin(self, door: Door, last: Fill | None, rooms: int, tokens: int) -> Fill | None:
        """Writes down that the door creates so many rooms, before they are paid for.

        last: the newest one that the caller knows of. None where another process was faster, or the cap of tokens
        would be passed.
        """
        with self._database.writing() as db:
            found = db.execute(select(doors).where(doors.c.id == door.id).with_for_update()).one()
            newest = db.execute(_of(door).limit(1)).first()
            filling = door_of(found).settings.filling
            is_other = (newest.number if newest else 0) != (last.number if last else 0)
            if is_other or filling is None or spent_of(db, door) + tokens > filling.most_tokens:
                return None
            number = found.fills + 1
            db.execute(update(doors).where(doors.c.id == door.id).values(fills=number))
            row = {"door_id": door.id, "number": number, "at": self._database.now, "rooms": rooms, "tokens": tokens}
            return _fill_of(db.execute(insert(door_fills).values(row).returning(*door_fills.c)).one())

    def begun(self, door: Door, number: int, batch_id: int) -> None:
        """Writes down which batch creates the rooms."""
        its = (door_fills.c.door_id == door.id) & (door_fills.c.number == number)
        with self._database.writing() as db:
            db.execute(update(door_fills).where(its).values(batch_id=batch_id))

    def open_doors(self) -> Sequence[tuple[Door, DoorFigures]]:
        """Returns the doors that are neither paused nor closed, with their figures."""
        found = select(doors).where(doors.c.closed_at.is_(None), doors.c.is_paused.is_(False)).order_by(doors.c.id)
        with self._database.reading() as db:
            now = float(db.execute(select(self._database.now)).scalar_one())
            return [(door, figures_of(db, door, now)) for door in map(door_of, db.execute(found))]


def _of(door: Door) -> Select[Any]:
    return select(door_fills).where(door_fills.c.door_id == door.id).order_by(door_fills.c.number.desc())


def _fill_of(row: Any) -> Fill:  # noqa: ANN401 - a row
    return Fill(row.number, moment(row.at), row.rooms, row.tokens, row.batch_id)
