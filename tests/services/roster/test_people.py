"""From rows to people: what is wrong is told by its row, and nothing is changed in silence."""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.aseed.models import InterviewRoomResponse
from services.export.table import links_csv
from services.participants import Participant
from services.rooms.entry import Entry
from services.roster.columns import recognise
from services.roster.fields import Field
from services.roster.headers import header_place
from services.roster.people import Report, RowProblem, people
from services.roster.reading import read_file, read_text
from services.roster.sheet import RosterError, Sheet
from services.texts.speech import speaking
from tests.entries import CHECK


def report(*lines: str, mapping: Mapping[Field, int] | None = None) -> Report:
    """The people of a list with tabs between its cells and, unless the columns are named, a header."""
    sheet = read_text("\n".join(lines))
    return people(sheet, recognise(sheet.rows[0]) if mapping is None else mapping, mapping is None)


def problem(*lines: str) -> RowProblem:
    (found,) = report(*lines).problems
    return found


def remark(*lines: str) -> RowProblem:
    found = report(*lines)
    assert not found.problems
    (said,) = found.remarks
    return said


def test_row_is_person_with_own_settings() -> None:
    sheet = read_file(
        'ФИО;Почта;Код;Язык;Минуты;Голос;Темы\nАнна;a@x.org;007;русский;45;cedar;"Кофе\nЧай"\nBob;;;;;;\n'.encode(),
        "a.csv",
    )
    found = people(sheet, recognise(sheet.rows[0]), header=True)
    assert found == Report(
        (
            Participant(
                label="Анна",
                email="a@x.org",
                external_id="007",
                language="Russian",
                max_duration_minutes=45,
                voice="cedar",
                topics_for_respondent="Кофе\nЧай",
            ),
            Participant(label="Bob"),
        ),
        (),
        (),
    )


def test_person_in_logs_has_no_email() -> None:
    assert "a@x.org" not in repr(Participant(label="Anna", email="a@x.org"))


def test_chosen_columns_apply_without_header() -> None:
    found = report("a@x.org\tAnna\tx", "b@x.org\tBob", mapping={Field.EMAIL: 0, Field.LABEL: 1})
    assert found == Report(
        (Participant(label="Anna", email="a@x.org"), Participant(label="Bob", email="b@x.org")), (), ()
    )


def test_external_id_replaces_label_and_email_never() -> None:
    (first, second, third) = report("label\temail\tid", "\ta@x.org\tP1", "\tb@x.org", "\t\tc@x.org").people
    assert (first.label, second.label, third.label) == ("P1", "", "")
    assert second.email == "b@x.org" and third.external_id == "c@x.org"


def test_address_in_label_becomes_the_email() -> None:
    found = report("name\tid", "Anna <a@x.org>\t1", "b@x.org\t2", "Carl (c@x.org)\t")
    assert [(one.label, one.email) for one in found.people] == [
        *(("Anna", "a@x.org"), ("2", "b@x.org"), ("Carl", "c@x.org")),
    ]
    assert [(said.row, said.column) for said in found.remarks] == [(2, "name"), (3, "name"), (4, "name")]


def test_another_address_in_label_is_left_out() -> None:
    said = remark("name\temail", "Anna <a@x.org>\tA@x.org", "Bob b@x.org\tbob@y.org")
    assert (said.row, said.column) == (3, "name") and "another email address" in said.message
    (person,) = report("name\temail", "Bob b@x.org\tbob@y.org").people
    assert (person.label, person.email) == ("Bob", "bob@y.org")


def test_two_addresses_in_label_are_both_left_out() -> None:
    found = report("name\tid", "Anna a@x.org / b@x.org\t1")
    assert (found.people[0].label, found.people[0].email) == ("Anna", "") and len(found.remarks) == 1


def test_broken_address_in_label_is_a_problem() -> None:
    assert problem("name", "Anna a..b@x.org").column == "name"


def test_address_in_parts_of_name_is_taken_out() -> None:
    (person,) = report("First name\tLast name", "a@x.org\tKeller").people
    assert (person.label, person.email) == ("Keller", "a@x.org")


@pytest.mark.parametrize(
    ("header", "row", "label"),
    [
        ("First name\tMiddle name\tLast name", "Anna\tM.\tKeller", "Anna M. Keller"),
        ("Last name\tFirst name", "Keller\tAnna", "Anna Keller"),
        ("Name\tVorname", "Keller\tAnna", "Anna Keller"),
        ("Nombre\tApellidos", "Ana\tRuiz Gil", "Ana Ruiz Gil"),
        ("Фамилия\tИмя\tОтчество", "Каренина\tАнна\tАркадьевна", "Каренина Анна Аркадьевна"),
        ("Ім'я\tПрізвище", "Леся\tКосач", "Леся Косач"),
        ("First name\tLast name", "Anna\t", "Anna"),
        ("Name\tFirst name\tLast name", "Dr. Anna Keller\tAnna\tKeller", "Dr. Anna Keller"),
        ("Name\tFirst name\tLast name", "\tAnna\tKeller", "Anna Keller"),
    ],
)
def test_parts_of_name_are_joined(header: str, row: str, label: str) -> None:
    assert report(header, row, "Bob\tRuiz\tX").people[0].label == label


def test_long_joined_name_is_told_by_its_column() -> None:
    said = problem("First name\tLast name", "x" * 22 + "\t" + "y" * 22)
    assert (said.row, said.column) == (2, "First name") and "45" in said.message


def test_people_without_label_are_counted() -> None:
    assert report("email\tid", "a@x.org\t", "b@x.org\t7").unlabelled == 1


def test_name_beside_address_becomes_the_label() -> None:
    found = report("email\tid", "Keller, Anna <a@x.org>\t1", "<b@x.org>\t2", "mailto:c@x.org\t3")
    assert [(one.label, one.email) for one in found.people] == [
        *(("Keller, Anna", "a@x.org"), ("2", "b@x.org"), ("3", "c@x.org")),
    ]
    assert not found.problems and [(said.row, said.column) for said in found.remarks] == [(2, "email")]


def test_label_comes_before_name_beside_address() -> None:
    found = report("name\temail", "Anna\tAnna <a@x.org>", "Dr. Bob\tBob <b@x.org>", "c@x.org\tCarl <c@x.org>")
    assert [(one.label, one.email) for one in found.people] == [
        *(("Anna", "a@x.org"), ("Dr. Bob", "b@x.org"), ("Carl", "c@x.org")),
    ]
    assert [(said.row, "left out" in said.message) for said in found.remarks] == [(3, True), (4, False)]


def test_long_name_beside_address_is_told() -> None:
    said = problem("name\temail", f"\t{'x' * 43} <a@x.org>")
    assert (said.row, said.column) == (2, "email") and "43" in said.message


@pytest.mark.parametrize(
    "cell", ["Anna <a@x.org>, Bob <b@x.org>", "Anna a@x.org", "a@x.org (work)", "Anna <a..b@x.org>"]
)
def test_more_than_address_is_no_email(cell: str) -> None:
    assert problem("name\temail", f"Anna\t{cell}").column == "email"


def test_anonymous_is_no_email() -> None:
    assert report("name\temail", "Anna\tanonymous").people[0].email == ""


@pytest.mark.parametrize(
    "label", ["x" * 42, "Ж" * 42, "👩\u200d👧" * 14, "x" * 41 + "\u202e", "\u202e" + "x" * 42, "и\u0306" * 42]
)
def test_label_of_42_characters_fits(label: str) -> None:
    found = report("name", label)
    assert not found.problems and len(found.people[0].label) <= 42
    assert found.people[0].label == unicodedata.normalize("NFC", label).replace("\u202e", "")


@pytest.mark.parametrize("label", ["x" * 43, "Ж" * 43, "👩\u200d👧" * 14 + "x", "\u202e" + "x" * 43])
def test_longer_label_is_never_cut(label: str) -> None:
    found = report("name", "Anna", label)
    assert [(said.row, said.column) for said in found.problems] == [(3, "name")]
    assert "43" in found.problems[0].message and len(found.people[1].label) == 43


def test_long_external_id_matters_only_without_label() -> None:
    said = problem("name\tid", "Anna\t" + "7" * 50, "\t" + "8" * 50)
    assert (said.row, said.column) == (3, "id")


@pytest.mark.parametrize(
    "email", ["a@x.org", "a.b+c@mail.x.co.uk", "анна@почта.рф", "a@xn--80a1acny.xn--p1ai", "a_b@x-y.org", "A@X.ORG"]
)
def test_an_email_is_kept_as_typed(email: str) -> None:
    found = report("email", email)
    assert not found.problems and found.people[0].email == email


@pytest.mark.parametrize(
    "email",
    [
        *("anna", "a@x", "@x.org", "a@", "a@@x.org", "a b@x.org", "a@x..org", ".a@x.org", "a.@x.org", "a@x.org."),
        *("a@x.org; b@x.org", "a@x.org,b@x.org", "a@.org", "x" * 65 + "@x.org"),
        "a@" + "x." * 150 + "org",
    ],
)
def test_what_is_no_email_is_a_problem(email: str) -> None:
    said = problem("email", "a@x.org", f'"{email}"')
    assert (said.row, said.column) == (3, "email")


@pytest.mark.parametrize(
    ("text", "minutes"), [("30", 30), ("30.0", 30), ("30,00", 30), ("1", 1), ("1440", 1440), ("", None)]
)
def test_whole_minutes_within_a_day_are_taken(text: str, minutes: int | None) -> None:
    found = report("name\tminutes", f"Anna\t{text}")
    assert not found.problems and found.people[0].max_duration_minutes == minutes


@pytest.mark.parametrize("text", ["0", "-5", "1441", "30.5", "3e1", "30 min", "half", "٣٠", "9" * 5000])
def test_any_other_length_is_a_problem(text: str) -> None:
    said = problem("name\tminutes", f"Anna\t{text}")
    assert (said.row, said.column) == (2, "minutes") and "1,440" in said.message


@pytest.mark.parametrize(
    ("word", "language"),
    [
        *((word, "English") for word in ("English", "english", "EN", "английский")),
        *((word, "Russian") for word in ("Russian", "ru", "Русский")),
        *((word, None) for word in ("", "auto", "Auto", "авто")),
        *((word, "German") for word in ("Deutsch", "de-informal", "German")),
        *((word, word) for word in ("Klingon", "None", "NA")),
    ],
)
def test_language_is_told_by_one_name(word: str, language: str | None) -> None:
    assert report("name\tlanguage", f"Anna\t{word}").people[0].language == language


def test_row_without_person_is_a_problem() -> None:
    found = report("name\temail\tid\tvoice", "Anna", "\t\t\tcedar")
    assert [(said.row, said.column) for said in found.problems] == [(3, "")] and len(found.people) == 1


def test_row_longer_than_header_is_a_problem() -> None:
    said = problem("name\tid", "Anna\t1\t\t", "Smith\tBob\tb@x.org")
    assert said.row == 3 and "more cells" in said.message


def test_columns_that_are_not_chosen_are_ignored() -> None:
    assert not report("name\tnotes\tstatus", "Anna\t#REF!\tpending").problems


@pytest.mark.parametrize("text", ["#REF!", "#N/A", "#ИМЯ?"])
def test_failed_formula_is_not_a_name(text: str) -> None:
    assert problem("name\tid", f"{text}\t1").row == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a@x.org", "A@X.ORG"),
        ("a@x.org", "\u3000a@x.org "),
        ("й@x.org", "и\u0306@x.org"),
        ("straße@x.org", "STRASSE@x.org"),
        ("a@почта.рф", "a@xn--80a1acny.xn--p1ai"),
    ],
)
def test_repeated_email_is_remarked_at_later_row(first: str, second: str) -> None:
    said = remark("name\temail", f"Anna\t{first}", "Carl\t", f"Bob\t{second}")
    assert (said.row, said.column) == (4, "email") and "row 2" in said.message


@pytest.mark.parametrize("header", ["name\tid", "id\tname"])
def test_repeated_label_or_id_is_remarked(header: str) -> None:
    said = remark(header, "Anna  B\t1", "anna b\t2")
    assert (said.row, said.column) == (3, header.split("\t")[0])


def test_the_same_person_twice_is_one_loud_remark() -> None:
    said = remark("name\temail\tid", "Anna\ta@x.org\t1", "Bob\tb@x.org\t2", "ANNA\tA@x.org\t1")
    assert (said.row, said.column) == (4, "") and "SAME PERSON" in said.message and "row 2" in said.message


def test_problems_come_in_order_of_rows() -> None:
    found = report("name\temail", "b@x.org\tb", "a@x.org\ta", "b@x.org\tc")
    assert [said.row for said in found.problems] == [2, 3, 4]
    assert [said.row for said in found.remarks] == [2, 3, 4]


def test_rows_are_numbered_as_in_the_file() -> None:
    assert problem("", "name\temail", "", "", "Anna\tx").row == 5


def test_columns_without_header_have_letters() -> None:
    found = report("Anna\tx", mapping={Field.LABEL: 0, Field.EMAIL: 1})
    assert found.problems[0].column == "column B"
    wide = report("Anna" + "\t" * 49 + "x", mapping={Field.LABEL: 0, Field.EMAIL: 49})
    assert wide.problems[0].column == "column AX"


def test_a_header_without_people_is_refused() -> None:
    with pytest.raises(RosterError, match="header but no people"):
        report("name\temail")


def test_list_without_identifying_column_is_refused() -> None:
    with pytest.raises(RosterError, match="Choose which column"):
        report("language\tvoice", "ru\tcedar")


def test_columns_chosen_for_another_list_are_refused() -> None:
    with pytest.raises(RosterError, match="again"):
        report("Anna\tx", mapping={Field.LABEL: 2})


def test_most_people_allowed_are_taken() -> None:
    names = [f"P{number}" for number in range(5_000)]
    assert len(report("name", *names).people) == len(report(*names, mapping={Field.LABEL: 0}).people) == 5_000
    with pytest.raises(RosterError) as error:
        report(*names, "one more", mapping={Field.LABEL: 0})
    assert error.value.row == 5_001


def links_file(*labels: str) -> bytes:
    """Our own links file, of a room for each label."""
    rooms = [room(label, place) for place, label in enumerate(labels, start=1)]
    return links_csv(rooms, ZoneInfo("UTC"))


def room(label: str, place: int) -> Entry:
    response = InterviewRoomResponse(
        id=f"11111111-1111-4111-8111-{place:012}",
        project_id="22222222-2222-4222-8222-222222222222",
        access_token="SECRET",
        url="https://app.aseed.ai/interview/SECRET",
        room_name="interview-1",
        max_duration_minutes=45,
        status="pending",
        created_at=datetime(2026, 11, 23, tzinfo=UTC),
        created_by="me",
        language="Russian",
        voice="cedar",
        respondent_email="who@joined.org",
        display_name=label,
    )
    return Entry(
        response,
        "Coffee",
        place,
        Participant(label=label, email=f"-a{place}@x.org", external_id=f"-{place}"),
        check=CHECK,
    )


@pytest.mark.parametrize(
    "label", ["Анна", "=1+1", "-5", "@anna", "+7 900", "＝x", "'quoted'", "O'Neill", 'Smith, Anna; "A"', "007"]
)
def test_our_own_links_file_is_a_roster_again(label: str) -> None:
    sheet = read_file(links_file(label, "Bob"), "links.csv")
    assert header_place(sheet.rows) == 0
    assert people(sheet, recognise(sheet.rows[0]), header=True) == Report(
        (
            Participant(
                label=label,
                email="-a1@x.org",
                external_id="-1",
                language="Russian",
                max_duration_minutes=45,
                voice="cedar",
            ),
            Participant(
                label="Bob",
                email="-a2@x.org",
                external_id="-2",
                language="Russian",
                max_duration_minutes=45,
                voice="cedar",
            ),
        ),
        (),
        (),
    )


@pytest.mark.parametrize("label", ["\t=1+1", "\r=1", "\n-5", "\0=1", "\u202e=1", " =1"])
def test_own_links_file_loses_its_apostrophe(label: str) -> None:
    sheet = read_file(links_file(label), "links.csv")
    (person,) = people(sheet, recognise(sheet.rows[0]), header=True).people
    assert person.label == label.strip("\t\r\n\0\u202e ")


def test_apostrophe_in_other_file_is_kept() -> None:
    assert report("label\tlink", "'=1+1\tx").people[0].label == "'=1+1"


def test_shortened_number_is_no_id() -> None:
    said = problem("name\tid", "Anna\t4,47912E+11")
    assert (said.row, said.column) == (2, "id") and "4,47912E+11" in said.message


def test_merged_cell_is_remarked_on() -> None:
    sheet = Sheet((("name", "id"), ("Anna", "1"), ("", "2")), (1, 2, 3), merged={(3, 0): 2})
    found = people(sheet, recognise(sheet.rows[0]), header=True)
    assert [person.label for person in found.people] == ["Anna", "2"]
    assert [(said.row, said.column) for said in found.remarks] == [(3, "name")] and "row 2" in found.remarks[0].message


@pytest.mark.parametrize(
    ("row", "person"),
    [
        ("Anna\tanna@\u200bx.org\tP-1", ("Anna", "anna@x.org", "P-1")),
        ("An\u00adna\tanna@x.org\u2060\tP-1", ("Anna", "anna@x.org", "P-1")),
        ("Anna\tanna@x.org\tP\ufeff-1", ("Anna", "anna@x.org", "P-1")),
        ("علی\u200cرضا\tanna@x.org\tعلی\u200cرضا", ("علی\u200cرضا", "anna@x.org", "علیرضا")),
    ],
)
def test_invisible_characters_are_removed_and_said(row: str, person: tuple[str, str, str]) -> None:
    found = report("name\temail\tid", row, "Bob\tb@x.org\tP-2")
    assert (found.people[0].label, found.people[0].email, found.people[0].external_id) == person
    assert [(note.row, note.message) for note in found.remarks] == [
        (2, "Invisible characters, or marks piled on one letter, were removed.")
    ]


def test_joiners_that_names_need_are_not_remarked() -> None:
    assert not report("name\temail", "علی\u200cرضا\ta@x.org", "👩\u200d👧\tb@x.org").remarks


def test_mistakes_are_told_in_the_language_spoken() -> None:
    with speaking("ru"):
        (wrong,) = report("name\tminutes", "Anna\tlong").problems
    assert wrong.message == "Впишите целое число минут от 1 до 1\u00a0440 или очистите ячейку."
