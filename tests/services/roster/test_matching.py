"""A roster for rooms that exist: each row finds its room, says what is new, and nothing is guessed."""

from collections.abc import Callable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.export.table import links_csv
from services.export.workbook import links_workbook
from services.participants import Participant
from services.rooms.entry import Entry
from services.roster.fields import Field
from services.roster.matching import Damage, match
from services.roster.reading import read_file, read_text
from services.roster.sheet import RosterError
from tests.entries import BERLIN, entry
from tests.office import converted

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


def test_name_beside_address_changes_no_label() -> None:
    matched = match(read_text("external_id,email\nP-002,Benjamin <ben@example.org>\n"), ROOMS)
    assert matched.people == {"r2": Participant(label="Ben", email="ben@example.org", external_id="P-002")}


def test_unchanged_and_unknown_rows_are_counted() -> None:
    matched = match(read_text("room_id,label\nr1,Anna\nr9,Clara\n"), ROOMS)
    assert (dict(matched.people), matched.same, matched.unknown) == ({}, 1, (3,))


def test_rows_find_their_rooms_by_link() -> None:
    links = {"https://x.example/1": "r1", "https://x.example/3": "r3"}
    rows = "link,external_id,label\nhttps://x.example/3,,Carl\nhttps://other.example/,P-002,Ben B.\n,P-001,Anna K.\n"
    matched = match(read_text(rows), ROOMS, links)
    assert {room_id: person.label for room_id, person in matched.people.items()} == {
        "r3": "Carl",
        "r2": "Ben B.",
        "r1": "Anna K.",
    }


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
    with pytest.raises(RosterError, match="link, external_id or room_id"):
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


DAMAGED = {
    "r1": Participant(label="Anna", external_id="007"),
    "r2": Participant(label="1-2", external_id="79161234567012345"),
    "r3": Participant(label="Carl", external_id="P-003"),
}


def test_damaged_ids_and_labels_stay_as_known() -> None:
    sheet = read_text("room_id,label,external_id\nr1,Anna,7\nr2,01.фев,7.91612E+16\nr3,Carl K.,P-003\n")
    matched = match(sheet, DAMAGED)
    assert matched.people == {"r3": Participant(label="Carl K.", external_id="P-003")}
    assert matched.damaged == (
        Damage(2, Field.EXTERNAL_ID, "007", "7"),
        Damage(3, Field.LABEL, "1-2", "01.фев"),
        Damage(3, Field.EXTERNAL_ID, "79161234567012345", "7.91612E+16"),
    )
    assert (matched.same, matched.unknown, matched.problems) == (0, (), ())


def test_damaged_values_are_taken_when_asked() -> None:
    matched = match(read_text("room_id,external_id\nr1,7\nr3,P-003\n"), DAMAGED, take_damaged=True)
    assert matched.people == {"r1": Participant(label="Anna", external_id="7")}
    assert len(matched.damaged) == 1 and matched.same == 1


def test_row_with_damaged_id_waits_for_consent() -> None:
    sheet = read_text("external_id,label\n7,Anna K.\nP-003,Carl K.\n12,Dora\n")
    matched = match(sheet, DAMAGED)
    assert list(matched.people) == ["r3"] and matched.unknown == (4,)
    assert matched.damaged == (Damage(2, Field.EXTERNAL_ID, "007", "7", names_room=True),)
    taken = match(sheet, DAMAGED, take_damaged=True)
    assert taken.people["r1"] == Participant(label="Anna K.", external_id="007")


def test_damaged_id_of_two_rooms_finds_neither() -> None:
    rooms = {**DAMAGED, "r4": Participant(label="Dan", external_id="79161234567012399")}
    matched = match(read_text("external_id,label\n7.91612E+16,Ben\n"), rooms, take_damaged=True)
    assert (dict(matched.people), matched.unknown, matched.damaged) == ({}, (2,), ())


def test_id_that_two_rooms_may_have_is_asked() -> None:
    rooms = {**DAMAGED, "r4": Participant(label="Dan", external_id="7")}
    matched = match(read_text("external_id,label\n7,Dan K.\n"), rooms)
    assert not matched.people and "“7” or “007”" in matched.problems[0].message
    both = match(read_text("external_id,label\n7,Dan K.\n007,Anna K.\n"), rooms)
    assert {room: person.label for room, person in both.people.items()} == {"r4": "Dan K.", "r1": "Anna K."}


def test_corrected_id_is_taken_without_asking() -> None:
    matched = match(read_text("room_id,external_id\nr1,008\nr3,P-3\n"), DAMAGED)
    assert [person.external_id for person in matched.people.values()] == ["008", "P-3"] and not matched.damaged


ODD_PEOPLE = [
    Participant(label=" two  spaces ", email="A+b@X.org", external_id="P-1 "),
    Participant(label="и\u0306од\u200b", external_id="x\u00ad1"),
    Participant(label="'=1+1", external_id="=1"),
    Participant(label="a\nb", external_id="-5"),
    Participant(label="'", external_id="'x"),
]


@pytest.mark.parametrize("person", ODD_PEOPLE)
@pytest.mark.parametrize("write", [links_csv, links_workbook])
def test_own_file_changes_nothing_by_itself(
    person: Participant, write: Callable[[Sequence[Entry], ZoneInfo], bytes]
) -> None:
    one = entry(1, person)
    matched = match(read_file(write([one], BERLIN), "links.csv"), {one.id: person}, {one.link.text: one.id})
    assert (dict(matched.people), matched.same, matched.damaged, matched.problems) == ({}, 1, (), ())


NUMERIC = [
    "007",
    "79161234567012345",
    "1-2",
    "3.10",
    "1e5",
    "+7900",
    "10:30",
    "1/2",
    "TRUE",
    "MAR1",
    "0012.50",
    "P-001",
]


@pytest.mark.parametrize("to", ["xlsx", "csv"])
def test_links_file_through_libreoffice_changes_nothing(tmp_path: Path, to: str) -> None:
    file = tmp_path / "links.csv"
    people = {entry(n).id: Participant(label=text, external_id=text) for n, text in enumerate(NUMERIC, start=1)}
    file.write_bytes(links_csv([entry(n, person) for n, person in enumerate(people.values(), start=1)], BERLIN))
    # With special numbers recognised, as a double click does.
    saved = converted(file, to, "CSV:44,34,76,1,,0,false,true")
    links = {entry(n).link.text: entry(n).id for n in range(1, len(NUMERIC) + 1)}
    matched = match(read_file(saved.read_bytes(), saved.name, "utf-8"), people, links)
    assert (dict(matched.people), matched.unknown, matched.problems) == ({}, (), ())
    assert {damage.known for damage in matched.damaged} >= {"007", "1e5", "79161234567012345"}


@pytest.mark.parametrize("cell", ["Carl <carl@example.org>", "Carl carl@example.org"])
def test_corrected_label_loses_its_address(cell: str) -> None:
    matched = match(read_file(f"room_id,label\nr3,{cell}\n".encode(), "links.csv"), ROOMS)
    assert matched.people == {"r3": Participant(label="Carl", email="carl@example.org")}


def test_corrected_label_like_an_address_is_refused() -> None:
    matched = match(read_file(b"room_id,label\nr3,Carl carl@@example.org\n", "links.csv"), ROOMS)
    assert not matched.people and "labels are sent to Aseed. Take it out." in matched.problems[0].message
