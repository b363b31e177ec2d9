"""A page of a table of rooms, each with its link to copy and to open."""

from collections.abc import Sequence
from datetime import datetime
from itertools import zip_longest
from typing import Literal
from zoneinfo import ZoneInfo

from components.elements.browser import component
from services.aseed.models import InterviewRoomResponse
from services.local_time import local
from services.participants import Participant
from services.trust import is_link

ROOMS_A_PAGE = 25


def room_table(
    rooms: Sequence[InterviewRoomResponse],
    zone: ZoneInfo,
    origins: tuple[str, ...],
    key: str,
    moment: Literal["Expires", "Created"] = "Expires",
    first: int = 1,
    people: Sequence[Participant | None] = (),
) -> None:
    """Show the rooms of a page. A URL that is no link of ours is shown as text, marked, and cannot be opened.

    zone: for the times. origins: where links may lead (services.trust.is_link). moment: which time is shown.
    first: the number of the first one. people: whom they are for, where that is known.
    """
    data = [
        {
            "number": number,
            "label": (person and person.known_as) or room.display_name or "",
            "link": room.url,
            "usable": is_link(room.url, origins),
            "status": room.status,
            "moment": _local(room.expires_at if moment == "Expires" else room.created_at, zone),
        }
        for number, (room, person) in enumerate(zip_longest(rooms, people), start=first)
    ]
    unusable = "Not a proper link: do not hand it out."
    component("batches/room_table")(key=key, data={"rooms": data, "unusable": unusable, "moment": moment})


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{local(moment, zone):%d %b %Y, %H:%M}" if moment else "never"
