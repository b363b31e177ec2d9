"""The journal's database is migrated once, by the process that opens it first, and never by an older dashboard."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from services.aseed.models import InterviewRoomResponse, UpdateRoomRequest
from services.journal import database as journal_database
from services.journal.batch_search import BatchView
from services.journal.database import NEWEST, Database, JournalError
from services.journal.journal import Journal
from services.journal.records import RoomRecord, Stage
from services.journal.tables import metadata
from services.journal.visibility import Visibility
from services.participants import Participant
from tests.servers import PATIENCE, ROOT

OPENERS = 8

MINE = Visibility("service", "account")
ANNA = Participant(label="Anna", email="anna@example.com", external_id="A-1")
_SETTINGS = '{"project_id": "00000000-0000-0000-0000-000000000001"}'
_ROOM = (
    '{"id": "a", "project_id": "p", "access_token": "a", "url": "https://aseed.example/interview/a", "room_name": "a", '
    '"max_duration_minutes": 30, "status": "pending", "created_at": "2026-03-01T12:00:00Z", "created_by": "r"}'
)

OF_THE_FIRST_REVISION = (
    "INSERT INTO batches"
    " (id, nonce, account, service, project_id, project_name, name, wanted, settings, state, made_at, ended_at)"
    f" VALUES (1, 'n', 'account', 'service', 'p', 'Study', 'Wave 1', 1, '{_SETTINGS}', 'done', 1, 2)",
    f"INSERT INTO calls (id, batch_id, settings, places, state) VALUES (1, 1, '{_SETTINGS}', '[1]', 'done')",
    "INSERT INTO rooms (batch_id, call_id, place, service, room_id, link, room, label_state)"
    f" VALUES (1, 1, 1, 'service', 'a', 'https://aseed.example/interview/a', '{_ROOM}', 'set')",
    "INSERT INTO participants (batch_id, place, label, email, external_id)"
    " VALUES (1, 1, 'Anna', 'anna@example.com', 'A-1')",
    "INSERT INTO events (batch_id, at, what) VALUES (1, 2, 'done')",
)
"""Statements that fill a journal as the first revision had it."""


@pytest.fixture
def database(bare_database: str) -> str:
    """The URL of a new database, without tables."""
    return bare_database


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(journal_database.__file__).with_name("migrations")))
    return ScriptDirectory.from_config(config)


def revision(url: str) -> list[str]:
    """Every revision that the database says it is at: one, unless two migrated it."""
    with closing(Database(url)) as opened, opened.reading() as db:
        return list(db.execute(text("SELECT version_num FROM alembic_version")).scalars())


def test_fresh_database_has_exactly_our_tables(database: str) -> None:
    with closing(Database(database)) as opened, opened.writing() as db:
        # SQLite tells its defaults in words of its own.
        options = {"compare_server_default": db.dialect.name == "postgresql"}
        assert compare_metadata(MigrationContext.configure(db, opts=options), metadata) == []


def test_columns_and_unique_indexes_match_the_code(database: str) -> None:
    with closing(Database(database)) as opened, opened.reading() as db:
        found = inspect(db)
        for name, table in metadata.tables.items():
            assert [column["name"] for column in found.get_columns(name)] == [column.name for column in table.columns]
            unique = {index["name"] for index in found.get_indexes(name) if index["unique"]}
            assert {index.name for index in table.indexes if index.unique} <= unique


def test_code_needs_the_newest_revision() -> None:
    assert scripts().get_current_head() == NEWEST


def test_there_is_one_line_of_revisions() -> None:
    assert len(scripts().get_heads()) == len(scripts().get_bases()) == 1


def test_eight_threads_migrate_once(database: str) -> None:
    gate = Barrier(OPENERS)

    def open_it(_: int) -> None:
        gate.wait()
        Database(database).close()

    with ThreadPoolExecutor(OPENERS) as pool:
        list(pool.map(open_it, range(OPENERS)))
    assert revision(database) == [NEWEST]


def test_eight_processes_migrate_once(database: str) -> None:
    # Each says that it is ready, and waits for the others.
    code = (
        "import sys; from services.journal.database import Database; "
        "print('ready', flush=True); sys.stdin.readline(); Database(sys.argv[1]).close()"
    )
    openers = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", code, database],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(OPENERS)
    ]
    for opener in openers:
        assert opener.stdout is not None
        assert opener.stdout.readline() == "ready\n"
    said = [opener.communicate("go\n", PATIENCE)[1] for opener in openers]
    assert [opener.returncode for opener in openers] == [0] * OPENERS, said
    assert revision(database) == [NEWEST]


def test_current_database_opens_without_alembic(database: str) -> None:
    Database(database).close()
    code = (
        "import sys; from services.journal.database import Database; "
        "Database(sys.argv[1]).close(); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, database], cwd=ROOT, timeout=PATIENCE).returncode == 0


def test_database_of_newer_dashboard_is_refused(database: str) -> None:
    with closing(Database(database)) as opened, opened.writing() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(JournalError, match="newer version of this dashboard"):
        Database(database)
    with pytest.raises(JournalError, match="newer version of this dashboard"):
        Database(database)


def test_a_migration_that_fails_leaves_nothing_behind(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", fail)
        with pytest.raises(KeyboardInterrupt):
            Database(database)
    assert revision(database) == [NEWEST]


def test_journal_of_first_revision_keeps_everything(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(journal_database, "NEWEST", "0001")
        with closing(Database(database)) as opened, opened.writing() as db:
            for statement in OF_THE_FIRST_REVISION:
                # As it stands: colons in it are no parameters.
                db.exec_driver_sql(statement)
    with closing(Journal(database)) as journal:
        (batch,) = journal.batches.newest(MINE, 10)
        assert batch.wanted == batch.rooms == 1 and batch.over
        (kept,) = journal.batches.rooms(batch.id)
        assert kept.participant == ANNA and kept.overrides is None and kept.room.id == "a"
        assert journal.rooms.known(MINE) == {
            "a": RoomRecord("a", batch.id, "Wave 1", 1, "https://aseed.example/interview/a", ANNA)
        }
        assert journal.batches.unretired(batch.id) == [] and [
            event.what for event in journal.batches.events(batch.id)
        ] == ["done"]
        # And what is new can be written beside it.
        journal.rooms.relabel(MINE, "p", {"a": Participant(label="Ben")})
        assert journal.rooms.known(MINE)["a"].participant == Participant(label="Ben")
    assert revision(database) == [NEWEST]


def test_overrides_of_third_revision_stay(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    of_the_third_revision = (
        *OF_THE_FIRST_REVISION,
        "UPDATE participants SET replaces = 'old', overrides = '{\"research_goals_override\": \"To know why.\"}'",
        "INSERT INTO participants (batch_id, place, label, email, external_id) VALUES (1, 2, 'Ben', '', '')",
    )
    with monkeypatch.context() as earlier:
        earlier.setattr(journal_database, "NEWEST", "0003")
        with closing(Database(database)) as opened, opened.writing() as db:
            for statement in of_the_third_revision:
                db.exec_driver_sql(statement)
    with closing(Journal(database)) as journal:
        (kept,) = journal.batches.rooms(1)
        assert kept.participant == ANNA and journal.rooms.known(MINE)["a"].replaces == "old"
        assert kept.overrides == UpdateRoomRequest(research_goals_override="To know why.")
        assert journal.batches.without_room(1) == [(2, "Ben")]
    with closing(Database(database)) as opened, opened.reading() as db:
        assert db.execute(text("SELECT count(*) FROM overrides")).scalar() == 1


def test_links_of_fourth_revision_are_compared(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    room = _ROOM.replace('"id": "a"', '"id": "b"').replace('"access_token": "a"', '"access_token": "other"')
    of_the_fourth_revision = (
        *OF_THE_FIRST_REVISION,
        "INSERT INTO rooms (batch_id, call_id, place, service, room_id, link, room)"
        f" VALUES (1, 1, 2, 'service', 'b', 'https://ASEED.example/interview/a/', '{room}')",
    )
    with monkeypatch.context() as earlier:
        earlier.setattr(journal_database, "NEWEST", "0004")
        with closing(Database(database)) as opened, opened.writing() as db:
            for statement in of_the_fourth_revision:
                db.exec_driver_sql(statement)
    with closing(Journal(database)) as journal:
        assert journal.links.shared(1) == {"a", "b"} and journal.batches.links(1) == []
        # And a room that comes now is held against them.
        later = InterviewRoomResponse.model_validate_json(room.replace('"id": "b"', '"id": "c"'))
        journal.links.note_listed(MINE, [later])
        assert journal.links.in_conflict("service") == {"a", "b", "c"}


def test_batches_of_sixth_revision_are_found(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(journal_database, "NEWEST", "0006")
        with closing(Database(database)) as opened, opened.writing() as db:
            for statement in (*OF_THE_FIRST_REVISION, "UPDATE batches SET name = 'Über 50', late_rooms = 1"):
                db.exec_driver_sql(statement)
    with closing(Journal(database)) as journal:
        for text_, found in (("uber", [1]), ("STUDY über", [1]), ("50 wave", []), ("", [1])):
            assert journal.batches.ids(MINE, BatchView(text_, stage=Stage.NEEDS_YOU), 10) == found


def test_desk_of_seventh_revision_goes_on(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(journal_database, "NEWEST", "0007")
        with closing(Database(database)) as opened, opened.writing() as db:
            db.exec_driver_sql(
                "INSERT INTO stations (key, service, project_id, account, kind, name, operator, opened_at, seen_at)"
                " VALUES ('key', 'service', 'project', 'mine', 'desk', 'Desk A', '', 1, 1)"
            )
    with closing(Database(database)) as opened, opened.reading() as db:
        assert db.execute(text("SELECT name, about FROM stations")).all() == [("Desk A", "")]
