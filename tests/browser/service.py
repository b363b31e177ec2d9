"""An Aseed that a test steers: it lets creations through one by one, and forgets tokens."""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.aseed.models import CreateProjectRequest, CreateRoomsRequest, UpdateRoomRequest
from services.sandbox.database import Row
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from tests.servers import serving

CREATE = ("POST", "/custdev/api/interviews/rooms")

_numbers = itertools.count(1)


@dataclass
class Service:
    """A sandbox behind tokens of its own, all of one account.

    tokens: those that it accepts.
    allowed: how many creations it answers; more wait.
    received: how many creations it was asked for.
    is_down: whether it answers nothing of use.
    asked: the paths that it was asked for.
    """

    app: ASGIApp
    store: Store
    tokens: set[str] = field(default_factory=lambda: {"first"})
    allowed: float = float("inf")
    received: int = 0
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
            # Read now: the client may be gone before it is let through, and is served all the same.
            receive = _again(await _body(receive))
            self.received += 1
            number = self.received
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

    def begin(self) -> None:
        """Let everything through, forget what was counted, and accept the first token again."""
        self.tokens, self.allowed, self.received, self.is_down = {"first"}, float("inf"), 0, False
        self.asked.clear()

    def settings(self, token: str) -> dict[str, str]:
        """The environment of a dashboard in front of this Aseed."""
        return {"ASEED_BASE_URL": f"{self.address}/custdev", "ASEED_API_TOKEN": token}

    @property
    def account(self) -> str:
        return self.store.account("sandbox")

    @property
    def rooms(self) -> int:
        return len(self.store.rooms(self.account))

    def new_project(self) -> Row:
        """A project that is ready and has no rooms; no two have one name."""
        wanted = CreateProjectRequest(
            name=f"Study {next(_numbers):03}", research_goals="Goals", interview_guide="Guide"
        )
        return self.store.create_project(self.account, wanted)

    def new_rooms(self, project_id: str, count: int, **settings: object) -> list[Row]:
        """So many pending rooms, as the API's fields say."""
        wanted = CreateRoomsRequest.model_validate({"project_id": project_id, "count": count, **settings})
        return self.store.create_rooms(self.account, wanted)

    def update(self, room_id: str, **change: object) -> None:
        self.store.update_room(self.account, UUID(room_id), UpdateRoomRequest.model_validate(change))

    def rooms_of(self, project_id: str, status: str | None = None) -> list[Row]:
        return self.store.rooms(self.account, UUID(project_id), status)


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
