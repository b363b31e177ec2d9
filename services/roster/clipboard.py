"""Text as spreadsheets and word processors copy it: tabs between cells, and line ends of every kind.

It is not CSV. A cell is put in quotation marks only where it holds a line end, a tab or (for CSV programs) the mark
itself; in every other cell a mark is a part of the text, such as the inches or the name of a shop.
"""

import re
from collections.abc import Iterator

from services.roster.sheet import NumberedRow, RosterError
from services.texts.speech import _

_LINE_END = re.compile(r"\r\n|\r|\n")
_RARE_END = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")
_QUOTED = re.compile(r'"((?:[^"]|"")*)"[ ]*(?=\t|\r\n|\r|\n|\Z)')
_MARKED = re.compile(r'[\r\n\t]|""')
"""What a program has a reason to put in marks."""


def lines_apart(text: str) -> str:
    """The text with `\\n` for the line ends that are rare: of Word, of old databases, and of Unicode."""
    return _RARE_END.sub("\n", text)


def has_rare_ends(text: str) -> bool:
    return _RARE_END.search(text) is not None


def has_usual_ends(text: str) -> bool:
    return _LINE_END.search(text) is not None


def clipboard_rows(text: str, delimiter: str) -> Iterator[NumberedRow]:
    """The rows of a text from the clipboard with their numbers.

    delimiter: between cells; one that the text does not contain makes each line a cell.

    Raises RosterError where a mark is left open over several rows.
    """
    written = _is_written_in_marks(text, delimiter)
    place, number = 0, 0
    while place < len(text):
        number += 1
        cells, place = _row(text, place, number, delimiter, written)
        yield number, cells


def _row(text: str, place: int, number: int, delimiter: str, written: bool) -> tuple[list[str], int]:
    """The cells of one row, and where the next one begins."""
    cells: list[str] = []
    while True:
        cell, place = _cell(text, place, number, delimiter, written)
        cells.append(cell)
        if not text.startswith(delimiter, place):
            ends = _LINE_END.match(text, place)
            return cells, ends.end() if ends else len(text)
        place += len(delimiter)


def _cell(text: str, place: int, number: int, delimiter: str, written: bool) -> tuple[str, int]:
    quoted = _QUOTED.match(text, place) if text.startswith('"', place) else None
    if quoted and (written or _MARKED.search(quoted[1])):
        inner = quoted[1].replace('""', '"')
        # No cell holds both, so a mark was left open and closed rows later: one person would be made of two.
        if delimiter in inner and _LINE_END.search(inner):
            raise RosterError(
                _(
                    'A quotation mark (") that begins in row {row} is closed only in another row. '
                    "Delete both marks, or paste the rows one by one.",
                    row=number,
                ),
                number,
            )
        return inner, quoted.end()
    end = _end_of_cell(text, place, delimiter)
    return text[place:end], end


def _end_of_cell(text: str, place: int, delimiter: str) -> int:
    ends = re.compile(f"{re.escape(delimiter)}|[\r\n]").search(text, place)
    return ends.start() if ends else len(text)


def _is_written_in_marks(text: str, delimiter: str) -> bool:
    """Whether a program has put every cell but numbers in marks, with or without a reason."""
    if '"' not in text:
        return False
    cells = re.split(f"{re.escape(delimiter)}|[\r\n]", _QUOTED.sub('""', text))
    return all(cell.strip() in ("", '""') or cell.strip().isdecimal() for cell in cells)
