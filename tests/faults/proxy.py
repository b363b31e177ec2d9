"""A proxy in front of the sandbox that injects faults, each by its name, on a real socket of loopback.

    with faulty(sandbox, seeded(7, rate=0.3), hold=10) as proxy:
        client = AseedClient(f"{proxy.address}/custdev", token, connections)
        ...
        proxy.settled()         # now the service has done all that it will do
        proxy.counts[Fault.LATE_COMMIT]

A fault has three sides, and each has its function: what reaches the service (`_served`), what is answered
(`_worded`), and how the answer travels (`_deliver`). Every answer ends its connection.

A refused connection and an unknown host need no proxy: use an address of that kind.
"""

import http.client
import json
import random
import socket
import socketserver
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import Enum, unique
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from tests.servers import PATIENCE

ROOMS_PATH = "/api/interviews/rooms"

OWN_HEADERS = ("host", "connection", "content-length", "transfer-encoding", "accept-encoding")
"""What is not passed on. Without our Host, links are those of the sandbox itself, whichever way they were asked for;
without Accept-Encoding, no answer comes compressed, because some are edited."""


@unique
class Fault(Enum):
    """What can go wrong with one request. Before: the service never sees it. After: the service has done it all."""

    NONE = "nothing goes wrong"

    # The connection.
    RESET_BEFORE_READ = "reset; the service has not seen the request"
    RESET_AFTER_COMMIT = "reset instead of the answer"
    EOF_WITHOUT_ANSWER = "closed instead of the answer"
    LATE_ANSWER = "the answer comes when the client has given up"
    LATE_COMMIT = "the service gets the request a while after the client has given up"
    TRUNCATED_LENGTH = "the answer breaks off before its announced length"
    TRUNCATED_CHUNKED = "the answer breaks off before its last chunk"

    # The service, or what stands before it.
    ERROR_500_BEFORE_COMMIT = "500, and nothing was done"
    ERROR_500_AFTER_COMMIT = "500, and everything was done"
    ERROR_502_AFTER_COMMIT = "502, and everything was done"
    ERROR_503_AFTER_COMMIT = "503, and everything was done"
    ERROR_504_AFTER_COMMIT = "504, and everything was done"
    PARTIAL_COMMIT_500 = "500, and half of the rooms (rounded down) were created"
    HTML_LOGIN_PAGE = "200 with a page of HTML, and nothing was done"
    HTML_LOGIN_AFTER_COMMIT = "200 with a page of HTML, and everything was done"
    REDIRECT = "307 to another host, and nothing was done"

    # Refusals, of which everything was done.
    TIMEOUT_408_AFTER_COMMIT = "408, and everything was done"
    CONFLICT_409_AFTER_COMMIT = "409, and everything was done"
    TOO_MANY_429_AFTER_COMMIT = "429, Retry-After: 0, and everything was done"

    # The rooms in the answer.
    FEWER_ROOMS = "half of the rooms (rounded down) are created and answered"
    ANSWER_SHORTENED = "all rooms are created, half of them (rounded down) answered"
    MORE_ROOMS = "one room too many is created and answered"
    REPEATED_IDS = "all rooms are created; the answer holds the first in place of the last (of a single one, twice)"
    KNOWN_IDS = "nothing is done; the answer holds the project's newest rooms, which exist already"
    SAME_LINK = "all rooms are created; in the answer the last has the link of the first (a single one: of an old one)"

    FOREIGN_PROJECT = "all rooms are created; the answer holds another project's"
    FOREIGN_SETTINGS = "all rooms are created; the answer holds others of the project, with other settings"

    # Refusals, of which nothing was done.
    RATE_LIMIT_SECONDS = "429, Retry-After: 0"
    RATE_LIMIT_DATE = "429, Retry-After with a date: this moment's"
    RATE_LIMIT_NEGATIVE = "429, Retry-After: -1"
    RATE_LIMIT_DAY = "429, Retry-After: 86400"
    RATE_LIMIT_SILENT = "429 without Retry-After"
    UNAUTHORIZED = "401"
    PAYMENT = "402"
    CONFLICT = "409: a refusal that leaves open what was done"

    # Lists of rooms.
    LIST_FAILS = "500"
    LIST_LAGS = "rooms that were created through this proxy in the last `lag` seconds are left out"
    LIST_CAPPED = "the newest half of the rooms (rounded down) alone"
    LIST_DROPS = "every third room is left out"
    LIST_REPEATS = "every room twice"


LIST_FAULTS = (Fault.LIST_FAILS, Fault.LIST_LAGS, Fault.LIST_CAPPED, Fault.LIST_DROPS, Fault.LIST_REPEATS)

LISTS_WITH_GAPS = (Fault.LIST_CAPPED, Fault.LIST_DROPS)

CHANGE_FAULTS = (
    Fault.RESET_BEFORE_READ,
    Fault.RESET_AFTER_COMMIT,
    Fault.ERROR_500_BEFORE_COMMIT,
    Fault.ERROR_500_AFTER_COMMIT,
    Fault.TRUNCATED_LENGTH,
)

CREATION_FAULTS = tuple(fault for fault in Fault if fault is not Fault.NONE and fault not in LIST_FAULTS)


@dataclass(frozen=True)
class Answer:
    """An HTTP answer. headers: besides those of its length and of its connection."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)

    def head(self, *framing: str) -> bytes:
        reason = http.client.responses.get(self.status, "")
        lines = [f"HTTP/1.1 {self.status} {reason}", *(f"{name}: {value}" for name, value in self.headers), *framing]
        return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1")


@dataclass(frozen=True)
class Request:
    """A request as the proxy read it. number: of a creation, its place among the creations, from 1; else 0."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    number: int = 0

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What can go wrong with it."""
        path = urlsplit(self.path).path
        if path.endswith(ROOMS_PATH):
            return {"POST": CREATION_FAULTS, "GET": LIST_FAULTS}.get(self.method, ())
        return CHANGE_FAULTS if self.method == "PATCH" and f"{ROOMS_PATH}/" in path else ()


Form = Callable[[dict[str, Any]], dict[str, Any]]
"""What a service makes of a room: how it shows each one in all its answers."""

Decide = Callable[[Request], Fault]
"""Names the fault of a request: one of `request.faults`, or NONE. It is asked by one thread at a time."""


def _refusal(status: int, *headers: tuple[str, str]) -> Answer:
    body = json.dumps({"detail": http.client.responses[status]}).encode()
    return Answer(status, body, (("Content-Type", "application/json"), *headers))


_LOGIN_PAGE = Answer(200, b"<!doctype html><title>Sign in</title><form></form>", (("Content-Type", "text/html"),))

_INSTEAD = {
    # Nothing is: there is no answer.
    Fault.RESET_BEFORE_READ: Answer(0, b""),
    Fault.ERROR_500_BEFORE_COMMIT: _refusal(500),
    Fault.LIST_FAILS: _refusal(500),
    Fault.HTML_LOGIN_PAGE: _LOGIN_PAGE,
    Fault.REDIRECT: _refusal(307, ("Location", "http://elsewhere.invalid/")),
    Fault.RATE_LIMIT_SECONDS: _refusal(429, ("Retry-After", "0")),
    Fault.RATE_LIMIT_NEGATIVE: _refusal(429, ("Retry-After", "-1")),
    Fault.RATE_LIMIT_DAY: _refusal(429, ("Retry-After", "86400")),
    Fault.RATE_LIMIT_SILENT: _refusal(429),
    Fault.UNAUTHORIZED: _refusal(401),
    Fault.PAYMENT: _refusal(402),
    Fault.CONFLICT: _refusal(409),
}
"""What the client is told of a request that the service never sees."""

_AFTERWARDS = {
    Fault.ERROR_500_AFTER_COMMIT: _refusal(500),
    Fault.ERROR_502_AFTER_COMMIT: _refusal(502),
    Fault.ERROR_503_AFTER_COMMIT: _refusal(503),
    Fault.ERROR_504_AFTER_COMMIT: _refusal(504),
    Fault.PARTIAL_COMMIT_500: _refusal(500),
    Fault.TIMEOUT_408_AFTER_COMMIT: _refusal(408),
    Fault.CONFLICT_409_AFTER_COMMIT: _refusal(409),
    Fault.TOO_MANY_429_AFTER_COMMIT: _refusal(429, ("Retry-After", "0")),
    Fault.HTML_LOGIN_AFTER_COMMIT: _LOGIN_PAGE,
}
"""What the client is told in place of the service's answer."""


def seeded(seed: int, rate: float, faults: Sequence[Fault] = CREATION_FAULTS, *, at_most_in_a_row: int = 2) -> Decide:
    """Faults by chance, the same ones for the same requests in the same order.

    rate: the share of requests that get one, of those for which `faults` names any that fits. After
    `at_most_in_a_row` faults of one and the same request (method, path and body) the next one like it goes through,
    so that a batch which does go on comes to an end.
    """
    chance = random.Random(seed)
    in_a_row: Counter[tuple[str, str, bytes]] = Counter()

    def decide(request: Request) -> Fault:
        fitting = [fault for fault in faults if fault in request.faults]
        if not fitting:
            return Fault.NONE
        # Both are drawn each time: so what comes next does not hang on whether this one was spared.
        unlucky, fault = chance.random() < rate, chance.choice(fitting)
        key = (request.method, request.path, request.body)
        if not unlucky or in_a_row[key] == at_most_in_a_row:
            in_a_row.pop(key, None)
            return Fault.NONE
        in_a_row[key] += 1
        return fault

    return decide


class FaultyProxy(socketserver.ThreadingTCPServer):
    """The proxy; `faulty` makes one. decide: may be replaced between requests.

    form: how the service shows its rooms; None for as they are. May be set before the first request.
    log: the number of each creation with its fault, in order. counts: how often each fault was injected, creations
    or not.
    """

    daemon_threads = False
    request_queue_size = 128

    def __init__(
        self,
        upstream: str,
        decide: Decide,
        *,
        hold: float,
        late: float | threading.Event,
        lag: float,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.upstream = urlsplit(upstream).netloc
        self.decide = decide
        self.form: Form | None = None
        self.hold, self.late, self.lag, self.clock = hold, late, lag, clock
        self.log: list[tuple[int, Fault]] = []
        self.counts: Counter[Fault] = Counter()
        self.failures: list[BaseException] = []
        self._lock = threading.Lock()
        self._created: list[tuple[float, frozenset[str]]] = []
        self._changed = threading.Condition()
        self._open: dict[socket.socket, int] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def settled(self) -> None:
        """Wait until every request that was sent before this call is through, held and late ones too.

        The client of a held one has to have given up, or this waits out its `hold`.
        """
        # Connections are taken in the order in which they were made: once ours is, so are all before it.
        with socket.create_connection(("127.0.0.1", self.server_address[1])) as knock:
            ours = knock.getsockname()[1]
            self._wait(lambda: ours in self._open.values())
            with self._changed:
                earlier = {connection for connection, port in self._open.items() if port != ours}
        self._wait(lambda: self._open.keys().isdisjoint(earlier))

    def decided(self, request: Request) -> tuple[Request, Fault]:
        """The request with its number, and what is to go wrong with it."""
        if not request.faults:
            return request, Fault.NONE
        with self._lock:
            if request.method == "POST":
                request = replace(request, number=len(self.log) + 1)
            fault = self.decide(request)
            if fault not in (Fault.NONE, *request.faults):
                raise ValueError(f"{fault} cannot happen to {request.method} {request.path}")
            if request.number:
                self.log.append((request.number, fault))
            self.counts[fault] += 1
        return request, fault

    def remember(self, answer: Answer) -> None:
        """Note which rooms were created, and when, for lists that lag."""
        if self.lag and answer.status == 200:
            created = frozenset(room["id"] for room in json.loads(answer.body)["rooms"])
            with self._lock:
                self._created.append((self.clock(), created))

    def too_new(self) -> frozenset[str]:
        """The ids that a lagging list does not know yet."""
        with self._lock:
            since = self.clock() - self.lag
            self._created = [entry for entry in self._created if entry[0] > since]
            return frozenset().union(*(ids for _, ids in self._created))

    def wait_late(self) -> None:
        """Wait until it is time for a LATE_COMMIT."""
        if isinstance(self.late, threading.Event):
            assert self.late.wait(PATIENCE), "waited in vain"
        else:
            time.sleep(self.late)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as it is inherited
        with self._changed:
            self._open[request] = client_address[1]
            self._changed.notify_all()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as it is inherited
        super().process_request_thread(request, client_address)
        with self._changed:
            del self._open[request]
            self._changed.notify_all()

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - as it is inherited
        error = sys.exception()
        assert error is not None
        self.failures.append(error)

    def _wait(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE), "waited in vain"


class _Exchange(socketserver.BaseRequestHandler):
    """One request, and what becomes of it."""

    server: FaultyProxy

    def handle(self) -> None:
        self.connection: socket.socket = self.request
        self.connection.settimeout(PATIENCE)
        # A client may give up, or be killed, at any time.
        read = None
        with suppress(ConnectionError):
            read = _read(self.connection)
        if read is None:
            return
        request, fault = self.server.decided(read)
        answer = _worded(fault, self._served(fault, request), self.server.too_new)
        with suppress(ConnectionError):
            self._deliver(fault, answer)

    def _served(self, fault: Fault, request: Request) -> Answer:
        """What the service is asked, and what it says; for what it is not asked, what is said in its place."""
        if fault is Fault.RATE_LIMIT_DATE:
            return _refusal(429, ("Retry-After", format_datetime(datetime.now(UTC), usegmt=True)))
        if fault in _INSTEAD:
            return _INSTEAD[fault]
        match fault:
            case Fault.KNOWN_IDS:
                return self._known(request)
            case Fault.SAME_LINK:
                return self._with_one_link(request)
            case Fault.PARTIAL_COMMIT_500 | Fault.FEWER_ROOMS:
                return self._create(request, _count(request) // 2)
            case Fault.MORE_ROOMS:
                # In two calls: one above the most that a call may ask for would be refused.
                first, more = self._create(request, _count(request)), self._create(request, 1)
                return _with_rooms(first, _rooms(first) + _rooms(more)) if more.status == 200 else first
            case Fault.LATE_COMMIT:
                self._wait_until_client_gives_up()
                self.connection.close()
                self.server.wait_late()
        return self._forward(request)

    def _deliver(self, fault: Fault, answer: Answer) -> None:
        """Let the answer travel, as far as it gets."""
        match fault:
            case Fault.RESET_BEFORE_READ | Fault.RESET_AFTER_COMMIT:
                # No lingering turns the close that follows into a reset.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
            case Fault.EOF_WITHOUT_ANSWER | Fault.LATE_COMMIT:
                self.connection.close()
            case Fault.TRUNCATED_LENGTH:
                head = answer.head(f"Content-Length: {len(answer.body)}")
                self.connection.sendall(head + answer.body[: len(answer.body) // 2])
            case Fault.TRUNCATED_CHUNKED:
                half = answer.body[: len(answer.body) // 2]
                self.connection.sendall(answer.head("Transfer-Encoding: chunked") + b"%x\r\n%b\r\n" % (len(half), half))
            case _:
                if fault is Fault.LATE_ANSWER:
                    self._wait_until_client_gives_up()
                self.connection.sendall(answer.head(f"Content-Length: {len(answer.body)}") + answer.body)

    def _wait_until_client_gives_up(self) -> None:
        """Wait until the client closes its end, for `hold` seconds at the most."""
        self.connection.settimeout(self.server.hold)
        with suppress(TimeoutError, ConnectionError):
            self.connection.recv(1)
        self.connection.settimeout(PATIENCE)

    def _create(self, request: Request, count: int) -> Answer:
        """Have that many rooms created in place of those asked for; none without asking the service."""
        if not count:
            return Answer(200, b'{"rooms":[]}')
        body = {**json.loads(request.body), "count": count}
        return self._forward(replace(request, body=json.dumps(body).encode()))

    def _known(self, request: Request) -> Answer:
        wanted = json.loads(request.body)
        path = f"{request.path}?project_id={wanted['project_id']}"
        listed = self._forward(replace(request, method="GET", path=path, body=b""))
        if listed.status != 200:
            return listed
        return _with_rooms(listed, json.loads(listed.body)[: _count(request)])

    def _with_one_link(self, request: Request) -> Answer:
        answer = self._forward(request)
        rooms = _rooms(answer)
        new = {room["id"] for room in rooms}
        older = [room for room in self._listed(request) if room["id"] not in new] if len(rooms) == 1 else []
        # A project that had no room before answers as it is.
        for twin in rooms[:1] if len(rooms) > 1 else older[:1]:
            rooms[-1] |= {name: twin[name] for name in ("url", "access_token")}
        return _with_rooms(answer, rooms) if rooms else answer

    def _listed(self, creation: Request) -> list[Any]:
        """The rooms of a creation's project, newest first."""
        path = f"{creation.path}?project_id={json.loads(creation.body)['project_id']}"
        listed = self._forward(replace(creation, method="GET", path=path, body=b""))
        return list(json.loads(listed.body)) if listed.status == 200 else []

    def _forward(self, request: Request) -> Answer:
        service = http.client.HTTPConnection(self.server.upstream, timeout=PATIENCE)
        headers = {name: value for name, value in request.headers if name.lower() not in OWN_HEADERS}
        try:
            service.request(request.method, request.path, request.body, {**headers, "Connection": "close"})
            response = service.getresponse()
            kept = [(name, value) for name, value in response.getheaders() if name.lower() not in OWN_HEADERS]
            answer = Answer(response.status, response.read(), tuple(kept))
        finally:
            service.close()
        if request.method == "POST" and request.number:
            self.server.remember(answer)
        return _seen_as(answer, self.server.form) if self.server.form and answer.status == 200 else answer


def _worded(fault: Fault, answer: Answer, too_new: Callable[[], frozenset[str]]) -> Answer:
    """What the client is told. Where the service itself refused, its refusal stays."""
    if fault in _AFTERWARDS:
        return _AFTERWARDS[fault]
    if answer.status != 200:
        return answer
    match fault:
        case Fault.ANSWER_SHORTENED:
            rooms = _rooms(answer)
            return _with_rooms(answer, rooms[: len(rooms) // 2])
        case Fault.REPEATED_IDS:
            rooms = _rooms(answer)
            return _with_rooms(answer, [*(rooms[:-1] or rooms), rooms[0]])
        case Fault.FOREIGN_PROJECT:
            return _with_rooms(answer, [_anothers(room, project_id=str(uuid4())) for room in _rooms(answer)])
        case Fault.FOREIGN_SETTINGS:
            return _with_rooms(answer, [_anothers(room, max_duration_minutes=77) for room in _rooms(answer)])
        case Fault.LIST_CAPPED:
            listed = json.loads(answer.body)
            return _with_list(answer, listed[: len(listed) // 2])
        case Fault.LIST_DROPS:
            listed = json.loads(answer.body)
            return _with_list(answer, [room for number, room in enumerate(listed, 1) if number % 3])
        case Fault.LIST_REPEATS:
            return _with_list(answer, [room for room in json.loads(answer.body) for _ in range(2)])
        case Fault.LIST_LAGS:
            hidden = too_new()
            known = [room for room in json.loads(answer.body) if room["id"] not in hidden]
            return _with_list(answer, known)
    return answer


def _read(connection: socket.socket) -> Request | None:
    """The whole request that a client sends; None when it goes without having sent one."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65536)):
            return None
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
    length = next((int(value) for name, value in headers if name.lower() == "content-length"), 0)
    while len(body) < length:
        if not (more := connection.recv(65536)):
            return None
        body += more
    return Request(method, path, headers, body)


def _count(request: Request) -> int:
    """How many rooms a creation asks for; one is the API's default."""
    return int(json.loads(request.body).get("count", 1))


def _rooms(answer: Answer) -> list[Any]:
    return list(json.loads(answer.body)["rooms"]) if answer.status == 200 else []


def _with_rooms(answer: Answer, rooms: list[Any]) -> Answer:
    return replace(answer, body=json.dumps({"rooms": rooms}).encode())


def _with_list(answer: Answer, rooms: list[Any]) -> Answer:
    return replace(answer, body=json.dumps(rooms).encode())


def _anothers(room: dict[str, Any], **changes: object) -> dict[str, Any]:
    """A room like this one that is not there, as a mixed-up cache may answer with it."""
    token = uuid4().hex
    return {**room, "id": str(uuid4()), "access_token": token, "url": f"{room['url']}{token}", **changes}


def _seen_as(answer: Answer, form: Form) -> Answer:
    """The answer with each of its rooms as the service shows it."""
    try:
        body = json.loads(answer.body)
    except ValueError:
        return answer
    if isinstance(body, list):
        return _with_list(answer, [form(room) if "access_token" in room else room for room in body])
    if isinstance(body, dict) and "rooms" in body:
        return _with_rooms(answer, [form(room) for room in body["rooms"]])
    if isinstance(body, dict) and "access_token" in body:
        return replace(answer, body=json.dumps(form(body)).encode())
    return answer


@contextmanager
def faulty(
    upstream: str,
    decide: Decide,
    *,
    hold: float,
    late: float | threading.Event = 0.05,
    lag: float = 0,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[FaultyProxy]:
    """A running proxy in front of `upstream`, such as http://127.0.0.1:8601.

    hold: for how many seconds LATE_ANSWER and LATE_COMMIT wait for the client to give up; it must be longer than the
    client's timeout, by any amount, because the wait ends with the client's. late: how many seconds after that the
    service gets the request, or what is set when it shall. lag: how many seconds after their creation LIST_LAGS
    leaves rooms out, by `clock`.
    At the end it waits for requests still under way, and raises what went wrong in the proxy itself.
    """
    proxy = FaultyProxy(upstream, decide, hold=hold, late=late, lag=lag, clock=clock)
    thread = threading.Thread(target=proxy.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
        if proxy.failures:
            raise BaseExceptionGroup("the proxy itself failed", proxy.failures)
