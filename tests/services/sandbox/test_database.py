"""The sandbox's file: one of an earlier program is brought up to date, and a damaged one is told."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from uuid import UUID

import pytest

from services.aseed.models import CreateRoomsRequest
from services.sandbox.database import SandboxFileError, create
from services.sandbox.store import Store
from tests.servers import ROOT


def test_older_file_keeps_its_rooms(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.db"
    before = _create_room(Store(file))
    with closing(sqlite3.connect(file)) as db:
        db.execute("ALTER TABLE rooms DROP COLUMN topics_for_respondent")
        db.execute("DROP INDEX rooms_to_end")
        db.execute("PRAGMA user_version = 1")
        db.commit()
    after = _create_room(Store(file))
    assert (_topics(file, before), _topics(file, after)) == (None, "Tea")
    with closing(sqlite3.connect(file)) as db:
        assert db.execute("SELECT 1 FROM sqlite_master WHERE name = 'rooms_to_end'").fetchone()


def test_damaged_file_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "sandbox.sqlite3"
    file.write_bytes(b"this is no database" * 100)
    with pytest.raises(SandboxFileError, match=r"SQLITE_NOTADB.*move it away"):
        create(file)
    assert file.read_bytes().startswith(b"this is no database")


def test_folder_without_access_says_which_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    # A folder below a file cannot be made, by any account.
    with pytest.raises(SandboxFileError, match="ROOMS_DATA_DIR"):
        create(tmp_path / "file" / "folder" / "sandbox.sqlite3")


@pytest.mark.parametrize("command", [["-c", "import app"], ["-m", "services.sandbox", "--port", "0"]])
def test_start_ends_without_a_traceback(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "sandbox.sqlite3").write_bytes(b"this is no database" * 100)
    started = subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "ROOMS_DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert "Nothing in it was paid for" in started.stderr and "Traceback" not in started.stderr


def _create_room(store: Store) -> UUID:
    account = store.account("sandbox")
    project = store.projects(account)[0]["id"]
    wanted = CreateRoomsRequest(project_id=project, max_duration_minutes=30, topics_for_respondent="Tea")
    return UUID(store.create_rooms(account, wanted)[0]["id"])


def _topics(file: Path, room: UUID) -> str | None:
    store = Store(file)
    topics: str | None = store.room(store.account("sandbox"), room)["topics_for_respondent"]
    return topics
