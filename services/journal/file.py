"""The journal's file: looked at before anything is written to it, made whole, and watched while it is open."""

import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from services.journal.errors import JournalError
from services.journal.place import beginning, put, rollback_of
from services.journal.presence import Presence
from services.private_folder import make_private_folder
from services.texts.kept import kept
from services.texts.speech import N_

LOOK_SECONDS = 0.2
"""How long a start looks for damage. In this time a journal of 50 MB is looked through; a larger one in part."""

OURS = {"alembic_version", "batches", "calls", "rooms"}
"""Tables that every journal has had from the first revision on."""

RESTORE = N_(
    "Restore a backup (python -m services.restore FILE), or move the file away to begin with an empty journal."
)

GONE = kept(
    "The journal's file {name} is gone. Stop the dashboard, put the file back or restore a backup (python -m"
    " services.restore FILE), and start it again."
)
GONE_BUT_FOR = kept(
    "The journal's file {path} is gone, and {left} is left of it. Put the file back or restore a backup (python -m"
    " services.restore FILE), or move {left} away to begin with an empty journal."
)
ANOTHER_FILE = kept("The journal's file {name} is not the one that was opened. Start the dashboard again.")
EMPTY_NOW = kept("The journal's file {name} is empty now. Stop the dashboard. {advice}")
EMPTY = kept("The journal's file {path} is empty: its content is lost. {advice}")
NO_JOURNAL = kept(
    "The file {path} is a database, and not a journal of this dashboard. Move it away, or name another folder in"
    " ROOMS_DATA_DIR."
)
NEWER = kept("The journal's file {path} was written by a newer version of this dashboard. Update the dashboard.")
DAMAGED = kept("The journal's file {path} is damaged, or is no journal. {advice}")
A_FOLDER = kept("There is a folder in the place of the journal's file {path}. Move the folder away.")
NO_FILE = kept("The journal's file {path} is not a file. Move it away.")
NO_ROOM = kept("There is no room for the journal's file {name}. Make room on its disk.")
NO_RIGHTS = kept(
    "The journal's file {path} cannot be read and written by the account of the dashboard. Give it the rights to the"
    " file and to its folder."
)
NOT_READ = kept("The journal's file {path} cannot be read ({reason}).")
NOT_OPENED = kept("The journal's file {path} cannot be opened ({reason}).")


class JournalFile:
    """One journal's file, for as long as it is open.

    path: where it is. newest: the revision that this dashboard knows. patience: seconds to wait for another writer.
    """

    def __init__(self, path: Path, newest: str, patience: float) -> None:
        self.path = Path(os.path.realpath(path))
        self._newest = newest
        self._patience = patience
        self._identity = (0, 0)
        self._presence: Presence | None = None

    @property
    def uri(self) -> str:
        return f"file:{quote(str(self.path))}"

    def open(self, fill: Callable[["JournalFile"], None]) -> None:
        """Makes sure that a whole journal of ours is there, which only its owner can read.

        fill: makes the tables of a new journal. Where there is a file already, it is changed only once it was found
        to be a journal. Raises JournalError.
        """
        with _plain(self.path):
            make_private_folder(self.path.parent)
            self._presence = Presence(self.path.parent)
            if not os.path.lexists(self.path):
                self._make(fill)
            self.check()
            status = self.path.stat()
            self._identity = (status.st_dev, status.st_ino)
            if stat.S_IMODE(status.st_mode) != 0o600:
                # A reader of the file has the links, so no other account may read it.
                self.path.chmod(0o600)

    def check(self) -> None:
        """Raises JournalError unless this is a journal that this dashboard can use, and changes nothing."""
        _refuse_other_kinds(self.path)
        for place in (self.path, self.path.parent):
            if not os.access(place, os.R_OK | os.W_OK, effective_ids=os.access in os.supports_effective_ids):
                raise JournalError(NO_RIGHTS(path=self.path))
        check_database(self.path, self._newest, "rw", self._patience, LOOK_SECONDS)

    def watch(self) -> None:
        """Raises JournalError where the file that was opened is no longer there: what is written would be lost."""
        try:
            status = self.path.stat()
        except OSError:
            raise JournalError(GONE(name=self.path.name)) from None
        if (status.st_dev, status.st_ino) != self._identity:
            raise JournalError(ANOTHER_FILE(name=self.path.name))
        if status.st_size == 0:
            raise JournalError(EMPTY_NOW(name=self.path.name, advice=RESTORE))

    def explanation(self, error: BaseException | None) -> str | None:
        """What a failure of SQLite means, and what to do; None where there is no more to say."""
        return _explanation(error, self.path.name)

    def close(self) -> None:
        if self._presence is not None:
            self._presence.close()

    def _make(self, fill: Callable[["JournalFile"], None]) -> None:
        left = rollback_of(self.path)
        # In this order: a journal that another process has just made may have one at any time.
        if left.exists() and not self.path.exists():
            raise JournalError(GONE_BUT_FOR(path=self.path, left=left.name))
        # Never visible without its tables: an empty file is one that was emptied.
        with beginning(self.path) as new:
            fill(JournalFile(new, self._newest, self._patience))
            put(new, self.path)


def check_database(
    path: Path, newest: str, mode: str, patience: float, seconds: float | None, advice: str = RESTORE
) -> None:
    """Raises JournalError unless the SQLite database is a journal, whole, and not of a newer dashboard.

    mode: `rw`, which lets SQLite undo what a crash left unfinished, or `ro`.
    seconds: how long to look for damage; None to look at everything, indexes as well.
    advice: what to do about damage.
    """
    try:
        uri = f"file:{quote(str(path))}?mode={mode}"
        opened = sqlite3.connect(uri, patience, isolation_level=None, check_same_thread=False, uri=True)
        with closing(opened) as db:
            tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not tables >= OURS:
                raise JournalError(NO_JOURNAL(path=path))
            (revision,) = db.execute("SELECT max(version_num) FROM alembic_version").fetchone()
            if is_newer(revision, newest):
                raise JournalError(NEWER(path=path))
            if _damage(db, seconds):
                raise JournalError(DAMAGED(path=path, advice=advice))
    except sqlite3.Error as error:
        why = _explanation(error, path, advice) or NOT_READ(path=path, reason=type(error).__name__)
        raise JournalError(why) from None


def is_newer(revision: str | None, newest: str) -> bool:
    """Whether a revision comes after the newest that this dashboard knows."""
    return revision is not None and revision.isdigit() and int(revision) > int(newest)


def _refuse_other_kinds(path: Path) -> None:
    status = path.stat()
    if stat.S_ISDIR(status.st_mode):
        raise JournalError(A_FOLDER(path=path))
    if not stat.S_ISREG(status.st_mode):
        raise JournalError(NO_FILE(path=path))
    if status.st_size == 0:
        raise JournalError(EMPTY(path=path, advice=RESTORE))


def _damage(db: sqlite3.Connection, seconds: float | None) -> bool:
    """Whether pages of the database are broken, as far as the time allows."""
    if seconds is None:
        return bool(db.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",))
    timer = threading.Timer(seconds, db.interrupt)
    timer.start()
    try:
        return bool(db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            return False
        raise
    finally:
        timer.cancel()
        timer.join()


def _explanation(error: BaseException | None, name: Path | str, advice: str = RESTORE) -> str | None:
    code = getattr(error, "sqlite_errorcode", None)
    # The lower byte is the kind of error.
    match code and code & 0xFF:
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return DAMAGED(path=name, advice=advice)
        case sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_READONLY:
            return NO_RIGHTS(path=name)
        case sqlite3.SQLITE_FULL:
            return NO_ROOM(name=name)
    return None


@contextmanager
def _plain(path: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError:
        raise JournalError(NO_RIGHTS(path=path)) from None
    except OSError as error:
        raise JournalError(NOT_OPENED(path=path, reason=error.strerror)) from None
