"""The text of one cell, without invisible characters that do harm."""

import re
import unicodedata

_HIDDEN = re.compile("[\0-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Controls with NUL, and characters that change the direction of the words around them; not line ends, not tabs."""

_EDGES = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u2060\ufeff"
"""Spaces of every kind (the last is U+3000), also those without a width: dropped at both ends of a cell."""

_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def clean(text: str) -> str:
    """A cell in NFC, without invisible controls and without spaces around it."""
    if not text:
        return text
    visible = _HIDDEN.sub("", text)
    return unicodedata.normalize("NFC", visible).strip(_EDGES)


def one_line(text: str) -> str:
    """A clean cell with single spaces for line ends and tabs; the spaces in a line are kept."""
    if text.isprintable():
        return text
    return " ".join(stripped for line in text.replace("\t", "\n").splitlines() if (stripped := line.strip(_EDGES)))


def lines(text: str) -> str:
    """A clean cell with one kind of line end."""
    return _LINE_END.sub("\n", text)
