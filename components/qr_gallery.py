"""QR codes of a batch's rooms, a page at a time: to scan, to show large, to download."""

import base64

from components import session
from components.browser import component
from components.room_table import page_start
from services.aseed.models import InterviewRoomResponse
from services.batches import Batch
from services.export import qr
from services.export.names import code_name
from services.local_time import local
from services.trust import is_link

CODES_A_PAGE = 12


def qr_gallery(batch: Batch, origins: tuple[str, ...]) -> None:
    """Show a code for each room whose URL is a link of ours, with the room's number in the list."""
    usable = [(number, room) for number, room in enumerate(batch.rooms, start=1) if is_link(room.url, origins)]
    start = page_start(len(usable), CODES_A_PAGE, "gallery_page")
    cards = [_card(batch, number, room) for number, room in usable[start : start + CODES_A_PAGE]]
    component("qr_gallery")(key="qr_gallery", data={"rooms": cards})


def _card(batch: Batch, number: int, room: InterviewRoomResponse) -> dict[str, str | int]:
    label = room.display_name or ""
    name = (batch.project.name, local(batch.made, session.viewer_zone()), batch.nonce, number, label)
    return {
        "number": number,
        "label": label,
        "link": room.url,
        "svg": _data_url("image/svg+xml", qr.svg(room.url).encode()),
        "png": _data_url("image/png", qr.png(room.url)),
        "svg_name": code_name(*name, "svg"),
        "png_name": code_name(*name, "png"),
    }


def _data_url(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"
