"""The client against real sockets: the sandbox, and servers that fail in every way we know of.

What must hold above all: a creation whose answer is lost is never sent again, and no secret is told on the way.
"""

import gzip
import http.client
import json
import logging
import socket
import socketserver
import struct
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace
from typing import Any, Literal
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import SecretStr

from services.aseed.client import ATTEMPTS, PATIENCE, AseedClient, Connections
from services.aseed.errors import (
    AseedError,
    Failed,
    Invalid,
    NotFound,
    NotReached,
    OutcomeUnknown,
    Overdue,
    RateLimited,
    Refused,
    TokenRefused,
    TokensShort,
)
from services.aseed.models import (
    ACTIVE,
    CANCELLED,
    COMPLETED,
    PENDING,
    CreateProjectRequest,
    CreateRoomsRequest,
    JoinRoomRequest,
    ProjectResponse,
    UpdateProjectRequest,
    UpdateRoomRequest,
)
from services.aseed.timing import sent_only_if

TOKEN = "sandbox-CANARY-TOKEN"
SECRET = "CANARY-LINK"
LINK = f"https://app.aseed.ai/interview/{SECRET}"
ORDER = CreateRoomsRequest(project_id=UUID("018f0000-0000-7000-8000-000000000001"), count=3)
LABEL = UpdateRoomRequest(display_name="Anna")
ANNA = JoinRoomRequest(email="anna@example.com")

PROJECT = {
    "id": str(ORDER.project_id),
    "name": "Coffee",
    "description": None,
    "status": "New",
    "records_count": 0,
    "total_reports_count": 0,
    "created_at": "2026-03-01T12:00:00Z",
}

Call = Callable[[AseedClient], object]


def room(name: str, **changes: object) -> dict[str, object]:
    return {
        "id": name,
        "project_id": str(ORDER.project_id),
        "access_token": SECRET,
        "url": LINK,
        "room_name": "interview-1",
        "max_duration_minutes": 30,
        "status": PENDING,
        "created_at": "2026-03-01T12:00:00Z",
        "created_by": "someone",
        **changes,
    }


ROOMS: list[object] = [room("room-1"), room("room-2"), room("room-3")]


@dataclass(frozen=True)
class Seen:
    """A request as a server read it. port: the client's end of its connection."""

    port: int
    method: str
    path: str
    headers: http.client.HTTPMessage
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What a server sends, byte for byte, and what becomes of the connection then."""

    data: bytes = b""
    then: Literal["keep", "close", "reset", "hold"] = "keep"


Reply = Callable[[Seen], Answer]


def answer(status: int, content: object = None, *headers: str) -> Answer:
    """A complete answer: bytes as they are, anything else as JSON."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    head = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", *headers]
    return Answer("\r\n".join([*head, "", ""]).encode() + body)


def created(*rooms: object) -> Answer:
    return answer(200, {"rooms": list(rooms)})


def echo(status: int, in_a_field: bool = False) -> Reply:
    """A server that says what it must not: the Authorization header that it got, and a link."""

    def reply(seen: Seen) -> Answer:
        words = f"{seen.headers['Authorization']} may not open {LINK}"
        detail = [{"type": "value_error", "loc": ["body", "count"], "msg": words, "input": words}]
        return answer(status, {"detail": detail if in_a_field else words}, f"X-Echo: {words}")

    return reply


class FaultyServer(socketserver.ThreadingTCPServer):
    """Gives its answers in turn, the last one ever after, and remembers what it was asked."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, replies: tuple[Answer | Reply, ...]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.replies = replies
        self.seen: list[Seen] = []
        self.over = threading.Event()
        self.lock = threading.Lock()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def reply(self, seen: Seen) -> Answer:
        with self.lock:
            reply = self.replies[min(len(self.seen), len(self.replies) - 1)]
            self.seen.append(seen)
        return reply if isinstance(reply, Answer) else reply(seen)


class _Handler(socketserver.StreamRequestHandler):
    server: FaultyServer

    def handle(self) -> None:
        try:
            while line := self.rfile.readline():
                method, path, _ = line.decode().split(" ")
                headers = http.client.parse_headers(self.rfile)
                body = self.rfile.read(int(headers.get("Content-Length", 0)))
                given = self.server.reply(Seen(self.client_address[1], method, path, headers, body))
                self.wfile.write(given.data)
                if given.then == "keep":
                    continue
                if given.then == "hold":
                    self.server.over.wait()
                if given.then == "reset":
                    # No lingering turns the close that follows into a reset.
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    self.connection.close()
                return
        except OSError:
            return


@contextmanager
def answering(*replies: Answer | Reply) -> Iterator[FaultyServer]:
    with FaultyServer(replies) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.over.set()
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between attempts, in seconds; no test really waits."""
    taken: list[float] = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=taken.append))
    return taken


def reaching(address: str, connections: Connections) -> AseedClient:
    return AseedClient(f"{address}/custdev", SecretStr(TOKEN), connections)


@dataclass
class Raising:
    """A network on which every request ends with the next of these, the last one ever after."""

    outcomes: list[Exception | httpx.Response]
    sent: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        outcome = self.outcomes[min(len(self.sent), len(self.outcomes) - 1)]
        self.sent.append(request)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


@contextmanager
def network(*outcomes: Exception | httpx.Response) -> Iterator[tuple[AseedClient, Raising]]:
    raising = Raising(list(outcomes))
    with Connections(trust_env=False, transport=httpx.MockTransport(raising)) as connections:
        yield reaching("http://aseed.invalid", connections), raising


def an_address_where_nobody_listens() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


# With the sandbox


def ready(client: AseedClient) -> ProjectResponse:
    return next(project for project in client.projects() if not project.missing)


def order(client: AseedClient, **wanted: Any) -> CreateRoomsRequest:  # noqa: ANN401
    return CreateRoomsRequest(project_id=UUID(ready(client).id), **wanted)


def test_the_projects_of_an_account_can_be_read(client: AseedClient) -> None:
    projects = client.projects()
    assert "Morning coffee routines" in [project.name for project in projects]
    assert client.project(projects[0].id) == projects[0]


def test_the_price_of_an_interview_can_be_read(client: AseedClient) -> None:
    assert client.interview_config().tokens_per_30_min == 30


def test_exactly_the_requested_rooms_are_created(client: AseedClient) -> None:
    wanted = order(
        client, count=3, max_duration_minutes=45, expires_in_days=2, voice="marin", language="Russian",
        topics_for_respondent="Кофе",
    )  # fmt: skip
    rooms = client.create_rooms(wanted)
    assert len({room.id for room in rooms}) == len({room.url for room in rooms}) == 3
    assert {(room.project_id, room.status, room.max_duration_minutes, room.voice) for room in rooms} == {
        (str(wanted.project_id), PENDING, 45, "marin")
    }
    assert {(room.language, room.topics_for_respondent, room.realtime_provider) for room in rooms} == {
        ("Russian", "Кофе", None)
    }
    assert {room.expires_at for room in rooms} == {datetime(2026, 3, 3, 12, tzinfo=UTC)}


def test_rooms_are_listed_by_project_and_status(client: AseedClient) -> None:
    rooms = client.create_rooms(order(client, count=3))
    client.cancel_room(rooms[0].id)
    made, kept = {room.id for room in rooms}, {room.id for room in rooms[1:]}
    project = rooms[0].project_id
    of_project, pending = client.rooms(project_id=project), client.rooms(status=PENDING)
    assert made < {room.id for room in of_project} and {room.project_id for room in of_project} == {project}
    assert made & {room.id for room in pending} == kept and {room.status for room in pending} == {PENDING}
    both = client.rooms(UUID(project), CANCELLED)
    assert rooms[0].id in {room.id for room in both} and {room.status for room in both} == {CANCELLED}
    assert len(client.rooms()) > len(of_project)
    assert client.rooms(uuid4()) == []


def test_a_room_can_be_read_by_its_id(client: AseedClient) -> None:
    (made,) = client.create_rooms(order(client))
    assert client.room(made.id) == made


def test_a_label_can_be_given_and_taken_away(client: AseedClient) -> None:
    (made,) = client.create_rooms(order(client))
    assert client.update_room(made.id, UpdateRoomRequest(display_name="Анна 😀")).display_name == "Анна 😀"
    assert client.update_room(made.id, UpdateRoomRequest(max_duration_minutes=60)).display_name == "Анна 😀"
    assert client.update_room(made.id, UpdateRoomRequest(clear_display_name=True)).display_name is None
    assert client.room(made.id).max_duration_minutes == 60


@pytest.mark.parametrize("label", ["Anna <anna@example.org>", "Anna, anna＠example.org", "anna@почта.рф Anna"])
def test_no_label_leaves_with_an_address(client: AseedClient, label: str) -> None:
    (made,) = client.create_rooms(order(client))
    assert client.update_room(made.id, UpdateRoomRequest(display_name=label)).display_name == "Anna"


def test_label_of_an_address_alone_stays_here(client: AseedClient) -> None:
    (made,) = client.create_rooms(order(client))
    with pytest.raises(Invalid, match="Give the room a name") as refused:
        client.update_room(made.id, UpdateRoomRequest(display_name="anna@example.org"))
    assert "anna" not in str(refused.value)
    both = UpdateRoomRequest(display_name="anna@example.org", max_duration_minutes=60)
    changed = client.update_room(made.id, both)
    assert (changed.display_name, changed.max_duration_minutes) == (None, 60)


def test_room_may_be_cancelled_twice(client: AseedClient) -> None:
    (made,) = client.create_rooms(order(client))
    client.cancel_room(made.id)
    client.cancel_room(made.id)
    assert client.room(made.id).status == CANCELLED


def test_cancelling_a_missing_room_succeeds(client: AseedClient) -> None:
    gone = str(uuid4())
    client.cancel_room(gone)
    with pytest.raises(NotFound):
        client.room(gone)


def test_a_respondent_can_look_join_again_and_leave(client: AseedClient) -> None:
    (made,) = client.create_rooms(order(client))
    assert client.room_info(made.access_token).status == PENDING
    joined = client.join_room(made.access_token, ANNA)
    assert joined.room_name == made.room_name and joined.token
    assert client.join_room(made.access_token, ANNA) == joined
    during = client.room(made.id)
    assert (during.status, during.respondent_email) == (ACTIVE, "anna@example.com")
    with pytest.raises(Refused) as other:
        client.join_room(made.access_token, JoinRoomRequest(email="ben@example.com"))
    assert other.value.status == 409
    client.leave_room(made.access_token)
    after = client.room(made.id)
    assert after.status == COMPLETED and after.record_id


def test_a_project_can_be_created_and_made_ready(client: AseedClient) -> None:
    project = client.create_project(CreateProjectRequest(name="Чай", research_goals="Why tea"))
    assert project.missing == ("interview guide",)
    changed = client.update_project(project.id, UpdateProjectRequest(interview_guide="1. Which tea?"))
    assert (changed.missing, changed.name, changed.research_goals) == ((), "Чай", "Why tea")
    assert client.project(project.id) == changed


def test_refusal_says_what_a_project_needs(client: AseedClient) -> None:
    project = client.create_project(CreateProjectRequest(name="Чай"))
    with pytest.raises(Refused, match="research goals") as refused:
        client.create_rooms(CreateRoomsRequest(project_id=UUID(project.id)))
    assert refused.value.status == 400
    assert client.rooms(project.id) == []


def test_short_balance_creates_no_room(client: AseedClient) -> None:
    before = client.rooms()
    with pytest.raises(TokensShort, match="3000 needed") as refused:
        client.create_rooms(order(client, count=100))
    assert refused.value.status == 402
    assert client.rooms() == before


def test_only_a_pending_room_can_be_changed(client: AseedClient) -> None:
    (made,) = client.create_rooms(order(client))
    client.cancel_room(made.id)
    with pytest.raises(Refused, match="cancelled") as refused:
        client.update_room(made.id, LABEL)
    assert refused.value.status == 409


@pytest.mark.parametrize(("says", "error"), [((False,), Overdue), ((True, False), OutcomeUnknown)])
def test_creation_held_back_creates_nothing(
    says: tuple[bool, ...], error: type[AseedError], client: AseedClient
) -> None:
    before, said = client.rooms(), iter(says)
    with sent_only_if(lambda: next(said)), pytest.raises(error):
        client.create_rooms(order(client))
    assert client.rooms() == before
    with sent_only_if(lambda: True):
        assert len(client.create_rooms(order(client))) == 1


def test_service_clock_is_that_of_its_answers(client: AseedClient) -> None:
    client.rooms()
    assert client.service_time is not None
    assert abs(client.service_time - datetime.now(UTC)) < timedelta(minutes=1)


def test_rooms_listed_twice_count_once(connections: Connections) -> None:
    with answering(answer(200, [ROOMS[0], ROOMS[1], ROOMS[0]])) as server:
        listed = reaching(server.address, connections).rooms()
    assert [room.id for room in listed] == ["room-1", "room-2"]


def test_refused_value_is_named_by_its_field(client: AseedClient) -> None:
    with pytest.raises(Invalid) as refused:
        client.room("no-uuid")
    assert list(refused.value.fields) == ["room_id"] and refused.value.fields["room_id"]


@pytest.mark.parametrize("token", [SecretStr("wrong"), None])
def test_a_wrong_or_missing_token_is_refused(sandbox: str, connections: Connections, token: SecretStr | None) -> None:
    stranger = AseedClient(f"{sandbox}/custdev/", token, connections)
    with pytest.raises(TokenRefused) as refused:
        stranger.projects()
    assert refused.value.status == 401
    with pytest.raises(TokenRefused):
        stranger.create_rooms(ORDER)


def test_every_request_carries_token_and_headers(connections: Connections) -> None:
    with answering(answer(200, [])) as server:
        AseedClient(server.address, SecretStr(TOKEN), connections, {"X-Forwarded-Host": "rooms.example"}).projects()
    assert server.seen[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert server.seen[0].headers["X-Forwarded-Host"] == "rooms.example"


@pytest.mark.parametrize("name", ["a/b", "../secrets", "a?b=c", "a#b", "a b", "%2e%2e", "комната", "a\r\nX: y"])
def test_id_is_one_segment_of_the_path(connections: Connections, name: str) -> None:
    with answering(answer(404, {})) as server, pytest.raises(NotFound):
        reaching(server.address, connections).room(name)
    before, after = server.seen[0].path.rsplit("/", 1)
    assert before == "/custdev/api/interviews/rooms"
    assert after.isascii() and not set(after) & set("?# \r\n")


@pytest.mark.parametrize("name", ["..", ".", ""])
def test_id_that_is_not_a_segment_reaches_nothing(connections: Connections, name: str) -> None:
    with answering(answer(404, {})) as server:
        with pytest.raises(AseedError):
            reaching(server.address, connections).room(name)
        assert [seen.path for seen in server.seen if seen.path.rstrip("/").endswith(("rooms", "interviews"))] == []


# A creation that is not answered as it should be

ENDS: dict[str, Answer | Reply] = {
    "reset after the request was read": Answer(then="reset"),
    "end of stream without an answer": Answer(then="close"),
    "half a status line": Answer(b"HTTP/1.1 20", then="close"),
    "half the headers": Answer(b"HTTP/1.1 200 OK\r\nContent-Le", then="close"),
    "no HTTP": Answer(b"220 mail.example ESMTP\r\n", then="close"),
    "a body cut short of its length": Answer(created(*ROOMS).data[:-20], then="close"),
    "a body reset short of its length": Answer(created(*ROOMS).data[:-20], then="reset"),
    "a chunked body without its end": Answer(
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{"rooms"\r\n', then="close"
    ),
    "a body that is not packed as it says": answer(200, b"plain", "Content-Encoding: gzip"),
    "a packed body cut short": answer(200, gzip.compress(created(*ROOMS).data)[:-30], "Content-Encoding: gzip"),
    "a login page": answer(200, f"<html><a href='{LINK}'>Log in</a></html>".encode(), "Content-Type: text/html"),
    "nothing": answer(200, b""),
    "no content": Answer(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "half the JSON": answer(200, json.dumps({"rooms": ROOMS}).encode()[:-20]),
    "no UTF-8": answer(200, b'{"rooms": ["\xff\xfe"]}'),
    "null": answer(200),
    "a list": answer(200, ROOMS),
    "a number": answer(200, 3),
    "a text": answer(200, LINK),
    "no rooms": answer(200, {"items": ROOMS}),
    "null rooms": answer(200, {"rooms": None}),
    "rooms in an object": answer(200, {"rooms": {"room-1": room("room-1")}}),
    "an error with a 200": answer(200, {"detail": f"{LINK} failed"}),
    "500": answer(500, {"detail": LINK}),
    "502": answer(502, b"<html>Bad gateway</html>"),
    "503": answer(503, b"", "Retry-After: 0"),
    "504": answer(504, b""),
    "a 500 that echoes": echo(500),
    "599": answer(599, b""),
    "a redirect to nowhere": answer(302, b"", "Location: /login"),
    "a redirect without a place": answer(307, b""),
    "a redirect to a place that is none": answer(302, b"", "Location: http://[::1"),
}
"""Answers to a creation that bring no room."""

SHORT: dict[str, tuple[list[object], list[str]]] = {
    "none at all": ([], []),
    "fewer": (ROOMS[:2], ["room-1", "room-2"]),
    "more": ([*ROOMS, room("room-4")], ["room-1", "room-2", "room-3", "room-4"]),
    "one twice": ([*ROOMS[:2], room("room-2")], ["room-1", "room-2", "room-2"]),
    "one twice besides all": ([*ROOMS, room("room-1")], ["room-1", "room-2", "room-3", "room-1"]),
    "one malformed": ([ROOMS[0], {"id": "room-2", "url": LINK}, ROOMS[2]], ["room-1", "room-3"]),
    "one malformed besides all": ([*ROOMS, {"id": 5}], ["room-1", "room-2", "room-3"]),
    "one null": ([None, *ROOMS[1:]], ["room-2", "room-3"]),
    "one text": ([*ROOMS[:2], LINK], ["room-1", "room-2"]),
    "one of a bad time": ([*ROOMS[:2], room("room-3", created_at="soon")], ["room-1", "room-2"]),
    "all malformed": ([{}, {}, {}], []),
}
"""Rooms in an answer to a creation of three, and the ids of those to keep."""


def table(rows: dict[str, Any]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", list(rows.values()), ids=list(rows))


def test_rooms_come_in_the_answers_order(connections: Connections) -> None:
    with answering(created(*ROOMS)) as server:
        rooms = reaching(server.address, connections).create_rooms(ORDER)
    assert [room.id for room in rooms] == ["room-1", "room-2", "room-3"]
    assert [(seen.method, seen.path) for seen in server.seen] == [("POST", "/custdev/api/interviews/rooms")]
    assert json.loads(server.seen[0].body) == {
        "project_id": str(ORDER.project_id),
        "count": 3,
        "max_duration_minutes": 30,
        "expires_in_days": 7,
        "voice": None,
        "realtime_provider": None,
        "language": None,
        "topics_for_respondent": None,
    }


@table(ENDS)
def test_unusable_answer_is_unknown_and_not_retried(
    connections: Connections, case: Answer | Reply, naps: list[float]
) -> None:
    with answering(case, created(*ROOMS)) as server:
        with pytest.raises(OutcomeUnknown) as lost:
            reaching(server.address, connections).create_rooms(ORDER)
        assert lost.value.rooms == ()
        assert len(server.seen) == 1 and naps == []


@pytest.mark.parametrize(
    "location",
    [
        "mailto:help@aseed.ai",
        "tel:1",
        "https:login",
        "data:text/html,login",
        "https://xn--a/",
        "https:///login",
        "//",
        "http://" + "a" * 70_000,
    ],
    ids=lambda location: location[:20],
)
def test_strange_redirect_is_unknown_and_not_retried(connections: Connections, location: str) -> None:
    with answering(answer(302, b"", f"Location: {location}"), created(*ROOMS)) as server:
        with pytest.raises(OutcomeUnknown):
            reaching(server.address, connections).create_rooms(ORDER)
        assert len(server.seen) == 1


def test_missing_answer_is_unknown_and_not_retried(connections: Connections) -> None:
    connections.fresh.timeout = httpx.Timeout(5, read=0.1)
    with answering(Answer(then="hold"), created(*ROOMS)) as server:
        with pytest.raises(OutcomeUnknown, match="did not answer in time"):
            reaching(server.address, connections).create_rooms(ORDER)
        assert len(server.seen) == 1


def test_partial_answer_is_unknown_and_not_retried(connections: Connections) -> None:
    connections.fresh.timeout = httpx.Timeout(5, read=0.1)
    with answering(Answer(created(*ROOMS).data[:-20], then="hold"), created(*ROOMS)) as server:
        with pytest.raises(OutcomeUnknown, match="did not answer in time"):
            reaching(server.address, connections).create_rooms(ORDER)
        assert len(server.seen) == 1


@table(SHORT)
def test_wrong_number_of_rooms_keeps_those_received(
    connections: Connections, case: tuple[list[object], list[str]]
) -> None:
    given, kept = case
    with answering(created(*given), created(*ROOMS)) as server:
        with pytest.raises(OutcomeUnknown) as lost:
            reaching(server.address, connections).create_rooms(ORDER)
        assert [room.id for room in lost.value.rooms] == kept
        assert len(server.seen) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda client: client.create_rooms(ORDER), OutcomeUnknown),
        (lambda client: client.rooms(), Failed),
        (lambda client: client.update_room("room-1", LABEL), Failed),
        (lambda client: client.cancel_room("room-1"), Failed),
    ],
    ids=["create", "read", "change", "cancel"],
)
def test_redirect_never_receives_the_token(
    connections: Connections, status: int, call: Call, error: type[AseedError]
) -> None:
    with (
        answering(created(*ROOMS)) as elsewhere,
        answering(answer(status, b"", f"Location: {elsewhere.address}/custdev/")) as server,
    ):
        with pytest.raises(error):
            call(reaching(server.address, connections))
        assert elsewhere.seen == [] and server.seen


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 413, 422, 431])
def test_refused_creation_is_not_retried(connections: Connections, status: int) -> None:
    with answering(answer(status, {"detail": "No."}), created(*ROOMS)) as server:
        with pytest.raises(Refused) as refused:
            reaching(server.address, connections).create_rooms(ORDER)
        assert refused.value.status == status and len(server.seen) == 1


# A creation that certainly did not arrive


def test_missing_service_is_not_reached(connections: Connections, naps: list[float]) -> None:
    client = reaching(an_address_where_nobody_listens(), connections)
    with pytest.raises(NotReached):
        client.create_rooms(ORDER)
    with pytest.raises(NotReached):
        client.projects()
    assert len(naps) == ATTEMPTS - 1, "for the projects alone: a creation is sent once"


NEVER_SENT = [httpx.ConnectError("no"), httpx.ConnectTimeout("no"), httpx.PoolTimeout("no")]
MAYBE_SENT = [
    httpx.ReadTimeout("lost"),
    httpx.WriteTimeout("lost"),
    httpx.ReadError("lost"),
    httpx.WriteError("lost"),
    httpx.CloseError("lost"),
    httpx.RemoteProtocolError("lost"),
    httpx.ProxyError("lost"),
    httpx.DecodingError("lost"),
    httpx.TooManyRedirects("lost"),
]


@pytest.mark.parametrize("reason", NEVER_SENT, ids=lambda reason: type(reason).__name__)
def test_unsent_creation_is_not_reached(reason: Exception) -> None:
    with network(reason, httpx.Response(200, json={"rooms": ROOMS})) as (client, raising):
        with pytest.raises(NotReached):
            client.create_rooms(ORDER)
        assert len(raising.sent) == 1


@pytest.mark.parametrize("reason", MAYBE_SENT, ids=lambda reason: type(reason).__name__)
def test_possibly_sent_creation_is_not_retried(reason: Exception) -> None:
    with network(reason, httpx.Response(200, json={"rooms": ROOMS})) as (client, raising):
        with pytest.raises(OutcomeUnknown):
            client.create_rooms(ORDER)
        assert len(raising.sent) == 1


# Rate limits


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        (["Retry-After: 0"], 0),
        (["Retry-After: -5"], 0),
        (["Retry-After: 0.01"], 0.01),
        (["Retry-After: 2"], 2),
        (["Retry-After: 86400"], 86400),
        (["Retry-After: soon"], None),
        (["Retry-After: nan"], None),
        ([], None),
    ],
)
def test_rate_limited_creation_says_its_wait(
    connections: Connections, header: list[str], wait: float | None, naps: list[float]
) -> None:
    turned_away = answer(429, {"detail": "Slow down."}, *header)
    with answering(turned_away, created(*ROOMS)) as server, pytest.raises(RateLimited) as refused:
        reaching(server.address, connections).create_rooms(ORDER)
    assert refused.value.retry_after == wait
    assert len(server.seen) == 1 and naps == []


def test_wait_until_a_date_is_in_seconds(
    connections: Connections,
) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)
    with answering(answer(429, {}, f"Retry-After: {until}")) as server, pytest.raises(RateLimited) as refused:
        reaching(server.address, connections).create_rooms(ORDER)
    assert refused.value.retry_after == pytest.approx(50, abs=25)


def test_page_never_waits_longer_than_patience(connections: Connections, naps: list[float]) -> None:
    with answering(answer(429, {}, "Retry-After: 60")) as server:
        with pytest.raises(RateLimited):
            reaching(server.address, connections).projects()
        assert sum(naps) <= PATIENCE


# Everything else

REPEATABLE: dict[str, tuple[Call, Answer]] = {
    "projects": (lambda client: client.projects(), answer(200, [PROJECT])),
    "project": (lambda client: client.project("project-1"), answer(200, PROJECT)),
    "config": (lambda client: client.interview_config(), answer(200, {"tokens_per_30_min": 30})),
    "rooms": (lambda client: client.rooms(), answer(200, ROOMS)),
    "room": (lambda client: client.room("room-1"), answer(200, ROOMS[0])),
    "room info": (
        lambda client: client.room_info(SECRET),
        answer(200, {"room_name": "interview-1", "max_duration_minutes": 30, "status": PENDING}),
    ),
    "change a room": (lambda client: client.update_room("room-1", LABEL), answer(200, ROOMS[0])),
    "change a project": (
        lambda client: client.update_project("project-1", UpdateProjectRequest(name="Coffee")),
        answer(200, PROJECT),
    ),
    "cancel": (lambda client: client.cancel_room("room-1"), answer(200, {})),
}

ONCE: dict[str, Call] = {
    "create a project": lambda client: client.create_project(CreateProjectRequest(name="Tea")),
    "join": lambda client: client.join_room(SECRET, ANNA),
    "leave": lambda client: client.leave_room(SECRET),
}


@table(REPEATABLE)
@pytest.mark.parametrize(
    "fault",
    [answer(503, b""), answer(500, b""), Answer(then="close"), answer(429, {}, "Retry-After: 0")],
    ids=["503", "500", "end of stream", "429"],
)
def test_reads_and_changes_are_retried(connections: Connections, case: tuple[Call, Answer], fault: Answer) -> None:
    call, good = case
    with answering(fault, fault, good) as server:
        result = call(reaching(server.address, connections))
    with answering(good) as healthy:
        assert result == call(reaching(healthy.address, connections))
    assert len(server.seen) == 3
    assert len({(seen.method, seen.path, seen.body) for seen in server.seen}) == 1


@table(REPEATABLE)
def test_reads_and_changes_fail_after_their_attempts(connections: Connections, case: tuple[Call, Answer]) -> None:
    with answering(answer(503, b"")) as server:
        with pytest.raises(Failed) as failed:
            case[0](reaching(server.address, connections))
        assert failed.value.status == 503 and len(server.seen) == ATTEMPTS


def test_unanswered_read_fails_after_its_attempts(connections: Connections) -> None:
    connections.kept.timeout = httpx.Timeout(5, read=0.1)
    with answering(Answer(then="hold")) as server:
        with pytest.raises(Failed, match="did not answer in time"):
            reaching(server.address, connections).projects()
        assert len(server.seen) == ATTEMPTS


@pytest.mark.parametrize("status", [401, 402, 403, 404, 409, 422])
def test_a_read_that_is_refused_is_not_repeated(connections: Connections, status: int) -> None:
    with answering(answer(status, {"detail": "No."})) as server:
        with pytest.raises(Refused) as refused:
            reaching(server.address, connections).projects()
        assert refused.value.status == status and len(server.seen) == 1


@table(ONCE)
@pytest.mark.parametrize("fault", [answer(503, b""), Answer(then="reset")], ids=["503", "reset"])
def test_what_would_be_done_twice_is_sent_once(connections: Connections, case: Call, fault: Answer) -> None:
    with answering(fault) as server:
        with pytest.raises(Failed):
            case(reaching(server.address, connections))
        assert len(server.seen) == 1


@pytest.mark.parametrize(
    "given",
    [answer(200, b"<html>Log in</html>"), answer(200, {"rooms": ROOMS}), answer(200, [{"id": LINK}]), answer(200, b"")],
)
def test_answer_outside_the_contract_is_a_failure(connections: Connections, given: Answer) -> None:
    with answering(given) as server, pytest.raises(Failed, match="not what its API promises"):
        reaching(server.address, connections).rooms()


def test_change_sends_only_the_set_fields(connections: Connections) -> None:
    with answering(answer(200, ROOMS[0])) as server:
        reaching(server.address, connections).update_room("room-1", LABEL)
    assert json.loads(server.seen[0].body) == {"display_name": "Anna"}


# Connections


@pytest.mark.parametrize("cookie", ["session=1", "session=1; Path=/", "session=1; Domain=127.0.0.1; Path=/"])
def test_a_cookie_is_never_sent_back(connections: Connections, cookie: str) -> None:
    with answering(
        answer(200, [], f"Set-Cookie: {cookie}"),
        answer(200, {"rooms": ROOMS}, f"Set-Cookie: {cookie}"),
        answer(200, []),
        created(*ROOMS),
    ) as server:
        client = reaching(server.address, connections)
        client.projects()
        client.create_rooms(ORDER)
        client.projects()
        client.create_rooms(ORDER)
    assert [seen.headers["Cookie"] for seen in server.seen] == [None] * 4


def test_creation_never_reuses_a_connection(connections: Connections) -> None:
    with answering(answer(200, []), created(*ROOMS)) as server:
        client = reaching(server.address, connections)
        client.projects()
        for _ in range(3):
            client.create_rooms(ORDER)
    assert len({seen.port for seen in server.seen}) == 4


def test_reads_share_one_connection(connections: Connections) -> None:
    with answering(answer(200, [])) as server:
        for token in (TOKEN, "sandbox-other"):
            client = AseedClient(server.address, SecretStr(token), connections)
            client.projects()
            client.rooms()
    assert len(server.seen) == 4 and len({seen.port for seen in server.seen}) == 1


def test_tokens_of_two_people_stay_apart(connections: Connections) -> None:
    with answering(answer(200, [])) as server:
        for token in ("sandbox-anna", "sandbox-ben", None):
            AseedClient(server.address, SecretStr(token) if token else None, connections).projects()
    assert [seen.headers["Authorization"] for seen in server.seen] == [
        "Bearer sandbox-anna",
        "Bearer sandbox-ben",
        None,
    ]


# Secrets


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """Everything that was logged, with what the records carry besides their text."""
    caplog.set_level(0)
    return lambda: "\n".join(
        f"{record.getMessage()} {record.__dict__} {record.exc_info and caplog.handler.format(record)}"
        for record in caplog.records
    )


def told(call: Call, client: AseedClient) -> str:
    """What an error tells in print, in the log and in a record; empty without an error."""
    try:
        call(client)
    except AseedError as error:
        return "\n".join([str(error), repr(error), repr(vars(error)), *traceback.format_exception(error)])
    return ""


def create(client: AseedClient) -> object:
    return client.create_rooms(ORDER)


Scenes = dict[str, tuple[Call, tuple[Answer | Reply, ...]]]

REFUSALS = (400, 401, 402, 403, 404, 409, 422, 429)
READ = {name: call for name, (call, _) in REPEATABLE.items() if name != "cancel"}
"""The calls whose answer is read: a cancellation is content with any success."""

GOOD_SCENES: Scenes = {
    "create": (create, (created(*ROOMS),)),
    **{name: (call, (good,)) for name, (call, good) in REPEATABLE.items()},
    **{f"{name} after a fault": (call, (echo(503), good)) for name, (call, good) in REPEATABLE.items()},
}

BAD_SCENES: Scenes = {
    **{f"create, {name}": (create, (end,)) for name, end in ENDS.items()},
    **{f"create, {name}": (create, (created(*given),)) for name, (given, _) in SHORT.items()},
    **{f"create, {status} that echoes": (create, (echo(status),)) for status in REFUSALS},
    **{f"join, {status} that echoes": (ONCE["join"], (echo(status),)) for status in REFUSALS},
    **{f"{name}, 503 that echoes": (call, (echo(503),)) for name, (call, _) in REPEATABLE.items()},
    **{f"{name}, 500 that echoes": (call, (echo(500),)) for name, call in ONCE.items()},
    **{f"{name}, a login page": (call, (ENDS["a login page"],)) for name, call in READ.items()},
    **{f"{name}, a text": (call, (answer(200, LINK),)) for name, call in READ.items()},
    "create, 422 that echoes in a field": (create, (echo(422, in_a_field=True),)),
    "join, 422 that echoes in a field": (ONCE["join"], (echo(422, in_a_field=True),)),
    "create, a redirect to a link": (create, (answer(302, b"", f"Location: {LINK}"),)),
}


@pytest.mark.parametrize(("call", "replies"), GOOD_SCENES.values(), ids=GOOD_SCENES)
def test_success_logs_neither_token_nor_link(
    connections: Connections, call: Call, replies: tuple[Answer | Reply, ...], logged: Callable[[], str]
) -> None:
    with answering(*replies) as server:
        assert told(call, reaching(server.address, connections)) == ""
    assert server.seen[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert "CANARY" not in logged()


@pytest.mark.parametrize(("call", "replies"), BAD_SCENES.values(), ids=BAD_SCENES)
def test_failure_tells_neither_token_nor_link(
    connections: Connections, call: Call, replies: tuple[Answer | Reply, ...], logged: Callable[[], str]
) -> None:
    with answering(*replies) as server:
        words = told(call, reaching(server.address, connections))
    assert server.seen[0].headers["Authorization"] == f"Bearer {TOKEN}"
    assert words and "CANARY" not in words
    assert "CANARY" not in logged()


@pytest.mark.parametrize("call", [create, lambda client: client.room_info(SECRET)], ids=["create", "read"])
@pytest.mark.parametrize(
    "reason", [*NEVER_SENT, *MAYBE_SENT, httpx.InvalidURL("no")], ids=lambda reason: type(reason).__name__
)
def test_network_failure_tells_neither_token_nor_link(reason: Exception, call: Call, logged: Callable[[], str]) -> None:
    request = httpx.Request("POST", LINK, headers={"Authorization": f"Bearer {TOKEN}"})
    message = f"{LINK} {TOKEN}"
    loud = type(reason)(message, request=request) if isinstance(reason, httpx.RequestError) else type(reason)(message)
    with network(loud) as (client, _):
        words = told(call, client)
    assert words and "CANARY" not in words
    assert "CANARY" not in logged()


def test_silence_tells_neither_token_nor_link(connections: Connections, logged: Callable[[], str]) -> None:
    connections.fresh.timeout = connections.kept.timeout = httpx.Timeout(5, read=0.1)
    with answering(Answer(then="hold")) as server:
        clients = [
            reaching(server.address, connections),
            reaching(an_address_where_nobody_listens(), connections),
        ]
        words = [told(call, client) for client in clients for call in (create, REPEATABLE["room info"][0])]
    assert all(words) and "CANARY" not in "".join(words)
    assert "CANARY" not in logged()


def test_impossible_token_is_refused_and_not_quoted(connections: Connections) -> None:
    with pytest.raises(ValueError) as refused:
        AseedClient(an_address_where_nobody_listens(), SecretStr("CANARY-токен"), connections)
    assert "CANARY" not in repr(refused.value)


def test_retry_is_logged(connections: Connections, logged: Callable[[], str]) -> None:
    with answering(answer(503, b"")) as server:
        told(lambda client: client.projects(), reaching(server.address, connections))
    assert "stamina.retry_scheduled" in logged() and "Aseed failed (503)." in logged()


def test_httpx_logs_links_when_it_may(
    connections: Connections, logged: Callable[[], str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="httpx")
    call, good = REPEATABLE["room info"]
    with answering(good) as server:
        call(reaching(server.address, connections))
    assert SECRET in logged()


@pytest.mark.parametrize("name", ["httpx", "httpcore", "httpcore.http11", "httpcore.connection"])
def test_the_libraries_below_log_warnings_only(name: str) -> None:
    assert logging.getLogger(name).getEffectiveLevel() >= logging.WARNING
