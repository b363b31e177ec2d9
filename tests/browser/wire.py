"""What is between a browser and a server, for a test to cut, to mend and to hold back."""

import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Page, WebSocketRoute
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg


class Wire:
    """Carries TCP to one address. Cut, it drops what is on it and takes nothing new; mended, it carries again."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._to = (parts.hostname or "", parts.port or 80)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._carried: list[socket.socket] = []
        self._lock = threading.Lock()
        self._is_cut = False
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def cut(self) -> None:
        with self._lock:
            self._is_cut = True
            carried, self._carried = self._carried, []
        for each in carried:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def mend(self) -> None:
        with self._lock:
            self._is_cut = False

    def close(self) -> None:
        self._socket.close()
        self.cut()

    def serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._carry(self._socket.accept()[0])

    def _carry(self, near: socket.socket) -> None:
        with self._lock:
            if self._is_cut:
                near.close()
                return
            far = socket.create_connection(self._to)
            self._carried += [near, far]
        for source, target in ((near, far), (far, near)):
            threading.Thread(target=_copy, args=(source, target), daemon=True).start()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def wire(address: str) -> Iterator[Wire]:
    made = Wire(address)
    serving = threading.Thread(target=made.serve, daemon=True)
    serving.start()
    try:
        yield made
    finally:
        made.close()


class HeldLine:
    """What the server tells a page that is to be opened: carried, or held back for as long as a test wants."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._socket: WebSocketRoute | None = None
        self._held: list[str | bytes] | None = None
        self._holds_from: str | None = None
        page.route_web_socket(re.compile("/_stcore/stream"), self._connect)

    def hold(self) -> None:
        self._held = []

    def hold_from(self, kind: str) -> None:
        """Holds everything back from the next message of a kind on."""
        self._holds_from = kind

    def holds(self, kind: str) -> bool:
        """Whether a message of a kind, as Streamlit names them, has been held back. Lets more of them come."""
        self._page.wait_for_timeout(10)
        held = [message for message in self._held or [] if isinstance(message, bytes)]
        return any(_kind(message) == kind for message in held)

    def release(self) -> None:
        held, self._held = self._held or [], None
        for message in held:
            self._carry(message)

    def tell(self, message: bytes) -> None:
        """Tells the page something that the server did not."""
        assert self._socket is not None
        self._socket.send(message)

    def _connect(self, socket: WebSocketRoute) -> None:
        self._socket = socket
        server = socket.connect_to_server()
        socket.on_message(server.send)
        server.on_message(self._carry)

    def _carry(self, message: str | bytes) -> None:
        if self._holds_from and isinstance(message, bytes) and _kind(message) == self._holds_from:
            self._holds_from, self._held = None, []
        if self._held is not None:
            self._held.append(message)
        elif self._socket:
            self._socket.send(message)


def _kind(message: bytes) -> str | None:
    """What a message of the server is, as Streamlit names it."""
    kind: str | None = ForwardMsg.FromString(message).WhichOneof("type")
    return kind
