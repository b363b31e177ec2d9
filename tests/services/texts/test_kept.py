"""Texts that are kept in English are said in the language of the person who reads them."""

from pathlib import Path

import pytest

from services.aseed.errors import AseedError, Failed, OutcomeUnknown, TokensShort, as_record, from_record
from services.batches import settling
from services.journal import batch_writes, batches, file, replacements, run
from services.journal.database import JournalError
from services.journal.records import State
from services.texts.kept import kept, said
from services.texts.speech import speaking


def in_russian(text: object) -> str:
    with speaking("ru"):
        return said(str(text))


@pytest.mark.parametrize(
    ("line", "russian"),
    [
        (batches.CREATE_PRESSED(count=3), "Нажато «Создать», комнат: 3"),
        (batches.LOOKED_AGAIN_WITH_GAPS(late=2), "проверено ещё раз, запоздавших комнат: 2, список с пропусками"),
        (batch_writes.ENDED[State.SHORT](filled=1, wanted=4), "меньше, чем нужно, комнат: 1 из 4"),
        (run.STOPPED[State.PARKED](why=Failed("Aseed failed (503).").kept), "приостановлено: Сбой в Aseed (503)."),
        (
            replacements.DEALT_WITH(room="a-1", why="left as it is: completed"),
            "комната a-1, которую она заменила: оставлена как есть: интервью завершено",
        ),
        (
            settling.MISSING_AND_OTHERS_IN(missing=1, count=2, words="minutes, voice"),
            "Не хватает комнат: 1. Новых комнат в проекте: 2, и они не такие, как были запрошены. "
            "Отличаются: минуты, голос.",
        ),
    ],
)
def test_kept_line_is_said_in_russian(line: str, russian: str) -> None:
    assert in_russian(line) == russian


@pytest.mark.parametrize("line", ["", "a line of a newer version", "Aseed answered", "{count} rooms"])
def test_line_that_is_not_known_stays(line: str) -> None:
    assert in_russian(line) == line


def test_values_stay_as_they_are() -> None:
    shown = kept("shown by {desk} ({count})")
    with speaking("ru"):
        assert said(shown(desk="Cancel was pressed", count=5)) == "shown by Cancel was pressed (5)"


@pytest.mark.parametrize(
    ("error", "russian"),
    [
        (TokensShort(402, "Balance: 3 {tokens}"), "Aseed отклонил запрос (402): Balance: 3 {tokens}"),
        (TokensShort(402), "Aseed отклонил запрос (402)"),
        (OutcomeUnknown("Aseed did not answer in time."), "Aseed не ответил вовремя."),
    ],
)
def test_error_is_kept_in_english(error: AseedError, russian: str) -> None:
    with speaking("ru"):
        record = as_record(error)
        assert (str(error), str(from_record(record))) == (russian, russian)
    assert record["text"] == str(error) == error.kept


def test_error_of_the_journal_says_what_to_do(tmp_path: Path) -> None:
    lost = tmp_path / "journal.sqlite3"
    lost.touch()
    journal = file.JournalFile(lost, "0001", 1)
    with pytest.raises(JournalError) as refused, speaking("ru"):
        journal.check()
    with speaking("ru"):
        assert str(refused.value) == (
            f"Файл журнала {lost} пуст: его содержимое потеряно. Восстановите резервную копию "
            "(python -m services.restore FILE) или уберите файл, чтобы начать с пустого журнала."
        )
    assert "is empty" in str(refused.value)
