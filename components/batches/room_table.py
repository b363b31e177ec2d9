"""A page of a table of rooms, each with its link to copy and to open, and its code; a room alone is shown large."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, TypedDict
from zoneinfo import ZoneInfo

from components.elements.browser import component
from components.elements.words import status_in_words
from components.state import connection, process, visibility
from services.aseed.models import InterviewRoomResponse
from services.export.codes import qr
from services.local_time import local
from services.people.acting import may
from services.people.roles import Right
from services.rooms.entry import Entry, sharing_among
from services.texts.speech import _, format_moment, pgettext

ROOMS_A_PAGE = 25

FileName = Callable[[Entry], str]
"""What the picture of a room's code is called, without an ending."""


class RoomRow(TypedDict):
    """A room of the table.

    status, state: the API's word, and what is shown for it.
    usable: whether its link may be copied and opened. why_not: what is said where it is not.
    code: its symbol (services.export.codes.qr.outline); empty where none is shown. file: the name of its picture.
    """

    number: int
    label: str
    link: str
    usable: bool
    why_not: str
    status: str
    state: str
    moment: str
    code: str
    file: str


class TableWords(TypedDict):
    """What the table says; the long ones have {number} in the place of the room's number."""

    copy: str
    copy_one: str
    copy_long: str
    open: str
    open_long: str
    large: str
    large_long: str
    code_long: str
    png_long: str
    svg_long: str
    before: str
    after: str
    close: str


class RoomTableData(TypedDict):
    """What the table shows (room_table.js).

    titles: of its columns; one without a title is left out, and the last one is not seen.
    alone: whether the one room is shown large.
    """

    rooms: list[RoomRow]
    titles: list[str]
    alone: bool
    words: TableWords


def _words() -> TableWords:
    return TableWords(
        copy=_("Copy"),
        copy_one=_("Copy the link"),
        copy_long=_("Copy link {number}"),
        open=pgettext("button", "Open"),
        open_long=_("Open link {number}"),
        large=_("Show large"),
        large_long=_("Show the QR code of link {number} large"),
        code_long=_("QR code of link {number}"),
        png_long=_("Download the QR code of link {number} as PNG"),
        svg_long=_("Download the QR code of link {number} as SVG"),
        before=_("Previous"),
        after=_("Next"),
        close=_("Close"),
    )


def room_table(
    rooms: Sequence[Entry],
    zone: ZoneInfo,
    key: str,
    moment: Literal["expires", "created"] = "expires",
    *,
    file_of: FileName | None = None,
    alone: bool = False,
) -> None:
    """Shows the rooms of a page. A link that is not proper is shown as text, marked, and cannot be opened.

    One that another room has too is not shown at all.

    zone: for the times.
    key: the widget's.
    moment: which time is shown.
    file_of: names the codes; without it none is shown.
    alone: shows the one room that there is large.
    """
    rows = [
        RoomRow(
            number=entry.number,
            label=entry.name if entry.is_withdrawn else entry.known_as,
            link=entry.link.text,
            usable=entry.link.is_proper,
            why_not=_why_not(entry),
            status=entry.room.status,
            state=status_in_words(entry.room.status),
            moment=_local(entry.room.expires_at if moment == "expires" else entry.room.created_at, zone),
            code=qr.outline(entry.link) if file_of and entry.link.is_proper else "",
            file=file_of(entry) if file_of else "",
        )
        for entry in rooms
    ]
    when = _("Expires") if moment == "expires" else _("Created")
    sees_links = may(Right.LINKS)
    code = _("Code") if file_of and sees_links else ""
    link, act = (_("Link"), _("Do")) if sees_links else ("", "")
    titles = [_("No."), _("Label"), code, link, _("Status"), when, act]
    data = RoomTableData(rooms=rows, titles=titles, alone=alone and sees_links and len(rows) == 1, words=_words())
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
    if entry.is_withdrawn:
        return _("The person's data was withdrawn: the link is given to no one.")
    if entry.shares_link:
        return _("Another room has the same link: it is not handed out.")
    return "" if entry.link.is_proper else _("Not a proper link: do not hand it out.")


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return format_moment(local(moment, zone), _("dd MMM y, HH:mm")) if moment else pgettext("runs out", "never")
