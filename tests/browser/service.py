"""An Aseed that a test steers: it lets creations through one by one, and forgets tokens."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from tests.servers import serving

CREATE = ("POST", "/custdev/api/interviews/rooms")


@dataclass
class Service:
    """A sandbox behind tokens of its own, all of one account.

    allowed: how many creations it answers; more wait. is_down: whether it answers nothing of use. asked: the paths
    that it was asked for.
    """

    app: ASGIApp
    store: Store
    tokens: set[str] = field(default_factory=lambda: {"first"})
    allowed: float = float("inf")
    came: int = 0
    is_down: bool = False
    asked: list[str] = field(default_factory=list)
    address: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        token = headers.get(b"authorization", b"").decode().removeprefix("Bearer ")
        if (scope["method"], scope["path"]) == CREATE:
            # Read now: whoever asked may be gone before it is let through, and is served all the same.
            receive = _again(await _body(receive))
            self.came += 1
            number = self.came
            while number > self.allowed:
                await asyncio.sleep(0.01)
        self.asked.append(scope["path"])
        if self.is_down:
            await JSONResponse({"detail": "Service Unavailable"}, 503)(scope, receive, send)
            return
        if scope["path"].startswith("/custdev") and token not in self.tokens:
            await JSONResponse({"detail": "Signature has expired"}, 401)(scope, receive, send)
            return
        headers[b"authorization"] = b"Bearer sandbox"
        await self.app({**scope, "headers": list(headers.items())}, receive, send)

    @property
    def rooms(self) -> int:
        return len(self.store.rooms(self.store.account("sandbox")))


async def _body(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _again(body: bytes) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


@contextmanager
def service(folder: Path) -> Iterator[Service]:
    store = Store(folder / "service.sqlite3", balance=10**9)
    made = Service(Starlette(routes=sandbox_routes(store)), store)
    with serving(made) as made.address:
        yield made
        # Nothing may be left waiting when the server is to stop.
        made.allowed = float("inf")
