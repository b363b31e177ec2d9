"""The text of one cell, without what cannot be seen and does harm."""

import re
import unicodedata

_HIDDEN = re.compile("[\0-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Controls, NUL among them, and what turns the direction of the words around it. Line ends and tabs are not here."""

_EDGES = "".join(filter(str.isspace, map(chr, range(0x3001)))) + "\u200b\u2060\ufeff"
"""What is no text at either end of a cell: every kind of space (the last is U+3000), also those without a width."""

_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def clean(text: str) -> str:
    """A cell as it is meant: in NFC, without controls that cannot be seen and without spaces around."""
    if not text:
        return text
    visible = _HIDDEN.sub("", text)
    return unicodedata.normalize("NFC", visible).strip(_EDGES)


def one_line(text: str) -> str:
    """A clean cell whose line ends and tabs became single spaces; the spaces in a line are kept."""
    if text.isprintable():
        return text
    return " ".join(stripped for line in text.replace("\t", "\n").splitlines() if (stripped := line.strip(_EDGES)))


def lines(text: str) -> str:
    """A clean cell whose line ends are all the same."""
    return _LINE_END.sub("\n", text)
