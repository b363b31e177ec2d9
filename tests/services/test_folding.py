"""Texts in the form in which they are searched."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.folding import folded, plain, wanted
from tests.folding_texts import APART, SAME


@pytest.mark.parametrize(("stored", "typed"), SAME)
def test_name_is_found_as_it_is_typed(stored: str, typed: str) -> None:
    assert folded(stored) == folded(typed)
    assert all(word in folded(stored) for word in wanted(typed))


@pytest.mark.parametrize(("one", "other"), APART)
def test_different_letters_stay_apart(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("text", [text for pair in (*SAME, *APART) for text in pair])
def test_stored_form_of_letters_makes_no_difference(text: str, form: str) -> None:
    normal = unicodedata.normalize(form, text)  # type: ignore[arg-type]  # one of the four
    assert folded(normal) == folded(text)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert plain(plain(text)) == plain(text)


@given(st.text(alphabet=st.characters(max_codepoint=0x52F)), st.data())
def test_part_of_a_text_finds_it(text: str, data: st.DataObject) -> None:
    letters = unicodedata.normalize("NFC", text)
    start = data.draw(st.integers(0, len(letters)))
    end = data.draw(st.integers(start, len(letters)))
    # A part may not begin with a mark: that belongs to the letter before.
    assert re.match(r"[\u0300-\u036f]", letters[start:end]) or folded(letters[start:end]) in folded(letters)


def test_plain_text_keeps_its_spaces_and_signs() -> None:
    assert plain("Seán O’Brien–Łuk\u00a0asz") == "sean o'brien-luk asz"


def test_signs_alone_are_no_words() -> None:
    assert wanted(" - ' ·  ") == []
    assert wanted("Keller, Anna-Maria") == ["keller", "annamaria"]
