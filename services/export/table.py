"""The links file: one row a room, for spreadsheets and for people who work with them."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from services.aseed.models import InterviewRoomResponse
from services.journal.records import KeptRoom
from services.local_time import local
from services.participants import Participant
from services.trust import as_cell, is_link

COLUMNS = (
    "no",
    "label",
    "external_id",
    "email",
    "link",
    "status",
    "expires_at",
    "expires_at_local",
    "timezone",
    "language",
    "max_duration_minutes",
    "voice",
    "started_at",
    "finished_at",
    "respondent_email",
    "batch",
    "project_name",
    "project_id",
    "room_id",
    "record_id",
    "created_at",
)
"""Fixed names in a fixed order, whatever language the page has, so that other tools can rely on them."""

NOBODY = Participant()

NOT_A_LINK = "not a link: "
"""What stands before a URL that did not pass the check, so that nobody mails it."""


def links_csv(
    rooms: Iterable[tuple[KeptRoom, InterviewRoomResponse]],
    project_name: str,
    batch_name: str,
    zone: ZoneInfo,
    origins: tuple[str, ...],
) -> bytes:
    """The rooms as CSV: RFC 4180 with CRLF, UTF-8 with BOM (without it Excel garbles every name that is not ASCII).

    rooms: each as it was kept, and as it is now. `*_at` is ISO 8601 in UTC; `expires_at_local` is the same moment in
    `zone`. Links are never altered; all other text passes the formula guard. origins: where links may lead
    (services.trust.is_link).
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    names = (as_cell(batch_name), as_cell(project_name))
    writer.writerows(
        _row(number, kept.participant or NOBODY, room, names, zone, origins)
        for number, (kept, room) in enumerate(rooms, start=1)
    )
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _row(
    number: int,
    participant: Participant,
    room: InterviewRoomResponse,
    names: tuple[str, str],
    zone: ZoneInfo,
    origins: tuple[str, ...],
) -> tuple[str | int, ...]:
    return (
        number,
        as_cell(participant.label or room.display_name or ""),
        as_cell(participant.external_id),
        as_cell(participant.email),
        room.url if is_link(room.url, origins) else f"{NOT_A_LINK}{room.url}",
        as_cell(room.status),
        _utc(room.expires_at),
        _local(room.expires_at, zone),
        zone.key,
        as_cell(room.language or ""),
        room.max_duration_minutes,
        as_cell(room.voice or ""),
        _utc(room.started_at),
        _utc(room.finished_at),
        as_cell(room.respondent_email or ""),
        *names,
        as_cell(room.project_id),
        as_cell(room.id),
        as_cell(room.record_id or ""),
        _utc(room.created_at),
    )


# Rooms of one call share their moments, so each is written once.
@lru_cache(maxsize=1024)
def _utc(moment: datetime | None) -> str:
    """Every moment of the contract is in UTC already (services.aseed.models)."""
    return f"{moment.isoformat(timespec='seconds')[:19]}Z" if moment else ""


@lru_cache(maxsize=1024)
def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return local(moment, zone).isoformat(" ", "minutes")[:16] if moment else ""
