"""What the journal and outcomes keep in English, said in the reader's language."""

from datetime import UTC, datetime

import pytest

from components.elements.history import BETWEEN, LENGTH_SET, RENAMED, TEXTS_CHANGED, line_in_words, works_until
from components.elements.jobs import cancellation
from services.changes import words
from services.texts.kept import said
from services.texts.speech import speaking
from tests.study import entry

UNTIL = works_until(datetime(2026, 11, 30, 22, 13, tzinfo=UTC))


@pytest.mark.parametrize(
    ("kept", "in_russian"),
    [
        (RENAMED, "переименована"),
        (UNTIL, "работает до 2026-11-30 22:13 UTC"),
        (
            BETWEEN.join((RENAMED, LENGTH_SET(minutes=45), UNTIL, TEXTS_CHANGED["topics_for_respondent"])),
            "переименована, длительность: 45 мин, работает до 2026-11-30 22:13 UTC, изменены темы для участника",
        ),
        ("what an earlier version wrote", "what an earlier version wrote"),
    ],
)
def test_history_is_read_in_the_own_language(kept: str, in_russian: str) -> None:
    assert line_in_words(kept) == kept
    with speaking("ru"):
        assert line_in_words(kept) == in_russian


def test_outcomes_are_read_in_the_own_language() -> None:
    with speaking("ru"):
        assert said(words.OTHER_BY_NOW(status="active")) == "Комнату не тронули: её статус уже active."
        again = "Возможно, это всё же сделано: для уверенности повторите."
        assert said(words.FAILED_THEN_AGAIN(why=words.PAUSE)) == f"{said(words.PAUSE)} {again}"
        assert said("Only pending rooms can be updated.") == "Only pending rooms can be updated."


def test_rooms_without_a_name_are_kept_in_english() -> None:
    with speaking("ru"):
        assert cancellation(entry(display_name=None)).label == "Room 1"
