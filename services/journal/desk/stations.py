"""Stations: devices at which links are handed out, each shown in one window, and files that stand for one."""

from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from services.journal.audit import note_deed
from services.journal.database import Database
from services.journal.deeds import Deed, DeskDeed
from services.journal.desk.records import Kind, Station
from services.journal.rows import station_columns, station_of
from services.journal.tables import stations
from services.journal.visibility import Visibility, visible
from services.people.acting import needs
from services.people.roles import Right

_DIGITS = 16

BEAT_SECONDS = 6.0
"""After how many seconds a sign of life is written down again: a window gives one every two, and a write costs more."""


def station_id(key: str) -> str:
    """What stands for a station in the audit: neither its key, which opens it, nor its name, which people type."""
    return sha256(key.encode()).hexdigest()[:_DIGITS]


class NameTaken(Exception):
    """Another device, or another pack, of the project has this name, and staff could not tell the two apart."""

    def __init__(self, station: Station) -> None:
        super().__init__(station.name)
        self.station = station


class Stations:
    """The journal's verbs for stations; each is one transaction.

    Every verb may raise services.journal.database.JournalError.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @needs(Right.HAND_OUT)
    def open(self, visibility: Visibility, new: Station) -> Station:
        """Begins a station under a key that no other has. Raises NameTaken."""
        with self._database.writing() as db:
            for other in self._select(db, visibility, new.project_id, new.kind):
                if not other.is_closed and other.name.casefold() == new.name.casefold():
                    raise NameTaken(other)
            whose = {"service": visibility.service, "account": visibility.account}
            now = self._database.now
            row = station_columns(new)
            db.execute(insert(stations).values(**whose, **row, opened_at=now, seen_at=now))
            self._did(db, DeskDeed.OPENED, new)
        return new

    def find(self, visibility: Visibility, key: str) -> Station | None:
        """Returns the station of a key, if it is visible."""
        with self._database.reading() as db:
            row = db.execute(self._rows().where(stations.c.key == key, visible(visibility, stations))).first()
        return station_of(row) if row else None

    def all(self, visibility: Visibility, project_id: str, kind: Kind = Kind.DESK) -> list[Station]:
        """Returns the stations of a project, in the order in which they were opened."""
        with self._database.reading() as db:
            return self._select(db, visibility, project_id, kind)

    @needs(Right.HAND_OUT)
    def hold(self, visibility: Visibility, key: str, holder: str) -> None:
        """Shows a station in this window from now on: another window stops showing it. A closed one opens again."""
        its = (stations.c.key == key) & visible(visibility, stations)
        with self._database.writing() as db:
            row = db.execute(self._rows().where(its).with_for_update()).first()
            if row is None:
                return
            change = {"holder": holder, "closed_at": None, "seen_at": self._database.now}
            db.execute(update(stations).where(its).values(change))
            before = station_of(row)
            if before.is_closed:
                self._did(db, DeskDeed.OPENED, before)
            elif before.holder not in ("", holder):
                self._did(db, DeskDeed.TAKEN_OVER, before)

    def beat(self, key: str, holder: str) -> bool:
        """Says that this window still shows it; False once another one does, or it is closed."""
        its = (stations.c.key == key) & (stations.c.holder == holder) & stations.c.closed_at.is_(None)
        with self._database.reading() as db:
            age = db.execute(select(self._database.now - stations.c.seen_at).where(its)).scalar()
        if age is None or age < BEAT_SECONDS:
            return age is not None
        with self._database.writing() as db:
            return bool(db.execute(update(stations).where(its).values(seen_at=self._database.now)).rowcount)

    @needs(Right.HAND_OUT)
    def close(self, visibility: Visibility, key: str) -> None:
        """Ends a station. What it has given stays given."""
        its = (stations.c.key == key) & visible(visibility, stations)
        with self._database.writing() as db:
            row = db.execute(self._rows().where(its, stations.c.closed_at.is_(None)).with_for_update()).first()
            if row is not None:
                db.execute(update(stations).where(its).values(closed_at=self._database.now))
                self._did(db, DeskDeed.CLOSED, station_of(row))

    def names(self, visibility: Visibility) -> dict[str, str]:
        """Returns the names of all visible stations by what stands for them in the audit (`station_id`)."""
        with self._database.reading() as db:
            found = db.execute(select(stations.c.key, stations.c.name).where(visible(visibility, stations)))
            return {station_id(key): name for key, name in found}

    def _did(self, db: Connection, deed: DeskDeed, station: Station) -> None:
        """Tells the audit what the person at work did with a station, as the last thing of a transaction."""
        if station.kind == Kind.PACK:
            deed = DeskDeed.PACK_CLOSED if deed == DeskDeed.CLOSED else DeskDeed.PACK_OPENED
        its = station_id(station.key)
        note_deed(db, self._database, Deed.DESK, kind=deed, project=station.project_id, desk=its)

    def _select(self, db: Connection, visibility: Visibility, project_id: str, kind: Kind) -> list[Station]:
        found = self._rows().where(
            visible(visibility, stations), stations.c.project_id == project_id, stations.c.kind == kind
        )
        return [station_of(row) for row in db.execute(found.order_by(stations.c.opened_at, stations.c.key))]

    def _rows(self) -> Select[Any]:
        return select(stations, (self._database.now - stations.c.seen_at).label("seconds_since_beat"))
