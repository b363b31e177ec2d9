"""The way to the provider and back: where it leads afterwards, what is said when it fails, and its cookies.

Streamlit's own routes do the rest. They lead everybody to the first page, and answer a provider that is down in bare
words; their cookies say nothing of TLS, and last for 30 days.
"""

import re
from collections.abc import Iterable
from enum import StrEnum
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, unquote

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOGIN, CALLBACK = "/auth/login", "/oauth2callback"
"""Streamlit's routes to the provider, and back from it."""

WANTED = "rooms_wanted"
"""The cookie in which the page for signing in keeps the path and query that the person came for."""

FAILED = "rooms_sign_in_failed"
"""The cookie that says to that page how the last attempt failed."""

FAILED_SECONDS = 30

USER = "_streamlit_user"
"""What the names of Streamlit's cookies about the person begin with."""

OURS = (USER, "_streamlit_session")
"""The same, with the one that it needs on the way."""

_PATH = re.compile(r"/(?:[a-z_]+)?(?:\?[!-~]{0,1500})?", re.ASCII)
"""A page of this dashboard: one word, and so never another host."""


class Failure(StrEnum):
    """UNREACHABLE: the provider did not answer, or not as it should. DENIED: it, or the person there, said no."""

    UNREACHABLE = "unreachable"
    DENIED = "denied"


class SignInRoutes:
    """ASGI middleware around Streamlit's routes for signing in.

    is_secure: whether people reach the dashboard over TLS alone. max_age: seconds for which a sign-in can be used.
    """

    def __init__(self, app: ASGIApp, is_secure: bool, max_age: float) -> None:
        self._app = app
        self._is_secure = is_secure
        self._max_age = int(max_age)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun: list[Message] = []

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {
                    **message,
                    "headers": [(name, self._cookie(name, value)) for name, value in message["headers"]],
                }
            if scope["path"] in (LOGIN, CALLBACK):
                begun.append(message)
            else:
                await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception:
            if scope["path"] not in (LOGIN, CALLBACK):
                raise
            begun = []
        if scope["path"] in (LOGIN, CALLBACK):
            await self._answer(begun, scope, receive, send)

    async def _answer(self, begun: list[Message], scope: Scope, receive: Receive, send: Send) -> None:
        """Sends Streamlit's answer on, or leads to the page that the person came for."""
        start = next((message for message in begun if message["type"] == "http.response.start"), None)
        set_cookies = _set_cookies(start["headers"]) if start else []
        is_signed_in = any(name == USER and value for name, value in set_cookies)
        failure = None if is_signed_in else _failure(scope, start["status"] if start else 500)
        if not (is_signed_in or failure):
            for message in begun:
                await send(message)
            return
        response = RedirectResponse(_wanted(scope), 302)
        for name, value in start["headers"] if start else ():
            if name == b"set-cookie":
                response.raw_headers.append((name, value))
        if failure:
            response.set_cookie(FAILED, failure, FAILED_SECONDS, secure=self._is_secure, httponly=True, samesite="lax")
        else:
            response.delete_cookie(WANTED)
            response.delete_cookie(FAILED)
        await response(scope, receive, send)

    def _cookie(self, name: bytes, value: bytes) -> bytes:
        """A header as it is sent: of Streamlit's cookies, those about sign-in say what they should."""
        if name != b"set-cookie" or not value.startswith(tuple(each.encode() for each in OURS)):
            return value
        if value.startswith(USER.encode()):
            # One that is taken back has 0 seconds, and keeps them.
            value = re.sub(rb"(?i)max-age=[1-9]\d*", b"Max-Age=%d" % self._max_age, value)
        return value + b"; Secure" if self._is_secure and b"secure" not in value.lower().split(b"; ") else value


def _failure(scope: Scope, status: int) -> Failure | None:
    """How an attempt failed that did not sign the person in; None where it goes on, or there was none."""
    if scope["path"] == LOGIN:
        return Failure.UNREACHABLE if status >= 400 else None
    asked = parse_qs(scope["query_string"].decode("latin-1"))
    if "error" in asked:
        return Failure.DENIED
    # Without a code, the provider leads back from signing out.
    return Failure.UNREACHABLE if "code" in asked else None


def _wanted(scope: Scope) -> str:
    """The page that the person came for; the first one where none is known."""
    wanted = unquote(cookie_parser(Headers(scope=scope).get("cookie", "")).get(WANTED, ""))
    return wanted if _PATH.fullmatch(wanted) else "/"


def _set_cookies(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    """The names and values of the cookies that an answer sets."""
    parsed = (SimpleCookie(value.decode("latin-1")) for name, value in headers if name == b"set-cookie")
    return [(name, morsel.value) for each in parsed for name, morsel in each.items()]
