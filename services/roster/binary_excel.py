"""XLSB, the binary form of XLSX, as grids ([MS-XLSB]: Excel (.xlsb) Binary File Format).

Each part of the archive is a row of records: a kind, a length, and fields. Read are the same things as in XLSX
(services.roster.ooxml). Records of other kinds are skipped.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum

from services.roster.archive import Archive
from services.roster.grid import Grid, Row
from services.roster.number_format import BUILT_IN, GENERAL, number_of, shown, shown_text
from services.roster.ooxml import Book, relationships
from services.roster.sheet import SAVE_AS, RosterError


class _Kind(IntEnum):
    """The records that are read, by their numbers (2.3.2)."""

    ROW = 0
    RK = 2
    ERROR = 3
    BOOL = 4
    REAL = 5
    TEXT = 6
    SHARED_TEXT = 7
    FORMULA_TEXT = 8
    FORMULA_REAL = 9
    FORMULA_BOOL = 10
    FORMULA_ERROR = 11
    SHARED = 19
    FORMAT = 44
    STYLE = 47
    COLUMNS = 60
    RICH_TEXT = 62
    BOOK = 153
    SHEET = 156
    MERGED = 176
    START_STYLES = 617
    END_STYLES = 618


_SHORT = {12: 1, 13: 2, 14: 3, 15: 4, 16: 5, 17: 6, 18: 7, 61: 62}
"""The kinds of cells that stand in the column after the one before, and the same kind with a column of its own."""

_CELLS = frozenset({*range(1, 12), _Kind.RICH_TEXT})

_ERRORS = {
    **{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"},
    0x2B: "#GETTING_DATA",
}
"""What a cell shows by its error's number (2.5.97.2)."""

_VISIBLE = 0
_HIDDEN_ROW = 0x10
_HIDDEN_COLUMN = 0x1
_FROM_1904 = 0x1
_NO_TEXT = 0xFFFFFFFF
"""In place of a length: there is no text."""


@dataclass
class _Record:
    """A record, whose fields are taken in turn. Raises `struct.error` or IndexError where it is too short."""

    kind: int
    fields: bytes
    _place: int = 0

    def number(self, form: str = "I") -> int:
        """Takes a whole number of the form that `struct` knows by this letter."""
        (value,) = struct.unpack_from(f"<{form}", self.fields, self._skip(struct.calcsize(form)))
        return int(value)

    def real(self) -> float:
        """Takes a number of 64 bits."""
        (value,) = struct.unpack_from("<d", self.fields, self._skip(8))
        return float(value)

    def text(self) -> str:
        """Takes a text with its length before it."""
        length = self.number()
        if length == _NO_TEXT:
            return ""
        start = self._skip(2 * length)
        if self._place > len(self.fields):
            raise IndexError
        return self.fields[start : self._place].decode("utf-16-le", "replace")

    def _skip(self, size: int) -> int:
        """Goes beyond so many bytes, and returns where they begin."""
        start = self._place
        self._place += size
        return start


def grids(archive: Archive) -> Iterator[Grid]:
    """Yields the visible worksheets. Raises RosterError for a file that cannot be used."""
    main = [target for kind, target in relationships(archive, "").values() if kind == "officeDocument"]
    path = main[0] if main else "xl/workbook.bin"
    kinds = relationships(archive, path)
    book = Book()
    with _damage_said():
        for record in _records(archive, path):
            _note_book(record, book)
        targets = dict(kinds.values())
        for record in _records(archive, targets.get("sharedStrings", "xl/sharedStrings.bin")):
            if record.kind == _Kind.SHARED:
                record.number("B")
                book.strings.append(record.text())
        book.formats.extend(_formats(archive, targets.get("styles", "xl/styles.bin")))
    for place, (title, key, state) in enumerate(book.sheets, start=1):
        kind, target = kinds.get(key, ("worksheet", f"xl/worksheets/sheet{place}.bin"))
        if state == "visible" and kind == "worksheet" and target in archive:
            grid = Grid(title, ())
            grid.rows = _rows(archive, target, book, grid)
            yield grid


@contextmanager
def _damage_said() -> Iterator[None]:
    """Says in our words what records do not hold that should."""
    try:
        yield
    except (struct.error, IndexError, OverflowError):
        raise RosterError(f"The file is damaged, or only a part of it arrived. {SAVE_AS}") from None


def _records(archive: Archive, name: str) -> Iterator[_Record]:
    """The records of a part (2.1.4); none where there is no such part. Raises IndexError where the last one is cut."""
    if name not in archive:
        return
    with archive.open(name) as part:
        content = part.read()
    place = 0
    while place < len(content):
        kind, place = _packed(content, place, 2)
        length, place = _packed(content, place, 4)
        if place + length > len(content):
            raise IndexError
        yield _Record(kind, content[place : place + length])
        place += length


def _packed(content: bytes, place: int, most: int) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, in at most so many bytes; and the place after it."""
    value = 0
    for number in range(most):
        byte = content[place]
        value |= (byte & 0x7F) << (7 * number)
        place += 1
        if byte < 0x80:
            break
    return value, place


def _note_book(record: _Record, book: Book) -> None:
    if record.kind == _Kind.BOOK:
        book.from_1904 = bool(record.number() & _FROM_1904)
    elif record.kind == _Kind.SHEET:
        state = "visible" if record.number() == _VISIBLE else "hidden"
        record.number()
        key = record.text()
        book.sheets.append((record.text(), key, state))


def _formats(archive: Archive, name: str) -> Iterator[str]:
    """The number format of each style that a cell can have."""
    own: dict[int, str] = {}
    of_cells = False
    for record in _records(archive, name):
        if record.kind == _Kind.FORMAT:
            number = record.number("H")
            own[number] = record.text()
        elif record.kind in (_Kind.START_STYLES, _Kind.END_STYLES):
            of_cells = record.kind == _Kind.START_STYLES
        elif record.kind == _Kind.STYLE and of_cells:
            record.number("H")
            number = record.number("H")
            yield own.get(number) or BUILT_IN.get(number, GENERAL)


def _rows(archive: Archive, name: str, book: Book, grid: Grid) -> Iterator[Row]:
    """The rows of a sheet; what is hidden and merged is noted in its grid."""
    number, is_hidden, column = 0, False, -1
    cells: dict[int, str | None] = {}
    with _damage_said():
        for record in _records(archive, name):
            if record.kind == _Kind.ROW:
                yield Row(number, cells, is_hidden)
                # A number that goes back would make two rows of one.
                number, is_hidden = max(record.number() + 1, number + 1), _is_hidden_row(record)
                cells, column = {}, -1
            elif record.kind in _CELLS or record.kind in _SHORT:
                column = column + 1 if record.kind in _SHORT else record.number()
                if text := _shown(record, book):
                    cells[column] = text
            else:
                _note_sheet(record, grid)
        yield Row(number, cells, is_hidden)


def _is_hidden_row(record: _Record) -> bool:
    """Takes what a row says after its number: style, height, and flags."""
    for form in ("I", "H", "B"):
        record.number(form)
    return bool(record.number("B") & _HIDDEN_ROW)


def _note_sheet(record: _Record, grid: Grid) -> None:
    if record.kind == _Kind.COLUMNS:
        first, last, _, _ = (record.number() for _ in range(4))
        if record.number("H") & _HIDDEN_COLUMN:
            grid.hidden_columns.append((first, last))
    elif record.kind == _Kind.MERGED:
        top, bottom, left, right = (record.number() for _ in range(4))
        grid.merged.append((top + 1, left, bottom + 1, right))


def _shown(record: _Record, book: Book) -> str:
    """What a cell shows."""
    style = record.number() & 0xFFFFFF
    code = book.formats[style] if style < len(book.formats) else GENERAL
    match _SHORT.get(record.kind, record.kind):
        case _Kind.RK:
            return _number(_rk(record.number("i")), code, book)
        case _Kind.REAL | _Kind.FORMULA_REAL:
            return _number(repr(record.real()), code, book)
        case _Kind.BOOL | _Kind.FORMULA_BOOL:
            return "TRUE" if record.number("B") else "FALSE"
        case _Kind.ERROR | _Kind.FORMULA_ERROR:
            return _ERRORS.get(record.number("B"), "#ERROR!")
        case _Kind.SHARED_TEXT:
            return shown_text(book.strings[record.number()], code)
        case _Kind.TEXT | _Kind.FORMULA_TEXT:
            return shown_text(record.text(), code)
        case _Kind.RICH_TEXT:
            record.number("B")
            return shown_text(record.text(), code)
        case _:
            return ""


def _number(text: str, code: str, book: Book) -> str:
    value = number_of(text)
    return "" if value is None else shown(value, code, from_1904=book.from_1904)


def _rk(packed: int) -> str:
    """A number in 30 bits (2.5.122): a whole one or the upper half of a real one; or, by bit 0, a hundredth of it."""
    if packed & 2:
        value: float = packed >> 2
    else:
        (value,) = struct.unpack("<d", bytes(4) + struct.pack("<i", packed & ~3))
    return repr(value / 100 if packed & 1 else value)
