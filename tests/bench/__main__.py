"""Measures ours against a plain way of doing the same, in one run, and prints the target beside each figure.

python -m tests.bench            everything
python -m tests.bench csv qr     what is named
"""

import asyncio
import math
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import qrcode
import streamlit as st
from pydantic import SecretStr
from qrcode.image.svg import SvgPathImage
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.testing.v1 import AppTest

from components.state import process, session
from components.state.press import Presses
from services.aseed.client import AseedClient, Connections
from services.aseed.models import CreateRoomsRequest, InterviewRoomResponse
from services.batches.engine import Engine
from services.batches.plan import Order
from services.export.codes import qr
from services.journal.journal import Journal
from services.journal.records import Batch, NewBatch
from services.journal.visibility import Visibility
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from services.settings import ROOT
from tests.bench import desk, files, printing
from tests.bench.timing import report, seconds
from tests.browser.service import service
from tests.entries import CHECK
from tests.servers import running_dashboard, serving

ROOMS = 10_000
LATENCY = 0.3
"""Seconds in which the service answers a creation."""

LINK = "https://app.aseed.ai/interview/3q2-7wFhZ0bq1rJXxVw9aTk4uE8sLm_d"


def rooms(count: int) -> list[InterviewRoomResponse]:
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


def bench_qr() -> None:
    """The SVG of a symbol, against qrcode's own."""
    symbol = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=qr.QUIET_ZONE)
    symbol.add_data(LINK)
    symbol.make(fit=True)

    def plain() -> bytes:
        return symbol.make_image(image_factory=SvgPathImage).to_string()

    report(
        "QR symbol to SVG / qrcode's SvgPathImage",
        seconds(plain, 50),
        seconds(lambda: qr.svg.__wrapped__(CHECK(LINK)), 50),
        ">= 4 x",
    )


def bench_sandbox() -> None:
    """A list over HTTP, against SQLite writing the same JSON; and creation, against a client made for each call."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sandbox.sqlite3"
        store = Store(file, balance=10**9)
        with serving(Starlette(routes=sandbox_routes(store))) as address, Connections(trust_env=False) as connections:
            token = SecretStr("sandbox")
            aseed = AseedClient(f"{address}/custdev", token, connections)
            project = UUID(aseed.projects()[0].id)
            call = CreateRoomsRequest(project_id=project, count=100)

            def with_a_new_client() -> None:
                with Connections(trust_env=False) as made:
                    AseedClient(f"{address}/custdev", token, made).create_rooms(call)

            plain, ours = seconds(with_a_new_client, 20), seconds(lambda: aseed.create_rooms(call), 20)
            report("create 100 rooms / with a client of its own", plain, ours, "> 1 x faster")
            while len(store.rooms(store.account("sandbox"))) < ROOMS:
                aseed.create_rooms(call)

            fields = [name for name in InterviewRoomResponse.model_fields if name not in ("url", "created_by")]
            pairs = ", ".join(f"'{name}', {name}" for name in [*fields, "account"])
            query = f"SELECT json_group_array(json_object({pairs})) FROM (SELECT * FROM rooms ORDER BY seq DESC)"
            with sqlite3.connect(file) as db:
                plain = seconds(lambda: db.execute(query).fetchone())
            db.close()
            headers = {"Authorization": "Bearer sandbox"}
            url = f"{address}/custdev/api/interviews/rooms"
            ours = seconds(lambda: connections.kept.get(url, headers=headers).content)
            report(f"list {ROOMS:,} rooms over HTTP / SQLite's own JSON", plain, ours, "<= 2 x")


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
    """A batch from the press to its end, journal and all, against the least that its calls can take."""
    for count in (1_000, 10_000):
        with tempfile.TemporaryDirectory() as folder:
            store = Store(Path(folder) / "sandbox.sqlite3", balance=10**9)
            journal = Journal(f"sqlite:///{folder}/journal.sqlite3")
            engine = Engine(journal)
            slow = Slow(Starlette(routes=sandbox_routes(store)))
            with serving(slow) as address, Connections(trust_env=False) as connections:
                aseed = AseedClient(f"{address}/custdev", SecretStr("sandbox"), connections)
                _batch(engine, aseed, 1)
                took = _batch(engine, aseed, count)
            engine.close()
            journal.close()
        ideal = math.ceil(count / 100 / 4) * LATENCY
        report(f"{count:,} rooms, 300 ms a call, 4 at once / ideal", ideal, took, "<= 1.10 x")


def bench_journal() -> None:
    """What the journal costs a call of 100 rooms on SQLite: written down before it is sent, and after its answer."""
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(f"sqlite:///{folder}/journal.sqlite3")
        form = CreateRoomsRequest(project_id=UUID(int=1))
        answers = rooms(ROOMS)
        _, run = journal.batches.start(
            NewBatch("press", "me", "bench", "p", "Coffee", form, Order(form, ROOMS).calls), "bench"
        )
        assert run is not None
        taken = []
        for start in range(0, ROOMS, 100):
            began = time.perf_counter()
            call = run.claim()
            assert call is not None
            run.record_answer(call, answers[start : start + 100])
            taken.append(time.perf_counter() - began)
        journal.close()
    cost = statistics.median(taken) * 1000
    print(f"{'journal, a call of 100 rooms':52} {cost:25.1f} ms   {'':16} target: < 5 ms")  # noqa: T201


def bench_stop() -> None:
    """How long a shutdown takes while a call is on its way that nobody will answer in time."""
    with tempfile.TemporaryDirectory() as folder, service(Path(folder)) as aseed:
        aseed.allowed = 0
        engine = Engine(Journal(f"sqlite:///{folder}/journal.sqlite3"))
        with Connections(trust_env=False) as connections:
            client = AseedClient(f"{aseed.address}/custdev", SecretStr("first"), connections)
            _press(engine, client, 100)
            while not aseed.came:
                time.sleep(0.005)
            started = time.perf_counter()
            engine.close()
            took = time.perf_counter() - started
            engine.journal.close()
            aseed.allowed = float("inf")
    print(f"{'shutdown with a call on its way':52} {took * 1000:25.1f} ms   {'':16} target: <= 2000 ms")  # noqa: T201


def _batch(engine: Engine, aseed: AseedClient, count: int) -> float:
    """Create rooms as a press does; gives how many seconds it took to the end."""
    started = time.perf_counter()
    batch = _press(engine, aseed, count)
    mine = Visibility(aseed.service, aseed.account)
    while (now := engine.journal.batches.find(batch.id, mine)) is None or not now.over:
        time.sleep(0.005)
    assert now.rooms == count
    return time.perf_counter() - started


def _press(engine: Engine, aseed: AseedClient, count: int) -> Batch:
    project = aseed.projects()[0]
    form = CreateRoomsRequest(project_id=UUID(project.id))
    order = Order(form, count)
    new = NewBatch(str(count), aseed.account, aseed.service, project.id, project.name, form, order.calls)
    return engine.start(new, aseed)


def bench_page() -> None:
    """A rerun of Create with the rooms of a batch on show, against one with the empty form."""
    for count in (100, 10_000):
        with page_on_sandbox() as (app, store):
            empty = seconds(app.run, 20)
            app.selectbox("project").set_value(store.projects(store.account("sandbox"))[0]["id"]).run()
            app.number_input("count").set_value(count).run()
            app.button("create").click().run()
            while not app.header:
                app.session_state[session.key(Presses)].next = "the next one"
                app.run()
            report(f"rerun with {count:,} rooms on show / with an empty form", empty, seconds(app.run, 20), "<= 2 x")


def bench_links() -> None:
    """A rerun of Links with a study of 10,000 rooms, also searched, against one with a study of none."""
    with page_on_sandbox() as (app, store):
        account = store.account("sandbox")
        full, _, none = (project["id"] for project in store.projects(account)[:3])
        for _ in range(ROOMS // 100):
            store.create_rooms(account, CreateRoomsRequest(project_id=UUID(full), count=100))
        app.switch_page(str(ROOT / "pages" / "links.py")).run()
        app.selectbox("study").set_value(none).run()
        empty = seconds(app.run, 20)
        app.selectbox("study").set_value(full).run()
        app.segmented_control("every").set_value(0).run()
        report(f"rerun of Links with {ROOMS:,} rooms / with none", empty, seconds(app.run, 20), "<= 2 x")

        words = iter(range(10**6))

        def search() -> None:
            app.text_input("find").set_value(f"interview {next(words)}").run()

        report(f"search in {ROOMS:,} rooms / a rerun with none", empty, seconds(search, 10), "(none set)")
        assert not app.exception


@contextmanager
def page_on_sandbox() -> Iterator[tuple[AppTest, Store]]:
    """The dashboard's script in front of a sandbox with an account that is rich."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder) / "sandbox.sqlite3", balance=10**9)
        with serving(Starlette(routes=sandbox_routes(store))) as address:
            os.environ |= {"ASEED_BASE_URL": f"{address}/custdev", "ASEED_API_TOKEN": "sandbox"}
            os.environ["ROOMS_DATA_DIR"] = folder
            yield AppTest.from_file(str(ROOT / "components" / "shell.py"), default_timeout=60).run(), store
            process.changes().close()
            process.engine().close()
            process.journal().close()
            for kept in (process.changes, process.engine, process.deployment, process.connections):
                kept.cache_clear()
            st.cache_data.clear()
            st.cache_resource.clear()


def bench_start() -> None:
    """From `streamlit run` to the first answer, which no plain way compares with."""
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        with running_dashboard(Path(folder), ASEED_BASE_URL="", ASEED_API_TOKEN=""):
            took = time.perf_counter() - started
        print(f"{'first answer after streamlit run':52} {took * 1000:25.1f} ms   {'':16} target: <= 3000 ms")  # noqa: T201


BENCHES = {
    "csv": files.bench_csv,
    "xlsx": files.bench_xlsx,
    "pack": files.bench_pack,
    "qr": bench_qr,
    "symbol": printing.bench_symbol,
    "png": printing.bench_png,
    "cards": printing.bench_cards,
    "sandbox": bench_sandbox,
    "batch": bench_batch,
    "journal": bench_journal,
    "stop": bench_stop,
    "page": bench_page,
    "links": bench_links,
    "claim": desk.bench_claim,
    "polls": desk.bench_polls,
    "start": bench_start,
}


def main() -> None:
    chosen = sys.argv[1:] or list(BENCHES)
    if unknown := set(chosen) - BENCHES.keys():
        sys.exit(f"{', '.join(sorted(unknown))}: no such bench; there are {', '.join(BENCHES)}.")
    print(f"{'ours / the plain way':52} {'plain':>12} {'ours':>12}")  # noqa: T201
    for name in chosen:
        BENCHES[name]()


if __name__ == "__main__":
    main()
