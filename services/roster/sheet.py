"""A roster as rows of text, its limits, and the errors for files that cannot be used."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from services.roster.cells import clean, hides
from services.texts.speech import N_, _, counted
from services.texts.speech import number as say_number

MAX_BYTES = 10_000_000
"""The largest file, in bytes, and the most text that is taken out of one, in characters."""

MAX_ROWS = 5_000
"""The most people in a roster, its header not counted."""

MAX_COLUMNS = 2_000
"""The most columns, used or not: exports of surveys have hundreds, and every row is filled up to the longest."""

MAX_CELL = 10_000
"""The longest cell that can be used, in characters. Of longer ones, and only of those, the end is left out."""

MAX_SHEETS = 1_000
"""The most filled sheets of a file, or tables of a page."""

START = 100
"""Characters of a cell that are kept where a list has more text than MAX_BYTES."""


ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of newer spreadsheet files; of old Office files, and of newer ones with a password."""


class RosterError(ValueError):
    """The file cannot be used. Its text tells the researcher what is wrong and what to do.

    row: the row's number in the file; None for the whole file.
    """

    def __init__(self, text: str, row: int | None = None) -> None:
        super().__init__(text)
        self.row = row


class ReadersBusy(RosterError):
    """The list was not read yet, because others took all of the time for which one waits.

    before: how many lists were before it at the end.
    """

    def __init__(self, before: int) -> None:
        super().__init__(
            _(
                "Other lists are being read just now, {before} of them before yours. Yours is still here: wait a "
                "minute, then try again.",
                before=before,
            )
        )
        self.before = before


class SheetUnusable(RosterError):
    """One sheet of a spreadsheet cannot be used; another one may be.

    title: the name of the sheet.
    titles: every visible sheet that is not blank, in the order of the file.
    """

    def __init__(self, text: str, row: int | None, title: str, titles: Sequence[str]) -> None:
        super().__init__(text, row)
        self.title = title
        self.titles = tuple(titles)


class CharsetNeeded(RosterError):
    """The file does not say how its letters are stored, so the researcher chooses from previews.

    previews: some lines of the file in each possible charset, by its name; the best guess first.
    """

    def __init__(self, previews: Mapping[str, str]) -> None:
        super().__init__(
            _(
                "The file does not say how its letters are stored. Choose the version that reads right, "
                "or save the file as “CSV UTF-8” and upload that."
            )
        )
        self.previews = dict(previews)


@dataclass(frozen=True)
class Wish:
    """What the researcher wants of a spreadsheet.

    sheet: the name of the sheet; empty for the one that looks most like a list of people.
    hidden_rows, hidden_columns: whether they are taken too; they are left out otherwise.
    """

    sheet: str = ""
    hidden_rows: bool = False
    hidden_columns: bool = False


@dataclass(frozen=True)
class Sheet:
    """The filled rows, all of one width, every cell clean (services.roster.cells).

    rows: blank rows are left out.
    numbers: each row's number as a spreadsheet shows it, from 1: blank rows count, a cell of several lines is one row,
        and a line `sep=` does not count.
    title: the name of the sheet in a spreadsheet file.
    titles: the names of every visible sheet of that file that is not blank, in its order.
    hidden_rows: the numbers of the filled rows that are hidden or filtered out there, whether taken or not.
    hidden_columns: the names of the filled columns that are hidden there, whether taken or not.
    merged: the row of the cell above that a cell is merged with, by the cell's row number and its column, from 0.
    notes: what could not be told of the file, in sentences for the researcher.
    cleaned: the numbers of the rows from which invisible characters were removed.
    shortened: the row's number and the column, from 0, of each cell of which only the start is here. Such a cell must
        not be used; a column that is not used may have them.
    """

    rows: tuple[tuple[str, ...], ...] = field(repr=False)
    numbers: tuple[int, ...] = field(repr=False)
    title: str = ""
    titles: tuple[str, ...] = ()
    hidden_rows: tuple[int, ...] = field(default=(), repr=False)
    hidden_columns: tuple[str, ...] = field(default=(), repr=False)
    merged: Mapping[tuple[int, int], int] = field(default_factory=dict, repr=False)
    notes: tuple[str, ...] = ()
    cleaned: frozenset[int] = frozenset()
    shortened: frozenset[tuple[int, int]] = field(default=frozenset(), repr=False)


TABLE = N_("Table {number}")
"""The name of a page's table, by which it is wished for, in any language."""

_TABLE = re.compile(r"Table (\d+)")

NumberedRow = tuple[int, Sequence[str]]
"""A row's number and its cells."""


def sheet_of(rows: Iterable[NumberedRow], title: str = "") -> Sheet:
    """The rows as a sheet. Raises RosterError where all are blank or a limit is exceeded."""
    kept = Kept()
    for number, cells in rows:
        kept.add(number, cells)
    return even(kept.rows, title, kept.shortened)


def even(rows: Sequence[NumberedRow], title: str = "", shortened: Iterable[tuple[int, int]] = ()) -> Sheet:
    """Filled rows as a sheet; blank cells make all rows equally long. Raises RosterError where there is none."""
    if not rows:
        raise RosterError(_("There is nothing in it: no cell holds any text."))
    width = max(len(cells) for _, cells in rows)
    filled = tuple((*map(clean, cells), *[""] * (width - len(cells))) for _, cells in rows)
    cleaned = frozenset(number for number, cells in rows if any(map(hides, cells)))
    numbers = tuple(number for number, _ in rows)
    return Sheet(filled, numbers, title, cleaned=cleaned, shortened=frozenset(shortened))


class Kept:
    """The filled rows without the blank cells at their ends, as they are read; `even` makes a sheet of them.

    Every cell is clean, but for one that hides characters, which `even` counts and removes. Which columns will be used
    is not known yet. So long cells lose their ends, and where there is too much text, the longest columns keep the
    starts of their cells alone: that is an error only in a column that is used.

    rows: with their numbers.
    shortened: the row's number and the column, from 0, of each cell that lost its end.
    """

    def __init__(self) -> None:
        self.rows: list[tuple[int, list[str]]] = []
        self.shortened: set[tuple[int, int]] = set()
        self._size = 0
        self._sizes: Counter[int] = Counter()
        """Characters in each column, counted once there was too much text."""
        self._starts_alone: set[int] = set()

    def add(self, number: int, raw: Sequence[str]) -> None:
        """Adds a row, unless it is blank. Raises RosterError where a limit is exceeded."""
        cells = _without_blank_end([_kept_cell(cell) for cell in raw])
        if not cells:
            return
        _check_size(number, len(cells), len(self.rows) + 1)
        self.rows.append((number, cells))
        if max(map(len, cells)) > MAX_CELL:
            self._shorten(number, cells, range(len(cells)), MAX_CELL)
        if self._starts_alone:
            self._shorten(number, cells, self._starts_alone, START)
            self._count(cells)
        self._size += sum(map(len, cells))
        while self._size > MAX_BYTES:
            self._shorten_longest_column()

    def _shorten(self, number: int, cells: list[str], columns: Iterable[int], longest: int) -> None:
        for column in columns:
            if column < len(cells) and len(visible := clean(cells[column])) > longest:
                cells[column] = visible[:longest]
                self.shortened.add((number, column))

    def _count(self, cells: Sequence[str]) -> None:
        for column, cell in enumerate(cells):
            self._sizes[column] += len(cell)

    def _shorten_longest_column(self) -> None:
        if not self._starts_alone:
            for _row, cells in self.rows:
                self._count(cells)
        column, size = max(self._sizes.items(), key=itemgetter(1))
        if column in self._starts_alone:
            raise RosterError(
                _("There is more than 10 MB of text in it. Remove what is not needed, or split the list.")
            )
        self._starts_alone.add(column)
        for number, cells in self.rows:
            self._shorten(number, cells, (column,), START)
        self._sizes[column] = sum(len(cells[column]) for _, cells in self.rows if column < len(cells))
        self._size -= size - self._sizes[column]


def column_letters(column: int) -> str:
    """Returns the name of a column in a spreadsheet, such as AX for 49. column: its place, from 0."""
    name = ""
    while column >= 0:
        column, letter = column // 26 - 1, column % 26
        name = chr(ord("A") + letter) + name
    return name


def _kept_cell(raw: str) -> str:
    visible = clean(raw)
    return raw if visible and hides(raw) else visible


def too_many_people(row: int) -> RosterError:
    """row: the number of the first row that is one too many."""
    return RosterError(
        _(
            "There are more than {most} people: those from row {row} on are too many. Split the list.",
            most=say_number(MAX_ROWS),
            row=say_number(row),
        ),
        row,
    )


def too_many_sheets() -> RosterError:
    return RosterError(
        _(
            "The file has more than {most} sheets or tables. "
            "Copy the list alone into a new spreadsheet, save it as XLSX or CSV, and upload that.",
            most=say_number(MAX_SHEETS),
        )
    )


def save_as() -> str:
    """The advice for nearly every file that cannot be read."""
    return _("Open it in a spreadsheet program, save it as XLSX or CSV, and upload that.")


def protected() -> RosterError:
    return RosterError(
        _(
            "The file is protected by a password. Open it in a spreadsheet program, save it without one as XLSX or "
            "CSV, and upload that."
        )
    )


def damaged() -> RosterError:
    return RosterError(_("The file is damaged, or only a part of it arrived. {advice}", advice=save_as()))


def no_styles() -> str:
    """A note for the researcher about a spreadsheet of which the formats of numbers are not known."""
    return _("The styles of this file cannot be read: check dates, and numbers that begin with zeros, in the list.")


def title_in_words(title: str) -> str:
    """The name of a sheet as it is shown: a page's tables have none, and are numbered in the reader's language."""
    found = _TABLE.fullmatch(title)
    return _(TABLE, number=found[1]) if found else title


def _without_blank_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _check_size(row: int, width: int, count: int) -> None:
    if width > MAX_COLUMNS:
        raise RosterError(
            _(
                "Row {row} has {columns}, and {most} is the most. Remove those you do not need.",
                row=row,
                columns=counted(width, "column", "columns"),
                most=say_number(MAX_COLUMNS),
            ),
            row,
        )
    # One row more than people, for a header.
    if count > MAX_ROWS + 1:
        raise too_many_people(row)
