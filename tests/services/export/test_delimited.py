"""CSV in both forms, and which of them a person's spreadsheets expect."""

import csv
import io

import pytest

from services.export.delimited import Delimiter, csv_file, delimiter_of
from tests.entries import HOSTILE, ODD


@pytest.mark.parametrize("delimiter", Delimiter)
def test_cells_are_quoted_like_csv_writer(delimiter: Delimiter) -> None:
    cells = [*HOSTILE, *ODD, "", '"', "a,b", "a;b", "\r\n", " x "]
    expected = io.StringIO(newline="")
    lines = [("a", "b"), *zip(cells, reversed(cells), strict=True)]
    csv.writer(expected, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    assert csv_file({"a": cells, "b": cells[::-1]}, delimiter).decode("utf-8-sig") == expected.getvalue()


@pytest.mark.parametrize(
    "locale",
    ["de", "de-DE", "de-CH", "DE-at", "ru", "ru-RU", "fr-CA", "pt-BR", "es", "es-ES", "es-AR", "sr-Latn-RS", "nb_NO"],
)
def test_decimal_comma_means_semicolons(locale: str) -> None:
    assert delimiter_of(locale) is Delimiter.SEMICOLON


@pytest.mark.parametrize(
    "locale", [None, "", "en", "en-GB", "en-US", "es-MX", "es-419", "ja-JP", "zh-Hant-TW", "he", "x"]
)
def test_other_locales_mean_commas(locale: str | None) -> None:
    assert delimiter_of(locale) is Delimiter.COMMA


def test_each_form_names_the_other() -> None:
    assert [(each.words, each.other.words) for each in Delimiter] == [
        ("commas", "semicolons"),
        ("semicolons", "commas"),
    ]
