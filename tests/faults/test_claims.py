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
from tests.postgres import fresh_database
from tests.servers import PATIENCE, ROOT

STATIONS = 16
POOL = 10_000
KILLS = 6


def fill(journal: Journal, count: int) -> list[str]:
    """A pool of so many rooms; gives their ids."""
    offers = giver.offers(count)
    journal.hand_outs.offer(giver.SIGHT, giver.PROJECT, offers)
    return [offer.room.id for offer in offers]


def places(journal: Journal, ids: list[str]) -> Counter[HandOutState]:
    found = [journal.hand_outs.find(giver.SIGHT, room_id) for room_id in ids]
    return Counter(each.state for each in found if each)


@contextmanager
def giving(url: str, name: str, kind: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.faults.giver", url, name, kind]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_sixteen_threads_claim_every_room_of_a_pool_once(tmp_path: Path) -> None:
    with closing(Journal(f"sqlite:///{tmp_path}/journal.sqlite3")) as journal:
        ids = fill(journal, POOL)
        start = Barrier(STATIONS)

        def claim_all(name: int) -> list[str]:
            start.wait(PATIENCE)
            return list(giver.claims(journal, str(name)))

        with ThreadPoolExecutor(STATIONS) as threads:
            claimed = [room_id for its in threads.map(claim_all, range(STATIONS)) for room_id in its]
        assert sorted(claimed) == sorted(ids)
        assert journal.hand_outs.left(giver.SIGHT, giver.PROJECT).free == 0


def test_sixteen_processes_claim_every_room_of_a_pool_once(postgres: str) -> None:
    with fresh_database(postgres) as url, closing(Journal(url)) as journal, ExitStack() as stack:
        ids = fill(journal, POOL)
        processes = [stack.enter_context(giving(url, str(number), "claim")) for number in range(STATIONS)]
        claimed = [room_id for process in processes for room_id in process.communicate(timeout=300)[0].split()]
        assert all(process.returncode == 0 for process in processes)
        assert sorted(claimed) == sorted(ids)
        assert journal.hand_outs.left(giver.SIGHT, giver.PROJECT).free == 0


def test_no_claim_is_lost_when_stations_are_killed_in_the_middle(database: str) -> None:
    """Each comes back under its key, and goes on with the link that it had."""
    chance = random.Random(5)
    with closing(Journal(database)) as journal:
        ids = fill(journal, 40)
        for _ in range(KILLS):
            with giving(database, "A", "give") as victim, giving(database, "B", "give") as other:
                for _ in range(chance.randrange(3)):
                    assert next_gift(victim)
                assert next_gift(other)
                allow(victim)
                time.sleep(chance.uniform(0, 0.01))
                victim.kill()
                # The other one notices nothing of it.
                assert next_gift(other)
                other.kill()
        assert 2 * KILLS <= places(journal, ids)[HandOutState.GIVEN] < len(ids)
        with giving(database, "A", "give") as last, giving(database, "B", "give") as too:
            for process in (last, too):
                process.communicate(timeout=PATIENCE)
                assert process.returncode == 0
        assert places(journal, ids) == {HandOutState.GIVEN: len(ids)}
        for room_id in ids:
            told = [event.what for event in journal.rooms.history(giver.SIGHT, room_id)]
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
def test_of_sixteen_claims_of_the_last_room_one_succeeds(database: str, room_id: str | None) -> None:
    with closing(Journal(database)) as journal:
        fill(journal, 1)
        start = Barrier(STATIONS)

        def claim(name: int) -> bool:
            start.wait(PATIENCE)
            return journal.hand_outs.claim(giver.SIGHT, giver.station(str(name)), room_id) is not None

        with ThreadPoolExecutor(STATIONS) as threads:
            assert sum(threads.map(claim, range(STATIONS))) == 1
