"""Each sandbox token is an account of its own, with something to look at from the start, kept in one private file."""

import re
import stat
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path
from threading import Barrier
from uuid import UUID

import pytest
from pydantic import SecretStr

from services.aseed.client import AseedClient, Connections
from services.aseed.errors import TokenRefused
from services.aseed.models import (
    CANCELLED,
    CLOSED,
    COMPLETED,
    EXPIRED,
    PENDING,
    CreateProjectRequest,
    CreateRoomsRequest,
    JoinRoomRequest,
    UpdateProjectRequest,
)
from services.sandbox.demo import PROJECTS
from services.sandbox.rules import Refusal
from services.sandbox.store import Store
from tests.conftest import Clock

SOME_ID = "01890000-0000-7000-8000-000000000000"

OWNERS_CALLS = [
    ("GET", "/projects/"),
    ("POST", "/projects/create"),
    ("GET", f"/projects/{SOME_ID}"),
    ("PUT", f"/projects/{SOME_ID}"),
    ("GET", "/api/interviews/config"),
    ("GET", "/api/interviews/rooms"),
    ("POST", "/api/interviews/rooms"),
    ("GET", f"/api/interviews/rooms/{SOME_ID}"),
    ("PATCH", f"/api/interviews/rooms/{SOME_ID}"),
    ("DELETE", f"/api/interviews/rooms/{SOME_ID}"),
]

NO_CREDENTIALS = [
    None,
    "Bearer eyJhbGciOiJIUzI1NiJ9.e30.x",
    "Bearer Sandbox",
    "Bearer my-sandbox",
    "Bearer",
    "Basic sandbox",
]

NAMES = [project.name for project in PROJECTS]


@pytest.fixture
def reopened(tmp_path: Path, clock: Clock) -> Callable[[], Store]:
    """Another store on the file of the fixture `store`, as after a restart, or in another process."""
    return lambda: Store(tmp_path / "sandbox.sqlite3", balance=1000, now=clock)


def test_owner_calls_need_a_sandbox_token(sandbox: str, connections: Connections) -> None:
    for (method, path), credentials in product(OWNERS_CALLS, NO_CREDENTIALS):
        headers = {"Authorization": credentials} if credentials else {}
        answer = connections.kept.request(method, f"{sandbox}/custdev{path}", headers=headers)
        case = (method, path, credentials)
        assert (answer.status_code, list(answer.json())) == (401, ["detail"]), case
        assert isinstance(answer.json()["detail"], str) and answer.json()["detail"], case
        assert answer.headers["WWW-Authenticate"] == "Bearer", case


def test_token_of_real_service_is_refused(sandbox: str, connections: Connections) -> None:
    client = AseedClient(f"{sandbox}/custdev", SecretStr("eyJhbGciOiJIUzI1NiJ9.e30.x"), connections)
    with pytest.raises(TokenRefused) as refused:
        client.projects()
    assert refused.value.status == 401 and refused.value.detail


def test_the_calls_of_a_respondent_need_no_token(sandbox: str, connections: Connections, client: AseedClient) -> None:
    (pending,) = client.rooms(status=PENDING)
    respondent = AseedClient(f"{sandbox}/custdev", None, connections)
    assert respondent.room_info(pending.access_token).room_name == pending.room_name
    respondent.join_room(pending.access_token, JoinRoomRequest(email="anna@example.com"))
    respondent.leave_room(pending.access_token)
    assert client.room(pending.id).status == COMPLETED


def test_other_accounts_data_is_not_found(sandbox: str, client: AseedClient, connections: Connections) -> None:
    project = client.create_project(
        CreateProjectRequest(name="Tea", research_goals="Why tea.", interview_guide="1. Why tea?")
    )
    (room,) = client.create_rooms(CreateRoomsRequest(project_id=UUID(project.id)))
    calls = [
        ("GET", f"/projects/{project.id}", None),
        ("PUT", f"/projects/{project.id}", {"name": "Mine now"}),
        ("POST", "/api/interviews/rooms", {"project_id": project.id}),
        ("GET", f"/api/interviews/rooms/{room.id}", None),
        ("PATCH", f"/api/interviews/rooms/{room.id}", {"display_name": "Mine now"}),
        ("DELETE", f"/api/interviews/rooms/{room.id}", None),
    ]
    for method, path, body in calls:
        answer = connections.kept.request(
            method, f"{sandbox}/custdev{path}", json=body, headers={"Authorization": "Bearer sandbox-other"}
        )
        assert answer.status_code == 404, (method, path)
        assert "not found" in answer.json()["detail"], (method, path)
    assert client.project(project.id) == project
    assert client.rooms(project.id) == [room]


def test_two_accounts_have_nothing_in_common(
    sandbox: str, client: AseedClient, connections: Connections, store: Store
) -> None:
    other = AseedClient(f"{sandbox}/custdev", SecretStr("sandbox-other"), connections)
    assert not {project.id for project in client.projects()} & {project.id for project in other.projects()}
    assert not {room.id for room in client.rooms()} & {room.id for room in other.rooms()}
    assert {room.created_by for room in client.rooms()} != {room.created_by for room in other.rooms()}

    ready = next(project for project in client.projects() if not project.missing)
    before = store.balance(store.account("sandbox-other"))
    client.create_rooms(CreateRoomsRequest(project_id=UUID(ready.id), count=3))
    assert other.rooms(ready.id) == []
    assert store.balance(store.account("sandbox-other")) == before


def test_token_is_not_stored(tmp_path: Path, store: Store) -> None:
    account = store.account("sandbox-CANARY")
    assert all("CANARY" not in room["created_by"] for room in store.rooms(account))
    assert b"CANARY" not in (tmp_path / "sandbox.sqlite3").read_bytes()


def test_new_account_has_project_in_each_state(client: AseedClient) -> None:
    projects = client.projects()
    ready = [project for project in projects if not project.missing and project.status != CLOSED]
    russian = [project for project in ready if re.search("[а-яё]", project.name)]
    assert [project.name for project in projects] == NAMES
    assert len(projects) >= 4
    assert len(ready) > len(russian) >= 1
    assert all(re.search("[а-яё]", f"{project.research_goals}") for project in russian)
    assert [project.missing for project in projects if project.missing] == [("interview guide",)]
    assert [project.missing for project in projects if project.status == CLOSED] == [()]


def test_demonstration_rooms_are_consistent(client: AseedClient, clock: Clock) -> None:
    rooms = client.rooms()
    assert {room.status for room in rooms} == {PENDING, COMPLETED, EXPIRED, CANCELLED}
    for room in rooms:
        assert room.created_at < clock.now and room.expires_at is not None
        if room.status == COMPLETED:
            assert room.started_at and room.finished_at and room.respondent_email and room.record_id
            assert room.created_at < room.started_at < room.finished_at < clock.now
            assert (room.finished_at - room.started_at).total_seconds() <= room.max_duration_minutes * 60
        else:
            assert (room.started_at, room.respondent_email, room.record_id) == (None, None, None)
        if room.status in (PENDING, EXPIRED):
            assert (room.expires_at > clock.now) == (room.status == PENDING)
    completed = Counter(room.project_id for room in rooms if room.status == COMPLETED)
    assert {project.id: project.records_count for project in client.projects() if project.records_count} == completed


def test_demonstration_comes_only_on_first_use(client: AseedClient, reopened: Callable[[], Store]) -> None:
    first, *_ = client.projects()
    client.update_project(first.id, UpdateProjectRequest(name="Renamed"))
    client.rooms()
    again = reopened()
    assert [project["name"] for project in again.projects(again.account("sandbox"))] == ["Renamed", *NAMES[1:]]


def test_eight_first_uses_at_once_demonstrate_once(reopened: Callable[[], Store]) -> None:
    together = Barrier(8)

    def use(_: int) -> str:
        together.wait()
        return reopened().account("sandbox")

    with ThreadPoolExecutor(8) as threads:
        accounts = set(threads.map(use, range(8)))
    assert len(accounts) == 1
    store, account = reopened(), accounts.pop()
    assert [project["name"] for project in store.projects(account)] == NAMES
    assert len(store.rooms(account)) == sum(len(project.rooms) for project in PROJECTS)
    assert store.balance(account) == 1000 - 30, "one pending room of 30 minutes is in the demonstration"


def test_everything_survives_a_restart(store: Store, reopened: Callable[[], Store]) -> None:
    account = store.account("sandbox")
    project = store.create_project(
        account, CreateProjectRequest(name="Чай", research_goals="Why tea.", interview_guide="1. Why tea?")
    )
    kept, joined, cancelled = store.create_rooms(account, CreateRoomsRequest(project_id=project["id"], count=3))
    store.join(joined["access_token"], "anna@example.com")
    store.cancel_room(account, UUID(cancelled["id"]))

    again = reopened()
    assert again.account("sandbox") == account
    assert again.projects(account) == store.projects(account)
    assert again.project(account, UUID(project["id"])) == project
    assert again.rooms(account) == store.rooms(account)
    assert again.balance(account) == store.balance(account)
    assert again.invitation(kept["access_token"])["status"] == PENDING
    assert again.join(joined["access_token"], "anna@example.com")["respondent_email"] == "anna@example.com"


def test_only_the_owner_can_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "sandbox.sqlite3"
    store = Store(path)
    store.account("sandbox")
    assert {file.name: oct(stat.S_IMODE(file.stat().st_mode)) for file in path.parent.iterdir()} == {
        "sandbox.sqlite3": oct(0o600)
    }


def test_reset_deletes_all_but_the_demonstration(store: Store) -> None:
    account, other = store.account("sandbox"), store.account("sandbox-other")
    others_projects, others_rooms = store.projects(other), store.rooms(other)
    project = store.projects(account)[0]
    (room,) = store.create_rooms(account, CreateRoomsRequest(project_id=project["id"]))
    store.create_project(account, CreateProjectRequest(name="Tea"))

    store.reset("sandbox")

    with pytest.raises(Refusal) as refused:
        store.invitation(room["access_token"])
    assert refused.value.status == 404
    assert store.account("sandbox") == account
    assert [project["name"] for project in store.projects(account)] == NAMES
    assert project["id"] not in {project["id"] for project in store.projects(account)}
    assert len(store.rooms(account)) == sum(len(project.rooms) for project in PROJECTS)
    assert store.balance(account) == 1000 - 30
    assert (store.projects(other), store.rooms(other)) == (others_projects, others_rooms)


def test_reset_of_unused_account_does_nothing(store: Store) -> None:
    store.reset("sandbox-never-used")
    assert [project["name"] for project in store.projects(store.account("sandbox-never-used"))] == NAMES


def test_the_demonstration_is_listed_newest_first(client: AseedClient) -> None:
    created = [room.created_at for room in client.rooms()]
    assert len(created) > 1 and created == sorted(created, reverse=True)
