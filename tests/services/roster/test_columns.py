"""Columns: known by their headers in two languages, or by what is in them, and left to the researcher when in doubt."""

import pytest

from services.export.table import COLUMNS
from services.roster.columns import Field, ambiguous, guess, has_header, is_links_file, recognise


@pytest.mark.parametrize(
    ("header", "field"),
    [
        *((name, Field.LABEL) for name in ("label", "Name", "Full name", "PARTICIPANT", "respondent", "имя", "ФИО")),
        *((name, Field.LABEL) for name in ("Ф.И.О.", "Участник", "метка", "Имя и фамилия")),
        *((name, Field.EMAIL) for name in ("email", "E-mail", "e mail", "mail", "Email address:", "почта")),
        *((name, Field.EMAIL) for name in ("Эл. почта", "Электронная почта", "E-mail участника")),
        *((name, Field.EXTERNAL_ID) for name in ("external_id", "ID", "Participant ID", "код", "Идентификатор")),
        *((name, Field.EXTERNAL_ID) for name in ("Номер участника", "№ участника", "ID респондента")),
        *((name, Field.LANGUAGE) for name in ("language", "Язык", " язык  интервью ")),
        *(
            (name, Field.MINUTES)
            for name in ("max_duration_minutes", "Duration (min)", "minutes", "Длительность, мин.")
        ),
        *((name, Field.MINUTES) for name in ("минуты", "длительность")),
        *((name, Field.VOICE) for name in ("voice", "Голос")),
        *((name, Field.TOPICS) for name in ("topics_for_respondent", "Topics", "темы", "Тема")),
    ],
)
def test_header_is_known_in_english_and_russian(header: str, field: Field) -> None:
    assert recognise(["?", header]) == {field: 1}


def test_composed_and_decomposed_headers_are_the_same() -> None:
    assert recognise(["Емейл"]) == recognise(["емеи\u0306л"]) == recognise(["ЁМЕЙЛ"]) == {Field.EMAIL: 0}


@pytest.mark.parametrize("header", ["", "respondent_email", "project_name", "room_id", "no", "notes", "participant 1"])
def test_other_headers_are_not_guessed_at(header: str) -> None:
    assert not recognise([header]) and not ambiguous([header]) and not has_header([[header]])


def test_ambiguous_headers_are_left_to_the_researcher() -> None:
    header = ["First name", "Last name", "Email", "E-mail", "ID"]
    assert recognise(header) == {Field.EXTERNAL_ID: 4}
    assert ambiguous(header) == {Field.LABEL: (0, 1), Field.EMAIL: (2, 3)}
    assert has_header([["Email", "email"]])


def test_own_column_name_wins_over_others() -> None:
    header = ["participant", "label", "name", "id", "external_id"]
    assert recognise(header) == {Field.LABEL: 1, Field.EXTERNAL_ID: 4} and not ambiguous(header)


def test_own_links_file_is_recognised() -> None:
    found = recognise(COLUMNS)
    assert set(found) == set(Field) - {Field.TOPICS}
    assert all(COLUMNS[column] == field for field, column in found.items())
    assert is_links_file(COLUMNS) and not is_links_file(["label", "link"])


@pytest.mark.parametrize("row", [["Anna", "a@x.org"], ["Anna"], ["email", "a@x.org"], []])
def test_a_row_of_data_is_no_header(row: list[str]) -> None:
    assert not has_header([row])


def test_no_rows_have_no_header() -> None:
    assert not has_header([]) and guess([]) == {}


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([["Anna"], ["Bob"]], {Field.LABEL: 0}),
        ([["a@x.org"], ["b@x.org"]], {Field.EMAIL: 0}),
        ([["Anna", "a@x.org"], ["Bob", ""]], {Field.EMAIL: 1, Field.LABEL: 0}),
        ([["Anna", "1", "a@x.org"]], {Field.EMAIL: 2}),
        ([["a@x.org", "b@x.org"]], {}),
        ([["Anna", "1"]], {}),
        ([["Anna @ home"], ["Bob"]], {Field.LABEL: 0}),
    ],
)
def test_without_header_only_obvious_columns_are_taken(rows: list[list[str]], found: dict[Field, int]) -> None:
    assert guess(rows) == found
