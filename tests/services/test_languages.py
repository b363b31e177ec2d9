"""One language has one name, however a list, a form or another tool writes it."""

import pytest

from services.languages import language_in_words, language_name, own_name
from services.texts.speech import speaking


@pytest.mark.parametrize(
    ("texts", "name"),
    [
        (
            "en|EN|eng|en-GB|en_US|English|ENGLISH|английский|Englisch|anglais|inglés|inglês|inglese|angielski",
            "English",
        ),
        ("İngilizce|ingilizce|англійська|English (en)|English (UK)|British English|in English|en (English)", "English"),
        (
            "ru|ru-RU|RU|rus|Russian|Русский|русский язык|по-русски|Russisch|russe|ruso|rosyjski|Rusça|російська",
            "Russian",
        ),
        ("de|de-informal|ger|deu|Deutsch|German|немецкий|allemand|Deutsch (Sie)|niemiecki|Almanca|німецька", "German"),
        ("pt-BR|Português|Portuguese|Português (Brasil)|portugais", "Portuguese"),
        ("uk|ua|ukr|Українська|украинский|Ukrainian|українська мова", "Ukrainian"),
        ("Türkçe|tr|turecki", "Turkish"),
        ("Polski|język polski|pl_PL", "Polish"),
        ("es-419|Español (España)|castellano|spanisch", "Spanish"),
        ("中文|zh-Hans|Chinese", "Chinese"),
    ],
)
def test_each_form_gives_one_name(texts: str, name: str) -> None:
    assert {text: language_name(text) for text in texts.split("|")} == dict.fromkeys(texts.split("|"), name)


@pytest.mark.parametrize("text", [None, "", " ", "auto", "Auto", "авто", "automatisch"])
def test_open_language_is_none(text: str | None) -> None:
    assert language_name(text) is None


@pytest.mark.parametrize(
    "text", ["Klingon", "None", "NA", "English/Russian", "English, Russian", "Deutsch oder Englisch"]
)
def test_other_text_stays_as_typed(text: str) -> None:
    assert language_name(text) == text


@pytest.mark.parametrize(("name", "russian"), [("German", "немецкий"), ("Deutsch", "немецкий"), ("Klingon", "Klingon")])
def test_known_language_is_told_to_its_reader(name: str, russian: str) -> None:
    assert language_in_words(name) == name
    with speaking("ru"):
        assert language_in_words(name) == russian


def test_language_is_named_as_its_speakers_do() -> None:
    assert [own_name(tag) for tag in ("de", "ru", "pt-BR", "ja", "xx")] == [
        "Deutsch",
        "Русский",
        "Português",
        "日本語",
        "xx",
    ]
