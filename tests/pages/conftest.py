"""The dashboard's script without a browser, in front of an Aseed that fails on request."""

import secrets
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
import streamlit as st
from sqlalchemy import event
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from streamlit.testing.v1 import AppTest

from components.state import connection, language, process, session
from components.state.press import Presses
from services.batches.pace import Pace
from services.journal.visibility import Visibility
from services.people import acting
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from services.settings import ROOT
from tests.journals import empty_journal
from tests.servers import eventually, serving

State = TypeVar("State")


@dataclass
class Aseed:
    """A sandbox that answers some calls as it is told, or itself where it is told None. calls: which were made.

    A call is named by its method and path, such as `POST /custdev/api/interviews/rooms`.
    """

    app: Starlette
    answers: dict[str, Callable[[], Response | None]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    address: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = f"{scope['method']} {scope['path']}" if scope["type"] == "http" else ""
        self.calls.append(call)
        told = self.answers.get(call)
        await ((told and told()) or self.app)(scope, receive, send)


CREATE = "POST /custdev/api/interviews/rooms"
LIST_PROJECTS = "GET /custdev/projects/"
LIST_ROOMS = "GET /custdev/api/interviews/rooms"


@pytest.fixture
def aseed(store: Store) -> Iterator[Aseed]:
    made = Aseed(Starlette(routes=sandbox_routes(store)))
    with serving(made) as made.address:
        yield made


@pytest.fixture
def app(aseed: Aseed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[AppTest]:
    """The script, connected to that Aseed by the deployment's settings; lost answers are looked for at once."""
    monkeypatch.setenv("ASEED_BASE_URL", f"{aseed.address}/custdev")
    monkeypatch.setenv("ASEED_API_TOKEN", "sandbox")
    monkeypatch.setenv("ROOMS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("ROOMS_LOST_ANSWER_SECONDS", "0")
    monkeypatch.setattr(
        process, "Pace", lambda calls_at_once, wait: Pace(calls_at_once, wait, second_look=0.05, pauses=(0.01,))
    )
    # Streamlit puts its script in the place of the main module; processes that tests start later begin with that one.
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    empty_journal(tmp_path)
    _forget()
    yield AppTest.from_file(str(ROOT / "components" / "shell.py"), default_timeout=30)
    _forget()


def _forget() -> None:
    # All sessions of these tests have one id.
    language._spoken.clear()
    # The script has told how the person of a page is found, who may have been one of a test.
    acting.asks_for(lambda: acting.EVERYONE)
    st.cache_data.clear()
    st.cache_resource.clear()
    if process.engine.cache_info().currsize:
        process.engine().close()
        process.journal().close()
    if process.connections.cache_info().currsize:
        process.connections(True).close()
    for kept in (
        process.changes,
        process.connections,
        process.deployment,
        process.engine,
        process.last_answers,
        process.vault,
    ):
        kept.cache_clear()


def press_create(app: AppTest) -> AppTest:
    """Press Create and wait until the batch stands still and the page has been told, as a browser would ask."""
    app.button("create").click().run()
    return wait_for_batches(app)


def form_again(app: AppTest) -> AppTest:
    """Bring the form back where a result has taken its place."""
    if any(button.key == "create_more" for button in app.button):
        app.button("create_more").click().run()
    return app


def wait_for_batches(app: AppTest) -> AppTest:
    """Wait until no batch moves any more, and draw the page as a browser would have it drawn."""
    eventually(lambda: not any(batch.working for batch in process.journal().batches.newest(mine(), 100)))
    state(app, Presses).next = secrets.token_hex(8)
    return app.run()


def state(app: AppTest, kind: type[State]) -> State:
    """What the app's session keeps of a class (components.state.session), made if the script has not."""
    if session.key(kind) not in app.session_state:
        app.session_state[session.key(kind)] = kind()
    kept: State = app.session_state[session.key(kind)]
    return kept


@contextmanager
def refused_writes() -> Iterator[None]:
    """Has the journal's database refuse every write, as on a disk that became read-only, and go on reading."""
    engine = process.journal()._database._engine

    def refuse(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    event.listen(engine, "checkout", refuse)
    try:
        yield
    finally:
        event.remove(engine, "checkout", refuse)
        engine.dispose()


def after(aseed: Aseed, count: int, answer: Response) -> None:
    """Lets so many creations through, and answers all later ones like this."""
    passed = 0

    def decide() -> Response | None:
        nonlocal passed
        passed += 1
        return None if passed <= count else answer

    aseed.answers[CREATE] = decide


def fill_account(store: Store) -> None:
    """Gives the account enough tokens for any test."""
    store.account("sandbox")
    with sqlite3.connect(store._path) as db:
        db.execute("UPDATE accounts SET balance = 1000000")
    db.close()


def mine() -> Visibility:
    """What the token of the deployment may see by itself."""
    aseed = connection.client()
    return Visibility(aseed.service, aseed.account)


def go(app: AppTest, page: str) -> AppTest:
    """Open another page."""
    app.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    """Everything the page says, in one text, as a reader sees it: without escapes."""
    assert not app.exception
    kinds = (app.error, app.warning, app.info, app.caption, app.markdown, app.header)
    shown = "\n".join(str(element.value) for kind in kinds for element in kind)
    return shown.replace("\\", "").replace("\u2060", "")


@pytest.fixture
def for_people(app: AppTest, store: Store) -> AppTest:
    """The form for a list of people that is to be pasted, in a project that is ready."""
    app.run()
    app.selectbox("project").set_value(store.projects(store.account("sandbox"))[0]["id"])
    app.segmented_control("for_whom").set_value("A list of people").run()
    app.segmented_control("roster_way").set_value("Paste").run()
    return app


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    app.segmented_control("roster_way").set_value("Upload a file").run()
    app.file_uploader("roster_file").upload(name, content, "text/csv").run()
    assert not app.exception
    return app


def understood(app: AppTest) -> list[dict[str, str]]:
    """The people as the page shows them."""
    return [{str(name): str(cell) for name, cell in row.items()} for row in app.dataframe[0].value.to_dict("records")]


def made_for(store: Store) -> list[tuple[str | None, str | None, str, str]]:
    """The rooms of the newest batch: label and language as Aseed was asked for them, email and ID as kept here."""
    rooms = {room["id"]: room for room in store.rooms(store.account("sandbox"))}
    (batch,) = process.journal().batches.newest(mine(), 1)
    return [
        (rooms[kept.room.id]["display_name"], rooms[kept.room.id]["language"], person.email, person.external_id)
        for kept in process.journal().batches.rooms(batch.id)
        if (person := kept.participant)
    ]
