"""The audit's old lines, taken away once a day where a setting says after how many days."""

import logging

from services.background import BackgroundRunner
from services.journal.database import JournalError
from services.journal.journal import Journal

log = logging.getLogger(__name__)

EVERY_SECONDS = 600.0
"""After how many seconds a process asks whether it is time. The journal knows whether another one was faster."""


class Retention:
    """A thread of this process that keeps the audit for so many days."""

    def __init__(self, journal: Journal, days: int) -> None:
        self._journal, self._days = journal, days
        self._background = BackgroundRunner("retention")
        self._background.start(self._again_and_again, person="")

    def close(self) -> None:
        self._background.close(0)

    def _again_and_again(self) -> None:
        while True:
            try:
                self._journal.audit.forget_older(self._days)
            except JournalError as error:
                log.error("Old lines of the audit could not be taken away: %s", error)
            if self._background.stop.wait(EVERY_SECONDS):
                return
