"""QR codes of links: level M, four modules of quiet zone (ISO/IEC 18004), black on white.

The caller checks the link first (services.trust.is_link): a code is as clickable as a link.
"""

from functools import lru_cache
from io import BytesIO
from typing import Any

import qrcode
from qrcode.image.pil import PilImage

QUIET_ZONE = 4
"""Modules of white around the symbol, which ISO/IEC 18004 requires."""

PIXELS_A_MODULE = 10
"""In a PNG: a link's symbol comes to some 450 pixels, sharp at 3 cm on paper."""


@lru_cache(maxsize=512)
def svg(link: str) -> str:
    """The code as an SVG document of one unit a module, on white, so that it also scans on a dark page."""
    rows = _symbol(link).get_matrix()
    bars = "".join(f"M{x} {y}h{length}v1h-{length}z" for y, row in enumerate(rows) for x, length in _runs(row))
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{bars}"/></svg>'
    )


@lru_cache(maxsize=512)
def png(link: str) -> bytes:
    """The code as a black and white PNG of PIXELS_A_MODULE pixels a module."""
    file = BytesIO()
    _symbol(link).make_image(image_factory=PilImage).save(file, "PNG")
    return file.getvalue()


@lru_cache(maxsize=16)
def _symbol(link: str) -> "qrcode.QRCode[Any]":
    symbol = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET_ZONE, box_size=PIXELS_A_MODULE)
    symbol.add_data(link)
    symbol.make(fit=True)
    return symbol


def _runs(row: list[bool]) -> list[tuple[int, int]]:
    """The dark stretches of a row, as (start, length): one bar each leaves no seams and makes a small file."""
    runs, start = [], None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            runs.append((start, x - start))
            start = None
    return runs
