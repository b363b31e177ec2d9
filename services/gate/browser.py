"""Which browser a connection comes from: a cookie that no script reads, told to Streamlit as a header.

Streamlit resumes a session for everyone who names its id, unless the user is another. The header is the user
(`server.trustedUserHeaders`). Cookies do not tell ports apart: a server on another port of the same host receives it.
"""

from hashlib import sha256
from re import fullmatch
from secrets import token_urlsafe

from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = b"x-rooms-browser"
"""Named in `server.trustedUserHeaders` of .streamlit/config.toml."""

COOKIE = "rooms_browser"

GIVEN_AT = "/_stcore/health"
"""The page itself asks for this, one time before each websocket. A page that is opened by a link from elsewhere comes
without the cookie though the browser has one, and would get a second."""


class OneBrowser:
    """ASGI middleware that gives each browser a cookie, and hands on its hash, for which no client can stand in.

    A websocket without the cookie is a browser of its own: it gets a session, and nothing can resume it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        is_secure = scope["scheme"] in ("https", "wss")
        # A browser takes a cookie of this prefix only over TLS, from this very host.
        name = f"__Host-{COOKIE}" if is_secure else COOKIE
        kept = _cookie(scope, name)
        told = sha256((kept or token_urlsafe()).encode()).hexdigest().encode()
        headers = [(key, value) for key, value in scope["headers"] if key != HEADER]
        scope = {**scope, "headers": [*headers, (HEADER, told)]}
        if kept or scope["type"] != "http" or scope["path"] != GIVEN_AT:
            await self._app(scope, receive, send)
            return
        attributes = "; Path=/; HttpOnly; SameSite=Strict" + ("; Secure" if is_secure else "")
        cookie = f"{name}={token_urlsafe()}{attributes}".encode()

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", []), (b"set-cookie", cookie)]}
            await send(message)

        await self._app(scope, receive, send_with_cookie)


def _cookie(scope: Scope, name: str) -> str | None:
    sent = "; ".join(value.decode("latin-1") for key, value in scope["headers"] if key == b"cookie")
    value = cookie_parser(sent).get(name, "")
    return value if fullmatch(r"[\w-]{43}", value) else None
