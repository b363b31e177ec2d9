"""What is too old, taken away where a setting says after how many days: the audit's lines, and respondents' data."""

import logging
import time
from math import inf

from services.background import BackgroundRunner
from services.journal.database import JournalError
from services.journal.journal import Journal

log = logging.getLogger(__name__)

EVERY_SECONDS = 600.0
"""After how many seconds a process asks whether it is time. The journal knows whether another one was faster."""

PEOPLE_EVERY_SECONDS = 86_400.0
"""After how many seconds a process looks for old data of respondents once more: it reads all batches that are over."""


class Retention:
    """A thread of this process that keeps the audit, and data of respondents, for so many days; None for ever."""

    def __init__(self, journal: Journal, audit_days: int | None, people_days: int | None = None) -> None:
        self._journal, self._audit_days, self._people_days = journal, audit_days, people_days
        self._people_at = -inf
        self._background = BackgroundRunner("retention")
        self._background.start(self._again_and_again, person="")

    def close(self) -> None:
        self._background.close(0)

    def _again_and_again(self) -> None:
        while True:
            try:
                self._look()
            except JournalError as error:
                log.error("What is too old could not be taken away: %s", error)
            if self._background.stop.wait(EVERY_SECONDS):
                return

    def _look(self) -> None:
        if self._audit_days is not None:
            self._journal.audit.forget_older(self._audit_days)
        if self._people_days is not None and time.monotonic() - self._people_at >= PEOPLE_EVERY_SECONDS:
            self._journal.personal.forget_older(self._people_days)
            # Last: where it failed, the next look tries again.
            self._people_at = time.monotonic()
