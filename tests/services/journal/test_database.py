"""One look at the journal is one snapshot, on both databases, whatever others write meanwhile."""

import sqlite3
import threading
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, insert, select

from services import events
from services.aseed.errors import OutcomeUnknown
from services.aseed.models import RoomSettings
from services.journal import calls as journal_calls
from services.journal import database as journal_database
from services.journal.database import Database, JournalError
from services.journal.desk.records import Kind, Offer, Station, Tick
from services.journal.journal import Journal
from services.journal.records import Batch, NewBatch, PlannedCall
from services.journal.run import Run
from services.journal.tables import targets
from services.participants import Participant
from tests.postgres import fresh_database
from tests.servers import PATIENCE
from tests.services.journal.presses import (
    LOST,
    MINE,
    PEOPLE,
    PROJECT,
    SERVICE,
    claimed,
    now,
    press,
    room,
    rooms,
    started,
)

PACK = Station("pack-key", Kind.PACK, str(PROJECT), "Clinic")
TARGET = {"service": "s", "account": "a", "completes": 1}
A_WHILE = 0.2
"""Seconds that a look waits for a writer that SQLite keeps waiting until the look is over."""


@dataclass
class Both:
    """One database as two dashboards have it. run: of the batch with room a, whose second call is lost."""

    mine: Journal
    theirs: Journal
    batch: Batch
    run: Run
    url: str


@pytest.fixture
def both(database: str) -> Iterator[Both]:
    with closing(Journal(database)) as mine, closing(Journal(database)) as theirs:
        form = RoomSettings()
        calls = [PlannedCall(form, (1,)), PlannedCall(form, (2,))]
        new = NewBatch("nonce", "account", SERVICE, str(PROJECT), "Coffee", form, calls, [Participant(label="Anna")])
        batch, run = theirs.batches.start(new, "runner")
        assert run is not None
        run.keep_baseline(())
        for names in ("a", ""):
            call = run.claim()
            assert call is not None
            run.record_answer(call, [room(name) for name in names], OutcomeUnknown("Aseed did not answer in time."))
        offers = [Offer(room(name), room(name).url, 1, "", "", False) for name in "xy"]
        theirs.hand_outs.offer(MINE, str(PROJECT), offers)
        theirs.packs.pack(MINE, theirs.stations.open(MINE, PACK), 2)
        yield Both(mine, theirs, batch, run, database)


@contextmanager
def written_after_first_select(url: str, write: Callable[[], object]) -> Iterator[None]:
    """Another dashboard writes right after the first select of this thread."""
    reader, begun = threading.get_ident(), list[Future[object]]()

    def write_once(_: object, __: object, statement: str, *___: object) -> None:
        if statement.startswith("SELECT") and threading.get_ident() == reader and not begun:
            begun.append(pool.submit(write))
            try:
                begun[0].result(PATIENCE if url.startswith("postgresql") else A_WHILE)
            except TimeoutError:
                assert not url.startswith("postgresql")

    with ThreadPoolExecutor(1) as pool:
        event.listen(Engine, "after_cursor_execute", write_once)
        try:
            yield
        finally:
            event.remove(Engine, "after_cursor_execute", write_once)
        assert begun
        begun[0].result(PATIENCE)


LOOKS: dict[str, tuple[Callable[[Both], object], Callable[[Both], object]]] = {
    "a batch": (
        lambda both: timeless(both.mine.batches.find(both.batch.id, MINE)),
        lambda both: both.theirs.forget(MINE),
    ),
    "the batch that others wait for": (
        lambda both: timeless(both.mine.batches.unresolved(SERVICE, str(PROJECT), MINE)),
        lambda both: both.run.end(),
    ),
    "calls": (
        lambda both: both.mine.batches.calls(both.batch.id),
        lambda both: both.theirs.batches.adopt(both.batch.id, [(both.run.lost_calls()[0], [room("b")])]),
    ),
    "rooms that are not accounted for": (
        lambda both: both.mine.batches.unaccounted_rooms(both.batch.id, [room("b"), room("c")]),
        lambda both: both.theirs.batches.adopt(both.batch.id, [(both.run.lost_calls()[0], [room("b")])]),
    ),
    "what is known of rooms": (
        lambda both: both.mine.rooms.known(MINE),
        lambda both: both.theirs.rooms.relabel(MINE, str(PROJECT), {"a": Participant(label="Ben")}),
    ),
    "a history": (
        lambda both: both.mine.rooms.history(MINE, "a"),
        lambda both: both.theirs.rooms.note_rooms(MINE, str(PROJECT), [("a", "extended")]),
    ),
    "a pack": (
        lambda both: in_pack(both.mine),
        lambda both: both.theirs.packs.enter(MINE, PACK, [Tick("x", datetime.now(UTC))]),
    ),
}
"""Looks that take several selects, and what another dashboard writes between the first and the second."""


def timeless(batch: Batch | None) -> Batch | None:
    """A batch without the seconds that pass by themselves."""
    return batch and replace(batch, work_seconds=0, wait_seconds=None)


def in_pack(journal: Journal) -> tuple[list[str], int]:
    """The rooms that a pack still holds, and how many of it were given."""
    waiting, given = journal.packs.packed(MINE, PACK)
    return [each.room_id for each in waiting], given


@pytest.mark.parametrize("look", LOOKS)
def test_look_is_one_snapshot(both: Both, look: str) -> None:
    read, write = LOOKS[look]
    before = read(both)
    with written_after_first_select(both.url, lambda: write(both)):
        during = read(both)
    assert during == before
    assert read(both) != before


def test_reading_twice_gives_the_same(database: str) -> None:
    with closing(Database(database)) as mine, closing(Database(database)) as theirs:

        def write() -> None:
            with theirs.writing() as db:
                db.execute(insert(targets).values(project_id="p", **TARGET))

        count = select(func.count()).select_from(targets)
        with written_after_first_select(database, write), mine.reading() as db:
            assert [db.execute(count).scalar() for _ in range(2)] == [0, 0]
        with mine.reading() as db:
            assert db.execute(count).scalar() == 1


def test_reading_cannot_write_on_postgresql(postgres: str) -> None:
    with fresh_database(postgres) as url, closing(Database(url)) as opened:
        with pytest.raises(JournalError), opened.reading() as db:
            db.execute(insert(targets).values(project_id="p", **TARGET))
        # The connection that is used next may write again.
        with opened.writing() as db:
            db.execute(insert(targets).values(project_id="p", **TARGET))


def test_database_error_shows_no_link_or_email(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    _, run = started(journal, press(people=PEOPLE))
    call = claimed(run)
    run.record_answer(call, rooms("ab"), LOST)
    with monkeypatch.context() as forgetful:
        forgetful.setattr(journal_calls, "known_ids", lambda *_: set())
        with pytest.raises(JournalError) as clash:
            run.record_answer(call, rooms("abc"))
    shown = "".join(traceback.format_exception(clash.value))
    assert "token-of" not in shown and "example.com" not in shown


WRONG = (
    "postgresql://user:{}@127.0.0.1:1/rooms",
    "postgresql://user:{}@127.0.0.1:port/rooms",
    "postgresql://host:{}/rooms",
    "postgresql://user:p@{}@127.0.0.1:1/rooms",
    "postgresql://user@127.0.0.1:1/rooms?option={}",
    "mysql://user:{}@127.0.0.1/rooms",
    "user:{}@127.0.0.1",
    "{}",
    "",
    "sqlite://",
    "sqlite+other://",
    "sqlite:////dev/null/journal.sqlite3",
)


@pytest.mark.parametrize("address", WRONG)
def test_wrong_address_is_told_without_its_password(address: str) -> None:
    password = "Tr0ub4dor"
    with pytest.raises(JournalError) as wrong:
        Journal(address.format(password))
    assert password not in "".join(traceback.format_exception(wrong.value))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "new" / "journal.sqlite3"


def test_only_its_owner_can_read_the_file(file: Path) -> None:
    Journal(f"sqlite:///{file}").close()
    assert file.stat().st_mode & 0o777 == 0o600


def test_readable_file_is_closed_to_others(file: Path) -> None:
    Journal(f"sqlite:///{file}").close()
    file.chmod(0o644)
    Journal(f"sqlite:///{file}").close()
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_is_committed_survives_a_power_cut(file: Path) -> None:
    opened = Database(f"sqlite:///{file}")
    with closing(opened), opened.reading() as db:
        settings = {
            name: db.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    # Not WAL, whose older versions may lose a commit.
    assert settings.pop("journal_mode") in ("delete", "truncate")
    assert settings == {"synchronous": 2, "foreign_keys": 1}


def test_full_disk_is_told_by_its_reason(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, object]] = []
    monkeypatch.setattr(events, "listeners", [lambda name, facts: told.append((name, facts["reason"]))])
    with closing(Database(f"sqlite:///{file}")) as opened:
        with pytest.raises(JournalError, match="Make room on its disk"), opened.writing() as db:
            db.exec_driver_sql("PRAGMA max_page_count = 1")
            db.exec_driver_sql("CREATE TABLE large AS SELECT zeroblob(1000000)")
        file.unlink()
        with pytest.raises(JournalError, match="is gone"):
            opened.check()
    assert told == [("journal.error", "SQLITE_FULL"), ("journal.error", "file")]


def test_locked_file_fails_and_works_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_database, "BUSY_SECONDS", 0.05)
    journal = Journal(f"sqlite:///{file}")
    with closing(journal), closing(sqlite3.connect(file, isolation_level=None)) as other:
        batch, run = started(journal, press())
        other.execute("BEGIN IMMEDIATE")
        # More often than there are connections: none may get lost.
        for _ in range(20):
            with pytest.raises(JournalError, match="does not work"):
                run.claim()
        assert now(journal, batch).calls_planned == 1
        other.execute("COMMIT")
        assert run.claim() is not None
