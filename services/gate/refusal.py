"""The answer to what may not come in."""

from collections.abc import Mapping

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

POLICY_VIOLATION = 1008
"""The code with which a websocket is closed that breaks a rule (RFC 6455)."""

CLOSED = {"Connection": "close"}
"""For a request whose body was not read: the rest of it would be read and thrown away otherwise."""


async def refuse(
    told: str, status: int, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str] | None = None
) -> None:
    """Says why with this status; a websocket is closed before it opens."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": ""})
        return
    await PlainTextResponse(told, status, headers)(scope, receive, send)
