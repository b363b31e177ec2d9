"""A file that comes into being whole: it is written under another name, and gets its own once nothing is missing."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp


@contextmanager
def beginning(path: Path) -> Iterator[Path]:
    """An empty file beside `path`, which only its owner can read; it is gone afterwards, unless it was given a name.

    Raises OSError.
    """
    opened, name = mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(opened)
    try:
        yield Path(name)
    finally:
        for left in (name, rollback_of(Path(name))):
            with suppress(OSError):
                os.unlink(left)


def put(new: Path, path: Path) -> bool:
    """Gives a whole file its name. False where something has this name already, which stays as it is.

    Raises OSError.
    """
    try:
        os.link(new, path)
    except FileExistsError:
        return False
    except OSError:
        # Not every file system has hard links.
        if not _renamed(new, path):
            return False
    keep(path.parent)
    return True


def keep(folder: Path) -> None:
    """Makes the names in a folder survive a power cut, where its file system can do that."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(opened)
    finally:
        os.close(opened)


def rollback_of(path: Path) -> Path:
    """Where SQLite keeps what a transaction is about to change. What a crash leaves there belongs to the file."""
    return path.with_name(f"{path.name}-journal")


def _renamed(new: Path, path: Path) -> bool:
    # A rename would replace what is there: one process at a time looks and renames.
    lock = os.open(path.with_name(f".{path.name}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.lexists(path):
            return False
        os.rename(new, path)
        return True
    finally:
        os.close(lock)
