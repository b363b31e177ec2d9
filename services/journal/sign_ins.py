"""Sign-ins, each noted once; those that were ended before their time open nothing any more, in no dashboard."""

from contextlib import suppress

from sqlalchemy import Connection, delete, insert, select, update

from services.journal.audit import note_deed
from services.journal.database import Clash, Database
from services.journal.deeds import Deed
from services.journal.people_tables import sign_ins
from services.people.acting import Person

KEPT_SECONDS = 31 * 24 * 3600
"""How long a sign-in is remembered: a day longer than the longest time for which one can be used."""


class SignIns:
    """The journal's verbs for sign-ins; each is one transaction, and may raise JournalError.

    key: of a sign-in (services.people.admission). person: whose it is, for the audit.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, key: str, person: Person) -> None:
        """Notes that a person has come in; once for each sign-in, however many pages and dashboards it opens."""
        # Two may note it at once, and both want the same.
        with suppress(Clash), self._database.writing() as db:
            if self._is_new(db, key):
                db.execute(insert(sign_ins).values(key=key, begun_at=self._database.now))
                note_deed(db, self._database, Deed.SIGN_IN, person)

    def end(self, key: str, person: Person) -> None:
        """Ends a sign-in, for every dashboard on this journal; once more is no harm."""
        with suppress(Clash), self._database.writing() as db:
            if self._is_new(db, key):
                db.execute(insert(sign_ins).values(key=key, begun_at=self._database.now))
            goes_on = (sign_ins.c.key == key, sign_ins.c.ended_at.is_(None))
            if db.execute(update(sign_ins).where(*goes_on).values(ended_at=self._database.now)).rowcount:
                note_deed(db, self._database, Deed.SIGN_OUT, person)

    def is_ended(self, key: str) -> bool:
        # Not in turn: pages ask for this every few seconds, and must not wait for a batch that writes.
        with self._database.reading(in_turn=False) as db:
            ended = select(sign_ins.c.key).where(sign_ins.c.key == key, sign_ins.c.ended_at.is_not(None))
            return db.execute(ended).first() is not None

    def _is_new(self, db: Connection, key: str) -> bool:
        """Whether a sign-in is not known yet; forgets those that no one can use any more."""
        db.execute(delete(sign_ins).where(sign_ins.c.begun_at < self._database.now - KEPT_SECONDS))
        return db.execute(select(sign_ins.c.key).where(sign_ins.c.key == key)).first() is None
