"""What the journal's database logs: never a row."""

import logging

import pytest

from services.journal.journal import Journal
from services.participants import Participant
from tests.services.journal.presses import MINE, PROJECT


@pytest.mark.parametrize("logger", ["", "sqlalchemy", "sqlalchemy.engine", "sqlalchemy.engine.Engine", "psycopg"])
def test_no_row_is_logged_at_any_level(database: str, caplog: pytest.LogCaptureFixture, logger: str) -> None:
    with caplog.at_level(logging.DEBUG, logger):
        journal = Journal(database)
        secret = Participant(label="SECRET", email="secret@example.org")
        journal.rooms.relabel(MINE, str(PROJECT), {"room": secret})
        assert journal.rooms.known(MINE)["room"].participant == secret
        journal.close()
    assert "secret" not in caplog.text.lower()
    if "sqlalchemy" in logger:
        assert "SELECT" in caplog.text
