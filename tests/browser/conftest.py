"""A real dashboard on a real port, and a real browser in front of it."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.servers import PATIENCE, eventually

ROOT = Path(__file__).parents[2]

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A name that is not this machine's own, which leads here: what a tablet in the same network sees.
    "--host-resolver-rules=MAP desk.example 127.0.0.1",
]

expect.set_options(timeout=PATIENCE * 1000)

Dashboard = Callable[..., str]


@contextmanager
def running_dashboard(data: Path, **environment: str) -> Iterator[str]:
    """`streamlit run app.py` on a free port of loopback; gives its address once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (data / "dashboard.log").open("w")
    server = subprocess.Popen(
        [
            str(Path(sys.executable).with_name("streamlit")),
            "run",
            "app.py",
            f"--server.port={port}",
            "--server.address=127.0.0.1",
            "--server.fileWatcherType=none",
        ],
        cwd=ROOT,
        env={**os.environ, "ROOMS_DATA_DIR": str(data), **environment},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        eventually(lambda: _answers(address))
        yield address
    finally:
        server.terminate()
        server.wait(PATIENCE)
        log.close()


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", trust_env=False).is_success
    except httpx.TransportError:
        return False


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("dashboard")


@pytest.fixture(scope="session")
def dashboard(data: Path) -> Iterator[str]:
    """The dashboard as a newcomer has it: on the sandbox."""
    with running_dashboard(data, ASEED_BASE_URL="", ASEED_API_TOKEN="") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chosen = os.environ.get("TEST_BROWSER") or None
        launched = playwright.chromium.launch(executable_path=chosen, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(
        viewport={"width": 1280, "height": 800}, timezone_id="Europe/Berlin", locale="en-GB", accept_downloads=True
    )
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
