"""Security headers for every answer of the application, whichever part makes it."""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'self'",
        # Streamlit compiles WebAssembly, and loads components from blobs.
        "script-src 'self' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)

UNUSED = (
    "accelerometer",
    "bluetooth",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
)
"""What a page could ask the browser for, and ours never does."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in UNUSED),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


ONLY_TLS = "max-age=31536000"
"""For a year, this host is opened over TLS alone; its subdomains may be others'."""


FILES_OF_DOORS = "/door/files/"
"""Where style and script of the visitors' pages are."""


class SecurityHeaders:
    """ASGI middleware that adds headers where an answer has none of its own.

    Proxies and browsers may store static files alone: any other answer may hold a link.
    """

    def __init__(self, app: ASGIApp, headers: Mapping[str, str] = HEADERS) -> None:
        self._app = app
        self._headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers.setdefault("Strict-Transport-Security", ONLY_TLS)
                if scope["path"].startswith(FILES_OF_DOORS) and message["status"] < 400:
                    # Their addresses change with them. A phone at a fair has a poor network.
                    headers["Cache-Control"] = "max-age=604800"
                elif not scope["path"].startswith("/static/"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers)


def broken(_: Request, __: Exception) -> Response:
    """The answer where something of ours broke."""
    return _WithHeaders("Internal Server Error", 500)


class _WithHeaders(PlainTextResponse):
    """An answer that adds the headers itself, as Starlette sends it past all middleware."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await SecurityHeaders(super().__call__)(scope, receive, send)
