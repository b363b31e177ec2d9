"""Rooms of a study for the tests of services/rooms: each by a short name, three days old."""

from datetime import UTC, datetime, timedelta
from typing import Any

from services.aseed.models import (
    COMPLETED,
    PENDING,
    InterviewRoomResponse,
)
from services.journal.records import RoomRecord
from services.participants import Participant
from services.rooms.entry import Entry
from tests.entries import CHECK

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def room(name: str = "a", **changes: Any) -> InterviewRoomResponse:  # noqa: ANN401 - any field of a room
    described = {
        "id": name,
        "project_id": "p",
        "access_token": f"t-{name}",
        "url": f"https://app.aseed.ai/interview/{name}",
        "room_name": f"interview-{name}",
        "max_duration_minutes": 30,
        "status": PENDING,
        "created_at": NOW - timedelta(days=3),
        "expires_at": NOW + timedelta(days=4),
        "created_by": "me",
        **changes,
    }
    return InterviewRoomResponse.model_validate(described)


def entry(
    name: str = "a",
    participant: Participant | None = None,
    known: RoomRecord | None = None,
    **changes: Any,  # noqa: ANN401 - any field of a room
) -> Entry:
    return Entry(room(name, **changes), "Coffee", 1, participant or Participant(), known, CHECK)


def completed(name: str = "a", minutes: float = 20, **changes: Any) -> Entry:  # noqa: ANN401 - any field of a room
    ended: dict[str, Any] = {"finished_at": NOW, **changes}
    return entry(name, status=COMPLETED, started_at=ended["finished_at"] - timedelta(minutes=minutes), **ended)
