"""Uploads: taken only at an address that the page asked for, from the browser that asked, within a quota a session."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gate.bodies import UPLOADS
from services.gate.browser import HEADER
from services.gate.refusal import CLOSED, refuse

MOST_FILES = 40
"""Files that a session may hold at once."""

MOST_BYTES = 60 * 1024 * 1024
"""Bytes that a session's files may have together."""

MOST_ADDRESSES = 200
"""Addresses for uploads that a session may have asked for; its oldest are forgotten."""


@dataclass
class Session:
    """What one session asked for and holds. files: bytes of each; sockets: its open connections; closed: since when."""

    browser: bytes
    asked: dict[str, None] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    sockets: int = 0
    closed: float = 0.0


class Uploads:
    """ASGI middleware that lets through only uploads that a page asked for.

    addresses: those for uploads in a message of Streamlit's to a page.
    kept_seconds: how long Streamlit keeps a session whose page is closed.
    """

    def __init__(self, app: ASGIApp, addresses: Callable[[bytes], Iterable[str]], kept_seconds: float) -> None:
        self._app = app
        self._addresses = addresses
        self._kept_seconds = kept_seconds
        self._sessions: dict[str, Session] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._watch(scope, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(UPLOADS) and scope["method"] != "OPTIONS":
            await self._take(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _watch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Notes which addresses this browser's page is given."""
        browser, mine = _browser(scope), set[str]()
        # A page that comes back names its session as the third subprotocol: what it holds still counts.
        for session_id in (name.strip() for name in scope.get("subprotocols", ())[2:3]):
            if (known := self._sessions.get(session_id)) and known.browser == browser:
                mine.add(session_id)
                known.sockets += 1

        async def noting(message: Message) -> None:
            for address in self._addresses(message.get("bytes") or b""):
                session_id, _, file_id = address.partition(UPLOADS)[2].partition("/")
                session = self._sessions.setdefault(session_id, Session(browser))
                if session_id not in mine:
                    mine.add(session_id)
                    session.sockets += 1
                session.asked[file_id] = None
                if len(session.asked) > MOST_ADDRESSES:
                    del session.asked[next(iter(session.asked))]
            await send(message)

        self._forget_closed()
        try:
            await self._app(scope, receive, noting)
        finally:
            for session_id in mine:
                self._sessions[session_id].sockets -= 1
                self._sessions[session_id].closed = time.monotonic()

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        session_id, _, file_id = scope["path"].removeprefix(UPLOADS).partition("/")
        session = self._sessions.get(session_id)
        if session is None or session.browser != _browser(scope) or file_id not in session.asked:
            await refuse("No page of this browser asked for this upload.", 403, scope, receive, send, CLOSED)
            return
        if scope["method"] == "DELETE":
            await self._app(scope, receive, send)
            session.files.pop(file_id, None)
            return
        # One upload at a time for each address: a second one would be counted in its place.
        if file_id in session.files or len(session.files) >= MOST_FILES:
            await refuse("Too many files: reload the page.", 413, scope, receive, send, CLOSED)
            return
        session.files[file_id] = 0
        status = 500

        async def counted() -> Message:
            message = await receive()
            session.files[file_id] += len(message.get("body", b""))
            if sum(session.files.values()) > MOST_BYTES:
                raise HTTPException(413, "Too many files: reload the page.")
            return message

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, counted, noting)
        finally:
            if status >= 300:
                session.files.pop(file_id, None)

    def _forget_closed(self) -> None:
        """Forgets sessions that Streamlit does not keep any more."""
        past = time.monotonic() - 2 * self._kept_seconds
        for session_id, session in list(self._sessions.items()):
            if not session.sockets and session.closed < past:
                del self._sessions[session_id]


def _browser(scope: Scope) -> bytes:
    return next((value for name, value in scope["headers"] if name == HEADER), b"")
