"""Text that comes from outside: which cells run, and what a page shows literally."""

import json
import re
import string
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.trust import FORMULA_STARTS, as_cell, as_cells, as_prose_cell, literal, without_guard

FORMULA_CASES = Path(__file__).parents[1] / "formula_cases.json"

WORD_JOINER = "\u2060"


CASES: list[tuple[str, str]] = [(text, cell) for text, cell in json.loads(FORMULA_CASES.read_text())]
"""Texts, and the cells that they become; the offline pack's script is held to the same table."""


@pytest.mark.parametrize(("text", "cell"), CASES)
def test_no_part_of_a_cell_runs(text: str, cell: str) -> None:
    assert as_cell(text) == cell


@pytest.mark.parametrize("text", [text for text, _ in CASES])
def test_guarded_text_comes_back_as_it_was(text: str) -> None:
    assert without_guard(as_cell(text)) == text


SIGNS = st.text(st.sampled_from("=+-@'\"a1 ,;|\t\r\n\u200b\u3164＝"), max_size=12)


@given(SIGNS)
def test_any_guarded_text_comes_back(text: str) -> None:
    assert without_guard(as_cell(text)) == text


@given(st.lists(SIGNS | st.sampled_from(["", "Anna", "a@b.c", "_x"])))
def test_column_is_guarded_cell_by_cell(texts: list[str]) -> None:
    assert list(as_cells(texts)) == [as_cell(text) for text in texts]


def test_letter_keeps_its_lines() -> None:
    assert as_prose_cell("Bring:\n- a pen, - water") == "Bring:\n- a pen, - water"
    assert as_prose_cell("- a pen") == "'- a pen"
    assert as_prose_cell(as_cell("=1")) == "'=1"


@pytest.mark.parametrize(
    ("text", "cell"),
    [("\0=1+1", "'=1+1"), ("=\0001", "'=1"), (" \0=1", "' =1"), ("\0Anna\0", "Anna"), ("\0", ""), ("\0\t", "'\t")],
)
def test_a_nul_is_dropped_and_hides_nothing(text: str, cell: str) -> None:
    assert as_cell(text) == cell


def shown(markdown: str) -> str:
    """What a reader of the markdown sees: escapes taken back, and word joiners, which have no width, left out."""
    assert not re.search(rf"(?<!\\)(?:\\\\)*[{re.escape(string.punctuation.replace(chr(92), ''))}]", markdown)
    return re.sub(rf"\\([{re.escape(string.punctuation)}])", r"\1", markdown).replace(WORD_JOINER, "")


@pytest.mark.parametrize("mark", string.punctuation)
def test_every_punctuation_mark_is_escaped_and_shown(mark: str) -> None:
    assert literal(f"a{mark}b").replace(WORD_JOINER, "") == f"a\\{mark}b"
    assert shown(literal(mark * 3)) == mark * 3


@pytest.mark.parametrize(
    "text",
    [
        "**bold** _it_ ~~gone~~ `code`",
        "![image](https://evil.com/x.png)",
        "[link](javascript:alert(1))",
        "<script>alert(1)</script>",
        "$$x^2$$ and $5",
        ":red[text] :material/home: :tada:",
        "# heading - list 1. list > quote | table",
        "\\escaped\\",
        "Анна – 5 % «так»",
        "😀",
        "http://evil.com www.evil.com a@evil.com a -> b :streamlit:",
    ],
)
def test_text_is_shown_literally(text: str) -> None:
    assert shown(literal(text)) == text


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("https://evil.com", "://"),
        ("ftp://evil.com", "://"),
        ("HTTPS://EVIL.COM", "://"),
        ("www.evil.com", "www."),
        ("WwW.evil.com", "WwW."),
        ("www.www.evil.com", "www."),
        ("a@evil.com", "@evil"),
        ("a@@b", "@@"),
        ("a -> b", "->"),
        ("a --> b", "->"),
        (":streamlit:", ":streamlit:"),
        (":STREAMLIT:", ":STREAMLIT:"),
        (":streamlit::streamlit:", ":streamlit:"),
        (":streamlit:streamlit:", ":streamlit:"),
    ],
)
def test_automatic_links_are_broken_invisibly(text: str, joined: str) -> None:
    without_escapes = literal(text).replace("\\", "")
    assert joined in text and joined not in without_escapes
    assert without_escapes.replace(WORD_JOINER, "") == text


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\n\n", "\t", "\v", "\f", "\u2028", "\u2029", "\x85"])
def test_line_ends_become_one_space(end: str) -> None:
    assert literal(f"{end}two{end}lines{end}") == "two lines"


def test_plain_text_is_left_as_it_is() -> None:
    assert literal("Анна Каренина 5") == "Анна Каренина 5"


def test_no_letter_or_digit_starts_a_formula() -> None:
    letters = (chr(code) for code in range(sys.maxunicode + 1) if chr(code).isalnum())
    assert not [char for char in letters if unicodedata.normalize("NFKC", char)[:1] in FORMULA_STARTS]


@pytest.mark.parametrize("control", ["\u202e", "\u202a", "\u2066", "\u2069"])
def test_name_cannot_turn_the_direction_of_text(control: str) -> None:
    assert literal(f"Anna{control} Berg") == "Anna Berg"


@pytest.mark.parametrize("drawn", ["->", "<-", "-->", "<->", "--", ">=", "<=", "~="])
def test_no_arrow_is_drawn_of_two_characters(drawn: str) -> None:
    shown = literal(f"a {drawn} b").replace("\\", "")
    assert drawn[:2] not in shown and shown.replace(WORD_JOINER, "") == f"a {drawn} b"
