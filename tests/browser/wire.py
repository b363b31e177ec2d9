"""A wire between a browser and a server that a test cuts and mends."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit


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
