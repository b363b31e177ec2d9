"""Rooms as their owner sees them, through the client and a socket: made, listed, changed, cancelled, and paid for."""

import base64
import sqlite3
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette

from services.aseed.client import AseedClient, Connections
from services.aseed.errors import NotFound, Refused, TokensShort
from services.aseed.models import (
    ACTIVE,
    CANCELLED,
    COMPLETED,
    EXPIRED,
    PENDING,
    CreateProjectRequest,
    CreateRoomsRequest,
    InterviewRoomResponse,
    JoinRoomRequest,
    ProjectResponse,
    UpdateProjectRequest,
    UpdateRoomRequest,
)
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from tests.conftest import Clock
from tests.servers import serving

ANNA = JoinRoomRequest(email="anna@example.com")
AS_SANDBOX = {"Authorization": "Bearer sandbox"}
TEXTS = ("research_goals_override", "interview_guide_override", "topics_for_respondent", "display_name")
JUNK = [
    *(
        # Not https: uvicorn believes a proxy on loopback about the scheme by itself.
        ("http", host)
        for host in (
            "",
            "evil.example.com/path",
            "evil.example.com?",
            "evil.example.com#",
            "user@evil.example.com",
            "user:word@evil.example.com",
            "evil.example.com:",
            "evil.example.com:port",
            "evil example.com",
            "evil.example.com, other.example.com",
            "evil.example.com\\",
            '"><script>alert(1)</script>',
            "[evil]",
            "[fd00::1",
            "пример.рф",
        )
    ),
    *((proto, "evil.example.com") for proto in ("", "javascript", "HTTPS", "https,http", "https://")),
]
"""X-Forwarded-Proto and X-Forwarded-Host that do not say where the viewer is."""

FLAGS = {name: f"clear_{name}" for name in TEXTS}


@pytest.fixture
def project(client: AseedClient) -> ProjectResponse:
    return client.create_project(
        CreateProjectRequest(name="Tea", research_goals="Why tea.", interview_guide="1. Why tea?")
    )


@pytest.fixture
def balance(store: Store) -> Callable[[], int]:
    return lambda: store.balance(store.account("sandbox"))


def wanted(project: ProjectResponse, **values: object) -> CreateRoomsRequest:
    return CreateRoomsRequest.model_validate({"project_id": project.id, **values})


def bring(client: AseedClient, clock: Clock, room: InterviewRoomResponse, status: str) -> InterviewRoomResponse:
    """Make a pending room one of that status, as it would come about."""
    if status == CANCELLED:
        client.cancel_room(room.id)
    elif status == EXPIRED:
        clock.advance(days=7)
    elif status in (ACTIVE, COMPLETED):
        client.join_room(room.access_token, ANNA)
        if status == COMPLETED:
            client.leave_room(room.access_token)
    changed = client.room(room.id)
    assert changed.status == status
    return changed


def test_call_creates_as_many_rooms_as_asked(client: AseedClient, project: ProjectResponse) -> None:
    made = [client.create_rooms(wanted(project, count=count, max_duration_minutes=1)) for count in (1, 2, 99, 100)]
    assert [len(rooms) for rooms in made] == [1, 2, 99, 100]
    rooms = [room for batch in made for room in batch]
    assert {room.id for room in client.rooms(project.id)} == {room.id for room in rooms}
    for values in zip(*((room.id, room.url, room.access_token, room.room_name) for room in rooms), strict=True):
        assert len(set(values)) == len(rooms)


def test_a_room_is_what_was_asked_for(client: AseedClient, project: ProjectResponse, clock: Clock) -> None:
    settings = {
        "max_duration_minutes": 45,
        "voice": "cedar",
        "realtime_provider": "gemini",
        "language": "Russian",
        "topics_for_respondent": "Чай и кофе",
    }
    (room,) = client.create_rooms(wanted(project, expires_in_days=14, **settings))
    assert {name: getattr(room, name) for name in settings} == settings
    assert (room.project_id, room.status, room.created_at) == (project.id, PENDING, clock.now)
    assert room.expires_at == clock.now + timedelta(days=14)
    assert client.room(room.id) == room


def test_room_has_documented_defaults(
    sandbox: str, connections: Connections, project: ProjectResponse, clock: Clock
) -> None:
    answer = connections.kept.post(
        f"{sandbox}/custdev/api/interviews/rooms", json={"project_id": project.id}, headers=AS_SANDBOX
    )
    (room,) = map(InterviewRoomResponse.model_validate, answer.json()["rooms"])
    assert (room.max_duration_minutes, room.expires_at) == (30, clock.now + timedelta(days=7))
    assert {room.voice, room.realtime_provider, room.language, room.topics_for_respondent} == {None}


def test_link_holds_only_an_unguessable_token(client: AseedClient, project: ProjectResponse, sandbox: str) -> None:
    for room in client.create_rooms(wanted(project, count=20)):
        token = room.access_token
        assert len(base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)) >= 128 / 8
        assert room.url == f"{sandbox}/interview/{token}"


def test_list_is_newest_first_within_one_call(client: AseedClient, project: ProjectResponse, clock: Clock) -> None:
    made = []
    for count in (3, 1, 4):
        clock.advance(minutes=1)
        made += client.create_rooms(wanted(project, count=count))
    assert client.rooms(project.id) == made[::-1]
    assert client.rooms()[: len(made)] == made[::-1]


def test_list_is_filtered_by_project_and_status(client: AseedClient, project: ProjectResponse) -> None:
    other = client.create_project(CreateProjectRequest(name="Milk", research_goals="Why.", interview_guide="1. Why?"))
    kept, cancelled = client.create_rooms(wanted(project, count=2))
    (elsewhere,) = client.create_rooms(wanted(other))
    client.cancel_room(cancelled.id)

    def ids(project_id: UUID | str | None = None, status: str | None = None) -> list[str]:
        return [room.id for room in client.rooms(project_id, status)]

    assert ids(project.id) == [cancelled.id, kept.id]
    assert ids(other.id) == [elsewhere.id]
    assert ids(project.id, CANCELLED) == [cancelled.id]
    assert ids(project.id, PENDING) == [kept.id]
    assert ids(status=PENDING)[:2] == [elsewhere.id, kept.id]
    assert {room.status for room in client.rooms(status=PENDING)} == {PENDING}
    assert ids(other.id, CANCELLED) == ids(uuid4()) == ids(project.id, "paused") == []


def test_only_a_pending_room_can_be_changed(client: AseedClient, project: ProjectResponse, clock: Clock) -> None:
    for status in (ACTIVE, COMPLETED, EXPIRED, CANCELLED):
        (room,) = client.create_rooms(wanted(project))
        room = bring(client, clock, room, status)
        change = UpdateRoomRequest(display_name="Anna", expires_at=clock.now + timedelta(days=30))
        with pytest.raises(Refused, match=f"this one is {status}") as refused:
            client.update_room(room.id, change)
        assert refused.value.status == 409
        assert client.room(room.id) == room


def test_change_sets_only_what_it_names(client: AseedClient, project: ProjectResponse, clock: Clock) -> None:
    (room,) = client.create_rooms(wanted(project, language="English"))
    changes: list[dict[str, object]] = [
        {"display_name": "а" * 42},
        {"research_goals_override": "Only sugar."},
        {"interview_guide_override": "1. Sugar?"},
        {"topics_for_respondent": "Sugar"},
        {"max_duration_minutes": 60},
        {"expires_at": clock.now + timedelta(days=90)},
    ]
    for change in changes:
        changed = client.update_room(room.id, UpdateRoomRequest.model_validate(change))
        assert changed == room.model_copy(update=change)
        assert client.room(room.id) == changed
        room = changed


def test_null_leaves_a_field_as_it_is(client: AseedClient, project: ProjectResponse, clock: Clock) -> None:
    (room,) = client.create_rooms(wanted(project))
    full = client.update_room(
        room.id,
        UpdateRoomRequest.model_validate(
            dict.fromkeys(TEXTS, "kept") | {"max_duration_minutes": 20, "expires_at": clock.now + timedelta(days=1)}
        ),
    )
    assert {getattr(full, name) for name in TEXTS} == {"kept"}
    nothing = dict.fromkeys([*TEXTS, "max_duration_minutes", "expires_at"])
    assert client.update_room(room.id, UpdateRoomRequest.model_validate(nothing)) == full
    assert client.update_room(room.id, UpdateRoomRequest()) == full


def test_each_clear_flag_empties_its_own_field(client: AseedClient, project: ProjectResponse) -> None:
    room, sure = client.create_rooms(wanted(project, count=2))
    full = client.update_room(room.id, UpdateRoomRequest.model_validate(dict.fromkeys(TEXTS, "full")))
    for name, flag in FLAGS.items():
        cleared = client.update_room(room.id, UpdateRoomRequest.model_validate({flag: True}))
        assert cleared == full.model_copy(update={name: None})
        assert client.update_room(room.id, UpdateRoomRequest.model_validate({name: "full"})) == full
    both = dict.fromkeys(TEXTS, "full") | dict.fromkeys(FLAGS.values(), True)
    emptied = client.update_room(sure.id, UpdateRoomRequest.model_validate(both))
    assert {getattr(emptied, name) for name in TEXTS} == {None}


def test_expired_link_is_expired_for_everyone(client: AseedClient, project: ProjectResponse, clock: Clock) -> None:
    (room,) = client.create_rooms(wanted(project, expires_in_days=1))
    clock.advance(days=1, microseconds=-1)
    assert client.rooms(project.id, PENDING) == [room]
    clock.advance(microseconds=1)
    assert client.rooms(project.id, PENDING) == []
    expired = room.model_copy(update={"status": EXPIRED})
    assert client.rooms(project.id, EXPIRED) == client.rooms(project.id) == [client.room(room.id)] == [expired]
    assert client.room_info(room.access_token).status == EXPIRED
    with pytest.raises(Refused, match=EXPIRED):
        client.join_room(room.access_token, ANNA)


def test_joining_finds_an_expired_link(client: AseedClient, project: ProjectResponse, clock: Clock) -> None:
    (room,) = client.create_rooms(wanted(project))
    clock.advance(days=8)
    with pytest.raises(Refused, match=EXPIRED) as refused:
        client.join_room(room.access_token, ANNA)
    assert refused.value.status == 409
    assert client.room(room.id).respondent_email is None


def test_extended_link_lives_until_new_end(client: AseedClient, project: ProjectResponse, clock: Clock) -> None:
    (room,) = client.create_rooms(wanted(project, expires_in_days=1))
    client.update_room(room.id, UpdateRoomRequest(expires_at=clock.now + timedelta(days=3)))
    clock.advance(days=2)
    assert client.room(room.id).status == PENDING
    clock.advance(days=1)
    assert client.room(room.id).status == EXPIRED


def test_link_with_past_end_expires_at_once(
    client: AseedClient, project: ProjectResponse, clock: Clock, balance: Callable[[], int]
) -> None:
    before = balance()
    (room,) = client.create_rooms(wanted(project))
    changed = client.update_room(room.id, UpdateRoomRequest(expires_at=clock.now - timedelta(seconds=1)))
    assert changed.status == client.room(room.id).status == EXPIRED
    assert balance() == before


def test_timer_ends_interview_at_its_time(client: AseedClient, project: ProjectResponse, clock: Clock) -> None:
    (room,) = client.create_rooms(wanted(project, max_duration_minutes=45))
    clock.advance(hours=1)
    start = clock.now
    client.join_room(room.access_token, ANNA)
    clock.advance(minutes=45, microseconds=-1)
    assert (client.room(room.id).status, client.room(room.id).finished_at) == (ACTIVE, None)
    clock.advance(hours=5)
    ended = client.room(room.id)
    assert (ended.status, ended.started_at, ended.finished_at) == (COMPLETED, start, start + timedelta(minutes=45))
    assert ended.record_id is not None
    assert client.rooms(project.id, COMPLETED) == [ended]
    assert client.room_info(room.access_token).status == COMPLETED
    assert client.project(project.id).records_count == 1


def test_interview_in_session_outlives_its_link(client: AseedClient, project: ProjectResponse, clock: Clock) -> None:
    (room,) = client.create_rooms(wanted(project, expires_in_days=1))
    clock.advance(hours=23, minutes=50)
    client.join_room(room.access_token, ANNA)
    clock.advance(minutes=20)
    assert client.room(room.id).status == ACTIVE
    client.join_room(room.access_token, ANNA)
    clock.advance(minutes=10)
    assert client.room(room.id).status == COMPLETED


@pytest.mark.parametrize("status", [PENDING, ACTIVE])
def test_second_cancel_changes_nothing(
    client: AseedClient, project: ProjectResponse, clock: Clock, balance: Callable[[], int], status: str
) -> None:
    before = balance()
    (room,) = client.create_rooms(wanted(project))
    bring(client, clock, room, status)
    client.cancel_room(room.id)
    cancelled = client.room(room.id)
    assert (cancelled.status, cancelled.finished_at) == (CANCELLED, clock.now)
    clock.advance(hours=1)
    client.cancel_room(room.id)
    assert client.room(room.id) == cancelled
    assert balance() == before


@pytest.mark.parametrize("status", [COMPLETED, EXPIRED])
def test_a_room_that_is_over_cannot_be_cancelled(
    client: AseedClient, project: ProjectResponse, clock: Clock, balance: Callable[[], int], status: str
) -> None:
    (room,) = client.create_rooms(wanted(project))
    room = bring(client, clock, room, status)
    left = balance()
    with pytest.raises(Refused) as refused:
        client.cancel_room(room.id)
    assert refused.value.status == 409 and status in refused.value.detail
    assert client.room(room.id) == room
    assert balance() == left


def test_unknown_room_is_not_found(client: AseedClient, sandbox: str, connections: Connections) -> None:
    never = str(uuid4())
    with pytest.raises(NotFound):
        client.room(never)
    with pytest.raises(NotFound):
        client.update_room(never, UpdateRoomRequest(display_name="Anna"))
    answer = connections.kept.delete(f"{sandbox}/custdev/api/interviews/rooms/{never}", headers=AS_SANDBOX)
    assert (answer.status_code, answer.json()) == (404, {"detail": "Interview room not found"})


def test_tokens_are_reserved_by_count_and_duration(
    client: AseedClient, project: ProjectResponse, balance: Callable[[], int]
) -> None:
    before = balance()
    client.create_rooms(wanted(project, count=3, max_duration_minutes=45))
    assert before - balance() == 3 * 45 == 3 * client.interview_config().tokens_for(45)


def test_tokens_return_unless_interview_is_completed(
    client: AseedClient, project: ProjectResponse, clock: Clock, balance: Callable[[], int]
) -> None:
    before = balance()
    cancelled, left, timed_out, _expired = client.create_rooms(wanted(project, count=4, expires_in_days=1))
    assert balance() == before - 4 * 30
    client.cancel_room(cancelled.id)
    assert balance() == before - 3 * 30
    for room in (left, timed_out):
        client.join_room(room.access_token, ANNA)
    client.leave_room(left.access_token)
    assert balance() == before - 3 * 30
    clock.advance(minutes=30)
    assert client.room(timed_out.id).status == COMPLETED
    assert balance() == before - 3 * 30
    clock.advance(days=1)
    assert balance() == before - 2 * 30
    clock.advance(days=1)
    assert Counter(room.status for room in client.rooms(project.id)) == {CANCELLED: 1, COMPLETED: 2, EXPIRED: 1}
    assert balance() == before - 2 * 30


def test_tokens_follow_a_change_of_the_duration(
    client: AseedClient, project: ProjectResponse, balance: Callable[[], int]
) -> None:
    before = balance()
    (room,) = client.create_rooms(wanted(project))
    for minutes in (60, 10, 10):
        client.update_room(room.id, UpdateRoomRequest(max_duration_minutes=minutes))
        assert balance() == before - minutes
    client.cancel_room(room.id)
    assert balance() == before


def test_creation_short_of_tokens_changes_nothing(
    client: AseedClient, project: ProjectResponse, balance: Callable[[], int]
) -> None:
    left = balance()
    with pytest.raises(TokensShort) as refused:
        client.create_rooms(wanted(project, count=10, max_duration_minutes=left // 10 + 1))
    assert refused.value.status == 402
    assert f"{left + 10} needed" in refused.value.detail and f"{left} left" in refused.value.detail
    assert client.rooms(project.id) == []
    assert balance() == left


def test_the_last_token_can_be_used(client: AseedClient, project: ProjectResponse, balance: Callable[[], int]) -> None:
    client.create_rooms(wanted(project, count=10, max_duration_minutes=balance() // 10))
    assert balance() == 0
    with pytest.raises(TokensShort, match="1 needed, 0 left"):
        client.create_rooms(wanted(project, max_duration_minutes=1))


def test_longer_duration_short_of_tokens_changes_nothing(
    client: AseedClient, project: ProjectResponse, balance: Callable[[], int]
) -> None:
    (room,) = client.create_rooms(wanted(project))
    left = balance()
    with pytest.raises(TokensShort, match=f"{left + 1} needed, {left} left"):
        client.update_room(room.id, UpdateRoomRequest(display_name="Anna", max_duration_minutes=30 + left + 1))
    assert client.room(room.id) == room
    assert balance() == left


def test_unready_project_gets_no_rooms(client: AseedClient, balance: Callable[[], int]) -> None:
    ready = UpdateProjectRequest(research_goals="Why tea.", interview_guide="1. Why tea?")
    for goals, guide, lacks in (
        ("Why tea.", None, {"interview guide"}),
        (None, "1. Why tea?", {"research goals"}),
        ("", " \n", {"research goals", "interview guide"}),
    ):
        project = client.create_project(CreateProjectRequest(name="Tea", research_goals=goals, interview_guide=guide))
        left = balance()
        with pytest.raises(Refused) as refused:
            client.create_rooms(wanted(project))
        assert type(refused.value) is Refused and refused.value.status == 400
        assert {name for name in ("research goals", "interview guide") if name in refused.value.detail} == lacks
        assert (client.rooms(project.id), balance()) == ([], left)

        client.update_project(project.id, ready)
        assert len(client.create_rooms(wanted(project))) == 1


def test_unknown_project_gets_no_rooms(client: AseedClient) -> None:
    with pytest.raises(NotFound, match="Project not found"):
        client.create_rooms(CreateRoomsRequest(project_id=uuid4()))


def test_invalid_body_is_refused_and_changes_nothing(
    sandbox: str, connections: Connections, client: AseedClient, project: ProjectResponse, balance: Callable[[], int]
) -> None:
    (room,) = client.create_rooms(wanted(project))
    left = balance()
    rooms, this = "/api/interviews/rooms", f"/api/interviews/rooms/{room.id}"
    cases: list[tuple[str, str, object, list[list[str]]]] = [
        ("POST", rooms, {"project_id": project.id, "count": 101}, [["body", "count"]]),
        ("POST", rooms, {"project_id": project.id, "count": 0}, [["body", "count"]]),
        ("POST", rooms, {"project_id": project.id, "count": "5"}, [["body", "count"]]),
        ("POST", rooms, {"project_id": project.id, "count": True}, [["body", "count"]]),
        ("POST", rooms, {"project_id": project.id, "expires_in_days": 0}, [["body", "expires_in_days"]]),
        ("POST", rooms, {"project_id": "coffee", "count": 101}, [["body", "project_id"], ["body", "count"]]),
        ("POST", rooms, {}, [["body", "project_id"]]),
        ("POST", rooms, None, [["body"]]),
        ("PATCH", this, {"display_name": "a" * 43}, [["body", "display_name"]]),
        ("PATCH", this, {"max_duration_minutes": 0}, [["body", "max_duration_minutes"]]),
        ("GET", f"{rooms}/coffee", None, [["path", "room_id"]]),
        ("DELETE", f"{rooms}/coffee", None, [["path", "room_id"]]),
        ("GET", f"{rooms}?project_id=coffee", None, [["query", "project_id"]]),
    ]
    for method, path, body, fields in cases:
        answer = connections.kept.request(method, f"{sandbox}/custdev{path}", json=body, headers=AS_SANDBOX)
        problems = answer.json()["detail"]
        assert (answer.status_code, list(answer.json())) == (422, ["detail"]), (method, path, body)
        assert [problem["loc"] for problem in problems] == fields, (method, path, body)
        assert all(problem["msg"] and problem["type"] for problem in problems), (method, path, body)
    assert client.rooms(project.id) == [room]
    assert balance() == left


def test_link_leads_to_address_of_the_viewer(
    sandbox: str, connections: Connections, client: AseedClient, project: ProjectResponse
) -> None:
    for proto, host in (
        ("https", "rehearsal.example.com"),
        ("http", "192.168.1.5:8501"),
        ("http", "localhost:8501"),
        ("https", "[fd00::1]"),
        ("http", "[fd00::1]:8501"),
    ):
        headers = {"X-Forwarded-Proto": proto, "X-Forwarded-Host": host}
        seen = AseedClient(f"{sandbox}/custdev", SecretStr("sandbox"), connections, headers)
        (room,) = seen.create_rooms(wanted(project))
        here = f"{proto}://{host}/interview/{room.access_token}"
        changed = seen.update_room(room.id, UpdateRoomRequest(display_name="Anna"))
        assert [room.url, seen.room(room.id).url, changed.url, seen.rooms(project.id)[0].url] == [here] * 4
        assert client.room(room.id).url == f"{sandbox}/interview/{room.access_token}"


def test_junk_in_the_forwarded_headers_decides_nothing(
    sandbox: str, connections: Connections, client: AseedClient, project: ProjectResponse
) -> None:
    (room,) = client.create_rooms(wanted(project))
    for proto, host in JUNK:
        headers = {
            b"Authorization": b"Bearer sandbox",
            b"X-Forwarded-Proto": proto.encode(),
            b"X-Forwarded-Host": host.encode(),
        }
        answer = connections.kept.get(f"{sandbox}/custdev/api/interviews/rooms/{room.id}", headers=headers)
        assert (answer.status_code, answer.json().get("url")) == (200, room.url), (proto, host)


def test_configured_public_address_wins_over_headers(store: Store, connections: Connections) -> None:
    routes = sandbox_routes(store, "https://rehearsal.example.org")
    with serving(Starlette(routes=routes)) as address:
        for headers in ({}, {"X-Forwarded-Proto": "http", "X-Forwarded-Host": "192.168.1.5:8501"}):
            client = AseedClient(f"{address}/custdev", SecretStr("sandbox"), connections, headers)
            for room in client.rooms():
                assert room.url == f"https://rehearsal.example.org/interview/{room.access_token}"
        assert client.rooms()


def test_parallel_creations_lose_no_room_or_token(
    client: AseedClient, project: ProjectResponse, balance: Callable[[], int]
) -> None:
    before = balance()
    with ThreadPoolExecutor(16) as threads:
        answers = threads.map(client.create_rooms, [wanted(project, count=5, max_duration_minutes=7)] * 16)
        made = {room.access_token for rooms in answers for room in rooms}
    assert len(made) == 16 * 5
    assert {room.access_token for room in client.rooms(project.id)} == made
    assert balance() == before - 16 * 5 * 7


def test_parallel_creations_spend_no_token_twice(
    client: AseedClient, project: ProjectResponse, balance: Callable[[], int]
) -> None:
    before = balance()

    def create(_: int) -> int:
        try:
            return len(client.create_rooms(wanted(project, count=10, max_duration_minutes=10)))
        except TokensShort:
            return 0

    with ThreadPoolExecutor(16) as threads:
        counts = list(threads.map(create, range(16)))
    assert Counter(counts) == {10: before // 100, 0: 16 - before // 100}
    assert len(client.rooms(project.id)) == sum(counts)
    assert balance() == before % 100


def test_ten_thousand_rooms_are_listed_in_order(tmp_path: Path, clock: Clock, connections: Connections) -> None:
    store = Store(tmp_path / "large.sqlite3", balance=20_000, now=clock)
    account = store.account("sandbox")
    project = store.create_project(
        account, CreateProjectRequest(name="Tea", research_goals="Why tea.", interview_guide="1. Why tea?")
    )
    hundred = CreateRoomsRequest(project_id=UUID(project["id"]), count=100, max_duration_minutes=1)
    made = [room["id"] for _ in range(100) for room in store.create_rooms(account, hundred)]
    with serving(Starlette(routes=sandbox_routes(store))) as address:
        listed = AseedClient(f"{address}/custdev", SecretStr("sandbox"), connections).rooms(project["id"])
    assert len(set(made)) == 10_000
    assert [room.id for room in listed] == made[::-1]


@pytest.mark.parametrize("by_project", [False, True])
@pytest.mark.parametrize("status", [None, PENDING])
def test_list_is_read_from_an_index(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch, by_project: bool, status: str | None
) -> None:
    account = store.account("sandbox")
    project_id = UUID(store.projects(account)[0]["id"]) if by_project else None
    statements: list[str] = []
    connect = sqlite3.connect

    def traced(path: Path, timeout: float, isolation_level: None) -> sqlite3.Connection:
        db = connect(path, timeout, isolation_level=isolation_level)
        db.set_trace_callback(statements.append)
        return db

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", traced)
        assert store.rooms(account, project_id, status)

    reads = [statement for statement in statements if "SELECT" in statement]
    assert any("ORDER BY" in read and account in read for read in reads)
    with closing(connect(tmp_path / "sandbox.sqlite3")) as db:
        for read in reads:
            steps = [step for _, _, _, step in db.execute(f"EXPLAIN QUERY PLAN {read}")]
            assert any(" INDEX rooms_" in step for step in steps), steps
            assert not any("SCAN" in step or "TEMP B-TREE" in step for step in steps), steps


def test_websocket_scheme_is_never_in_a_link(
    sandbox: str, connections: Connections, project: ProjectResponse, client: AseedClient
) -> None:
    client.create_rooms(wanted(project))
    headers = {"X-Forwarded-Proto": "wss", "X-Forwarded-Host": "evil.example.com"}
    seen = AseedClient(f"{sandbox}/custdev", SecretStr("sandbox"), connections, headers)
    assert {room.url.split(":")[0] for room in seen.rooms()} == {"http"}


@pytest.mark.parametrize("field", ['"count": NaN', '"count": Infinity', '"topics_for_respondent": "\\ud800"'])
def test_value_without_json_is_refused(
    sandbox: str, connections: Connections, project: ProjectResponse, field: str
) -> None:
    body = f'{{"project_id": "{project.id}", {field}}}'
    headers = {"Authorization": "Bearer sandbox", "Content-Type": "application/json"}
    answer = connections.kept.post(f"{sandbox}/custdev/api/interviews/rooms", content=body, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", field.split('"')[1]]
