"""What a history says of hand-outs is kept in English, and told in the language of the person who reads it."""

import pytest

from services.journal.desk import history
from services.texts.kept import Kept, said
from services.texts.speech import _, speaking

LINES = [line for line in vars(history).values() if isinstance(line, Kept)]

VALUES = {
    "desk": "On show at noon, {Maria}",
    "pack": "Lab (2)",
    "moment": "2026-03-02 14:05 UTC",
    "door": "City {fair}",
}


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.text)
def test_each_line_is_told_in_readers_language(line: Kept) -> None:
    kept = line(**VALUES)
    assert said(kept) == kept
    with speaking("ru"):
        assert said(kept) == _(line.text, **VALUES) != kept
