"""Real servers on loopback for tests: started on a free port, awaited, stopped by whoever started them."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn
from starlette.types import ASGIApp

ROOT = Path(__file__).parents[1]

PATIENCE = 30.0
"""How long a server may take to start or stop, in seconds."""


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve an ASGI application from a thread; gives its address, such as http://127.0.0.1:40123."""
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


def eventually(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds; fails when it does not within PATIENCE."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


@contextmanager
def running_dashboard(data: Path, **environment: str) -> Iterator[str]:
    """`streamlit run app.py` on a free port of loopback; gives its address once it answers."""
    with _dashboard(data, environment) as (address, server):
        yield address
        server.terminate()


@contextmanager
def killed_dashboard(data: Path, **environment: str) -> Iterator[str]:
    """The same, and at its end it is killed without a moment to tidy up."""
    with _dashboard(data, environment) as (address, server):
        yield address
        server.kill()


@contextmanager
def _dashboard(data: Path, environment: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
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
        yield address, server
        server.wait(PATIENCE)
    finally:
        server.kill()
        server.wait(PATIENCE)
        log.close()


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/healthz", trust_env=False).is_success
    except httpx.TransportError:
        return False
