"""The tokens of persons, as services.people.vault has sealed them: one for each person and service."""

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from services.journal.database import Database
from services.journal.people_tables import person_tokens


class PersonTokens:
    """Verbs on sealed tokens. person: the key of one. Each may raise JournalError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, person: str, service: str, sealed: str) -> None:
        """Keeps a token in place of the one before."""
        with self._database.writing() as db:
            insert = postgresql.insert if db.dialect.name == "postgresql" else sqlite.insert
            kept = insert(person_tokens).values(person=person, service=service, sealed=sealed)
            db.execute(kept.on_conflict_do_update(index_elements=["person", "service"], set_={"sealed": sealed}))

    def find(self, person: str, service: str) -> str | None:
        """The sealed token; None where there is none."""
        theirs = (person_tokens.c.person == person, person_tokens.c.service == service)
        with self._database.reading(in_turn=False) as db:
            return db.execute(select(person_tokens.c.sealed).where(*theirs)).scalar()

    def forget(self, person: str) -> None:
        """Forgets every token of a person."""
        with self._database.writing() as db:
            db.execute(delete(person_tokens).where(person_tokens.c.person == person))
