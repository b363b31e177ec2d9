"""A link reaches one person: many stations empty a pool at once, and some are killed while they do."""

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from threading import Barrier

import pytest

from services.journal.desk.records import HandOutState
from services.journal.journal import Journal
from tests.faults import giver
from tests.journals import empty_journal
from tests.postgres import fresh_database
from tests.servers import PATIENCE, ROOT

STATIONS = 16
KILLS = 6


@pytest.fixture
def pool(request: pytest.FixtureRequest) -> int:
    """How many rooms the largest pools have. Each claim waits for the disk once."""
    rooms: int = request.config.getoption("claims")
    return rooms


def fill(journal: Journal, count: int) -> list[str]:
    """A pool of so many rooms; gives their ids."""
    offers = giver.offers(count)
    journal.hand_outs.offer(giver.MINE, giver.PROJECT, offers)
    return [offer.room.id for offer in offers]


def places(journal: Journal, ids: list[str]) -> Counter[HandOutState]:
    found = [journal.hand_outs.find(giver.MINE, room_id) for room_id in ids]
    return Counter(each.state for each in found if each)


@contextmanager
def giving(url: str, name: str, kind: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.faults.giver", url, name, kind]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_threads_claim_each_room_once(tmp_path: Path, pool: int) -> None:
    with closing(Journal(empty_journal(tmp_path))) as journal:
        ids = fill(journal, pool)
        start = Barrier(STATIONS)

        def claim_all(name: int) -> list[str]:
            start.wait(PATIENCE)
            return list(giver.claims(journal, str(name)))

        with ThreadPoolExecutor(STATIONS) as threads:
            claimed = [room_id for its in threads.map(claim_all, range(STATIONS)) for room_id in its]
        assert sorted(claimed) == sorted(ids)
        assert journal.hand_outs.left(giver.MINE, giver.PROJECT).free == 0


def test_processes_claim_each_room_once(postgres: str, pool: int) -> None:
    with fresh_database(postgres) as url, closing(Journal(url)) as journal, ExitStack() as stack:
        ids = fill(journal, pool)
        # Starting a process takes as long as a hundred claims: a small pool is emptied by fewer.
        count = min(STATIONS, max(6, pool // 600))
        processes = [stack.enter_context(giving(url, str(number), "claim")) for number in range(count)]
        for process in processes:
            assert process.stdout is not None and process.stdout.readline() == "ready\n"
        for process in processes:
            allow(process)
        each = [process.communicate(timeout=300)[0].split() for process in processes]
        assert all(process.returncode == 0 for process in processes)
        claimed = [room_id for its in each for room_id in its]
        assert sum(bool(its) for its in each) > 1
        assert sorted(claimed) == sorted(ids)
        assert journal.hand_outs.left(giver.MINE, giver.PROJECT).free == 0


def test_kill_of_a_station_loses_no_claim(database: str) -> None:
    """A station that was killed starts again under its key, and goes on with the link that it had."""
    chance = random.Random(5)
    with closing(Journal(database)) as journal:
        ids = fill(journal, 40)
        with giving(database, "B", "give") as other:
            for _ in range(KILLS):
                with giving(database, "A", "give") as victim:
                    for _ in range(chance.randrange(3)):
                        assert next_gift(victim)
                    assert next_gift(other)
                    allow(victim)
                    time.sleep(chance.uniform(0, 0.01))
                    victim.kill()
                    # The other one goes on as if nothing had happened.
                    assert next_gift(other)
            other.kill()
        assert 2 * KILLS <= places(journal, ids)[HandOutState.GIVEN] < len(ids)
        with giving(database, "A", "give") as last, giving(database, "B", "give") as too:
            for process in (last, too):
                process.communicate(timeout=PATIENCE)
                assert process.returncode == 0
        assert places(journal, ids) == {HandOutState.GIVEN: len(ids)}
        for room_id in ids:
            told = [event.what for event in journal.rooms.history(giver.MINE, room_id)]
            assert told in [["on show at A", "handed out on paper at A"], ["on show at B", "handed out on paper at B"]]


def allow(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def next_gift(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    allow(process)
    return process.stdout.readline()


@pytest.mark.parametrize("room_id", ["room-1", None])
def test_last_room_is_claimed_once(database: str, room_id: str | None) -> None:
    with closing(Journal(database)) as journal:
        fill(journal, 1)
        start = Barrier(STATIONS)

        def claim(name: int) -> bool:
            start.wait(PATIENCE)
            return journal.hand_outs.claim(giver.MINE, giver.station(str(name)), room_id) is not None

        with ThreadPoolExecutor(STATIONS) as threads:
            assert sum(threads.map(claim, range(STATIONS))) == 1
