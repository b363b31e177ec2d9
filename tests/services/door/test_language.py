"""A visitor reads the language that is asked for, else the browser's, else the first."""

import pytest

from services.door.language import language_for, spoken_for


@pytest.mark.parametrize(
    ("languages", "asked", "accepted", "expected"),
    [
        (("en", "ru"), "", "ru-RU,ru;q=0.9,en-US;q=0.8", "ru"),
        (("en", "ru"), "", "de,ru;q=0.5,en;q=0.7", "en"),
        (("en", "ru"), "", "fr", "en"),
        (("de", "ru"), "", "", "de"),
        (("en", "ru"), "ru", "en", "ru"),
        (("en", "ru"), "xx", "ru", "ru"),
        (("en", "ru"), "", "ru;q=0", "en"),
        (("pt", "pt_BR"), "", "pt-BR", "pt_BR"),
        (("en", "zh-Hant"), "", "zh-TW", "zh-Hant"),
        (("en", "ru"), "", "*;q=0.5, ;;, ru", "ru"),
    ],
)
def test_wish_decides_the_language(languages: tuple[str, ...], asked: str, accepted: str, expected: str) -> None:
    assert language_for(languages, asked, accepted) == expected


def test_english_stands_in_for_unspoken_languages() -> None:
    assert [spoken_for(code) for code in ("ru", "ru-RU", "en_GB", "de")] == ["ru", "ru", "en", "en"]
