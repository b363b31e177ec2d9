"""The text of a cell: what is kept, and which invisible characters are dropped."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.roster.cells import bare, clean, hides, lines, one_line


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
        "❤️‍🔥",
        "1\ufe0f\u20e3",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "葛\U000e0100城",
        "علی\u200cرضا",
        "क्\u200dष क्\u200cष",
        "ജോണ്\u200d",
        "ᠠ\u180b",
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
        ("An\u00adna\u200b Be\u2060rg\ufeff", "Anna Berg"),
        ("An\u200cna\u200d", "Anna"),
        ("\u200dعلی\u200c", "علی"),
        ("1\ufe0f A\ufe0f", "1 A"),
        ("Anna\U000e0041\U000e007f\U000e0100", "Anna"),
        ("\u1160Kim\u3164\u180e", "Kim"),
        ("👩\u200d", "👩"),
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


INVISIBLE = (
    "\0\x07\u00ad\u034f\u061c\u180b\u180e\u200b\u200c\u200d\u2060\ufe0f\ufeff\u202e\u2066\u3164"
    "\U000e0041\U000e007f\U000e0100"
)


@pytest.mark.parametrize("char", INVISIBLE)
@pytest.mark.parametrize(
    "text", ["{}anna@example.org", "an{}na@example.org", "anna@{}example.org", "P-00{}1", "P-001{}"]
)
def test_address_and_id_keep_no_invisible_character(char: str, text: str) -> None:
    assert bare(text.format(char)) == clean(text.format(char)) == text.format("")
    assert hides(text.format(char)) and not hides(text.format(""))


@pytest.mark.parametrize("text", ["علی\u200cرضا", "葛\U000e0100", "👩\u200d👧"])
def test_ids_lose_also_what_letters_need(text: str) -> None:
    assert not hides(text) and len(bare(text)) == len(text) - 1


@example("\u061c\u200c\u061c")
@example("\u17b4\u200d\u17b5")
@given(st.text(st.sampled_from(f"{INVISIBLE}aZ1 ع\u094dक👩❤葛ᠠ🏴\u20e3\u0301\n\u3000")))
def test_a_clean_text_stays_as_it_is(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned and not hides(cleaned)
    assert bare(bare(text)) == bare(text)
