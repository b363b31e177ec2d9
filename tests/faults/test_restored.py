"""A journal that comes from a backup: what was sent since the backup is looked for, and not bought twice."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from services.batches.engine import Engine
from services.batches.pace import Pace
from services.journal.copies import back_up, restore
from services.journal.journal import Journal
from services.journal.records import State
from tests.faults.proxy import Fault, Request
from tests.faults.study import QUICK, StudyOf, creations, exactly, no_fault
from tests.postgres import programs
from tests.servers import PATIENCE, ROOT, eventually

pytestmark = pytest.mark.usefixtures("each_request_once")

WANTED = 350
"""Four calls of one batch, one after the other."""


class Copies:
    """A journal with its backup, by the commands of its kind of database."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self._backup = folder / "backup"
        self._file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None

    def back_up(self) -> None:
        if self._file:
            back_up(self._file, self._backup)
        else:
            self._run("pg_dump", "--format=custom", f"--file={self._backup}", f"--dbname={self.url}")

    def restore(self) -> None:
        if self._file:
            restore(self._backup, self._file)
            return
        self._run("pg_restore", "--clean", "--if-exists", f"--dbname={self.url}", str(self._backup))
        command = [sys.executable, "-m", "services.restore"]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "DATABASE_URL": self.url}, timeout=PATIENCE, check=True)

    def _run(self, program: str, *options: str) -> None:
        folder = programs()
        assert folder is not None
        subprocess.run([folder / program, *options], timeout=PATIENCE, check=True)


@pytest.fixture
def copies(database: str, tmp_path: Path) -> Copies:
    return Copies(database, tmp_path)


@contextmanager
def dashboard(copies: Copies, pace: Pace = QUICK) -> Iterator[Engine]:
    with closing(Journal(copies.url)) as journal, closing(Engine(journal, pace, beat=0.1)) as engine:
        yield engine


def doing(work: Callable[[], None]) -> Callable[[], Fault]:
    """No fault, and something is done before Aseed answers."""

    def do() -> Fault:
        work()
        return Fault.NONE

    return do


def test_calls_sent_after_backup_are_found(study_with: StudyOf, copies: Copies) -> None:
    with study_with(creations(Fault.NONE, doing(copies.back_up))) as it:
        with dashboard(copies) as engine:
            batch = engine.start(it.pressed(WANTED), it.client)
            assert it.at_rest(engine.journal, batch).state == State.DONE and it.creations == 4
        copies.restore()
        with dashboard(copies) as engine:
            restored = it.batch(engine.journal, batch)
            assert restored.interrupted and restored.rooms == 100 and restored.lost == 3
            assert it.resumed(engine, batch).state == State.DONE
            assert exactly(WANTED, it, engine.journal, batch.id) and it.creations == 4


def test_calls_never_sent_are_sent_once(study_with: StudyOf, copies: Copies) -> None:
    started = threading.Event()

    def cancel() -> None:
        assert started.wait(PATIENCE)
        engine.cancel(batch, it.client)

    with study_with(creations(doing(copies.back_up), Fault.NONE, doing(cancel))) as it:
        with dashboard(copies) as engine:
            batch = engine.start(it.pressed(WANTED), it.client)
            started.set()
            assert it.at_rest(engine.journal, batch).state == State.CANCELLED and it.creations == 3
        copies.restore()
        with dashboard(copies) as engine:
            assert it.batch(engine.journal, batch).rooms == 0
            assert it.resumed(engine, batch).state == State.DONE
            assert exactly(WANTED, it, engine.journal, batch.id) and it.creations == 4


def test_half_filled_call_is_completed_once(study_with: StudyOf, copies: Copies) -> None:
    with study_with(creations(doing(copies.back_up), Fault.PARTIAL_COMMIT_500)) as it:
        # It looks for the lost answer only long after this test.
        with dashboard(copies, replace(QUICK, unknown_wait=60)) as engine:
            batch = engine.start(it.pressed(200), it.client)
            eventually(lambda: it.batch(engine.journal, batch).state == State.WAITING)
        assert 100 < len(it.rooms()) < 200
        copies.restore()
        with dashboard(copies) as engine:
            assert it.resumed(engine, batch).state == State.DONE
            assert exactly(200, it, engine.journal, batch.id) and it.creations == 3


def test_backup_before_the_baseline_asks(study_with: StudyOf, copies: Copies) -> None:
    listings = 0

    def decide(request: Request) -> Fault:
        nonlocal listings
        if request.method == "GET" and not listings:
            listings += 1
            copies.back_up()
        return no_fault(request)

    with study_with(decide) as it:
        it.elsewhere(max_duration_minutes=15)
        with dashboard(copies) as engine:
            batch = engine.start(it.pressed(5), it.client)
            assert it.at_rest(engine.journal, batch).state == State.DONE and listings
        copies.restore()
        with dashboard(copies) as engine:
            asked = it.batch(engine.journal, batch)
            assert asked.state == State.ASKING and "restored from a backup" in str(asked.problem)
            in_question = engine.in_question(asked, it.client)
            # Without a baseline, what was there before is in question, too.
            (other,) = [room for room in in_question if room.max_duration_minutes == 15]
            engine.leave(asked, [other])
            engine.adopt(asked, [room for room in in_question if room is not other])
            eventually(lambda: engine.resume(asked, it.client))
            assert it.at_rest(engine.journal, batch).state == State.DONE
            assert it.batch(engine.journal, batch).rooms == 5 and len(it.rooms()) == 6
            assert it.creations == 1
