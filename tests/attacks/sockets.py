"""What an attacker sends: requests and handshakes written out by hand, and a browser's steps without a browser."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.servers import PATIENCE


def raw(address: str, request: bytes) -> bytes:
    """The first bytes of the answer to bytes that no client would send."""
    parts = urlsplit(address)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=PATIENCE) as connection:
        connection.sendall(request)
        return connection.recv(4096)


def opens(address: str, *, origin: str | None, host: str | None = None) -> bool:
    """Whether a websocket is accepted."""
    parts = urlsplit(address)
    lines = [
        "GET /_stcore/stream HTTP/1.1",
        f"Host: {host or parts.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Protocol: streamlit",
        *([f"Origin: {origin}"] if origin is not None else []),
    ]
    status = raw(address, "\r\n".join((*lines, "", "")).encode("latin-1")).split(b" ", 2)[1]
    assert status in (b"101", b"403", b"400"), status
    return status == b"101"


@dataclass
class Visitor:
    """A browser as far as the server can tell: cookies, and a page's websocket."""

    address: str
    http: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=self.address, trust_env=False, timeout=PATIENCE)
        self.http.get("/_stcore/health")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    @property
    def cookies(self) -> str:
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.http.cookies.jar)

    @contextmanager
    def page(self, session_id: str = "", name: str = "", **headers: str) -> Iterator["Tab"]:
        """An open page.

        session_id: the session that it asks to resume.
        name: as in its address, such as settings.
        """
        protocols = [Subprotocol(name) for name in ("streamlit", "none", *filter(None, [session_id]))]
        with connect(
            self.address.replace("http", "ws", 1) + "/_stcore/stream",
            origin=None,
            subprotocols=protocols,
            additional_headers={"Origin": self.address, "Cookie": self.cookies, **headers},
            max_size=None,
            proxy=None,
        ) as websocket:
            tab = Tab(websocket, name)
            tab.draw()
            yield tab

    def upload(self, path: str, content: bytes) -> int:
        """The status of an upload."""
        headers = {"X-Xsrftoken": self.http.cookies.get("_streamlit_xsrf") or ""}
        return self.http.put(path, files={"file": ("people.csv", content)}, headers=headers).status_code


@dataclass
class Tab:
    """An open page. shown: what stands on it."""

    websocket: ClientConnection
    name: str = ""
    shown: list[Element] = field(default_factory=list)
    _session_id: str = ""

    def session_id(self) -> str:
        return self._session_id

    def draw(self, *widgets: WidgetState) -> None:
        """Has the page drawn with these values, as after a press."""
        rerun = BackMsg()
        rerun.rerun_script.query_string = ""
        rerun.rerun_script.page_name = self.name
        rerun.rerun_script.widget_states.widgets.extend(widgets)
        self.websocket.send(rerun.SerializeToString())
        self._wait_until_drawn()

    def says(self, words: str) -> bool:
        """Whether the words stand on the page, as it was drawn last."""
        return any(words in str(element) for element in self.shown)

    def upload_addresses(self, count: int) -> list[str]:
        """Asks for addresses, as the page's widget does."""
        asked = BackMsg()
        asked.file_urls_request.request_id = uuid4().hex
        asked.file_urls_request.file_names.extend(f"{number}.csv" for number in range(count))
        self.websocket.send(asked.SerializeToString())
        while True:
            message = self._next()
            if message.WhichOneof("type") == "file_urls_response":
                return [each.upload_url for each in message.file_urls_response.file_urls]

    def _wait_until_drawn(self) -> None:
        """Reads until the script is over: Streamlit may drop answers that it owes when the script begins."""
        self.shown.clear()
        while (message := self._next()).WhichOneof("type") != "script_finished":
            if message.WhichOneof("type") == "delta":
                self.shown.append(message.delta.new_element)
            if message.WhichOneof("type") == "new_session":
                self._session_id = message.new_session.initialize.session_id

    def _next(self) -> ForwardMsg:
        received = self.websocket.recv(PATIENCE)
        assert isinstance(received, bytes)
        message = ForwardMsg()
        message.ParseFromString(received)
        return message
