"""The contract as models: strict in what we send, tolerant in what we are sent, silent about secrets."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from services.aseed.models import (
    CreateProjectRequest,
    CreateRoomsRequest,
    CreateRoomsResponse,
    InterviewConfigResponse,
    InterviewRoomResponse,
    JoinRoomRequest,
    JoinRoomResponse,
    ProjectResponse,
    RoomSettings,
    UpdateProjectRequest,
    UpdateRoomRequest,
)

PROJECT_ID = "018f0000-0000-7000-8000-000000000001"
CANARY = "CANARY-LINK"
FAMILY = "👩\u200d👩\u200d👧\u200d👦"
"""One symbol on a screen, seven code points."""

ROOM: dict[str, Any] = {
    "id": "room-1",
    "project_id": PROJECT_ID,
    "access_token": CANARY,
    "url": f"https://app.aseed.ai/interview/{CANARY}",
    "room_name": "interview-1",
    "max_duration_minutes": 30,
    "status": "pending",
    "created_at": "2026-03-01T12:00:00Z",
    "created_by": "someone",
}

PROJECT: dict[str, Any] = {
    "id": PROJECT_ID,
    "name": "Coffee",
    "description": None,
    "status": "New",
    "records_count": 0,
    "total_reports_count": 0,
    "created_at": "2026-03-01T12:00:00Z",
}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("count", 0),
        ("count", -1),
        ("count", 101),
        ("count", "5"),
        ("count", True),
        ("count", 1.5),
        ("count", float("nan")),
        ("count", float("inf")),
        ("count", None),
        ("max_duration_minutes", 0),
        ("max_duration_minutes", -30),
        ("max_duration_minutes", 24 * 60 + 1),
        ("max_duration_minutes", "30"),
        ("max_duration_minutes", True),
        ("expires_in_days", 0),
        ("expires_in_days", -7),
        ("expires_in_days", 3651),
        ("expires_in_days", "7"),
        ("expires_in_days", False),
        ("project_id", "coffee"),
        ("project_id", ""),
        ("project_id", PROJECT_ID[:-1]),
        ("project_id", 5),
        ("project_id", None),
        ("voice", 5),
        ("language", ["English"]),
        ("topics_for_respondent", b"coffee"),
    ],
)
def test_impossible_creation_is_refused_at_its_field(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        CreateRoomsRequest.model_validate({"project_id": PROJECT_ID, field: value})
    assert [problem["loc"] for problem in refused.value.errors()] == [(field,)]


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("count", 1, 1),
        ("count", 100, 100),
        ("count", 3.0, 3),
        ("max_duration_minutes", 1, 1),
        ("max_duration_minutes", 24 * 60, 24 * 60),
        ("expires_in_days", 1, 1),
        ("expires_in_days", 3650, 3650),
        ("project_id", PROJECT_ID.upper(), UUID(PROJECT_ID)),
        ("language", None, None),
    ],
)
def test_a_creation_at_its_bounds_is_accepted(field: str, value: object, kept: object) -> None:
    request = CreateRoomsRequest.model_validate({"project_id": PROJECT_ID, field: value})
    assert getattr(request, field) == kept


def test_whole_float_is_sent_as_an_integer() -> None:
    request = CreateRoomsRequest.model_validate({"project_id": PROJECT_ID, "count": 3.0})
    assert '"count":3,' in request.model_dump_json()


def test_a_project_is_required_to_create_rooms() -> None:
    with pytest.raises(ValidationError) as refused:
        CreateRoomsRequest.model_validate({"count": 3})
    assert [problem["loc"] for problem in refused.value.errors()] == [("project_id",)]


@pytest.mark.parametrize(("field", "value"), [("count", 1000), ("project_id", "coffee"), ("max_duration_minutes", 0)])
def test_request_cannot_change_after_its_check(field: str, value: object) -> None:
    request = CreateRoomsRequest.model_validate({"project_id": PROJECT_ID})
    with pytest.raises(ValidationError, match="frozen"):
        setattr(request, field, value)


@pytest.mark.parametrize("label", ["", "Anna", "a" * 42, "я" * 42, "😀" * 42, FAMILY * 6])
def test_label_of_42_code_points_is_accepted(label: str) -> None:
    assert UpdateRoomRequest(display_name=label).display_name == label


@pytest.mark.parametrize("label", ["a" * 43, "я" * 43, "😀" * 43, FAMILY * 6 + "!"])
def test_a_label_of_43_code_points_is_refused(label: str) -> None:
    with pytest.raises(ValidationError, match="must be at most 42 characters"):
        UpdateRoomRequest(display_name=label)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", 42),
        ("max_duration_minutes", 0),
        ("max_duration_minutes", "30"),
        ("max_duration_minutes", True),
        ("expires_at", "tomorrow"),
        ("clear_display_name", "yes"),
        ("clear_display_name", 1),
        ("clear_topics_for_respondent", None),
    ],
)
def test_impossible_change_is_refused_at_its_field(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        UpdateRoomRequest.model_validate({field: value})
    assert [problem["loc"] for problem in refused.value.errors()] == [(field,)]


@pytest.mark.parametrize("email", ["", "anna", "anna@", "@example.com", "anna@example", "anna@@example.com", None])
def test_an_address_that_is_none_cannot_join(email: object) -> None:
    with pytest.raises(ValidationError):
        JoinRoomRequest.model_validate({"email": email})


@pytest.mark.parametrize("kind", [CreateProjectRequest, UpdateProjectRequest])
def test_a_project_has_a_name_that_is_text(kind: type[CreateProjectRequest | UpdateProjectRequest]) -> None:
    with pytest.raises(ValidationError):
        kind.model_validate({"name": 5})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "paused"),
        ("status", ""),
        ("id", "7"),
        ("id", "../rooms"),
        ("project_id", "coffee"),
        ("display_name", "😀" * 43),
        ("url", "javascript:alert(1)"),
        ("url", ""),
        ("language", "Klingon"),
        ("respondent_email", "no address"),
        ("max_duration_minutes", 0),
        ("max_duration_minutes", 100_000),
    ],
)
def test_room_keeps_the_values_that_came(field: str, value: object) -> None:
    assert getattr(InterviewRoomResponse.model_validate(ROOM | {field: value}), field) == value


def test_fields_outside_the_contract_are_kept() -> None:
    room = InterviewRoomResponse.model_validate(ROOM | {"summary": {"mood": "good"}})
    assert room.model_dump()["summary"] == {"mood": "good"}


@pytest.mark.parametrize("field", ["id", "access_token", "url", "status", "created_at"])
def test_room_without_a_required_field_is_refused(field: str) -> None:
    with pytest.raises(ValidationError):
        InterviewRoomResponse.model_validate({name: value for name, value in ROOM.items() if name != field})


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-03-01T12:00:00", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01T12:00:00.250000", datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)),
        ("2026-03-01 12:00:00", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01T12:00:00Z", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        ("2026-03-01T15:00:00+03:00", datetime(2026, 3, 1, 12, tzinfo=UTC)),
        (datetime(2026, 3, 1, 12), datetime(2026, 3, 1, 12, tzinfo=UTC)),
        (datetime(2026, 3, 1, 15, tzinfo=timezone(timedelta(hours=3))), datetime(2026, 3, 1, 12, tzinfo=UTC)),
    ],
)
def test_every_moment_is_in_utc(written: object, meant: datetime) -> None:
    room = InterviewRoomResponse.model_validate(ROOM | {"expires_at": written})
    assert room.expires_at == meant
    assert room.expires_at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
def test_moment_outside_the_calendar_is_refused(written: str) -> None:
    with pytest.raises(ValidationError, match="out of the calendar's range"):
        InterviewRoomResponse.model_validate(ROOM | {"expires_at": written})


@pytest.mark.parametrize("show", [repr, str, "{!r}".format, "{}".format])
def test_repr_of_a_room_masks_link_and_respondent(show: Any) -> None:  # noqa: ANN401
    room = InterviewRoomResponse.model_validate(
        ROOM | {"respondent_email": "anna@example.com", "extra_link": f"https://elsewhere.example/{CANARY}"}
    )
    shown = show([room, CreateRoomsResponse(rooms=[room])])
    assert CANARY not in shown and "anna@example.com" not in shown and "https" not in shown
    assert "room-1" in shown and "pending" in shown


def test_repr_of_a_join_masks_its_keys() -> None:
    joined = JoinRoomResponse(token=CANARY, url=f"wss://{CANARY}", room_name="interview-1", max_duration_minutes=30)
    assert CANARY not in repr(joined) and CANARY not in str(joined)
    assert "interview-1" in repr(joined)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (CreateRoomsRequest, {"project_id": CANARY}),
        (CreateRoomsRequest, {"project_id": PROJECT_ID, "count": CANARY}),
        (CreateRoomsRequest, {"project_id": PROJECT_ID, "voice": [CANARY]}),
        (CreateProjectRequest, {"name": [CANARY]}),
        (UpdateRoomRequest, {"display_name": CANARY * 5}),
        (UpdateRoomRequest, {"expires_at": CANARY}),
        (UpdateRoomRequest, {"clear_display_name": CANARY}),
        (JoinRoomRequest, {"email": CANARY}),
        (InterviewRoomResponse, {"url": CANARY}),
        (InterviewRoomResponse, ROOM | {"created_at": CANARY}),
        (InterviewRoomResponse, ROOM | {"max_duration_minutes": CANARY}),
        (InterviewRoomResponse, ROOM | {"display_name": [CANARY]}),
        (InterviewRoomResponse, [CANARY]),
        (CreateRoomsResponse, {"rooms": [{"url": CANARY}]}),
        (CreateRoomsResponse, {"rooms": CANARY}),
        (JoinRoomResponse, {"token": CANARY}),
        (ProjectResponse, {"name": CANARY}),
    ],
)
def test_an_error_of_validation_never_quotes_its_input(kind: Any, value: object) -> None:  # noqa: ANN401
    with pytest.raises(ValidationError) as refused:
        kind.model_validate(value)
    assert kind.__name__ in str(refused.value)
    assert CANARY not in str(refused.value) and CANARY not in repr(refused.value)


@pytest.mark.parametrize(
    ("per_30", "minutes", "tokens"),
    [(30, 30, 30), (30, 1, 1), (10, 1, 1), (10, 3, 1), (10, 4, 2), (10, 45, 15), (7, 31, 8), (1, 61, 3), (0, 30, 0)],
)
def test_what_a_room_costs_is_rounded_up(per_30: int, minutes: int, tokens: int) -> None:
    assert InterviewConfigResponse(tokens_per_30_min=per_30).tokens_for(minutes) == tokens


@pytest.mark.parametrize(
    ("goals", "guide", "missing"),
    [
        ("Why coffee", "1. This morning?", ()),
        ("Why coffee", None, ("interview guide",)),
        (None, "1. This morning?", ("research goals",)),
        ("", " \n\t", ("research goals", "interview guide")),
        (None, None, ("research goals", "interview guide")),
    ],
)
def test_a_project_says_what_it_still_needs(goals: str | None, guide: str | None, missing: tuple[str, ...]) -> None:
    project = ProjectResponse.model_validate(PROJECT | {"research_goals": goals, "interview_guide": guide})
    assert project.missing == missing


def test_project_without_goals_and_guide_needs_both() -> None:
    assert ProjectResponse.model_validate(PROJECT).missing == ("research goals", "interview guide")


def test_settings_of_earlier_journals_are_read() -> None:
    request = CreateRoomsRequest(project_id=UUID(PROJECT_ID), count=3, language="English", expires_in_days=14)
    settings = RoomSettings.model_validate_json(request.model_dump_json())
    assert settings == RoomSettings(language="English", expires_in_days=14)
    assert CreateRoomsRequest.of(PROJECT_ID, 3, settings) == request
