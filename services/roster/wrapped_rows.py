"""Rows that stand inside one pair of quotation marks each, as a spreadsheet saves a CSV that it opened as one column.

By the rules of CSV such a row is one cell, and its address would become a part of the label.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.roster.columns import known_fields

_SEPARATORS = ",;|\t"
_MOST_LINES = 50_000
"""Longer texts are no list of 5,000 people, and are refused for that."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_WRAPPED = re.compile(r' *"((?:[^"]|"")*)"([,;|\t ]*)(?=\r\n|\r|\n|\Z)')
"""A row in one pair of marks, inner marks doubled, and the blank cells behind it."""

_CELL = r'(?: *"(?:[^"]|"")*" *|[^",;|\t]*)'
_BY_RULE = re.compile(f"{_CELL}(?:[,;|\t]{_CELL})*")
"""A line that CSV can read."""


@dataclass(frozen=True)
class _Row:
    """A row of the text.

    text: as it stands.
    inner: without the marks around it; empty where it has none, or where they are around one cell.
    has_more: whether blank cells follow the closing mark, as in a row whose first cell alone is filled.
    """

    text: str
    inner: str = ""
    has_more: bool = False

    @property
    def has_parts(self) -> bool:
        return any(mark in self.text for mark in _SEPARATORS)

    @property
    def has_address(self) -> bool:
        return "@" in self.inner


def unwrapped(text: str) -> str | None:
    """The text without the marks around its rows; None where no row is wrapped. Each row keeps its number.

    A name such as "Smith, Anna" is one cell in marks, too: only a known header or an address tells the difference.
    """
    if '"' not in text or text.count("\n") + text.count("\r") > _MOST_LINES:
        return None
    found = _rows(text)
    wrapped = _wrapped(found)
    if not any(found[number].has_address or is_header(found[number].inner) for number in wrapped):
        return None
    return "\n".join(row.inner if number in wrapped else row.text for number, row in enumerate(found))


def _wrapped(rows: Sequence[_Row]) -> set[int]:
    """The places of the rows that lose their marks."""
    parted = [number for number, row in enumerate(rows) if row.has_parts]
    candidates = {number for number in parted if rows[number].inner}
    if len(candidates) == len(parted):
        return candidates
    # Among proper rows, only an address tells a row from a cell; with blank cells behind it, it is a cell.
    return {
        number
        for number in candidates
        if (rows[number].has_address and not rows[number].has_more)
        or (number == parted[0] and is_header(rows[number].inner))
    }


def is_header(line: str) -> bool:
    """Whether a line names several columns, one of them known, with any delimiter."""
    return any(mark in line and known_fields(line.split(mark)) for mark in _SEPARATORS)


def _rows(text: str) -> list[_Row]:
    found: list[_Row] = []
    place = 0
    while place < len(text):
        if wrapped := _WRAPPED.match(text, place):
            end = wrapped.end()
            found.append(_row(text[place:end], wrapped[1].replace('""', '"'), wrapped[2]))
        else:
            ends = _LINE_END.search(text, place)
            end = ends.start() if ends else len(text)
            found.append(_with_single_marks(text[place:end]))
        ends = _LINE_END.match(text, end)
        place = ends.end() if ends else end
    return found


def _with_single_marks(line: str) -> _Row:
    """A line whose inner marks are not doubled, so that CSV cannot read it."""
    start = line.lstrip(" ")
    paired = start.rstrip(f"{_SEPARATORS} ")
    if len(paired) < 3 or paired[0] != '"' or paired[-1] != '"' or _BY_RULE.fullmatch(line):
        return _Row(line)
    return _row(line, paired[1:-1], start[len(paired) :])


def _row(text: str, inner: str, more: str) -> _Row:
    # A recipient such as "Keller, Anna <anna@example.org>" is one cell.
    is_cell = "<" in inner or not any(mark in inner for mark in _SEPARATORS)
    return _Row(text, "" if is_cell else inner, bool(more.strip(" ")))
