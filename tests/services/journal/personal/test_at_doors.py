"""People who came to a door go from its visits as from everywhere else."""

import pytest

from services.export.person import FROM
from services.journal.database import Database
from services.journal.door.records import Door, Visit
from services.journal.journal import Journal
from tests.services.journal.desks import MINE, PROJECT
from tests.services.journal.door.visitors import claimed, door, visitor
from tests.services.journal.personal.respondents import columns_with

CANARY = "P-CANARY-1"


def came(journal: Journal, *, waits: bool) -> tuple[Door, Visit]:
    at = door(journal, "a", "b")
    visit = visitor(
        journal, at, person="digest", panel_id=CANARY, email="p1@example.org", parameters={"SESSION": CANARY}
    )
    if not waits:
        claimed(journal, at, visit)
    return at, visit


def test_visit_is_among_what_is_held(journal: Journal) -> None:
    came(journal, waits=False)
    (found,) = journal.personal.find(CANARY)
    _, items = journal.personal.held(found.key)
    (item,) = (item for item in items if item["table"] == "door_visits")
    assert item["parameters"] == f'{{"SESSION": "{CANARY}"}}' and "door_visits" in FROM


def test_visit_with_a_room_forgets_its_person(journal: Journal, tables: Database) -> None:
    at, visit = came(journal, waits=False)
    journal.hand_outs.give_on_paper(MINE, "a", visit.key)
    (found,) = journal.personal.find("p1@example.org")
    assert journal.personal.withdraw(found.key)
    assert columns_with(tables, CANARY, "p1@example.org", "digest") == []
    (left,) = journal.visits.all(at)
    assert left.room_id == "a"


@pytest.mark.parametrize("waits", [True, False])
def test_person_of_two_doors_goes_from_both(journal: Journal, tables: Database, *, waits: bool) -> None:
    _, visit = came(journal, waits=False)
    journal.hand_outs.give_on_paper(MINE, "a", visit.key)
    came(journal, waits=waits)
    if not waits:
        journal.hand_outs.give_on_paper(MINE, "b", journal.visits.all(journal.doors.all(MINE, PROJECT)[0])[0].key)
    (found,) = journal.personal.find("p1@example.org")
    assert journal.personal.withdraw(found.key)
    assert columns_with(tables, CANARY, "p1@example.org", "digest") == []
