"""An empty journal for a test, as a copy: to make its tables takes longer than most tests."""

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from services.journal.journal import Journal


def empty_journal(folder: Path) -> str:
    """The URL of a journal in a new file of the folder, which has its tables and nothing in them."""
    file = folder / "journal.sqlite3"
    file.write_bytes(_made_once())
    # As the journal makes it: no other account may read the links.
    file.chmod(0o600)
    return f"sqlite:///{file}"


@cache
def _made_once() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "journal.sqlite3"
        Journal(f"sqlite:///{file}").close()
        return file.read_bytes()
