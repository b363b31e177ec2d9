"""The folder of our files: closed to all but its owner."""

from contextlib import closing
from pathlib import Path

import pytest

from services.journal.journal import Journal
from services.private_folder import make_private_folder
from services.sandbox.store import Store


def mode(folder: Path) -> int:
    return folder.stat().st_mode & 0o777


@pytest.mark.parametrize("first", ["journal", "sandbox"])
def test_data_folder_is_closed_to_others(tmp_path: Path, first: str) -> None:
    folder = tmp_path / "new" / "data"
    if first == "journal":
        Journal(f"sqlite:///{folder / 'journal.sqlite3'}").close()
    else:
        Store(folder / "sandbox.sqlite3")
    assert mode(folder) == 0o700


def test_folder_of_an_earlier_version_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "journal.sqlite3").touch()
    make_private_folder(tmp_path)
    assert mode(tmp_path) == 0o700


def test_folder_with_other_files_stays_open(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "index.html").touch()
    with closing(Journal(f"sqlite:///{tmp_path / 'journal.sqlite3'}")):
        assert mode(tmp_path) == 0o755
        assert mode(tmp_path / "journal.sqlite3") == 0o600
