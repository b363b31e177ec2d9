"""Closed pages: what their sessions hold, a pasted token among it, is gone for good after its time."""

import asyncio
import gc
import secrets
import sys
import tomllib
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from services.gate.closed_pages import KEPT_SECONDS, LOOK_SECONDS, ClosedPages
from tests.attacks.sockets import Visitor
from tests.servers import PATIENCE, ROOT, answered, eventually, running_dashboard

HASTY = """
import pathlib, sys, threading, time
sys.path.insert(0, ".")
from services.gate import closed_pages
from streamlit.web.cli import main
from tests.memory import holders

folder = pathlib.Path(sys.argv.pop(1))

def answer():
    while True:
        time.sleep(0.05)
        if (folder / "asked").exists():
            count = str(len(holders((folder / "asked").read_text())))
            (folder / "asked").unlink()
            (folder / "answer").write_text(count)
            (folder / "answer").rename(folder / "answered")

threading.Thread(target=answer, daemon=True).start()
closed_pages.KEPT_SECONDS, closed_pages.LOOK_SECONDS = 0, 0.05
sys.exit(main())
"""
"""Runs Streamlit with a dashboard that keeps no closed page, and says what its memory holds."""


@dataclass
class Hasty:
    """That dashboard. folder: where it is asked, and answers."""

    address: str
    folder: Path

    def holds(self, text: str) -> bool:
        (self.folder / "question").write_text(text)
        (self.folder / "question").rename(self.folder / "asked")
        answered = self.folder / "answered"
        eventually(answered.exists)
        count = int(answered.read_text())
        answered.unlink()
        return count > 0


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hasty]:
    folder = tmp_path_factory.mktemp("hasty")
    start = (sys.executable, "-c", HASTY, str(folder))
    # No sandbox: it is in the same process, and has copies of its own of what it was sent.
    with running_dashboard(folder, start=start, ASEED_API_TOKEN="", ASEED_BASE_URL="http://127.0.0.1:9") as address:
        yield Hasty(address, folder)


@dataclass
class Sessions:
    """Streamlit's, as far as they are asked."""

    active: set[str] = field(default_factory=set)
    closed: list[str] = field(default_factory=list)

    def is_active_session(self, session_id: str) -> bool:
        return session_id in self.active

    def close_session(self, session_id: str) -> None:
        self.closed.append(session_id)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page is drawn at the moment 0."""
    monkeypatch.setattr("services.gate.closed_pages.time.monotonic", lambda: 0.0)


@pytest.mark.usefixtures("clock")
def test_closed_page_is_forgotten_after_its_time() -> None:
    pages, sessions = ClosedPages(), Sessions()
    pages.note("a")
    pages.forget(sessions, KEPT_SECONDS - 1)
    assert sessions.closed == []
    pages.forget(sessions, KEPT_SECONDS)
    pages.forget(sessions, 2 * KEPT_SECONDS)
    assert sessions.closed == ["a"]


@pytest.mark.usefixtures("clock")
def test_time_counts_from_the_moment_it_closed() -> None:
    pages, sessions = ClosedPages(), Sessions({"a"})
    pages.note("a")
    pages.forget(sessions, 10 * KEPT_SECONDS)
    sessions.active.clear()
    pages.forget(sessions, 11 * KEPT_SECONDS - 1)
    assert sessions.closed == []
    pages.forget(sessions, 11 * KEPT_SECONDS)
    assert sessions.closed == ["a"]


def test_streamlit_keeps_sessions_until_we_close_them() -> None:
    kept = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["server"]["disconnectedSessionTTL"]
    assert kept >= KEPT_SECONDS + 2 * LOOK_SECONDS


def test_dashboard_forgets_without_another_visit(hasty: Hasty) -> None:
    with Visitor(hasty.address) as person:
        with person.page() as tab:
            session_id = tab.session_id()

        def is_gone() -> bool:
            # Long enough for a look; of what else a visit does, nothing may close a session before its three minutes.
            with Visitor(hasty.address) as another, another.page():
                pass
            with person.page(session_id) as tab:
                is_told = tab.says("no connection for over two minutes")
                assert is_told == (tab.session_id() != session_id)
                return is_told

        eventually(is_gone)


def test_what_pages_let_go_of_is_soon_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Token:
        itself: object

    monkeypatch.setattr("services.gate.closed_pages.LOOK_SECONDS", 0)
    pages, token = ClosedPages(), Token()
    # Python alone looks for such circles now and then, and first of all for young ones.
    token.itself = token
    gc.collect()
    is_gone = weakref.ref(token)
    del token

    async def until_it_is_gone() -> None:
        forgetting = asyncio.create_task(pages.keep_forgetting(lambda: Sessions({"a"})))
        pages.note("a")
        async with asyncio.timeout(PATIENCE):
            while is_gone() is not None:
                await asyncio.sleep(0)
        forgetting.cancel()

    gc.disable()
    try:
        answered(until_it_is_gone())
    finally:
        gc.enable()


@pytest.mark.parametrize("last", ["settings", "", "links", "desk", "batches"])
def test_closed_page_leaves_no_copy_of_its_token(hasty: Hasty, last: str) -> None:
    token = f"token-{secrets.token_hex(8)}"
    with Visitor(hasty.address) as person, person.page(name="settings") as tab:
        (field,) = [each.text_input.id for each in tab.shown if each.text_input.label == "API token"]
        (button,) = [each.button.id for each in tab.shown if each.button.label == "Use this token"]
        tab.draw(WidgetState(id=field, string_value=token), WidgetState(id=button, trigger_value=True))
        assert tab.says("With the API token that you pasted")
        tab.name = last
        tab.draw()
        assert hasty.holds(token)
    eventually(lambda: not hasty.holds(token))
