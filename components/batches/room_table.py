"""A page of a table of rooms, each with its link to copy and to open."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, TypedDict
from zoneinfo import ZoneInfo

from components.elements.browser import component
from components.state import connection, process, visibility
from services.aseed.models import InterviewRoomResponse
from services.local_time import local
from services.rooms.entry import Entry, sharing_among

ROOMS_A_PAGE = 25


class RoomRow(TypedDict):
    """A room of the table. usable: whether its link may be copied and opened. why_not: what is said where it is not."""

    number: int
    label: str
    link: str
    usable: bool
    why_not: str
    status: str
    moment: str


class RoomTableData(TypedDict):
    """What the table shows (room_table.js). moment: the title of that column."""

    rooms: list[RoomRow]
    moment: str


def room_table(
    rooms: Sequence[Entry],
    zone: ZoneInfo,
    key: str,
    moment: Literal["Expires", "Created"] = "Expires",
) -> None:
    """Shows the rooms of a page. A link that is not proper is shown as text, marked, and cannot be opened.

    One that another room has too is not shown at all.

    zone: for the times.
    key: the widget's.
    moment: which time is shown.
    """
    rows = [
        RoomRow(
            number=entry.number,
            label=entry.known_as,
            link=entry.link.text,
            usable=entry.link.is_proper,
            why_not=_why_not(entry),
            status=entry.room.status,
            moment=_local(entry.room.expires_at if moment == "Expires" else entry.room.created_at, zone),
        )
        for entry in rooms
    ]
    data = RoomTableData(rooms=rows, moment=moment)
    component("batches/room_table")(key=key, data=data)


def numbered(rooms: Sequence[InterviewRoomResponse], project_name: str) -> list[Entry]:
    """Rooms that Aseed has listed and that may be of no batch, numbered from 1 in the order given."""
    links, visible = process.journal().links, visibility.current()
    links.note_listed(visible, rooms)
    check, shared = connection.current().check, links.in_conflict(visible.service) | sharing_among(rooms, {})
    return [
        Entry(room, project_name, number, check=check, shares_here=room.id in shared)
        for number, room in enumerate(rooms, start=1)
    ]


def _why_not(entry: Entry) -> str:
    if entry.shares_link:
        return "Another room has the same link: it is not handed out."
    return "" if entry.link.is_proper else "Not a proper link: do not hand it out."


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{local(moment, zone):%d %b %Y, %H:%M}" if moment else "never"
