"""QR codes of a batch's rooms, a page at a time: to scan, to show large, to download."""

from components.elements.browser import component, data_url
from components.elements.paging import page_start
from components.state import process, viewer
from services.export.codes import qr
from services.export.names import code_name
from services.journal.records import Batch, KeptRoom
from services.local_time import local
from services.trust import is_link

CODES_A_PAGE = 12


def qr_gallery(batch: Batch, origins: tuple[str, ...]) -> None:
    """Show a code for each room whose URL is a link of ours, with the room's number in the list."""
    start = page_start(batch.rooms, CODES_A_PAGE, "gallery_page")
    kept = process.journal().batches.rooms(batch.id, CODES_A_PAGE, start)
    usable = [(number, one) for number, one in enumerate(kept, start=start + 1) if is_link(one.room.url, origins)]
    component("batches/codes")(key="qr_gallery", data={"rooms": [_card(batch, number, one) for number, one in usable]})


def _card(batch: Batch, number: int, kept: KeptRoom) -> dict[str, str | int]:
    link = kept.room.url
    label = (kept.participant and kept.participant.known_as) or kept.room.display_name or ""
    name = (batch.project_name, local(batch.made, viewer.zone()), batch.nonce, number, label)
    return {
        "number": number,
        "label": label,
        "link": link,
        "svg": data_url("image/svg+xml", qr.svg(link).encode()),
        "png": data_url("image/png", qr.png(link)),
        "svg_name": code_name(*name, "svg"),
        "png_name": code_name(*name, "png"),
    }
