"""A visitor of a door: a browser without scripts, which keeps cookies and sends the forms that it is given."""

from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.middleware import Middleware

from services.door import pages
from services.door.server import door_routes
from services.headers import SecurityHeaders
from services.journal.door.records import Door
from tests.servers import serving
from tests.services.door.fair import Fair

PHONE = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/139.0 Mobile Safari/537.36"


@contextmanager
def doors(at: Fair) -> Iterator[str]:
    """The address at which the doors of a fair are open."""
    routes = door_routes(at.journal, at.connection)
    with serving(Starlette(routes=routes, middleware=[Middleware(SecurityHeaders, pages.headers())])) as address:
        yield address


class Page(HTMLParser):
    """What a browser makes of an answer: its elements, its text, its fields."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._texts: list[str] = []
        self._is_code = False
        self.feed(answer.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._is_code = tag == "script"

    def handle_endtag(self, tag: str) -> None:
        self._is_code = self._is_code and tag != "script"

    def handle_data(self, data: str) -> None:
        if not self._is_code:
            self._texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._texts).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def token(self) -> str:
        return next(str(field["value"]) for field in self.all("input") if field.get("name") == "form")

    @property
    def addresses(self) -> set[str]:
        """Every address that a program finds in the page."""
        names = ("href", "src", "action", "data-poll")
        return {str(attributes[name]) for _, attributes in self.elements for name in names if attributes.get(name)}


class Visitor:
    """A device before one door. answers: all that it got."""

    def __init__(self, address: str, door: Door, **headers: str) -> None:
        self.address, self.door = address, door
        told = {"User-Agent": PHONE, "Accept-Language": "en", **headers}
        # Without connections that stay, no test has to close them; and without TLS there is nothing to verify.
        once = httpx.Limits(max_keepalive_connections=0)
        self.http = httpx.Client(base_url=address, trust_env=False, headers=told, limits=once, verify=False)
        self.answers: list[httpx.Response] = []

    def get(self, path: str = "", **parameters: str) -> httpx.Response:
        return self._kept(self.http.get(f"/door/{self.door.code}{path}", params=parameters))

    def post(self, path: str, token: str, headers: dict[str, str] | None = None, **fields: Any) -> httpx.Response:  # noqa: ANN401 - of a form
        told = {"Sec-Fetch-Site": "same-origin", "Origin": "null", **(headers or {})}
        return self._kept(self.http.post(f"/door/{self.door.code}{path}", data={"form": token, **fields}, headers=told))

    def enter(self, parameters: dict[str, str] | None = None, **fields: Any) -> httpx.Response:  # noqa: ANN401 - of a form
        """Opens the door, and sends its form."""
        return self.post("/enter", Page(self.get(**(parameters or {}))).token, **fields)

    def claim(self) -> httpx.Response:
        """Presses the button of the ticket."""
        return self.post("/claim", self.ticket().token)

    def ticket(self) -> Page:
        answer = self.get("/ticket")
        assert answer.status_code == 200, answer.text
        return Page(answer)

    def _kept(self, answer: httpx.Response) -> httpx.Response:
        self.answers.append(answer)
        return answer
