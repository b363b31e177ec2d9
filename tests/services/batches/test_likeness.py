"""A room is taken for ours by its settings alone, and only while it is unused."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.aseed.models import InterviewRoomResponse, RoomSettings
from services.batches.likeness import (
    CLOCKS_APART,
    Difference,
    Forms,
    could_be,
    is_anothers,
    is_like,
    nearest,
    of_project,
)
from services.journal.records import Answer

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
        {"max_duration_minutes": 90},
        {"language": "English"},
        {"topics_for_respondent": None},
        {"topics_for_respondent": "Coffee"},
        {"expires_at": MADE + timedelta(days=30)},
    ],
)
def test_room_with_other_settings_is_not_ours(change: dict[str, object]) -> None:
    assert not is_like(room(**change), WANTED)
    assert not could_be(room(**change), WANTED)


CHANGED_BY_SERVICE: tuple[dict[str, object], ...] = (
    {"voice": "marin"},
    {"realtime_provider": "openai"},
    {"display_name": "Room 1"},
    {"topics_for_respondent": " tea "},
    {"topics_for_respondent": "T"},
    {"max_duration_minutes": 30},
    {"max_duration_minutes": 60},
    {"language": "ru"},
    {"language": "русский"},
    {"expires_at": MADE + timedelta(days=7)},
    {"expires_at": MADE + timedelta(days=14, hours=9)},
)


@pytest.mark.parametrize("change", CHANGED_BY_SERVICE)
def test_room_the_service_changed_might_be_ours(change: dict[str, object]) -> None:
    assert not is_like(room(**change), WANTED)
    assert could_be(room(**change), WANTED)


@pytest.mark.parametrize("change", [*CHANGED_BY_SERVICE, {"max_duration_minutes": 90}])
def test_forms_of_good_answers_count_as_ours(change: dict[str, object]) -> None:
    forms = Forms([Answer(WANTED, room(**change))])
    assert is_like(room(**change), WANTED, forms) and is_like(room(), WANTED, forms)
    assert not is_like(room(**change), WANTED.model_copy(update={"max_duration_minutes": 12}), forms)


def test_forms_of_other_settings_are_not_ours() -> None:
    forms = Forms([Answer(WANTED.model_copy(update={"language": "German"}), room(language="de"))])
    assert not is_like(room(language="de"), WANTED, forms)


def test_differences_are_named_for_the_nearest_settings() -> None:
    other = WANTED.model_copy(update={"language": "English", "max_duration_minutes": 15})
    found = nearest(room(voice="marin", expires_at=MADE + timedelta(days=7)), [other, WANTED])
    assert found == (Difference("voice", "", "marin"), Difference("expiry", "14", "7"))
    assert nearest(room(), []) == ()


def test_creators_tell_rooms_of_other_accounts() -> None:
    assert is_anothers(room(created_by="you"), {"me"}) and not is_anothers(room(created_by=" ME "), {"me", "us"})
    assert not is_anothers(room(), ())


def test_rooms_from_before_the_call_are_older() -> None:
    later = MADE + timedelta(minutes=1)
    forms = Forms([Answer(WANTED, room(), MADE), Answer(WANTED, room())])
    assert forms.is_older(room(), later) and not forms.is_older(room(), MADE + CLOCKS_APART)
    assert not forms.is_older(room(), None)


@pytest.mark.parametrize("sent", [None, MADE + timedelta(hours=1)])
def test_clocks_that_may_differ_make_nothing_older(sent: datetime | None) -> None:
    assert not Forms([Answer(WANTED, room(), sent)]).is_older(room(), MADE + timedelta(minutes=1))


def test_no_clock_of_ours_is_asked() -> None:
    years_ago = MADE - timedelta(days=3650)
    assert is_like(room(created_at=years_ago, expires_at=years_ago + timedelta(days=14, seconds=2)), WANTED)


def test_room_without_expiry_is_known() -> None:
    assert is_like(room(expires_at=None), WANTED)


def test_rooms_of_other_projects_are_not_ours() -> None:
    ours, other = room(project_id=str(UUID(int=10)).upper()), room(project_id=str(UUID(int=2)))
    assert of_project([ours, other], str(UUID(int=10))) == [ours]
