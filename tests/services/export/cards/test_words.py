"""A card speaks the language of its room, however that is written."""

import pytest

from services.export.cards.words import language_of


@pytest.mark.parametrize("spoken", ["Russian", "russian", "ru", "ru-RU", "Русский", "Russisch"])
def test_russian_room_gets_russian_card(spoken: str) -> None:
    assert language_of(spoken) == "ru"


@pytest.mark.parametrize("spoken", [None, "", "English", "en-GB", "German", "Belarusian", "Klingon"])
def test_other_rooms_get_english_cards(spoken: str | None) -> None:
    assert language_of(spoken) == "en"
