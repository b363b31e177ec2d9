"""Texts are said in one language for each person, whatever others read at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from services.local_time import in_words
from services.texts import speech
from services.texts.catalogues import catalogue, languages
from services.texts.speech import _, counted, language, ngettext, number, speaking

ROOMS = {
    "en": {0: "0 rooms", 1: "1 room", 2: "2 rooms", 5: "5 rooms", 21: "21 rooms", 2500: "2,500 rooms"},
    "ru": {
        **{0: "0 комнат", 1: "1 комната", 2: "2 комнаты", 5: "5 комнат", 11: "11 комнат", 21: "21 комната"},
        **{22: "22 комнаты", 111: "111 комнат", 2500: "2\xa0500 комнат"},
    },
}


@pytest.mark.parametrize("code", ROOMS)
def test_number_takes_its_plural_form(code: str) -> None:
    with speaking(code):
        assert {count: counted(count, "room", "rooms") for count in ROOMS[code]} == ROOMS[code]


def test_number_stands_inside_its_sentence() -> None:
    said = [ngettext("and {count} more", "and {count} more", count) for count in (1, 1200)]
    assert said == ["and 1 more", "and 1,200 more"]


def test_language_ends_with_its_block() -> None:
    with speaking("ru"):
        with speaking("en"):
            assert _("Cancelled") == "Cancelled"
        assert _("Cancelled") == "Отменено"
    assert (language(), _("Cancelled")) == ("en", "Cancelled")


def test_unknown_language_is_english() -> None:
    with speaking("xx"):
        assert _("Cancelled") == "Cancelled"


def test_threads_speak_their_own_languages() -> None:
    def said(code: str) -> str:
        with speaking(code):
            return _("Cancelled")

    with ThreadPoolExecutor(8) as threads:
        came = list(threads.map(said, ["ru", "en"] * 200))
    assert came == ["Отменено", "Cancelled"] * 200


def test_text_without_translation_stays() -> None:
    with speaking("ru"):
        assert _("No catalogue has this.") == "No catalogue has this."


def test_empty_text_stays_empty() -> None:
    with speaking("ru"):
        assert _("") == ""


def test_value_is_never_read_as_a_place() -> None:
    assert _("{seconds} s", seconds="{minutes} {0}") == "{minutes} {0} s"
    assert _("Text with {braces} and no values") == "Text with {braces} and no values"


def test_moment_has_the_languages_names() -> None:
    there, zone = datetime(2026, 11, 30, 21, 13, tzinfo=UTC), ZoneInfo("Europe/Berlin")
    assert in_words(there, zone) == "Mon 30 Nov 2026, 22:13"
    with speaking("ru"):
        assert in_words(there, zone) == "пн, 30 нояб. 2026, 22:13"


@pytest.mark.parametrize(("value", "said"), [(999, "999"), (-1000, "-1\xa0000"), (2500, "2\xa0500"), (1.5, "1,5")])
def test_numbers_are_written_as_the_language_does(value: float, said: str) -> None:
    with speaking("ru"):
        assert number(value) == said


def test_language_needs_one_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "pt_BR.po").write_text('msgid "Cancelled"\nmsgstr "Cancelado"\n', encoding="utf-8")
    (tmp_path / "de.po").write_text(
        'msgid ""\nmsgstr "Language: de\\nContent-Type: text/plain; charset=utf-8\\n'
        'Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\nmsgid "Cancelled"\nmsgstr "Abgesagt"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(speech._Asked, "more", tmp_path)
    assert list(speech.known()) == ["en", "ru", "de", "pt_BR"]
    with speaking("de"):
        assert _("Cancelled") == "Abgesagt"
        assert number(2500) == "2.500"
    with speaking("pt_BR"):
        assert (_("Cancelled"), number(2500)) == ("Cancelado", "2.500")


def test_catalogue_is_read_once() -> None:
    file = languages()["ru"]
    assert file is not None and catalogue(file) is catalogue(file)
