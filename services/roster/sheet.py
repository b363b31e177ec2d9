"""A roster as rows of text, its limits, and the errors for files that cannot be used."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from services.roster.cells import clean, hides

MAX_BYTES = 10_000_000
"""The largest file, in bytes, and the most text that is taken out of one, in characters."""

MAX_ROWS = 5_000
"""The most people in a roster, its header not counted."""

MAX_COLUMNS = 2_000
"""The most columns, used or not: exports of surveys have hundreds, and every row is filled up to the longest."""

MAX_CELL = 10_000
"""The longest cell, in characters."""


ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of newer spreadsheet files; of old Office files, and of newer ones with a password."""

_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_HEAD = 4_096


def is_flat_ods(content: bytes) -> bool:
    """Whether a file is a spreadsheet of OpenDocument in one XML file (.fods), which names its type in its root."""
    head = content[:_HEAD]
    return b"<office:document" in head and _ODS_TYPE in head


SAVE_AS = "Open it in a spreadsheet program, save it as XLSX or CSV, and upload that."
"""The advice for nearly every file that cannot be read."""


class RosterError(ValueError):
    """The file cannot be used. Its text tells the researcher what is wrong and what to do.

    row: the row's number in the file; None for the whole file.
    """

    def __init__(self, text: str, row: int | None = None) -> None:
        super().__init__(text)
        self.row = row


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
            "The file does not say how its letters are stored. Choose the version that reads right, "
            "or save the file as “CSV UTF-8” and upload that."
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


NumberedRow = tuple[int, Sequence[str]]
"""A row's number and its cells."""


def sheet_of(rows: Iterable[NumberedRow], title: str = "") -> Sheet:
    """The rows as a sheet. Raises RosterError where all are blank or a limit is exceeded."""
    return even(list(kept(rows)), title)


def even(rows: Sequence[NumberedRow], title: str = "") -> Sheet:
    """Filled rows as a sheet; blank cells make all rows equally long. Raises RosterError where there is none."""
    if not rows:
        raise RosterError("There is nothing in it: no cell holds any text.")
    width = max(len(cells) for _, cells in rows)
    filled = tuple((*map(clean, cells), *[""] * (width - len(cells))) for _, cells in rows)
    cleaned = frozenset(number for number, cells in rows if any(map(hides, cells)))
    return Sheet(filled, tuple(number for number, _ in rows), title, cleaned=cleaned)


def kept(rows: Iterable[NumberedRow]) -> Iterator[NumberedRow]:
    """The filled rows without the blank cells at their ends; `even` makes a sheet of them.

    Every cell is clean, but for one that hides characters, which `even` counts and removes.

    Raises RosterError where a limit is exceeded.
    """
    count = size = 0
    for number, raw in rows:
        _check_cells(number, raw)
        cells = _without_blank_end([_kept_cell(cell) for cell in raw])
        if not cells:
            continue
        count += 1
        size += sum(map(len, cells))
        _check_size(number, len(cells), count, size)
        yield number, cells


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
        f"There are more than {MAX_ROWS:,} people: those from row {row:,} on are too many. Split the list.", row
    )


def cell_too_long(row: int, more: str = "") -> RosterError:
    return RosterError(f"A cell in row {row} is longer than {MAX_CELL:,} characters. Shorten it{more}.", row)


def _check_cells(number: int, cells: Sequence[str]) -> None:
    if max(map(len, cells), default=0) > MAX_CELL:
        raise cell_too_long(number)


def _without_blank_end(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _check_size(number: int, width: int, count: int, size: int) -> None:
    if width > MAX_COLUMNS:
        raise RosterError(
            f"Row {number} has {width:,} columns, and {MAX_COLUMNS:,} is the most. Remove those you do not need.",
            number,
        )
    # One row more than people, for a header.
    if count > MAX_ROWS + 1:
        raise too_many_people(number)
    if size > MAX_BYTES:
        raise RosterError("There is more than 10 MB of text in it. Remove what is not needed, or split the list.")
