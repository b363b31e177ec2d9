"""Whether a room that nobody can account for may be one that a lost call created: by its settings, never by a clock."""

from datetime import timedelta

from services.aseed.models import PENDING, CreateRoomsRequest, InterviewRoomResponse

SAME = ("max_duration_minutes", "voice", "realtime_provider", "language", "topics_for_respondent")
"""The settings that a room repeats as they were asked for."""

SLACK = timedelta(minutes=5)
"""How far the two moments that the service itself wrote may be from the days that were asked for."""


def is_like(room: InterviewRoomResponse, wanted: CreateRoomsRequest) -> bool:
    """Whether an unused room carries exactly these settings."""
    return _is_fresh(room, wanted) and all(getattr(room, name) == getattr(wanted, name) for name in SAME)


def could_be(room: InterviewRoomResponse, wanted: CreateRoomsRequest) -> bool:
    """Whether it might carry them after all: a service may fill in what was left open, and tidy what was typed."""
    return _is_fresh(room, wanted) and all(
        getattr(wanted, name) is None or _folded(getattr(room, name)) == _folded(getattr(wanted, name)) for name in SAME
    )


def _is_fresh(room: InterviewRoomResponse, wanted: CreateRoomsRequest) -> bool:
    unused = room.status == PENDING and room.respondent_email is None and room.display_name is None
    return unused and room.project_id.lower() == str(wanted.project_id) and _lives_as_long(room, wanted)


def _lives_as_long(room: InterviewRoomResponse, wanted: CreateRoomsRequest) -> bool:
    if room.expires_at is None:
        return True
    return abs(room.expires_at - room.created_at - timedelta(days=wanted.expires_in_days)) <= SLACK


def _folded(value: object) -> object:
    return " ".join(value.split()).casefold() if isinstance(value, str) else value
