"""Columns: known by their headers in ten languages, or by what is in them, and left to the researcher in doubt."""

import pytest

from services.export.table import COLUMNS, MAIL_MERGE
from services.roster.columns import ambiguous, guess, is_links_file, known_fields, recognise
from services.roster.fields import NAME_PARTS, Field
from services.roster.headers import header_place


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
        *(
            (name, Field.LABEL)
            for name in ("Nombre completo", "Vor- und Nachname", "Nom", "Imię i nazwisko", "Ad Soyad")
        ),
        *((name, Field.LABEL) for name in ("Nome e cognome", "ПІБ", "Teilnehmer*in", "Your name *", "1. Ваше имя")),
        *((name, Field.EMAIL) for name in ("Courriel", "E-Mail-Adresse", "Correo electrónico", "E-posta", "ел. пошта")),
        *((name, Field.EMAIL) for name in ("Indirizzo e-mail", "Adres e-mail", "Endereço de e-mail", "ADRESSE E-MAIL")),
        *(
            (name, Field.EXTERNAL_ID)
            for name in ("Kürzel", "Código", "Kod uczestnika", "Katılımcı no", "Participant #")
        ),
        *((name, Field.LANGUAGE) for name in ("Sprache", "Langue", "Idioma", "Język", "Dil", "Мова", "LÍNGUA")),
        *((name, Field.MINUTES) for name in ("Dauer (Min.)", "Durée (min)", "Süre (dk)", "Тривалість (хв)")),
        *((name, Field.FAMILY_NAME) for name in ("Nachname", "Apellidos", "Cognome", "Nazwisko", "Soyadı", "Прізвище")),
        *((name, Field.GIVEN_NAME) for name in ("Vorname", "Prénom", "Prenom", "First_Name", "forename")),
        *(
            (name, Field.LABEL)
            for name in ("group/name", "group_a/sub/name", "group.name", "data-name", "group_b:name")
        ),
        *((name, Field.EMAIL) for name in ("contact/email", "form1-email", "a/e-mail")),
        *((name, Field.TOPICS) for name in ("topics_for_respondent", "Topics", "темы", "Тема")),
    ],
)
def test_header_is_known_in_each_language(header: str, field: Field) -> None:
    assert recognise(["?", header]) == {field: 1}


def test_composed_and_decomposed_headers_are_the_same() -> None:
    assert recognise(["Емейл"]) == recognise(["емеи\u0306л"]) == recognise(["ЁМЕЙЛ"]) == {Field.EMAIL: 0}


TECHNICAL = (
    "_id",
    "_uuid",
    "group/_id",
    "Timestamp",
    "Duration (in seconds)",
    "company/name",
    "file-name",
    "nick-name",
)
"""Names that tools keep for themselves, and names of something else."""


@pytest.mark.parametrize(
    "header", ["", "respondent_email", "project_name", "room_id", "no", "notes", "participant 1", *TECHNICAL]
)
def test_other_headers_are_not_guessed_at(header: str) -> None:
    assert not recognise([header]) and not ambiguous([header]) and not known_fields([header])


def test_ambiguous_headers_are_left_to_the_researcher() -> None:
    header = ["First name", "Last name", "Email", "E-mail", "ID"]
    assert recognise(header) == {Field.GIVEN_NAME: 0, Field.FAMILY_NAME: 1, Field.EXTERNAL_ID: 4}
    assert ambiguous(header) == {Field.EMAIL: (2, 3)}
    assert header_place([["Email", "e-mail"]]) == 0


def test_own_column_name_wins_over_others() -> None:
    header = ["participant", "label", "name", "id", "external_id"]
    assert recognise(header) == {Field.LABEL: 1, Field.EXTERNAL_ID: 4} and not ambiguous(header)


def test_own_links_file_is_recognised() -> None:
    found = recognise(COLUMNS)
    assert set(found) == set(Field) - {Field.TOPICS, *NAME_PARTS}
    assert all(COLUMNS[column] == field for field, column in found.items())
    assert is_links_file(COLUMNS) and is_links_file(MAIL_MERGE) and not is_links_file(["label", "link"])


@pytest.mark.parametrize("row", [["Anna", "a@x.org"], ["Anna"], ["email", "a@x.org"], []])
def test_a_row_of_data_is_no_header(row: list[str]) -> None:
    assert header_place([row]) is None


def test_no_rows_have_no_header() -> None:
    assert header_place([]) is None and guess([]) == {}


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
