"""Sign-ins that were ended: known to every dashboard on the journal."""

from contextlib import closing

import pytest
from sqlalchemy import select, update

from services.journal.journal import Journal
from services.journal.people_tables import ended_sign_ins
from services.journal.sign_ins import KEPT_SECONDS


def test_ended_sign_in_is_known_to_all(journal: Journal, database: str) -> None:
    assert not journal.sign_ins.is_ended("a")
    journal.sign_ins.end("a")
    journal.sign_ins.end("a")
    with closing(Journal(database)) as another:
        assert another.sign_ins.is_ended("a") and not another.sign_ins.is_ended("b")


@pytest.mark.parametrize(("age", "is_kept"), [(KEPT_SECONDS - 60, True), (KEPT_SECONDS + 60, False)])
def test_ends_are_kept_as_long_as_needed(journal: Journal, age: int, is_kept: bool) -> None:
    journal.sign_ins.end("old")
    with journal._database.writing() as db:
        db.execute(update(ended_sign_ins).values(ended_at=ended_sign_ins.c.ended_at - age))
    journal.sign_ins.end("new")
    with journal._database.reading() as db:
        assert set(db.scalars(select(ended_sign_ins.c.key))) == {"new", *(["old"] if is_kept else [])}
