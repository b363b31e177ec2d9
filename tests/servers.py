"""Real servers on loopback for tests: each is started on a free port and stopped by the test that started it."""

import asyncio
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import TypeVar

import uvicorn
from starlette.types import ASGIApp

Answer = TypeVar("Answer")

ROOT = Path(__file__).parents[1]

PATIENCE = 120.0
"""How long a test waits for anything before it fails, in seconds. A limit for a broken run, never a decision."""


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serves an ASGI application from a thread; gives its address, such as http://127.0.0.1:40123."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    eventually(lambda: server.started)
    host, port = server.servers[0].sockets[0].getsockname()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


def free_port() -> int:
    """A port of loopback that no program has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(condition: Callable[[], bool]) -> None:
    """Waits until a condition holds; fails when it does not within PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def answered(question: Coroutine[None, None, Answer]) -> Answer:
    """What a coroutine answers; in a thread of its own, as Playwright's event loop may run in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, question).result()


STREAMLIT = (str(Path(sys.executable).with_name("streamlit")),)


@contextmanager
def running_dashboard(data: Path, *, start: Sequence[str] = STREAMLIT, **environment: str) -> Iterator[str]:
    """Runs `streamlit run app.py` on a free port of loopback; gives its address once it answers.

    start: the command in place of `streamlit`.
    """
    with _dashboard(data, environment, start) as (address, server):
        yield address
        server.terminate()


@contextmanager
def watched_dashboard(data: Path, **environment: str) -> Iterator[tuple[str, int]]:
    """Does the same, and gives the id of its process, too."""
    with _dashboard(data, environment) as (address, server):
        yield address, server.pid
        server.terminate()


@contextmanager
def killed_dashboard(data: Path, **environment: str) -> Iterator[str]:
    """Runs the dashboard, and kills it at the end without a moment to tidy up."""
    with _dashboard(data, environment) as (address, server):
        yield address
        server.kill()


@contextmanager
def running_streamlit(script: Path, data: Path, **environment: str) -> Iterator[str]:
    """Runs `streamlit run` with any script; gives its address once Streamlit answers."""
    with _streamlit(script, "/_stcore/health", data, environment) as (address, server):
        yield address
        server.terminate()


@contextmanager
def _dashboard(
    data: Path, environment: dict[str, str], start: Sequence[str] = STREAMLIT
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with _streamlit(ROOT / "app.py", "/healthz", data, environment, start) as started:
        yield started


@contextmanager
def _streamlit(
    script: Path, health: str, data: Path, environment: dict[str, str], start: Sequence[str] = STREAMLIT
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    log = (data / "dashboard.log").open("w")
    server = subprocess.Popen(
        [
            *start,
            "run",
            str(script),
            f"--server.port={port}",
            "--server.address=127.0.0.1",
            "--server.fileWatcherType=none",
        ],
        cwd=ROOT,
        env={**os.environ, "ROOMS_DATA_DIR": str(data), **environment},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        eventually(lambda: _answers(port, health))
        yield f"http://127.0.0.1:{port}", server
        server.wait(PATIENCE)
    finally:
        server.kill()
        server.wait(PATIENCE)
        log.close()


def _answers(port: int, path: str) -> bool:
    # Not by a client of our own: to make one costs as much as the start that is waited for.
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
