"""The respondent's side of the API: one respondent a room, who may come back, and who ends it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from pydantic import SecretStr

from services.aseed.client import AseedClient, Connections
from services.aseed.errors import NotFound, Refused
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
    UpdateProjectRequest,
    UpdateRoomRequest,
)
from tests.conftest import Clock

ANNA = JoinRoomRequest(email="anna@example.com")
BEN = JoinRoomRequest(email="ben@example.com")
OVER = [COMPLETED, EXPIRED, CANCELLED]

Brought = Callable[[str], InterviewRoomResponse]


@pytest.fixture
def room(client: AseedClient) -> InterviewRoomResponse:
    """A pending room of a project that is ready."""
    project = client.create_project(
        CreateProjectRequest(name="Tea & milk", research_goals="Why tea.", interview_guide="1. Why tea?")
    )
    (made,) = client.create_rooms(
        CreateRoomsRequest(
            project_id=UUID(project.id),
            max_duration_minutes=45,
            language="Russian",
            topics_for_respondent="Tea",
        )
    )
    return made


@pytest.fixture
def respondent(sandbox: str, connections: Connections) -> AseedClient:
    """A client without a token: a link is all that a respondent has."""
    return AseedClient(f"{sandbox}/custdev", None, connections)


@pytest.fixture
def brought(client: AseedClient, room: InterviewRoomResponse, clock: Clock) -> Brought:
    """Makes the room one of that status, as it would come about."""

    def bring(status: str) -> InterviewRoomResponse:
        if status == CANCELLED:
            client.cancel_room(room.id)
        elif status == EXPIRED:
            clock.advance(days=7)
        else:
            client.join_room(room.access_token, ANNA)
            if status == COMPLETED:
                client.leave_room(room.access_token)
        changed = client.room(room.id)
        assert changed.status == status
        return changed

    return bring


def test_reading_a_room_does_not_join_it(
    client: AseedClient, respondent: AseedClient, room: InterviewRoomResponse
) -> None:
    for _ in range(2):
        info = respondent.room_info(room.access_token)
        assert (info.room_name, info.project_name, info.status) == (room.room_name, "Tea & milk", PENDING)
        assert (info.max_duration_minutes, info.language, info.topics_for_respondent) == (45, "Russian", "Tea")
        assert info.expires_at == room.expires_at
    assert client.room(room.id) == room


def test_the_first_respondent_gets_in(
    client: AseedClient, respondent: AseedClient, room: InterviewRoomResponse, clock: Clock
) -> None:
    clock.advance(hours=1)
    joined = respondent.join_room(room.access_token, ANNA)
    assert (joined.room_name, joined.max_duration_minutes) == (room.room_name, 45)
    assert joined.token
    assert client.room(room.id) == room.model_copy(
        update={"status": ACTIVE, "respondent_email": ANNA.email, "started_at": clock.now}
    )
    assert respondent.room_info(room.access_token).status == ACTIVE


def test_the_voice_of_a_rehearsal_leads_nowhere(respondent: AseedClient, room: InterviewRoomResponse) -> None:
    assert respondent.join_room(room.access_token, ANNA).url.endswith(".invalid")


def test_invalid_email_is_refused_at_its_field(
    sandbox: str, connections: Connections, client: AseedClient, room: InterviewRoomResponse
) -> None:
    for body in ({"email": "anna"}, {"email": "anna@"}, {"email": ""}, {"email": None}, {"email": 5}, {}):
        answer = connections.kept.post(f"{sandbox}/custdev/api/interviews/join/{room.access_token}", json=body)
        assert answer.status_code == 422, body
        assert [problem["loc"] for problem in answer.json()["detail"]] == [["body", "email"]], body
    assert client.room(room.id) == room


@pytest.mark.parametrize("again", ["ANNA@почта.рф", "anna@xn--80a1acny.xn--p1ai"])
def test_same_address_may_come_back_however_spelled(
    respondent: AseedClient, room: InterviewRoomResponse, again: str
) -> None:
    respondent.join_room(room.access_token, JoinRoomRequest(email="anna@почта.рф"))
    # The contract's format of an email already has one spelling of a domain; the sandbox only folds case.
    assert respondent.join_room(room.access_token, JoinRoomRequest(email=again)).room_name == room.room_name


def test_another_respondent_is_refused_and_changes_nothing(
    client: AseedClient, respondent: AseedClient, room: InterviewRoomResponse
) -> None:
    respondent.join_room(room.access_token, ANNA)
    joined = client.room(room.id)
    with pytest.raises(Refused, match="Another respondent") as refused:
        respondent.join_room(room.access_token, BEN)
    assert refused.value.status == 409
    assert ANNA.email not in refused.value.detail
    assert client.room(room.id) == joined


def test_of_eight_respondents_at_once_one_gets_in(
    client: AseedClient, respondent: AseedClient, room: InterviewRoomResponse
) -> None:
    def join(number: int) -> str | None:
        email = f"respondent-{number}@example.com"
        try:
            respondent.join_room(room.access_token, JoinRoomRequest(email=email))
        except Refused:
            return None
        return email

    with ThreadPoolExecutor(8) as threads:
        (inside,) = filter(None, threads.map(join, range(8)))
    assert client.room(room.id).respondent_email == inside


def test_returning_respondent_gets_no_more_time(
    client: AseedClient, respondent: AseedClient, room: InterviewRoomResponse, clock: Clock
) -> None:
    first = respondent.join_room(room.access_token, ANNA)
    joined = client.room(room.id)
    clock.advance(minutes=44)
    for email in ("anna@example.com", "ANNA@Example.COM", "Anna@example.com"):
        assert respondent.join_room(room.access_token, JoinRoomRequest(email=email)) == first, email
    assert client.room(room.id) == joined
    clock.advance(minutes=1)
    assert client.room(room.id).status == COMPLETED


def test_leaving_completes_the_interview(
    client: AseedClient, respondent: AseedClient, brought: Brought, clock: Clock
) -> None:
    active = brought(ACTIVE)
    clock.advance(minutes=20)
    respondent.leave_room(active.access_token)
    left = client.room(active.id)
    assert left.record_id is not None
    assert left == active.model_copy(
        update={"status": COMPLETED, "finished_at": clock.now, "record_id": left.record_id}
    )
    assert left.started_at == clock.now - timedelta(minutes=20)


def test_leaving_before_the_start_is_refused(
    client: AseedClient, respondent: AseedClient, room: InterviewRoomResponse
) -> None:
    with pytest.raises(Refused, match="has not started") as refused:
        respondent.leave_room(room.access_token)
    assert refused.value.status == 409
    assert client.room(room.id) == room


@pytest.mark.parametrize("status", OVER)
def test_leaving_finished_room_changes_nothing(
    client: AseedClient, respondent: AseedClient, brought: Brought, clock: Clock, status: str
) -> None:
    over = brought(status)
    clock.advance(minutes=1)
    respondent.leave_room(over.access_token)
    assert client.room(over.id) == over


@pytest.mark.parametrize("status", OVER)
def test_finished_room_cannot_be_joined_again(
    client: AseedClient, respondent: AseedClient, brought: Brought, status: str
) -> None:
    over = brought(status)
    for request in (ANNA, BEN):
        with pytest.raises(Refused) as refused:
            respondent.join_room(over.access_token, request)
        assert refused.value.status == 409 and status in refused.value.detail
    assert client.room(over.id) == over
    assert respondent.room_info(over.access_token).status == status


def test_cancelled_interview_cannot_be_rejoined(client: AseedClient, respondent: AseedClient, brought: Brought) -> None:
    active = brought(ACTIVE)
    client.cancel_room(active.id)
    with pytest.raises(Refused, match=CANCELLED):
        respondent.join_room(active.access_token, ANNA)


def test_unknown_link_is_not_found(respondent: AseedClient, room: InterviewRoomResponse) -> None:
    for never in ("never-was", room.id, room.room_name, room.access_token.swapcase(), f"{room.access_token}%"):
        with pytest.raises(NotFound, match="room not found"):
            respondent.room_info(never)
        with pytest.raises(NotFound, match="room not found"):
            respondent.join_room(never, ANNA)
        with pytest.raises(NotFound, match="room not found"):
            respondent.leave_room(never)
    assert respondent.room_info(room.access_token).status == PENDING


def test_bearer_token_gives_respondent_no_more_rights(
    sandbox: str, connections: Connections, respondent: AseedClient, room: InterviewRoomResponse
) -> None:
    stranger = AseedClient(f"{sandbox}/custdev", SecretStr("sandbox-other"), connections)
    assert stranger.room_info(room.access_token) == respondent.room_info(room.access_token)
    stranger.join_room(room.access_token, ANNA)
    with pytest.raises(Refused, match="Another respondent"):
        respondent.join_room(room.access_token, BEN)


def test_link_waits_until_project_is_ready(
    client: AseedClient, respondent: AseedClient, room: InterviewRoomResponse
) -> None:
    client.update_project(room.project_id, UpdateProjectRequest(interview_guide=" "))
    with pytest.raises(Refused, match="needs an interview guide before") as refused:
        respondent.join_room(room.access_token, ANNA)
    assert refused.value.status == 409
    assert client.room(room.id) == room

    client.update_room(room.id, UpdateRoomRequest(interview_guide_override="1. Why milk?"))
    respondent.join_room(room.access_token, ANNA)
    assert client.room(room.id).status == ACTIVE


def test_link_reveals_only_the_published_fields(respondent: AseedClient, room: InterviewRoomResponse) -> None:
    respondent.join_room(room.access_token, ANNA)
    info = respondent.room_info(room.access_token)
    assert not info.model_extra
    assert "anna@example.com" not in info.model_dump_json()
