"""Real servers on loopback for tests: started on a free port, awaited, stopped by whoever started them."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

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
