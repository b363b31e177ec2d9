"""Copies of the journal's file: a backup, also while dashboards write, and a backup in the journal's place."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from services.journal.batches import LEASE_SECONDS
from services.journal.database import BUSY_SECONDS, NEWEST, Database, JournalError
from services.journal.file import JournalFile, check_database
from services.journal.place import beginning, keep, put, rollback_of
from services.journal.presence import alone
from services.journal.restored import mark_restored
from services.private_folder import make_private_folder

ANOTHER = "Take another backup."

_AT_WORK = (
    "SELECT id FROM batches WHERE ended_at IS NULL"
    " AND runner_seen_at > (julianday('now') - 2440587.5) * 86400 - :lease LIMIT 1"
)
"""A batch of which a dashboard has said just now that it works on it, in a journal of any revision."""


def back_up(journal: Path, backup: Path) -> None:
    """Copies the journal as it is at one moment into a new file, which only its owner can read.

    Dashboards go on meanwhile, and wait with what they write until the copy is made. Raises JournalError; then there
    is no new file.
    """
    with _plain(backup):
        if not journal.exists():
            raise JournalError(f"There is no journal at {journal}: there is nothing to back up.")
        if os.path.lexists(backup):
            raise JournalError(f"There is a file {backup} already, which stays as it is. Name another file.")
        JournalFile(journal, NEWEST, BUSY_SECONDS).check()
        with beginning(backup) as new:
            _copy(journal, new)
            if not put(new, backup):
                raise JournalError(f"There is a file {backup} by now, which stays as it is. Name another file.")


def restore(backup: Path, journal: Path) -> tuple[Path | None, int]:
    """Puts a backup into the journal's place. At every moment there is a whole journal: the old one, or the new one.

    Returns where the old file is kept, None where there was none, and how many batches are not over. Raises
    JournalError; then the journal is as it was.
    """
    journal = Path(os.path.realpath(journal))
    with _plain(journal):
        is_file = backup.is_file() and backup.stat().st_size > 0
        if not is_file or (journal.exists() and journal.samefile(backup)):
            raise JournalError(f"{backup} is no backup: name the file that the backup was written to.")
        check_database(backup, NEWEST, "ro", BUSY_SECONDS, None, ANOTHER)
        make_private_folder(journal.parent)
        with (
            alone(journal.parent),
            _locked(journal),
            # A folder of its own, because the marks are made as a dashboard would make them.
            TemporaryDirectory(prefix=f".{journal.name}.", dir=journal.parent) as folder,
            beginning(Path(folder) / journal.name) as new,
        ):
            _copy(backup, new)
            left = _marked(new)
            old = _set_aside(journal)
            os.replace(new, journal)
            keep(journal.parent)
            return old, left


def _copy(source: Path, new: Path) -> None:
    """Copies a database as it is at one moment, and looks at all that was written."""
    try:
        with closing(_opened(source, "ro")) as old, closing(_opened(new, "rw")) as copy:
            # The disk is waited for below, when no writer has to wait as well.
            copy.execute("PRAGMA synchronous = OFF")
            # Waits for a writer, and then keeps writers waiting: a copy in several parts would begin again after each.
            old.execute("BEGIN")
            old.execute("SELECT count(*) FROM sqlite_master")
            old.backup(copy)
    except sqlite3.Error as error:
        raise JournalError(f"The file {source} cannot be copied ({error}).") from None
    with new.open("rb") as written:
        os.fsync(written.fileno())
    check_database(new, NEWEST, "rw", BUSY_SECONDS, None)


def _marked(new: Path) -> int:
    """How many batches of the journal-to-be are not over; they are marked as restored."""
    # Brought up to date here: a failure of that must not come after the old journal was set aside.
    with closing(Database(f"sqlite:///{new}")) as opened:
        return mark_restored(opened)


@contextmanager
def _locked(journal: Path) -> Iterator[None]:
    """No other program writes to the old journal meanwhile. What SQLite cannot read needs no lock."""
    # SQLite would delete what a crash left beside an empty file.
    if not journal.is_file() or journal.stat().st_size == 0:
        yield
        return
    with closing(_opened(journal, "rw")) as old:
        try:
            old.execute("BEGIN EXCLUSIVE")
            at_work = old.execute(_AT_WORK, {"lease": LEASE_SECONDS}).fetchone()
        except sqlite3.Error as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                raise JournalError("Another program uses this journal. Stop it, and restore again.") from None
            at_work = None
        if at_work is not None:
            raise JournalError(
                "A dashboard creates rooms with this journal, or did a moment ago. Stop every dashboard, wait"
                f" {LEASE_SECONDS:.0f} seconds, and restore again."
            )
        yield


def _set_aside(journal: Path) -> Path | None:
    """Gives the old file, where there is one, a second name with the date. Returns it."""
    if not os.path.lexists(journal):
        return None
    if not journal.is_file():
        raise JournalError(f"What is in the place of the journal's file {journal} is no file. Move it away.")
    at = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")
    old = journal.with_name(f"{journal.stem}-until-{at}{journal.suffix}")
    if os.path.lexists(old):
        raise JournalError(f"There is a file {old} already. Restore again in a second.")
    try:
        os.link(journal, old)
    except OSError:
        # Not every file system has hard links.
        shutil.copy2(journal, old)
    rollback = rollback_of(journal)
    if rollback.exists():
        # Else SQLite would undo in the new file what was begun in the old one.
        os.rename(rollback, rollback_of(old))
    keep(journal.parent)
    return old


def _opened(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode={mode}", BUSY_SECONDS, isolation_level=None, uri=True)


@contextmanager
def _plain(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise JournalError(f"The file {path} cannot be written ({error.strerror}).") from None
