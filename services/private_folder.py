"""The folder of files that hold links: only its owner may look into it."""

import os
import stat
from pathlib import Path

OURS = ("journal.sqlite3", "sandbox.sqlite3")
"""What the names of our files in such a folder begin with."""


def make_private_folder(folder: Path) -> None:
    """Creates a folder that only its owner may open (0700), with those above it.

    One that is there already is closed to others too if nothing but our files is in it. In any other one, others may
    have files of theirs: it stays as it is, and our files alone are closed. Raises OSError.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=stat.S_IRWXU)
    except FileExistsError:
        if folder.stat().st_uid == os.geteuid() and _is_ours(folder):
            folder.chmod(stat.S_IRWXU)


def _is_ours(folder: Path) -> bool:
    names = os.listdir(folder)
    return bool(names) and all(name.startswith(OURS) for name in names)
