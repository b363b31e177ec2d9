"""Who has a door's room is known wherever rooms are seen: on Links, by its search, and in files."""

import csv
import io

from services.export.table import links_csv
from services.folding import folded
from services.journal.database import Database
from services.journal.journal import Journal
from services.rooms.entry import Entry, entries, having
from tests.entries import BERLIN, CHECK
from tests.services.journal.desks import MINE, PROJECT, room
from tests.services.journal.door.test_visits import late
from tests.services.journal.door.visitors import claimed, door, visitor

PERSON = {"person": "digest", "panel_id": "P-7", "email": "vera@guests.example"}


def listed(journal: Journal) -> list[Entry]:
    """The rooms as Links has them."""
    known = journal.rooms.known(MINE, PROJECT)
    return entries([room("a"), room("b")], known, {PROJECT: "Study"}, CHECK)


def people(journal: Journal) -> dict[str, tuple[str, str]]:
    """The ids and addresses of a file of links, by room."""
    file = links_csv(listed(journal), BERLIN, room_ids=True).decode("utf-8-sig")
    rows = csv.DictReader(io.StringIO(file, newline=""))
    return {row["room_id"]: (row["external_id"], row["email"]) for row in rows}


def test_claim_tells_links_and_files_the_person(journal: Journal) -> None:
    at = door(journal, "a", "b")
    visit = visitor(journal, at, **PERSON)
    assert people(journal) == {"a": ("", ""), "b": ("", "")}
    claimed(journal, at, visit)
    known = {entry.id: (entry.known_as, entry.participant.email) for entry in listed(journal)}
    assert known == {"a": ("P-7", "vera@guests.example"), "b": ("", "")}
    for word in ("P-7", "VERA@guests.example"):
        assert [entry.id for entry in having(listed(journal), folded(word))] == ["a"]
    assert people(journal) == {"a": ("P-7", "vera@guests.example"), "b": ("", "")}


def test_returned_room_is_no_ones_in_files(journal: Journal, tables: Database) -> None:
    at = door(journal, "a", "b", minutes_to_start=5)
    claimed(journal, at, visitor(journal, at, **PERSON))
    late(tables, 6)
    journal.visits.take_back(at)
    assert people(journal) == {"a": ("", ""), "b": ("", "")}
