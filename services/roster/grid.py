"""The sheets of a workbook, as every reader gives them, and the one that holds the people, as lists are made of it.

Used in the process that reads (services.roster.spreadsheet).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from services.roster.cells import clean, one_line
from services.roster.columns import ambiguous, recognise
from services.roster.sheet import (
    MAX_COLUMNS,
    MAX_SHEETS,
    Kept,
    NumberedRow,
    RosterError,
    Wish,
    column_letters,
    too_many_sheets,
)
from services.texts.speech import _

UNKNOWN = None
"""The text of a cell with a formula whose value the file does not know."""

_HEADER_ROWS = 20
"""How many rows from the top are looked through for a header."""

_MOST_HIDDEN_NAMED = 50
"""How many hidden columns are named."""


class Row(NamedTuple):
    """A row as a reader gives it. cells: the texts by column, from 0; number: from 1."""

    number: int
    cells: Mapping[int, str | None]
    is_hidden: bool = False


@dataclass
class Grid:
    """A visible sheet.

    rows: read once, from the top down.
    hidden_columns: first and last of each range, from 0; complete once a row was read.
    merged: first row, first column, last row, last column of each range of merged cells; rows from 1, columns from 0;
        complete once all rows were read.
    notes: what the reader could not tell of this sheet, in sentences for the researcher.
    """

    title: str
    rows: Iterable[Row]
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class Gathered:
    """What is left of a sheet as it was wished for. problem: why it cannot be used; rows are then those before it."""

    title: str
    rows: Sequence[NumberedRow] = ()
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: dict[int, str] = field(default_factory=dict)
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    shortened: Collection[tuple[int, int]] = ()
    problem: RosterError | None = None

    @property
    def is_blank(self) -> bool:
        return not self.rows and not self.hidden_rows and self.problem is None

    def likeness(self) -> tuple[bool, bool, int, int]:
        """Returns how much this looks like a list of people; more is better, and the header counts most."""
        top = [row for _, row in self.rows[:_HEADER_ROWS]]
        known = max((len(recognise(row)) + len(ambiguous(row)) for row in top), default=0)
        addresses = any("@" in cell for row in top for cell in row)
        return known > 0, addresses, known, len(self.rows)


def answer_of(grids: Iterable[Grid], wish: Wish) -> dict[str, Any]:
    """Returns the answer about a workbook: the wished sheet, else the one that looks most like people.

    Each sheet is read, because only so it is known which of them can be chosen. Raises RosterError for too many.
    """
    titles: list[str] = []
    best: Gathered | None = None
    for grid in grids:
        found = gather(grid, wish)
        if found.is_blank:
            continue
        titles.append(found.title)
        if len(titles) > MAX_SHEETS:
            raise too_many_sheets()
        if best is None or _rank(found, wish) > _rank(best, wish):
            best = found
    return _answer(best or Gathered(""), titles)


def _rank(found: Gathered, wish: Wish) -> tuple[bool, bool, bool, int, int]:
    return (found.title == wish.sheet, *found.likeness())


def _answer(found: Gathered, titles: Sequence[str]) -> dict[str, Any]:
    shared = {"title": found.title, "titles": titles}
    if found.problem:
        return {"error": str(found.problem), "row": found.problem.row, **shared}
    return {
        "rows": found.rows,
        "hidden_rows": found.hidden_rows,
        "hidden_columns": [found.hidden_columns[column] for column in sorted(found.hidden_columns)],
        "merged": found.merged,
        "notes": found.notes,
        "shortened": list(found.shortened),
        **shared,
    }


def gather(grid: Grid, wish: Wish) -> Gathered:
    """Returns a sheet as wished, with what is hidden in it and which of its cells are merged with one above."""
    kept = Kept()
    found = Gathered(clean(one_line(grid.title)), kept.rows, shortened=kept.shortened)
    try:
        for number, cells in _wished(grid, wish, found):
            kept.add(number, cells)
    except RosterError as error:
        found.problem = error
    if not found.problem:
        found.merged = list(_covered(grid, wish, found.rows))
    found.notes = grid.notes
    return found


def _wished(grid: Grid, wish: Wish, found: Gathered) -> Iterator[NumberedRow]:
    """The rows without hidden rows and columns, where those are not wished for; each hidden one is noted."""
    shift = _Shift([] if wish.hidden_columns else grid.hidden_columns)
    for row in grid.rows:
        if not row.cells:
            continue
        if row.is_hidden and any(text is UNKNOWN or clean(text) for text in row.cells.values()):
            found.hidden_rows.append(row.number)
        if row.is_hidden and not wish.hidden_rows:
            continue
        hidden = {column for column in row.cells if _within(column, grid.hidden_columns)}
        _note_columns(row.cells, hidden, found)
        left_out = set() if wish.hidden_columns else hidden
        cells = {shift.place(column): text for column, text in row.cells.items() if column not in left_out}
        if cells:
            yield row.number, _texts(row.number, cells)


def _note_columns(cells: Mapping[int, str | None], hidden: Iterable[int], found: Gathered) -> None:
    for column in hidden:
        if column not in found.hidden_columns and len(found.hidden_columns) < _MOST_HIDDEN_NAMED:
            name = one_line(clean(cells[column] or ""))[:100]
            if name or cells[column] is UNKNOWN:
                found.hidden_columns[column] = f"{column_letters(column)}: {name}" if name else column_letters(column)


def _within(column: int, ranges: Iterable[tuple[int, int]]) -> bool:
    return any(first <= column <= last for first, last in ranges)


class _Shift:
    """Where a column stands once the ranges before it are left out."""

    def __init__(self, left_out: list[tuple[int, int]]) -> None:
        self._left_out = left_out
        self._places: dict[int, int] = {}

    def place(self, column: int) -> int:
        if column not in self._places:
            before = taken = 0
            # Ranges may overlap in a file that no spreadsheet program wrote.
            for first, last in sorted(self._left_out):
                start, end = max(first, taken), min(last + 1, column)
                if start < end:
                    before, taken = before + end - start, end
            self._places[column] = column - before
        return self._places[column]


def _texts(number: int, cells: Mapping[int, str | None]) -> list[str]:
    """The cells of a row; beyond the last allowed column, only the filled ones. Raises RosterError."""
    if any(text is UNKNOWN for text in cells.values()):
        raise RosterError(
            _(
                "Row {row} holds a formula whose value the file does not know. Open the file in a spreadsheet "
                "program and save it there, or replace the formulas by their values.",
                row=number,
            ),
            number,
        )
    width = min(max(cells), MAX_COLUMNS) + 1
    beyond = [text for column, text in sorted(cells.items()) if column >= width and text]
    return [cells.get(column) or "" for column in range(width)] + [text or "" for text in beyond]


def _covered(grid: Grid, wish: Wish, rows: Sequence[NumberedRow]) -> Iterator[tuple[int, int, int]]:
    """Row and column of each cell that is merged with one above it, and the row of that one."""
    shift = _Shift([] if wish.hidden_columns else grid.hidden_columns)
    numbers = {number for number, _ in rows}
    for top, left, bottom, _right in grid.merged:
        if bottom > top and (wish.hidden_columns or not _within(left, grid.hidden_columns)):
            column = shift.place(left)
            if column < MAX_COLUMNS and len(numbers) < bottom - top:
                yield from ((number, column, top) for number in numbers if top < number <= bottom)
            elif column < MAX_COLUMNS:
                yield from ((number, column, top) for number in range(top + 1, bottom + 1) if number in numbers)
