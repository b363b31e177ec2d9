"""Options of a list: told apart for any names, and called as they are where nothing is alike."""

from itertools import product

import pytest

from components.elements.choices import distinct, findable

NAMES = (
    "Anna", "anna", " Anna", "An\u200bna", "Anna\u3164", "Ａnna", "Anna (2)", "Anna · 1", "anna · 2", "",
    "Anna · 1 · 2", " ", "\u2800", "1", "All", "All · 1",
)  # fmt: skip


def look(text: str) -> str:
    """What a reader sees, written down by hand for the names above."""
    for unseen in ("\u200b", "\u3164", "\u2800"):
        text = text.replace(unseen, "")
    return " ".join(text.replace("Ａ", "A").casefold().split())


def test_texts_that_differ_stay_as_they_are() -> None:
    texts = {"a": "Anna", "b": "Ben", "c": "Anna (2)"}
    assert distinct(texts, str) == texts


def test_second_of_a_name_is_no_third_person() -> None:
    named = distinct({1: "Anna", 2: "Anna", 3: "Anna (2)"}, str)
    assert named == {1: "Anna · 1", 2: "Anna · 2", 3: "Anna (2)"}


def test_a_name_like_a_marked_one_is_marked() -> None:
    named = distinct({1: "Anna", 2: "Anna", 3: "Anna · 2"}, str)
    assert named == {1: "Anna · 1", 2: "Anna · 2", 3: "Anna · 2 · 3"}


@pytest.mark.parametrize("mark", [str, lambda _: "same", lambda _: ""], ids=["own", "same", "none"])
def test_no_names_make_two_options_look_alike(mark: type[str]) -> None:
    for texts in product(NAMES, repeat=3):
        named = distinct(dict(enumerate(texts, start=1)), mark)
        looks = {look(text) for text in named.values()}
        assert len(looks) == 3 and "" not in looks, (texts, named)


def test_a_fixed_option_keeps_its_text() -> None:
    for texts in product(NAMES, repeat=2):
        named = distinct({0: "All", **dict(enumerate(texts, start=1))}, str, fixed={0})
        assert named[0] == "All"
        assert len({look(text) for text in named.values()}) == 3, named


@pytest.mark.parametrize(
    ("text", "option"),
    [
        ("José García", "José García · jose garcia"),
        ("Алёна", "Алёна · алена"),
        ("Андрей", "Андрей"),
        ("Seán O’Brien", "Seán O’Brien · sean o'brien"),
        ("Anna\u00a0K.", "Anna\u00a0K. · anna k."),
        ("Anna-Maria O'Neill, 12", "Anna-Maria O'Neill, 12"),
        ("", ""),
    ],
)
def test_option_shows_how_it_is_typed(text: str, option: str) -> None:
    assert findable(text) == option
