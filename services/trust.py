"""Text that comes from outside, made safe for where it goes: a name may be markup, and a cell may be a formula.

Links have a check of their own (services.link).
"""

import re
import string
import unicodedata
from collections.abc import Sequence

FORMULA_STARTS = frozenset("=+-@")
"""What makes a spreadsheet read a cell as a formula, besides the line ends and tabs before (OWASP, CSV injection)."""

FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters that cannot be seen (Hangul fillers)."""


LINE_ENDS = "\n\v\f\r\x1c\x1d\x1e\x85\u2028\u2029"

SEPARATORS = f",;|\t{LINE_ENDS}"
"""What stands between the cells of some CSV. A spreadsheet that expects another delimiter than the file's own also
starts a new row at a line end inside a cell, as the mark before that cell means nothing to it."""

_PIECES = re.compile(f"(?<=[{SEPARATORS}])")
_MAY_HAVE_PIECES = re.compile(f"[{SEPARATORS}](?:\\W|[{''.join(sorted(FILLERS))}])")


def as_cell(text: str) -> str:
    """The text for a CSV cell, which no spreadsheet runs, whatever delimiter it expects.

    An apostrophe goes before anything that starts like a formula, also behind quotation marks, spaces, controls and
    invisible characters, or in full width, which some spreadsheets fold; at the start of the text and after each of
    SEPARATORS. Before apostrophes that a person typed in front of a formula goes one more, so that `without_guard`
    knows ours. NUL is dropped: no spreadsheet keeps it.

    The offline pack writes its file by the same rule (services/export/offline/page.js); tests/formula_cases.json is
    the table of cases for both.
    """
    if _starts_plainly(text) and not _MAY_HAVE_PIECES.search(text):
        return text
    first, *pieces = _PIECES.split(_guarded_start(text))
    return "".join([first, *(f"'{piece}" if _is_formula(piece) else piece for piece in pieces)])


def as_cells(texts: Sequence[str]) -> Sequence[str]:
    """The texts of a column for its CSV cells, as `as_cell` makes them.

    Most columns need no guard: looking at them as one text takes a tenth of what looking at each cell takes.
    """
    whole = "\n".join(["", *filter(None, texts)])
    if "\0" not in whole and not _MAY_HAVE_PIECES.search(whole):
        return texts
    return [as_cell(text) for text in texts]


def as_prose_cell(text: str) -> str:
    """The same for a text that people read as a letter: its start alone is guarded, so that its lines stay as they are.

    What comes into it from outside has to be guarded before.
    """
    if _starts_plainly(text):
        return text
    # An apostrophe there is the guard of what came from outside, or does what a guard would do.
    return text.replace("\0", "") if text[0] == _GUARD else _guarded_start(text)


def _guarded_start(text: str) -> str:
    text = text.replace("\0", "")
    return f"{_GUARD}{text}" if _is_risky(text) else text


def without_guard(cell: str) -> str:
    """The text of which `as_cell` made a cell; without the NULs, which are lost."""
    first, *pieces = _PIECES.split(cell)
    bare = [piece[1:] if piece[:1] == _GUARD and _is_formula(piece[1:]) else piece for piece in pieces]
    text = "".join([first, *bare])
    return text[1:] if text[:1] == _GUARD and _is_risky(text[1:]) else text


_GUARD = "'"

_QUOTE = '"'
"""What a spreadsheet takes for the mark of a cell where it splits another cell, and does not show."""


def _starts_plainly(text: str) -> bool:
    """Whether a text starts with a letter or digit that is seen, as most do, and nothing has to be dropped."""
    return not text or (text[0].isalnum() and text[0] not in FILLERS and "\0" not in text)


def _is_risky(text: str) -> bool:
    return text.lstrip(_GUARD)[:1] in ("\t", "\r", "\n") or _is_formula(text)


def _is_formula(text: str) -> bool:
    """Whether a text starts like a formula, or with apostrophes in front of one."""
    bare = text.lstrip(_GUARD)
    first = next((char for char in bare if char != _QUOTE and not _invisible(char)), "")
    return unicodedata.normalize("NFKC", first)[:1] in FORMULA_STARTS


def _invisible(char: str) -> bool:
    return char.isspace() or char in FILLERS or unicodedata.category(char) in ("Cc", "Cf", "Mn", "Me")


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
