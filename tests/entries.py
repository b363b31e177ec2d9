"""Rooms as the pages hold them, for tests of what is made of rooms."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from services.aseed.models import InterviewRoomResponse
from services.journal.records import RoomRecord
from services.link import LinkCheck
from services.participants import Participant
from services.rooms.entry import NO_PARTICIPANT, Entry

BERLIN = ZoneInfo("Europe/Berlin")
CHECK = LinkCheck(("https://app.aseed.ai/custdev",))

HOSTILE = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "\u200b=1+1",
    '=HYPERLINK("http://evil.example","x")',
)
"""Text that some spreadsheet would run."""

GUARDED = tuple(f"'{text}".replace("\t=", "\t'=").replace("\r=", "\r'=") for text in HOSTILE)
"""The same as cells of a CSV."""

ODD = ("007", "1e5", "NA", "TRUE", "3/4", "2026-11-30", "Анна, Ж.", 'said "yes"', "two\nlines", "<b>&amp;</b>", "日本")
"""Text that some program would take for something else."""


def entry(
    number: int = 1,
    person: Participant = NO_PARTICIPANT,
    batch: str = "",
    project: str = "Coffee",
    **changes: Any,  # noqa: ANN401 - any field of a room
) -> Entry:
    """A pending room with a proper link. changes: fields of the room as the service describes it."""
    room = {
        "id": f"11111111-1111-4111-8111-{number:012}",
        "project_id": "22222222-2222-4222-8222-222222222222",
        "access_token": f"SECRET{number}",
        "url": f"https://app.aseed.ai/interview/SECRET{number}",
        "room_name": f"interview-{number}",
        "max_duration_minutes": 30,
        "status": "pending",
        "created_at": datetime(2026, 11, 23, 21, 13, tzinfo=UTC),
        "expires_at": datetime(2026, 11, 30, 21, 13, tzinfo=UTC),
        "created_by": "me",
        **changes,
    }
    known = RoomRecord(str(room["id"]), 1, batch, number) if batch else None
    return Entry(InterviewRoomResponse.model_validate(room), project, number, person, known, CHECK)
