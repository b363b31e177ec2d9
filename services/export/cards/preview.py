"""A look at a PDF before it is printed."""

from io import BytesIO
from threading import Lock

import pypdfium2

from services.export.cards.paper import Sheet

DOTS_AN_INCH = 100

_one_at_a_time = Lock()
"""PDFium is not safe in threads: two calls at once, even for two files, crash the process."""


def preview(pdf: bytes) -> bytes:
    """The first page as a PNG of 100 dots an inch. Raises pypdfium2.PdfiumError for bytes that are not a PDF."""
    return _picture(pdf, DOTS_AN_INCH, (0, 0, 0, 0))


def card_preview(pdf: bytes, sheet: Sheet, place: int) -> bytes:
    """One card of the first page, as a PNG of 200 dots an inch. place: counted from 0, along the rows.

    Raises pypdfium2.PdfiumError for bytes that are not a PDF.
    """
    left, bottom = sheet.corner(place)
    right, top = sheet.page[0] - left - sheet.width, sheet.page[1] - bottom - sheet.height
    return _picture(pdf, 2 * DOTS_AN_INCH, (left, bottom, right, top))


def _picture(pdf: bytes, dots: int, cut_off: tuple[float, float, float, float]) -> bytes:
    """The first page as a PNG. cut_off: how many points, at the left, the bottom, the right and the top."""
    with _one_at_a_time, pypdfium2.PdfDocument(pdf) as document:
        image = document[0].render(scale=dots / 72, crop=cut_off).to_pil()
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
