"""A roster for rooms that exist: each row finds its room, says what is new, and nothing is guessed."""

import pytest

from services.participants import Participant
from services.roster.matching import match
from services.roster.reading import read_text
from services.roster.sheet import RosterError

ROOMS = {
    "r1": Participant(label="Anna", email="anna@example.org", external_id="P-001"),
    "r2": Participant(label="Ben", email="", external_id="P-002"),
    "r3": Participant(label="", email="", external_id=""),
}


def test_rows_find_their_rooms_by_room_id() -> None:
    matched = match(read_text("room_id,label\nr3,Carl\nr1,Anna K.\n"), ROOMS)
    assert matched.people == {
        "r3": Participant(label="Carl"),
        "r1": Participant(label="Anna K.", email="anna@example.org", external_id="P-001"),
    }
    assert (matched.same, matched.unknown, matched.problems) == (0, (), ())


def test_blank_cells_keep_what_room_has() -> None:
    matched = match(read_text("код участника;имя;эл. почта\nP-002;;ben@example.org\nP-001;Анна;\n"), ROOMS)
    assert matched.people == {
        "r2": Participant(label="Ben", email="ben@example.org", external_id="P-002"),
        "r1": Participant(label="Анна", email="anna@example.org", external_id="P-001"),
    }


def test_external_id_never_replaces_a_label() -> None:
    matched = match(read_text("external_id,email\nP-002,ben@example.org\n"), ROOMS)
    assert matched.people["r2"].label == "Ben"


def test_unchanged_and_unknown_rows_are_counted() -> None:
    matched = match(read_text("room_id,label\nr1,Anna\nr9,Clara\n"), ROOMS)
    assert (dict(matched.people), matched.same, matched.unknown) == ({}, 1, (3,))


def test_unknown_room_id_ignores_external_id() -> None:
    matched = match(read_text("room_id,external_id,label\nr9,P-001,Wrong\n"), ROOMS)
    assert (dict(matched.people), matched.unknown) == ({}, (2,))


def test_an_external_id_of_two_rooms_finds_neither() -> None:
    rooms = {
        "r1": Participant(label="Anna", email="", external_id="P-001"),
        "r2": Participant(label="Ben", email="", external_id="P-001"),
    }
    assert match(read_text("external_id,label\nP-001,Carl\n"), rooms).unknown == (2,)


def test_own_file_changes_only_named_rooms() -> None:
    matched = match(read_text("room_id,label,email\nr3,,\nr1,Anna K.,\n"), ROOMS)
    assert (list(matched.people), matched.same, matched.problems) == (["r1"], 1, ())


def test_two_rows_about_one_room_change_nothing() -> None:
    matched = match(read_text("room_id,label\nr1,One\nr1,Two\n"), ROOMS)
    assert not matched.people and [(note.row) for note in matched.problems] == [3]


def test_a_row_that_cannot_be_right_changes_nothing() -> None:
    matched = match(read_text("room_id,label,email\nr1,Anna,not an address\nr2,Ben,ben@example.org\n"), ROOMS)
    assert not matched.people and matched.problems[0].row == 2


@pytest.mark.parametrize("text", ["label,email\nAnna,anna@example.org\n", "Anna\nBen\n"])
def test_list_without_rooms_is_refused_with_advice(text: str) -> None:
    with pytest.raises(RosterError, match="room_id or external_id"):
        match(read_text(text), ROOMS)


def test_own_links_file_loses_guarding_apostrophes() -> None:
    own = "no,label,external_id,email,link,status,room_id\n1,'=Anna,P-001,,https://x.example/,pending,r1\n"
    assert match(read_text(own), ROOMS).people["r1"].label == "=Anna"


def test_header_below_title_names_the_columns() -> None:
    matched = match(read_text("Wave 2\t\n\t\nID\tName\nP-001\tAnna K.\n"), ROOMS)
    assert matched.people["r1"].label == "Anna K."


def test_first_and_last_name_are_one_label() -> None:
    matched = match(read_text("ID\tVorname\tNachname\nP-001\tAnna\tKeller\nP-002\t\t\n"), ROOMS)
    assert {room: person.label for room, person in matched.people.items()} == {"r1": "Anna Keller"}


def test_address_in_label_never_replaces_a_label() -> None:
    matched = match(read_text("ID\tName\nP-001\tanna@y.org\nP-002\tBen B. <ben@example.org>\n"), ROOMS)
    assert matched.people == {
        "r1": Participant(label="Anna", email="anna@y.org", external_id="P-001"),
        "r2": Participant(label="Ben B.", email="ben@example.org", external_id="P-002"),
    }
