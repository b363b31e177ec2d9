"""Text in print: which fonts draw it, what no font draws, and how much fits on a line.

Our own words, links and most names are drawn with DejaVu, character by character: it covers Latin, Cyrillic and Greek,
and its monospaced face tells 0 from O and 1 from l and I. Names in other scripts are shaped first (`shaping`).
"""

import re
import unicodedata
from bisect import bisect_right
from functools import cache, lru_cache
from itertools import accumulate

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from services.export.cards.scripts import NO_LOOK, OURS, clusters, face_of
from services.export.cards.shaping import shaped
from services.normal_form import normal_form

PLAIN, BOLD, MONO = "DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono"

REPLACEMENT = "□"
"""Stands for a character that the fonts lack, so that a reader sees that it is missing."""

LONGEST = 400
"""Characters of a text that are looked at: more never fit on a card."""

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
"""Characters without a look of their own, and those that turn the direction of the text around them."""

_BEFORE_HEBREW_OR_LATER_LATIN = re.compile("[ -\u058f\u10a0-\u10ff\u1e00-\u2e7f]*")
"""The blocks of characters that stand beside one another as they are: no joining, no other direction."""

_NO_BREAK = "\u00a0"
_BREAKS = re.compile("(?<=[ -])")


@cache
def _font(face: str) -> TTFont:
    font = TTFont(face, OURS / f"{face}.ttf")
    pdfmetrics.registerFont(font)
    return font


def load() -> None:
    """Makes the fonts known to reportlab, once a process."""
    for face in (PLAIN, BOLD, MONO):
        _font(face)


def printable(text: str) -> str:
    """The text as one line of characters that a font of names has, each other one replaced by REPLACEMENT."""
    if text.isascii() and text.isprintable():
        return " ".join(text[:LONGEST].split())
    return _checked(text[:LONGEST])[0]


def missing(text: str) -> str:
    """The characters of a name that no font has, each once: a card has REPLACEMENT in their place."""
    return "" if text.isascii() else _checked(text[:LONGEST])[1]


@lru_cache(maxsize=4096)
def _checked(text: str) -> tuple[str, str]:
    """The text as it is printed, and what is missing in it."""
    line = _one_line(text)
    bare = "".join(char for char in line if ord(char) not in NO_LOOK)
    if not needs_shaping(bare):
        return bare, ""
    drawn, lacking = "", ""
    for cluster in clusters(line):
        face = face_of(cluster, "") or face_of(cluster[0], "")
        for char in cluster:
            has = face is not None and face.draws(char)
            drawn += char if has else REPLACEMENT
            lacking += "" if has or char in lacking else char
    return drawn, lacking


_LOOKED_AT = 2_000
"""Characters of a text that are looked at: no card has place for more."""


def _one_line(text: str) -> str:
    shown = normal_form("NFC", _INVISIBLE.sub("", text[:_LOOKED_AT]))
    line = " ".join("".join(" " if unicodedata.category(char) == "Cc" else char for char in shown).split())
    # A mark without a letter before it would be drawn over what stands there.
    while line and (unicodedata.category(line[0])[0] == "M" or ord(line[0]) in NO_LOOK):
        line = line[1:].lstrip()
    return line


@lru_cache(maxsize=4096)
def needs_shaping(text: str) -> bool:
    """Whether a name cannot be drawn character by character, or not with DejaVu."""
    if text.isascii():
        return False
    glyphs = _font(BOLD).face.charToGlyph
    return not _BEFORE_HEBREW_OR_LATER_LATIN.fullmatch(text) or any(
        ord(char) not in glyphs or unicodedata.category(char)[0] == "M" for char in text
    )


@lru_cache(maxsize=4096)
def width(text: str, face: str, size: float) -> float:
    """In points. Text that needs it is measured as it is shaped, with the fonts of names."""
    if needs_shaping(text):
        return shaped(text).width * size
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
    """How many characters of a text fit, at least one with its marks."""
    ends = list(accumulate(map(len, clusters(text))))
    return ends[max(bisect_right(ends, space, key=lambda end: width(text[:end], face, size)) - 1, 0)]


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
