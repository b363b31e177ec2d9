"""Whether a dashboard has the journal's file open: a lock on its folder, which ends with the process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.journal.errors import JournalError
from services.texts.speech import N_


class Presence:
    """This process uses the journal in a folder, from when this is made until `close`.

    Raises JournalError while the journal is being restored. Where the file system knows no such locks, nothing is held.
    """

    def __init__(self, folder: Path) -> None:
        self._lock: int | None = _locked(folder, fcntl.LOCK_SH)

    def close(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """No dashboard uses the journal in this folder, nor can start to use it. Raises JournalError where one does."""
    lock = _locked(folder, fcntl.LOCK_EX)
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def _locked(folder: Path, kind: int) -> int | None:
    """The lock, as an open folder; None where the file system knows no locks."""
    # Not on the file itself: closing any descriptor of it would end the locks that SQLite holds in this process.
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(opened, kind | fcntl.LOCK_NB)
    except OSError as error:
        os.close(opened)
        if not isinstance(error, BlockingIOError):
            return None
        if kind == fcntl.LOCK_SH:
            raise JournalError(N_("The journal is being restored just now. Start the dashboard after that.")) from None
        raise JournalError(N_("A dashboard uses this journal. Stop every dashboard first, then restore.")) from None
    return opened
