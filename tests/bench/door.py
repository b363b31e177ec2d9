"""A door: a claim against a desk's, and what a page takes while two hundred visitors come at once."""

import itertools
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

from services.aseed.models import InterviewRoomResponse
from services.journal.desk.records import Kind, Offer, Station
from services.journal.door.records import Claimed, DoorSettings, NewVisit
from services.journal.journal import Journal
from services.journal.visibility import Visibility
from tests.bench.timing import at_most, compare, note
from tests.entries import entry
from tests.postgres import fresh_database, running_postgres
from tests.services.door.fair import fair
from tests.services.door.rush import Rush, served_alone

ROOMS, VISITS = 10_000, 1_000
VISITORS = 200
PROJECT = str(UUID(int=1))
MINE = Visibility("https://aseed.example/custdev", "account")


def bench_door() -> None:
    """A claim at a door where a thousand visitors were before, with a limit, a question and a quota."""
    with tempfile.TemporaryDirectory() as folder, closing(Journal(f"sqlite:///{folder}/journal.sqlite3")) as journal:
        journal.hand_outs.offer(MINE, PROJECT, [_offer(number) for number in range(ROOMS)])
        asked = {
            "texts": {"en": "How old are you?"},
            "answers": [{"texts": {"en": "Under 18"}, "lets_in": False}, {"texts": {"en": "More"}, "quota": ROOMS}],
        }
        told = {"texts": {"en": {"name": "City fair"}}, "most": ROOMS, "most_a_day": ROOMS, "questions": [asked]}
        door = journal.doors.make(MINE, PROJECT, DoorSettings.model_validate(told))
        visits = (
            journal.visits.enter(door, NewVisit(f"device {number}", "en", 1, answers=(1,)))
            for number in itertools.count()
        )
        for visit in itertools.islice(visits, VISITS):
            assert isinstance(journal.visits.claim(door, visit.key), Claimed)
        waiting, keys = list(itertools.islice(visits, VISITS)), itertools.count()

        def ours() -> None:
            assert isinstance(journal.visits.claim(door, waiting[next(keys)].key), Claimed)

        def desk() -> None:
            assert journal.hand_outs.claim(MINE, Station(f"key {next(keys)}", Kind.DESK, PROJECT, "Desk"))

        compare(f"a claim at a door after {VISITS:,} visitors / at a desk", desk, ours, at_most(2), 100)


def bench_rush() -> None:
    """Visitors who all come at once, to one process on a file and to two on PostgreSQL; bots beside them."""
    for name, count in (("SQLite", 1), ("PostgreSQL", 2)):
        with (
            tempfile.TemporaryDirectory() as folder,
            _journal(name, Path(folder)) as journal,
            fair(Path(folder), journal) as at,
            served_alone(count, Path(folder), at.address, journal) as served,
        ):
            rush = Rush(at.door(VISITORS), served)
            rush.run(VISITORS, lambda: None)
        for what, seconds in (("a page", rush.pages), ("a press for a room", rush.seconds)):
            median, high = statistics.median(seconds), statistics.quantiles(seconds, n=20)[-1]
            told = f"{len(seconds)} of them; 95th percentile {1000 * high:.0f} ms"
            note(f"{VISITORS} visitors at once, {name}: {what}, median", 1000 * median, "ms", None, told)


@contextmanager
def _journal(name: str, folder: Path) -> Iterator[str]:
    if name == "SQLite":
        yield f"sqlite:///{folder}/journal.sqlite3"
        return
    with running_postgres(folder) as server, fresh_database(server) as url:
        yield url


def _offer(number: int) -> Offer:
    room: InterviewRoomResponse = entry(
        id=f"room-{number}", project_id=PROJECT, access_token=f"t{number}", url=f"https://aseed.example/i/t{number}"
    ).room
    return Offer(room, room.url, number, "", "", False)
