"""Whether a room that is not accounted for may be one that a lost call created: by its settings, never by a clock."""

from collections.abc import Iterable
from datetime import timedelta

from services.aseed.models import PENDING, InterviewRoomResponse, RoomSettings

SAME = ("max_duration_minutes", "voice", "realtime_provider", "language", "topics_for_respondent")
"""The settings that a room repeats as they were asked for."""

SLACK = timedelta(minutes=5)
"""How far the two moments that the service itself wrote may be from the days that were asked for."""


def of_project(rooms: Iterable[InterviewRoomResponse], project_id: str) -> list[InterviewRoomResponse]:
    """Those of the rooms that are in the project: a service may list others with them."""
    return [room for room in rooms if room.project_id.lower() == project_id.lower()]


def is_like(room: InterviewRoomResponse, wanted: RoomSettings) -> bool:
    """Whether an unused room carries exactly these settings."""
    return _is_fresh(room, wanted) and all(getattr(room, name) == getattr(wanted, name) for name in SAME)


def could_be(room: InterviewRoomResponse, wanted: RoomSettings) -> bool:
    """Whether it might carry them after all: a service may fill in what was left open, and tidy what was typed."""
    return _is_fresh(room, wanted) and all(
        getattr(wanted, name) is None or _folded(getattr(room, name)) == _folded(getattr(wanted, name)) for name in SAME
    )


def _is_fresh(room: InterviewRoomResponse, wanted: RoomSettings) -> bool:
    unused = room.status == PENDING and room.respondent_email is None and room.display_name is None
    return unused and _lives_as_long(room, wanted)


def _lives_as_long(room: InterviewRoomResponse, wanted: RoomSettings) -> bool:
    if room.expires_at is None:
        return True
    return abs(room.expires_at - room.created_at - timedelta(days=wanted.expires_in_days)) <= SLACK


def _folded(value: object) -> object:
    return " ".join(value.split()).casefold() if isinstance(value, str) else value
