"""Which column holds which field: by its header, or by its content where there is no header."""

import unicodedata
from collections.abc import Sequence
from enum import StrEnum


class Field(StrEnum):
    """A field of a person in a roster. Each value is the column's name in our own links file."""

    LABEL = "label"
    EMAIL = "email"
    EXTERNAL_ID = "external_id"
    LANGUAGE = "language"
    MINUTES = "max_duration_minutes"
    VOICE = "voice"
    TOPICS = "topics_for_respondent"


_KNOWN_HEADERS = {
    Field.LABEL: """
        label; room label; display name; name; full name; first name; given name; last name; surname; family name;
        participant; participant name; respondent; respondent name; person; contact;
        метка; ярлык; подпись; имя; полное имя; имя и фамилия; фамилия и имя; фамилия имя; имя фамилия; фамилия;
        фамилия имя отчество; фио; ф. и. о.; участник; участница; имя участника; фио участника; участники; респондент;
        респонденты; имя респондента; фио респондента; название; человек; контакт
        """,
    Field.EMAIL: """
        email; e-mail; mail; email address; e-mail address; mail address; participant email; contact email;
        почта; эл. почта; электронная почта; адрес эл. почты; адрес электронной почты; адрес почты; почтовый адрес;
        email адрес; e-mail участника; почта участника; электронный адрес; имейл; емейл; мейл; емайл
        """,
    Field.EXTERNAL_ID: """
        external id; id; ids; participant id; respondent id; person id; subject id; code; participant code;
        respondent code; identifier; participant number; respondent number; participant no;
        код; код участника; код респондента; id участника; id респондента; ид; ид участника; идентификатор;
        идентификатор участника; идентификатор респондента; внешний код; внешний id; номер участника;
        номер респондента; № участника; № респондента; шифр
        """,
    Field.LANGUAGE: """
        language; lang; interview language; язык; язык интервью; язык участника; язык респондента
        """,
    Field.MINUTES: """
        max duration minutes; max duration; duration; duration minutes; duration (minutes); duration (min);
        duration, min; minutes; min; mins; length; length (minutes); interview length;
        длительность; длительность (мин); длительность в минутах; длительность (минут); длительность интервью;
        минуты; минут; мин; продолжительность; продолжительность (мин); продолжительность в минутах; время (мин)
        """,
    Field.VOICE: """
        voice; interviewer voice; голос; голос интервьюера
        """,
    Field.TOPICS: """
        topics for respondent; topics for respondents; topics; topic; themes; questions;
        темы; тема; темы интервью; темы для респондента; темы для участника; темы разговора; вопросы
        """,
}


def _plain(header: str) -> str:
    """The letters and digits of a header: no case, spaces or punctuation, and no dots on letters."""
    text = unicodedata.normalize("NFC", header).casefold().replace("ё", "е").replace("№", "номер")
    return "".join(filter(str.isalnum, text))


_FIELDS = {_plain(name): field for field, names in _KNOWN_HEADERS.items() for name in names.split(";")}
_OWN = {_plain(field): field for field in Field}


def recognise(header: Sequence[str]) -> dict[Field, int]:
    """The columns with a known header in English or Russian, numbered from 0.

    A column with the name of our own links file is preferred. Where several columns remain for a field, none is taken:
    `ambiguous` gives them.
    """
    return {field: columns[0] for field, columns in _claims(header).items() if len(columns) == 1}


def ambiguous(header: Sequence[str]) -> dict[Field, tuple[int, ...]]:
    """The columns that claim one field, such as a first and a last name, for the researcher to choose from."""
    return {field: tuple(columns) for field, columns in _claims(header).items() if len(columns) > 1}


def has_header(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: a name is known, and no cell is an address."""
    return bool(rows) and bool(_claims(rows[0])) and not any("@" in cell for cell in rows[0])


def is_links_file(header: Sequence[str]) -> bool:
    """Whether a header is the one of our own links file (services.export.table)."""
    return {"link", "room_id"} <= set(header)


def guess(rows: Sequence[Sequence[str]]) -> dict[Field, int]:
    """The likely fields of a list without a header: addresses by their @, and a single other column as label."""
    width = len(rows[0]) if rows else 0
    addresses = [column for column in range(width) if _holds_addresses(rows, column)]
    others = [column for column in range(width) if column not in addresses]
    found = {Field.EMAIL: addresses[0]} if len(addresses) == 1 else {}
    return {**found, Field.LABEL: others[0]} if len(others) == 1 else found


def _holds_addresses(rows: Sequence[Sequence[str]], column: int) -> bool:
    cells = [row[column] for row in rows if row[column]]
    return bool(cells) and all("@" in cell for cell in cells)


def _claims(header: Sequence[str]) -> dict[Field, list[int]]:
    """The columns that claim each field: those with our own name for it, else those with any known name."""
    plain = [_plain(name) for name in header]
    claims: dict[Field, list[int]] = {}
    for names in (_OWN, _FIELDS):
        settled = frozenset(claims)
        for column, name in enumerate(plain):
            if (field := names.get(name)) and field not in settled:
                claims.setdefault(field, []).append(column)
    return claims
