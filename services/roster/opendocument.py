"""ODS, and FODS, the same in one XML file, as grids.

A cell of this format holds what it shows, beside its value. So text, percent and currency are as shown. A number is
as shown where its format adds something, such as zeros in front, and else has all its digits: in a narrow column, it
shows only some of them, or none. Dates, times and durations are ISO.

Not read are: comments, shapes, changes that were tracked, and data of other files.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from services.roster.cells import clean
from services.roster.grid import UNKNOWN, Grid, Row
from services.roster.markup import rows_of
from services.roster.number_format import general, in_words, number_of
from services.roster.sheet import MAX_COLUMNS, MAX_ROWS

_HIDDEN = ("collapse", "filter")

_PLAIN = re.compile(r"[-+−]?(?:0|[1-9][0-9.,'’\s]*)(?:[.,][0-9]+)?(?:[eEЕ][+-]?[0-9]+)?|#+")
"""What a number shows to which its format adds nothing but signs of a language."""

_DURATION = re.compile(r"(-?)P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?")

_MOST_REPEATED = 4 * MAX_ROWS
"""Filled rows of a sheet that stand in the file as a number alone: so many are read, visible or hidden."""

_NOT_SHOWN = ("annotation", "frame", "custom-shape", "tracked-changes", "dde-link", "shapes")
"""The elements in which text is not that of a cell, and tables are not sheets."""

_FLAT = re.compile(
    rb"""<(?:[\w.-]+:)?document\s[^<>]*\bmimetype\s*=\s*["']application/vnd\.oasis\.opendocument\.spreadsheet"""
)
_HEAD = 16_384
"""Bytes in which a file of one XML document says what it is."""


def is_flat(content: bytes) -> bool:
    """Returns whether a file is a spreadsheet of one XML document."""
    # In UTF-16, each letter has a zero beside it.
    return bool(_FLAT.search(content[:_HEAD].replace(b"\0", b"")))


def grids(part: IO[bytes]) -> Iterator[Grid]:
    """Yields the visible sheets of the part content.xml, or of a file of one XML document.

    Raises expat's own error for one that is not XML.
    """
    for title, rows, hidden_columns, merged in _tables(part):
        yield Grid(title, rows, hidden_columns, merged)


_Table = tuple[str, list[Row], list[tuple[int, int]], list[tuple[int, int, int, int]]]


def _tables(part: IO[bytes]) -> Iterator[_Table]:
    yield from rows_of(part, _Content())


class _Content:
    """Makes the tables of the content of a document."""

    def __init__(self) -> None:
        self._tables: list[_Table] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._passed_over = 0
        self._depth = 0
        self._is_visible = True
        self._begin("")

    def _begin(self, title: str) -> None:
        self._title = title
        self._rows: list[Row] = []
        self._hidden_columns: list[tuple[int, int]] = []
        self._merged: list[tuple[int, int, int, int]] = []
        self._number = self._columns = 0
        self._may_repeat = _MOST_REPEATED
        self._row: dict[str, str] = {}
        self._cells: dict[int, str | None] = {}
        self._column = 0
        self._cell: dict[str, str] | None = None
        self._lines: list[list[str]] = []
        self._in_line = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _NOT_SHOWN or self._passed_over:
            self._passed_over += name in _NOT_SHOWN
            return
        match name:
            case "table-cell" | "covered-table-cell":
                self._cell, self._lines = attributes, []
            case "p" | "h" if self._cell is not None:
                self._lines.append([])
                self._in_line += 1
            case "s" | "tab" | "line-break":
                self._add({"tab": "\t", "line-break": "\n"}.get(name) or " " * min(int(attributes.get("c", 1)), 1000))
            case "table-row":
                self._row, self._cells, self._column = attributes, {}, 0
            case _:
                self._start_outer(name, attributes)

    def _start_outer(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "table-column":
                count = _count(attributes, "number-columns-repeated")
                if attributes.get("visibility") in _HIDDEN:
                    self._hidden_columns.append((self._columns, self._columns + count - 1))
                self._columns += count
            case "table":
                self._depth += 1
                if self._depth == 1:
                    self._begin(attributes.get("name", ""))
                    self._is_visible = attributes.get("style-name") not in self._hidden_styles
            case "style":
                self._style = attributes.get("name", "")
            case "table-properties" if attributes.get("display") == "false":
                self._hidden_styles.add(self._style)

    def end(self, name: str) -> None:
        if self._passed_over:
            self._passed_over -= name in _NOT_SHOWN
            return
        match name:
            case "table-cell" | "covered-table-cell":
                self._end_cell()
            case "p" | "h" if self._in_line:
                self._in_line -= 1
            case "table-row":
                self._end_row()
            case "table":
                self._depth -= 1
                if not self._depth and self._is_visible:
                    self._tables.append((self._title, self._rows, self._hidden_columns, self._merged))

    def data(self, text: str) -> None:
        if self._in_line and not self._passed_over:
            self._add(text)

    def taken(self) -> list[_Table]:
        tables, self._tables = self._tables, []
        return tables

    def _add(self, text: str) -> None:
        if self._in_line and self._lines:
            self._lines[-1].append(text)

    def _end_cell(self) -> None:
        cell, self._cell = self._cell or {}, None
        count = _count(cell, "number-columns-repeated")
        text = _shown(cell, "\n".join("".join(line) for line in self._lines))
        if text is UNKNOWN or clean(text):
            # One column more than allowed is enough to be told.
            shown = min(count, max(1, MAX_COLUMNS + 1 - self._column))
            self._cells |= dict.fromkeys(range(self._column, self._column + shown), text)
        rows = _count(cell, "number-rows-spanned")
        if rows > 1:
            last = self._column + _count(cell, "number-columns-spanned") - 1
            self._merged.append((self._number + 1, self._column, self._number + rows, last))
        self._column += count

    def _end_row(self) -> None:
        count = _count(self._row, "number-rows-repeated")
        if self._cells:
            hidden = self._row.get("visibility") in _HIDDEN
            repeated = min(count - 1, MAX_ROWS + 1, self._may_repeat)
            self._may_repeat -= repeated
            for number in range(self._number + 1, self._number + 2 + repeated):
                self._rows.append(Row(number, self._cells, hidden))
        self._number += count


def _count(attributes: dict[str, str], name: str) -> int:
    said = attributes.get(name, "1")
    return max(1, int(said)) if said.isdecimal() and len(said) < 10 else 1


def _shown(cell: dict[str, str], text: str) -> str | None:
    kind = cell.get("value-type", "")
    if "formula" in cell and not kind and not text:
        return UNKNOWN
    match kind:
        case "float":
            return _number(cell.get("value", ""), text)
        case "date":
            return _date(cell.get("date-value", ""), text)
        case "time":
            return _duration(cell.get("time-value", ""), text)
        case "boolean":
            return cell.get("boolean-value", text).upper()
        case "string":
            return text or cell.get("string-value", "")
        case "percentage" | "currency":
            return text or _number(cell.get("value", ""), "")
        case _:
            return text


def _number(said: str, text: str) -> str:
    value = number_of(said)
    if value is None:
        return text
    return text if text and not _PLAIN.fullmatch(text.strip()) else general(value)


def _date(said: str, text: str) -> str:
    try:
        return in_words(datetime.fromisoformat(said).replace(tzinfo=None))
    except ValueError:
        return text


def _duration(said: str, text: str) -> str:
    found = _DURATION.fullmatch(said)
    if not found:
        return text
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    return f"{found[1]}{days * 24 + hours:02}:{minutes:02}:{seconds:02}"
