"""QR codes of a batch's rooms, a page at a time: to scan, to show large, to download."""

from typing import TypedDict

from components.elements.browser import component, data_url
from components.elements.paging import page_start
from components.state import process, viewer
from components.state.batches import as_created
from services.export.codes import qr
from services.export.names import code_name
from services.journal.records import Batch
from services.local_time import local
from services.rooms.entry import Entry

CODES_A_PAGE = 12


class CodeCard(TypedDict):
    """A code, with the names of its two files."""

    number: int
    label: str
    link: str
    svg: str
    png: str
    svg_name: str
    png_name: str


class CodesData(TypedDict):
    """What the gallery shows (codes.js)."""

    rooms: list[CodeCard]


def qr_gallery(batch: Batch) -> None:
    """Shows a code for each room that has a proper link, with the room's number in the list."""
    start = page_start(batch.rooms, CODES_A_PAGE, "gallery_page")
    kept = process.journal().batches.rooms(batch.id, CODES_A_PAGE, start)
    usable = [entry for entry in as_created(batch, kept, start + 1) if entry.link.is_proper]
    component("batches/codes")(key="qr_gallery", data=CodesData(rooms=[_card(batch, entry) for entry in usable]))


def _card(batch: Batch, entry: Entry) -> CodeCard:
    link, label = entry.link, entry.known_as
    name = (batch.project_name, local(batch.made, viewer.zone()), batch.nonce, entry.number, label)
    return CodeCard(
        number=entry.number,
        label=label,
        link=link.target,
        svg=data_url("image/svg+xml", qr.svg(link).encode()),
        png=data_url("image/png", qr.png(link)),
        svg_name=code_name(*name, "svg"),
        png_name=code_name(*name, "png"),
    )
