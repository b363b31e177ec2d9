"""QR codes of links: level M, four modules of quiet zone (ISO/IEC 18004), black on white.

A code can be opened like a link, so a link that is not proper raises ValueError.
"""

import re
import struct
import zlib
from functools import lru_cache

from services.export.codes.symbol import modules
from services.link import Link

QUIET_ZONE = 4
"""Modules of white around the symbol, which ISO/IEC 18004 requires."""

PIXELS_A_MODULE = 10
"""In a PNG: a link's symbol comes to some 450 pixels, sharp at 3 cm on paper."""


@lru_cache(maxsize=512)
def svg(link: Link) -> str:
    """The code as an SVG document of one unit a module, on white, so that it also scans on a dark page."""
    rows = modules(link.target)
    bars = "".join(f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{length}v1h-{length}z" for x, y, length in runs(rows))
    size = len(rows) + 2 * QUIET_ZONE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path d="{bars}"/></svg>'
    )


@lru_cache(maxsize=512)
def outline(link: Link) -> str:
    """The symbol without its quiet zone, a tenth as long as an SVG: its rows as numbers of base 16, with dots between.

    It is for pages with many codes, whose script draws them (components/batches/room_table.js).
    """
    return ".".join(f"{int(row, 2):x}" for row in modules(link.target))


@lru_cache(maxsize=512)
def png(link: Link) -> bytes:
    """The code as a black and white PNG of PIXELS_A_MODULE pixels a module, one bit each."""
    rows = modules(link.target)
    pixels = (len(rows) + 2 * QUIET_ZONE) * PIXELS_A_MODULE
    length = (pixels + 7) // 8
    # Every line says how it is written: 0, as it is; 2, by what it differs from the line above, here in nothing.
    again = (b"\2" + bytes(length)) * (PIXELS_A_MODULE - 1)
    white = b"\0" + b"\xff" * length + again + (b"\2" + bytes(length)) * PIXELS_A_MODULE * (QUIET_ZONE - 1)
    drawn = b"".join(b"\0" + _line(row, length) + again for row in rows)
    # Width, height, one bit, shades of grey, and the only compression, filters and order that there are.
    header = struct.pack(">IIBBBBB", pixels, pixels, 1, 0, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(white + drawn + white)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in parts)


def runs(rows: tuple[str, ...]) -> list[tuple[int, int, int]]:
    """The dark stretches of each row, as (x, y, length): one bar each leaves no seams and makes a small file."""
    return [(found.start(), y, len(found[0])) for y, row in enumerate(rows) for found in _DARK.finditer(row)]


_DARK = re.compile("1+")
_LIGHTS = {"1": "0" * PIXELS_A_MODULE, "0": "1" * PIXELS_A_MODULE}
"""In a PNG, 1 is white."""


def _line(row: str, length: int) -> bytes:
    """A row of modules as a line of pixels, between two quiet zones."""
    side = "1" * QUIET_ZONE * PIXELS_A_MODULE
    bits = f"{side}{''.join(map(_LIGHTS.__getitem__, row))}{side}".ljust(length * 8, "1")
    return int(bits, 2).to_bytes(length)


def _chunk(name: bytes, content: bytes) -> bytes:
    """A part of a PNG: its length, name, content and checksum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
