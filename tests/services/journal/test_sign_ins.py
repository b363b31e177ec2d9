"""Sign-ins are noted once, and their ends are known to every dashboard on the journal."""

from contextlib import closing

import pytest
from sqlalchemy import select, update

from services.journal.audit import Which
from services.journal.journal import Journal
from services.journal.people_tables import sign_ins
from services.journal.sign_ins import KEPT_SECONDS
from services.people.acting import Person
from services.people.roles import Role

ANNA = Person("anna", "anna@example.org", Role.RESEARCHER, "192.0.2.7")


def deeds(journal: Journal) -> list[tuple[str, str]]:
    return [(line.deed, line.email) for line in journal.audit.every(Which())]


def test_ended_sign_in_is_known_to_all(journal: Journal, database: str) -> None:
    journal.sign_ins.begin("a", ANNA)
    assert not journal.sign_ins.is_ended("a")
    journal.sign_ins.end("a", ANNA)
    with closing(Journal(database)) as another:
        assert another.sign_ins.is_ended("a") and not another.sign_ins.is_ended("b")
        # A page that comes later does not open it again.
        another.sign_ins.begin("a", ANNA)
        assert journal.sign_ins.is_ended("a")


def test_sign_in_and_its_end_are_noted_once(journal: Journal, database: str) -> None:
    with closing(Journal(database)) as another:
        for each in (journal, another, journal):
            each.sign_ins.begin("a", ANNA)
        for each in (journal, another):
            each.sign_ins.end("a", ANNA)
    assert deeds(journal) == [("sign_in", ANNA.email), ("sign_out", ANNA.email)]


def test_end_counts_without_a_beginning(journal: Journal) -> None:
    journal.sign_ins.end("a", ANNA)
    assert journal.sign_ins.is_ended("a") and deeds(journal) == [("sign_out", ANNA.email)]


@pytest.mark.parametrize(("age", "is_kept"), [(KEPT_SECONDS - 60, True), (KEPT_SECONDS + 60, False)])
def test_ends_are_kept_as_long_as_needed(journal: Journal, age: int, is_kept: bool) -> None:
    journal.sign_ins.end("old", ANNA)
    with journal._database.writing() as db:
        db.execute(update(sign_ins).values(begun_at=sign_ins.c.begun_at - age))
    journal.sign_ins.end("new", ANNA)
    with journal._database.reading() as db:
        assert set(db.scalars(select(sign_ins.c.key))) == {"new", *(["old"] if is_kept else [])}
