"""A look at a PDF before it is printed."""

from io import BytesIO
from threading import Lock

import pypdfium2

DOTS_AN_INCH = 100

_one_at_a_time = Lock()
"""PDFium is not safe in threads: two calls at once, even for two files, crash the process."""


def preview(pdf: bytes) -> bytes:
    """The first page as a PNG of 100 dots an inch. Raises pypdfium2.PdfiumError for bytes that are not a PDF."""
    with _one_at_a_time, pypdfium2.PdfDocument(pdf) as document:
        image = document[0].render(scale=DOTS_AN_INCH / 72).to_pil()
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
