"""Text that comes from outside, made safe for where it goes: a name may be markup, and a cell may be a formula.

Links have a check of their own (services.link).
"""

import re
import string
import unicodedata

FORMULA_STARTS = frozenset("=+-@")
"""What makes a spreadsheet read a cell as a formula, besides the line ends and tabs before (OWASP, CSV injection)."""

FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters that cannot be seen (Hangul fillers)."""


def as_cell(text: str) -> str:
    """The text for a CSV cell, which no spreadsheet runs.

    An apostrophe goes before anything that starts like a formula, also behind spaces, controls and invisible
    characters, or in full width, which some spreadsheets fold. NUL is dropped: no spreadsheet keeps it.
    """
    if not text or (text[0].isalnum() and "\0" not in text):
        return text
    text = text.replace("\0", "")
    first = next((char for char in text if not _invisible(char)), "")
    risky = text[:1] in ("\t", "\r", "\n") or unicodedata.normalize("NFKC", first)[:1] in FORMULA_STARTS
    return f"'{text}" if risky else text


def _invisible(char: str) -> bool:
    return char.isspace() or char in FILLERS or unicodedata.category(char) in ("Cc", "Cf", "Mn")


_MARKED = re.compile(f"([{re.escape(string.punctuation)}])")
_JOINED = re.compile(r"://|www\.|@|:(?=streamlit:)", re.IGNORECASE)
_ARROWS = re.compile(r"(?<=[-<>~])(?=[-=>])")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_WORD_JOINER = "\u2060"


def literal(text: str) -> str:
    """The text in markdown that shows exactly these characters: no links, images, colours, icons or maths.

    Every ASCII punctuation character is escaped, and a word joiner, which cannot be seen, breaks up what would become
    a link or an arrow (measured against Streamlit 1.67). Line ends become spaces; characters that
    turn the direction of the text around them are dropped.
    """
    line = " ".join(_BIDI.sub("", text).split())
    broken = _JOINED.sub(lambda found: found[0][:1] + _WORD_JOINER + found[0][1:], line)
    broken = _ARROWS.sub(_WORD_JOINER, broken)
    return _MARKED.sub(r"\\\1", broken)
