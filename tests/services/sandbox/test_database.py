"""The sandbox's file: one of an earlier program is brought up to date, and keeps what it holds."""

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

from services.aseed.models import CreateRoomsRequest
from services.sandbox.store import Store


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


def _create_room(store: Store) -> UUID:
    account = store.account("sandbox")
    project = store.projects(account)[0]["id"]
    wanted = CreateRoomsRequest(project_id=project, max_duration_minutes=30, topics_for_respondent="Tea")
    return UUID(store.create_rooms(account, wanted)[0]["id"])


def _topics(file: Path, room: UUID) -> str | None:
    store = Store(file)
    topics: str | None = store.room(store.account("sandbox"), room)["topics_for_respondent"]
    return topics
