"""The journal's database is brought up to date by whoever opens it first, once, and never by an older dashboard."""

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

from services.journal import database as journal_database
from services.journal.database import NEWEST, Database, JournalError
from services.journal.tables import metadata
from tests.servers import PATIENCE, ROOT

OPENERS = 8


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(journal_database.__file__).with_name("migrations")))
    return ScriptDirectory.from_config(config)


def revision(url: str) -> list[str]:
    """Every revision that the database says it is at: one, unless two migrated it."""
    with closing(Database(url)) as opened, opened.reading() as db:
        return list(db.execute(text("SELECT version_num FROM alembic_version")).scalars())


def test_a_fresh_database_has_exactly_the_tables_that_the_code_knows(database: str) -> None:
    with closing(Database(database)) as opened, opened.writing() as db:
        # SQLite tells its defaults in words of its own.
        options = {"compare_server_default": db.dialect.name == "postgresql"}
        assert compare_metadata(MigrationContext.configure(db, opts=options), metadata) == []


def test_names_and_order_of_columns_and_what_must_be_unique_are_those_of_the_code(database: str) -> None:
    with closing(Database(database)) as opened, opened.reading() as db:
        found = inspect(db)
        for name, table in metadata.tables.items():
            assert [column["name"] for column in found.get_columns(name)] == [column.name for column in table.columns]
            unique = {index["name"] for index in found.get_indexes(name) if index["unique"]}
            assert {index.name for index in table.indexes if index.unique} <= unique


def test_the_code_needs_the_newest_revision_that_there_is() -> None:
    assert scripts().get_current_head() == NEWEST


def test_there_is_one_line_of_revisions() -> None:
    assert len(scripts().get_heads()) == len(scripts().get_bases()) == 1


def test_eight_threads_open_a_fresh_database_at_once_and_it_is_migrated_once(database: str) -> None:
    gate = Barrier(OPENERS)

    def open_it(_: int) -> None:
        gate.wait()
        Database(database).close()

    with ThreadPoolExecutor(OPENERS) as pool:
        list(pool.map(open_it, range(OPENERS)))
    assert revision(database) == [NEWEST]


def test_eight_processes_open_a_fresh_database_at_once_and_it_is_migrated_once(database: str) -> None:
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


def test_a_database_that_is_up_to_date_is_opened_without_the_migration_tool(database: str) -> None:
    Database(database).close()
    code = (
        "import sys; from services.journal.database import Database; "
        "Database(sys.argv[1]).close(); sys.exit('alembic' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, database], cwd=ROOT, timeout=PATIENCE).returncode == 0


def test_a_database_of_a_newer_dashboard_is_left_alone_and_told(database: str) -> None:
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
