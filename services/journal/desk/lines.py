"""The lines of hand-outs in the journal: found, read, and taken from the pool."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select, true, update

from services import events
from services.journal.audit import note_deed
from services.journal.database import Database
from services.journal.deeds import Deed
from services.journal.desk.history import EVENTS
from services.journal.desk.records import HandOut, HandOutState, Station
from services.journal.rooms import note_rooms
from services.journal.rows import hand_out_of
from services.journal.shared import is_shared, own_link
from services.journal.tables import hand_outs
from services.journal.visibility import Visibility, visible
from services.journal.withdrawn import is_withdrawn
from services.texts.kept import Kept

WITHOUT_STATION: dict[str, Any] = {
    "how": "",
    "station_key": "",
    "station": "",
    "operator": "",
    "claimed_at": None,
    "given_at": None,
}
"""What the line of a room says while no station has it."""


class Lines:
    """The statements that every kind of verb for hand-outs shares."""

    def __init__(self, database: Database) -> None:
        self._database = database
        columns = (
            *hand_outs.c,
            (database.now - hand_outs.c.looked_at).label("seconds_since_look"),
            own_link(hand_outs).label("own_link"),
            is_shared(hand_outs).label("shares_link"),
            is_withdrawn(hand_outs).label("is_withdrawn"),
        )
        # Built once: building them takes longer than the database does.
        self._all: Select[Any] = select(*columns)
        self._taking = update(hand_outs).returning(*columns)

    def _list(
        self,
        visibility: Visibility,
        project_id: str,
        batch_id: int | None,
        which: ColumnElement[bool],
        *order: Any,  # noqa: ANN401 - columns and what is made of them
        most: int | None = None,
    ) -> list[HandOut]:
        with self._database.reading() as db:
            return self._select(db, visibility, project_id, batch_id, which, *order, most=most)

    def _select(
        self,
        db: Connection,
        visibility: Visibility,
        project_id: str,
        batch_id: int | None,
        which: ColumnElement[bool],
        *order: Any,  # noqa: ANN401 - columns and what is made of them
        most: int | None = None,
    ) -> list[HandOut]:
        found = self._all.where(*within(visibility, project_id, batch_id), which).order_by(*order).limit(most)
        return [hand_out_of(row) for row in db.execute(found)]

    def _take(
        self, db: Connection, wanted: Sequence[ColumnElement[bool]], most: int, change: dict[str, Any]
    ) -> list[Row[Any]]:
        """Takes the rooms whose turn it is from the pool, in one statement: at most so many, in no order.

        Rooms whose link another room has too are not given, nor those of people whose data was taken out.
        Where others are taking the last ones just now, it looks again and waits for them: they may fail.
        """
        change = {**change, "claimed_at": self._database.now}
        for waits in (False, True):
            keys = (
                select(hand_outs.c.service, hand_outs.c.room_id)
                .where(*wanted, may_be_given())
                .order_by(hand_outs.c.turn, hand_outs.c.room_id)
                .limit(most)
                .with_for_update(skip_locked=not waits)
                .cte("next")
            )
            same = (hand_outs.c.service == keys.c.service, hand_outs.c.room_id == keys.c.room_id)
            rows = list(db.execute(self._taking.where(*same).values(change)))
            if rows or db.dialect.name != "postgresql":
                return rows
        return []

    def _note(
        self, db: Connection, visibility: Visibility, rows: Sequence[Row[Any]], what: Kept, **values: str
    ) -> None:
        """Adds a line to the histories of rooms of one project, and tells of it; the last thing of a transaction."""
        self._record(db, visibility, rows, what, **values)
        self._audit(db, rows, what)

    def _record(
        self, db: Connection, visibility: Visibility, rows: Sequence[Row[Any]], what: Kept, **values: str
    ) -> None:
        """The same without telling the audit, which locks."""
        if rows:
            project_id, words = rows[0].project_id, what(**values)
            note_rooms(db, self._database, visibility, project_id, [(row.room_id, words) for row in rows])
            events.tell("handout", what=EVENTS[what], project=project_id, rooms=len(rows))

    def _audit(self, db: Connection, rows: Sequence[Row[Any]], what: Kept) -> None:
        """Tells the audit what the person at work did with rooms of one project, after all that locks rows."""
        if rows:
            ids = [row.room_id for row in rows]
            note_deed(db, self._database, Deed.HAND_OUT, kind=EVENTS[what], project=rows[0].project_id, rooms=ids)


def may_be_given() -> ColumnElement[bool]:
    """The condition that a room is in the pool, and its link can be given."""
    return (hand_outs.c.state == HandOutState.FREE) & ~is_shared(hand_outs) & ~is_withdrawn(hand_outs)


def within(visibility: Visibility, project_id: str, batch_id: int | None = None) -> tuple[ColumnElement[bool], ...]:
    """The lines of a project, or of one batch of it."""
    batch = true() if batch_id is None else hand_outs.c.batch_id == batch_id
    return visible(visibility, hand_outs), hand_outs.c.project_id == project_id, batch


def its(visibility: Visibility, room_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The line of a room."""
    return visible(visibility, hand_outs), hand_outs.c.room_id == room_id


def at_the_end(visibility: Visibility) -> dict[str, Any]:
    """What the line of a room says that returns to the pool: at its end, as a person may still have the link."""
    last = select(func.max(hand_outs.c.turn) + 1).where(hand_outs.c.service == visibility.service).scalar_subquery()
    return {"state": HandOutState.FREE, "turn": last, **WITHOUT_STATION}


def held_by(station: Station) -> dict[str, Any]:
    """What a line says of the station that has the room."""
    return {"station_key": station.key, "station": station.name, "operator": station.operator}
