"""How much a text looks like a language."""

import pytest

from services.roster.alphabets import likeness


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Müller", "MŸller"),
        ("Zoë", "Zo‘"),
        ("Łukasz", "£ukasz"),
        ("Dvořák", "Dvoøák"),
        ("анна", "ЮММЮ"),
        ("Юлия", "аћ…—"),
        ("Αννα", "Бннб"),
        ("José", "Josй"),
        ("Ayşe", "Ayþe"),
        ("Anna", "A■na"),
    ],
)
def test_right_reading_is_more_like_words(right: str, wrong: str) -> None:
    assert likeness([right]) > likeness([wrong])


def test_texts_without_letters_are_compared_too() -> None:
    assert likeness([]) == likeness(["5 €"]) == likeness(["Anna"]) == 0
