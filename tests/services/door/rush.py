"""Many visitors at once before doors that are served alone, by processes that are killed meanwhile."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from services.journal.door.records import Door
from tests.servers import PATIENCE, ROOT, eventually, free_port
from tests.services.door.visitor import Page, Visitor

THREADS = 24


@dataclass
class Served:
    """A process that serves doors alone. kills: how often it was killed."""

    port: int
    environment: dict[str, str]
    sandbox: str
    process: subprocess.Popen[bytes] | None = None
    kills: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "services.door", "--port", str(self.port), "--sandbox", self.sandbox]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **self.environment}, stderr=subprocess.DEVNULL
        )

    def wait(self) -> None:
        eventually(lambda: _answers(f"{self.address}/healthz"))

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)
        self.kills += 1


def _answers(address: str) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(address, trust_env=False, timeout=PATIENCE).is_success
    return False


@contextmanager
def served_alone(count: int, folder: Path, sandbox: str, journal: str) -> Iterator[list[Served]]:
    """So many processes on one journal."""
    environment = {"ROOMS_DATA_DIR": str(folder), "DATABASE_URL": journal}
    processes = [Served(free_port(), environment, sandbox) for _ in range(count)]
    try:
        for each in processes:
            each.start()
        for each in processes:
            each.wait()
        yield processes
    finally:
        for each in processes:
            if each.process and each.process.poll() is None:
                each.kill()


@dataclass
class Rush:
    """Visitors who all come at once, each from an address of their own.

    links: where each was led, by their number. pages, seconds: how long pages and presses for a room took.
    """

    door: Door
    processes: Sequence[Served]
    links: dict[int, set[str]] = field(default_factory=dict)
    pages: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def run(self, visitors: int, meanwhile: Callable[[], None]) -> None:
        """Has all of them come, until each was led to a room. meanwhile: done while they do."""
        with ThreadPoolExecutor(THREADS + 1) as pool:
            bots = pool.submit(self._bot)
            waiting = [pool.submit(self._come, number) for number in range(visitors)]
            try:
                meanwhile()
                for each in waiting:
                    each.result()
            finally:
                self.over.set()
                pool.shutdown(cancel_futures=True)
            bots.result()

    def _come(self, number: int) -> None:
        chance = random.Random(number)
        server = self.processes[number % len(self.processes)]
        visitor = Visitor(server.address, self.door, **{"X-Forwarded-For": f"10.0.{number // 250}.{number % 250 + 1}"})
        with visitor.http:
            self._until(lambda: _has_entered(visitor, twice=chance.random() < 0.5))
            token = self._token(visitor)
            if chance.random() < 0.3:
                _hang_up(server, visitor, token)
            led = self.links.setdefault(number, set())
            self._until(lambda: self._is_led(visitor, token, led))
            if chance.random() < 0.5:
                # A reload, and the button once more.
                again = self._token(visitor)
                self._until(lambda: self._is_led(visitor, again, led))

    def _is_led(self, visitor: Visitor, token: str, led: set[str]) -> bool:
        begun = time.perf_counter()
        answer = visitor.post("/claim", token)
        self.seconds.append(time.perf_counter() - begun)
        if answer.status_code == 303 and "/interview/" in answer.headers["Location"]:
            led.add(answer.headers["Location"])
            return True
        return False

    def _until(self, tried: Callable[[], bool]) -> None:
        """Tries again where the process is gone, or says that it is too early."""

        deadline = time.monotonic() + PATIENCE
        while True:
            with suppress(httpx.TransportError):
                if tried():
                    return
            assert time.monotonic() < deadline, "a visitor waited in vain"
            # As a person does; who presses without a pause is turned away for a while.
            time.sleep(0.5)

    def _token(self, visitor: Visitor) -> str:
        """What the form of the visitor's ticket holds."""
        found: list[str] = []

        def is_there() -> bool:
            begun = time.perf_counter()
            found.append(visitor.ticket().token)
            self.pages.append(time.perf_counter() - begun)
            return True

        self._until(is_there)
        return found[-1]

    def _bot(self) -> None:
        """Opens what it finds, again and again."""
        with httpx.Client(trust_env=False) as http:
            while not self.over.is_set():
                for each in self.processes:
                    for path in ("", "/ticket", "/enter", "/claim"):
                        with suppress(httpx.TransportError):
                            http.request(random.choice(["GET", "HEAD"]), f"{each.address}/door/{self.door.code}{path}")


def _has_entered(visitor: Visitor, *, twice: bool) -> bool:
    """Opens the door and sends its form; to a device that has come in it shows the ticket. twice: a double press."""
    opened = visitor.get()
    if opened.status_code == 303:
        return True
    token = Page(opened).token
    return all(visitor.post("/enter", token).status_code == 303 for _ in range(1 + twice))


def _hang_up(server: Served, visitor: Visitor, token: str) -> None:
    """Presses the button, and is gone before an answer comes."""
    request = visitor.http.build_request("POST", f"/door/{visitor.door.code}/claim", data={"form": token})
    head = [f"POST {request.url.path} HTTP/1.1", *(f"{name}: {told}" for name, told in request.headers.items())]
    with suppress(OSError), socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as raw:
        raw.sendall("\r\n".join([*head, "", ""]).encode() + request.read())
