"""How much a request may bring, and for how long it may take: on every route, with and without Content-Length."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gate.refusal import CLOSED, refuse

UPLOADS = "/_stcore/upload_file/"
"""Under which Streamlit takes uploads."""

LONGEST_BODY = 1024 * 1024
"""Bytes of a request's body, on every route but the uploads'. A batch of rooms in the sandbox is 100 KB."""

AROUND_AN_UPLOAD = 1024 * 1024
"""Bytes that a form may have around its file."""

BODY_SECONDS = 120.0
"""How long a body may take to arrive."""

TOO_LARGE, TOO_SLOW = 413, 408
SAID = {TOO_LARGE: "The request is too large.", TOO_SLOW: "The request took too long to arrive."}


class BodyLimits:
    """ASGI middleware that answers 413 for a body that is too long, 408 for one too slow, and closes the connection.

    upload_bytes: the largest file that may be uploaded. longest: bytes of any other body.
    """

    def __init__(
        self, app: ASGIApp, upload_bytes: int, seconds: float = BODY_SECONDS, longest: int = LONGEST_BODY
    ) -> None:
        self._app = app
        self._upload_bytes = upload_bytes
        self._seconds = seconds
        self._longest = longest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._upload_bytes + AROUND_AN_UPLOAD if scope["path"].startswith(UPLOADS) else self._longest
        if _announced(scope) > limit:
            await refuse(SAID[TOO_LARGE], TOO_LARGE, scope, receive, send, CLOSED)
            return
        deadline = asyncio.get_running_loop().time() + self._seconds
        received, is_over, has_answered, refused = 0, False, False, 0

        async def limited() -> Message:
            nonlocal received, is_over, refused
            if is_over:
                return await receive()
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                refused = TOO_SLOW
                raise HTTPException(refused) from None
            received += len(message.get("body", b""))
            is_over = not message.get("more_body", False)
            if received > limit:
                refused = TOO_LARGE
                raise HTTPException(refused)
            return message

        async def answered(message: Message) -> None:
            nonlocal has_answered
            # What is answered to a body that was cut short is of no use: the refusal is said below.
            if refused and not has_answered:
                return
            has_answered = True
            await send(message)

        try:
            await self._app(scope, limited, answered)
        except Exception:
            if not refused:
                raise
        if refused and not has_answered:
            await refuse(SAID[refused], refused, scope, receive, send, CLOSED)


def _announced(scope: Scope) -> int:
    """The length that a request says its body has; 0 where it says none."""
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return max((int(value) for value in lengths if value.isdigit() and len(value) < 20), default=0)
