"""Sign-ins that were ended before their time: what is kept of one opens nothing any more, in no dashboard."""

from contextlib import suppress

from sqlalchemy import delete, insert, select

from services.journal.database import Clash, Database
from services.journal.people_tables import ended_sign_ins

KEPT_SECONDS = 31 * 24 * 3600
"""How long an end is remembered: a day longer than the longest time for which a sign-in can be used."""


class SignIns:
    """The journal's verbs for sign-ins; each is one transaction, and may raise JournalError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def end(self, key: str) -> None:
        """Ends a sign-in, for every dashboard on this journal; once more is no harm."""
        # Two may end it at once, and both want the same.
        with suppress(Clash), self._database.writing() as db:
            now = self._database.now
            db.execute(delete(ended_sign_ins).where(ended_sign_ins.c.ended_at < now - KEPT_SECONDS))
            if db.execute(select(ended_sign_ins.c.key).where(ended_sign_ins.c.key == key)).first() is None:
                db.execute(insert(ended_sign_ins).values(key=key, ended_at=now))

    def is_ended(self, key: str) -> bool:
        # Not in turn: pages ask for this every few seconds, and must not wait for a batch that writes.
        with self._database.reading(in_turn=False) as db:
            return db.execute(select(ended_sign_ins.c.key).where(ended_sign_ins.c.key == key)).first() is not None
