"""A room is taken for ours by its settings alone, and only while it is unused."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.aseed.models import InterviewRoomResponse, RoomSettings
from services.batches.likeness import could_be, is_like, of_project

WANTED = RoomSettings(max_duration_minutes=45, expires_in_days=14, language="Russian", topics_for_respondent="Tea")
MADE = datetime(2026, 11, 24, 12, tzinfo=UTC)


def room(**changes: Any) -> InterviewRoomResponse:  # noqa: ANN401 - any field of a room
    values = {
        "id": "1",
        "project_id": str(UUID(int=1)),
        "access_token": "SECRET",
        "url": "https://app.aseed.ai/interview/SECRET",
        "room_name": "interview-1",
        "max_duration_minutes": 45,
        "status": "pending",
        "created_at": MADE,
        "expires_at": MADE + timedelta(days=14),
        "created_by": "me",
        "language": "Russian",
        "topics_for_respondent": "Tea",
    }
    return InterviewRoomResponse(**{**values, **changes})


def test_fresh_room_with_our_settings_is_ours() -> None:
    assert is_like(room(), WANTED) and could_be(room(), WANTED)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "active"},
        {"status": "cancelled"},
        {"respondent_email": "anna@example.org"},
        {"display_name": "Anna"},
        {"max_duration_minutes": 30},
        {"language": "English"},
        {"topics_for_respondent": None},
        {"expires_at": MADE + timedelta(days=7)},
    ],
)
def test_room_with_other_settings_is_not_ours(change: dict[str, object]) -> None:
    assert not is_like(room(**change), WANTED)
    assert not could_be(room(**change), WANTED)


@pytest.mark.parametrize(
    "change", [{"voice": "marin"}, {"realtime_provider": "openai"}, {"topics_for_respondent": " tea "}]
)
def test_tidied_room_only_might_be_ours(change: dict[str, object]) -> None:
    assert not is_like(room(**change), WANTED)
    assert could_be(room(**change), WANTED)


def test_no_clock_of_ours_is_asked() -> None:
    years_ago = MADE - timedelta(days=3650)
    assert is_like(room(created_at=years_ago, expires_at=years_ago + timedelta(days=14, seconds=2)), WANTED)


def test_room_without_expiry_is_known() -> None:
    assert is_like(room(expires_at=None), WANTED)


def test_rooms_of_other_projects_are_not_ours() -> None:
    ours, other = room(project_id=str(UUID(int=10)).upper()), room(project_id=str(UUID(int=2)))
    assert of_project([ours, other], str(UUID(int=10))) == [ours]
