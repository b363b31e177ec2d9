"""Creating rooms: a whole batch, what the journal costs a call, and a shutdown while a call is on its way."""

import asyncio
import itertools
import math
import sqlite3
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.aseed.client import AseedClient, Connections
from services.aseed.models import CreateProjectRequest, InterviewRoomResponse, ProjectResponse, RoomSettings
from services.background import in_parallel
from services.batches.engine import Engine
from services.batches.plan import Order
from services.journal.journal import Journal
from services.journal.records import Batch, NewBatch
from services.journal.visibility import Visibility
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from tests.bench.timing import at_most, compare, compare_times, note_median, taken
from tests.browser.service import service
from tests.servers import serving

ROOMS = 10_000
CALL = 100
"""Rooms of one call."""

AT_ONCE = 4
"""Calls on their way at once."""

LATENCY = 0.3
"""Seconds in which the service answers a creation."""

_presses = itertools.count()


class Slow:
    """An application that answers a creation no earlier than LATENCY seconds after it came."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        due = time.perf_counter() + LATENCY

        async def send_when_due(message: Message) -> None:
            if scope.get("method") == "POST" and message["type"] == "http.response.start":
                await asyncio.sleep(max(0.0, due - time.perf_counter()))
            await send(message)

        await self._app(scope, receive, send_when_due)


def bench_batch() -> None:
    """A batch from the press to its end, journal and all, against threads that only sleep as long as its calls take."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "sandbox.sqlite3", balance=10**9)
        journal = Journal(f"sqlite:///{folder}/journal.sqlite3")
        engine = Engine(journal)
        slow = Slow(Starlette(routes=sandbox_routes(store)))
        with serving(slow) as address, Connections(trust_env=False) as connections:
            aseed = AseedClient(f"{address}/custdev", SecretStr("sandbox"), connections)
            _batch(engine, aseed, 1)
            for count, pairs in ((1_000, 7), (10_000, 3)):
                times = [(taken(partial(_sleep, count)), _batch(engine, aseed, count)) for _ in range(pairs)]
                compare_times(f"{count:,} rooms, 300 ms a call, 4 at once / ideal", times, at_most(1.10))
        engine.close()
        journal.close()


def _sleep(count: int) -> None:
    """The least that the calls of a batch can take."""

    def work() -> None:
        for _ in range(math.ceil(count / CALL / AT_ONCE)):
            time.sleep(LATENCY)

    in_parallel(work, AT_ONCE)


def bench_journal() -> None:
    """What a call of 100 rooms costs on SQLite, noted before it is sent and after its answer, against bare sqlite3."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(f"sqlite:///{folder}/journal.sqlite3")
        form = RoomSettings()
        new = NewBatch("press", "me", "bench", "p", "Coffee", form, Order(form, ROOMS).calls)
        _, run = journal.batches.start(new, "bench")
        assert run is not None
        every = _rooms(ROOMS)
        answers = iter([every[start : start + CALL] for start in range(0, ROOMS, CALL)])
        texts = iter([[(room.id, room.url, room.model_dump_json()) for room in every[:CALL]]] * (ROOMS // CALL))

        def ours() -> None:
            call = run.claim()
            assert call is not None
            run.record_answer(call, next(answers))

        with closing(sqlite3.connect(f"{folder}/plain.sqlite3", isolation_level=None)) as db:
            db.execute("PRAGMA synchronous = FULL")
            db.execute("CREATE TABLE calls (id INTEGER PRIMARY KEY, state TEXT)")
            db.execute("CREATE TABLE rooms (id INTEGER PRIMARY KEY, room_id TEXT, link TEXT, room TEXT)")
            db.execute("INSERT INTO calls VALUES (1, 'planned')")

            def plain() -> None:
                db.execute("UPDATE calls SET state = 'sending'")
                db.execute("BEGIN IMMEDIATE")
                db.executemany("INSERT INTO rooms (room_id, link, room) VALUES (?, ?, ?)", next(texts))
                db.execute("UPDATE calls SET state = 'done'")
                db.execute("COMMIT")

            compare("journal, a call of 100 rooms / bare sqlite3", plain, ours, at_most(5), 50)
        journal.close()


def bench_stop() -> None:
    """How long a shutdown takes while a call is on its way that gets no answer in time."""
    with tempfile.TemporaryDirectory() as folder, service(Path(folder)) as aseed:
        aseed.allowed = 0
        engine = Engine(Journal(f"sqlite:///{folder}/journal.sqlite3"))
        with Connections(trust_env=False) as connections:
            client = AseedClient(f"{aseed.address}/custdev", SecretStr("first"), connections)
            _press(engine, client, client.projects()[0], 100)
            while not aseed.received:
                time.sleep(0.005)
            seconds = taken(engine.close)
            engine.journal.close()
            aseed.allowed = float("inf")
    note_median("shutdown with a call on its way", [seconds * 1000], "ms", at_most(2000))


def _batch(engine: Engine, aseed: AseedClient, count: int) -> float:
    """Creates rooms in a project of their own as a press does; gives how many seconds it took to the end."""
    request = CreateProjectRequest(name="Bench", research_goals="Goals", interview_guide="Guide")
    project = aseed.create_project(request)
    started = time.perf_counter()
    batch = _press(engine, aseed, project, count)
    mine = Visibility(aseed.service, aseed.account)
    while (now := engine.journal.batches.find(batch.id, mine)) is None or not now.over:
        # A page asks every second or two: a look each 5 ms would take its own share of the time that is measured.
        time.sleep(0.02)
    assert now.rooms == count
    return time.perf_counter() - started


def _press(engine: Engine, aseed: AseedClient, project: ProjectResponse, count: int) -> Batch:
    form = RoomSettings()
    order = Order(form, count)
    new = NewBatch(f"press {next(_presses)}", aseed.account, aseed.service, project.id, project.name, form, order.calls)
    return engine.start(new, aseed)


def _rooms(count: int) -> list[InterviewRoomResponse]:
    now = datetime.now(UTC)
    return [
        InterviewRoomResponse(
            id=f"01a20ab6-f4b4-7122-a51a-{number:012}",
            project_id="01a20ab6-f4b4-7122-a51a-063e2ba00ec3",
            access_token=f"{number:032}",
            url=f"https://app.aseed.ai/interview/{number:032}",
            room_name=f"interview-{number}",
            max_duration_minutes=30,
            status="pending",
            created_at=now,
            expires_at=now + timedelta(days=7),
            created_by="me",
            language="English",
            voice="marin",
            display_name=f"Participant {number}",
        )
        for number in range(count)
    ]
