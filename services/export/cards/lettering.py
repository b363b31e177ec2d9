"""Text in print: our fonts, which characters they have, and how much fits on a line.

DejaVu covers Latin, Cyrillic and Greek, and its monospaced face tells 0 from O and 1 from l and I.
"""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from bidi.algorithm import get_display  # type: ignore[import-untyped]  # it has no types
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD, MONO = "DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono"

REPLACEMENT = "□"
"""Stands for a character that the fonts lack, so that a reader sees that it is missing."""

LONGEST = 400
"""Characters of a text that are looked at: more never fit on a card."""

_FOLDER = Path(__file__).parent / "fonts"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]")
"""Characters without a look of their own, and those that turn the direction of the text around them."""

_NO_BREAK = "\u00a0"
_BREAKS = re.compile("(?<=[ -])")


@cache
def _font(face: str) -> TTFont:
    font = TTFont(face, _FOLDER / f"{face}.ttf")
    pdfmetrics.registerFont(font)
    return font


def load() -> None:
    """Makes the fonts known to reportlab, once a process."""
    for face in (PLAIN, BOLD, MONO):
        _font(face)


def printable(text: str, face: str = PLAIN) -> str:
    """The text as one line of characters that the font has, each other one replaced by REPLACEMENT."""
    if text.isascii() and text.isprintable():
        return " ".join(text[:LONGEST].split())
    shown = unicodedata.normalize("NFC", _INVISIBLE.sub("", text[:LONGEST]))
    glyphs = _font(face).face.charToGlyph
    line = " ".join("".join(" " if unicodedata.category(char) == "Cc" else char for char in shown).split())
    # A mark without a letter before it would be drawn over what stands there.
    while line and unicodedata.combining(line[0]):
        line = line[1:].lstrip()
    return "".join(char if ord(char) in glyphs else REPLACEMENT for char in line)


@lru_cache(maxsize=4096)
def width(text: str, face: str, size: float) -> float:
    """In points."""
    return float(_font(face).stringWidth(text, size))


def wrapped(text: str, face: str, size: float, space: float) -> list[str]:
    """The text in lines no wider than `space` points, broken after spaces and hyphens, else anywhere.

    Words that a no-break space joins stay on one line where they fit on one.
    """
    if any(width(piece.rstrip(), face, size) > space for piece in _BREAKS.split(text)):
        text = text.replace(_NO_BREAK, " ")
    lines = [""]
    for piece in _BREAKS.split(text):
        rest = lines[-1] + piece
        if width(rest.rstrip(), face, size) <= space:
            lines[-1] = rest
            continue
        if width(piece.rstrip(), face, size) <= space:
            lines.append(piece)
            continue
        lines.pop()
        while width(rest.rstrip(), face, size) > space:
            end = _fitting(rest, face, size, space)
            lines.append(rest[:end])
            rest = rest[end:].lstrip()
        lines.append(rest)
    return [line.rstrip().replace(_NO_BREAK, " ") for line in lines if line.strip()]


def chopped(link: str, size: float, space: float) -> list[str]:
    """A link in MONO, on as few lines as possible.

    The first ends in a slash where that adds no line; the others are even.
    """
    longest = max(int(space / width("0", MONO, size)), 1)
    count = -(-len(link) // longest)
    slash = link.rfind("/", 0, longest) + 1
    first = slash if count > 1 and slash and len(link) - slash <= (count - 1) * longest else 0
    even = -(-(len(link) - first) // (count - 1 if first else count))
    lines = [link[start : start + even] for start in range(first, len(link), even)]
    return [link[:first], *lines] if first else lines


def _fitting(text: str, face: str, size: float, space: float) -> int:
    """How many characters of a text fit, at least one."""
    end, taken = 0, 0.0
    while end < len(text):
        taken += width(text[end], face, size)
        if taken > space:
            break
        end += 1
    return max(end, 1)


def fitted(text: str, face: str, size: float, floor: float, space: float, most: int = 2) -> tuple[float, list[str]]:
    """The text on few lines, and the size in points at which it fits.

    It shrinks to stay on one line, then wraps to at most `most` of them, then ends in an ellipsis, at the floor.
    """
    one = space / max(width(text, face, 1), 0.01)
    if one >= floor:
        return min(size, int(one * 10) / 10), [text]
    smaller = size
    while smaller > floor:
        if len(lines := wrapped(text, face, smaller, space)) <= most:
            return smaller, lines
        smaller -= 0.5
    lines = wrapped(text, face, floor, space)
    if len(lines) > most:
        start = 0
        for line in lines[: most - 1]:
            start = text.index(line, start) + len(line)
        last = text[start:].lstrip()
        end = _fitting(last, face, floor, space - width("…", face, floor))
        lines = [*lines[: most - 1], f"{last[:end].rstrip()}…"]
    return floor, lines


_RIGHT_TO_LEFT = frozenset(("R", "AL", "AN"))
"""The bidirectional classes of Hebrew and Arabic letters, and of Arabic digits."""


def in_drawing_order(line: str) -> str:
    """The line in the order in which its characters are drawn, from the left (Unicode bidirectional algorithm)."""
    if not any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in line):
        return line
    # Not the package's own `get_display`: that one does not mirror brackets.
    return str(get_display(line))
