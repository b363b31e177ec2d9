"""Routes of Streamlit's that this dashboard does not need: they tell every visitor how it fares, or let programs in."""

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
"""The metrics of the process, the interface for agents, and a run of the script on request."""


class ClosedRoutes:
    """ASGI middleware that answers 404 for the routes in CLOSED and all below them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and any(f"{scope['path']}/".startswith(f"{path}/") for path in CLOSED):
            await PlainTextResponse("Not Found", 404)(scope, receive, send)
            return
        await self._app(scope, receive, send)
