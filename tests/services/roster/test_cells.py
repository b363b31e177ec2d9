"""The text of a cell: what is kept, and which invisible characters are dropped."""

import pytest

from services.roster.cells import clean, lines, one_line


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Anna",
        "Анна Каренина",
        "NA",
        "None",
        "007",
        "1e5",
        "=1+1",
        "👩\u200d👩\u200d👧",
        "a\u200cb",
        "two  spaces",
        "'",
    ],
)
def test_a_text_is_kept_as_it_is(text: str) -> None:
    assert clean(text) == one_line(text) == lines(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\0An\0na", "Anna"),
        ("An\u202ena\u202c", "Anna"),
        ("\u2066Anna\u2069", "Anna"),
        ("\u200eAn\u200fna\u061c", "Anna"),
        ("An\x07na\x7f\x9f", "Anna"),
        (" \t\u00a0\u3000Anna\u2003\r\n", "Anna"),
        ("\ufeff\u200bAnna\u2060 \u200b", "Anna"),
        ("\u202e \u200b\0", ""),
        ("и\u0306од", "йод"),
        ("e\u202e\u0301", "é"),
    ],
)
def test_invisible_characters_are_dropped_and_letters_composed(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\t", "\v", "\f", "\x85", "\u2028", "\u2029", " \n\n "])
def test_line_ends_in_a_cell_become_one_space(end: str) -> None:
    assert one_line(f"Anna{end}Berg") == "Anna Berg"


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_lines_can_be_kept_and_all_end_alike(end: str) -> None:
    assert lines(f"Coffee{end}Tea") == "Coffee\nTea"
