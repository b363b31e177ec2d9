"""XLSB, Excel's binary workbook, as grids.

The parts of such a file are records instead of XML: a number that says what it is, the length of its body, and the
body. The numbers of the records, and what their bodies hold, are those of [MS-XLSB], sections 2.1.4, 2.3.2 and 2.4.
The short forms of cells are not in it: Excel and LibreOffice read them, and other programs write them.

Read is what is read of an XLSX file (services.roster.ooxml). Records of other kinds are passed over. A part that ends
before its last record, a record that is longer than its part, and a value that is longer than its record are damage.
The value of a formula is always in the file.
"""

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from services.roster.archive import Archive
from services.roster.grid import Grid, Row
from services.roster.number_format import BUILT_IN, GENERAL, number_of, shown, shown_text
from services.roster.ooxml import Book, relationships
from services.roster.sheet import RosterError, damaged, no_styles

WORKBOOK = "xl/workbook.bin"


class Brt(IntEnum):
    """The records that are read, by their names in [MS-XLSB] without the beginning Brt."""

    ROW_HDR = 0
    CELL_BLANK = 1
    CELL_RK = 2
    CELL_ERROR = 3
    CELL_BOOL = 4
    CELL_REAL = 5
    CELL_ST = 6
    CELL_ISST = 7
    FMLA_STRING = 8
    FMLA_NUM = 9
    FMLA_BOOL = 10
    FMLA_ERROR = 11
    SST_ITEM = 19
    FMT = 44
    XF = 47
    COL_INFO = 60
    CELL_R_STRING = 62
    END_SHEET = 130
    END_BOOK = 132
    WB_PROP = 153
    BUNDLE_SH = 156
    END_SST = 160
    MERGE_CELL = 176
    END_STYLE_SHEET = 279
    BEGIN_CELL_XFS = 617
    END_CELL_XFS = 618


_VALUES = (Brt.CELL_BLANK, Brt.CELL_RK, Brt.CELL_ERROR, Brt.CELL_BOOL, Brt.CELL_REAL, Brt.CELL_ST, Brt.CELL_ISST)

_LONG: dict[int, Brt] = {
    **{kind: kind for kind in (*_VALUES, Brt.CELL_R_STRING)},
    Brt.FMLA_STRING: Brt.CELL_ST,
    Brt.FMLA_NUM: Brt.CELL_REAL,
    Brt.FMLA_BOOL: Brt.CELL_BOOL,
    Brt.FMLA_ERROR: Brt.CELL_ERROR,
}
"""Cells that say their column, by the kind of their value, with which those of formulas begin too."""

_SHORT = {**dict(enumerate(_VALUES, start=12)), 61: Brt.CELL_R_STRING}
"""Cells that do not say their column, because it is the next one."""

_ERRORS = {
    **{0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"},
    **{0x2B: "#GETTING_DATA"},
}
"""The errors by the numbers of BErr ([MS-XLSB] 2.5.97.2)."""

_NO_TEXT = 0xFFFFFFFF
"""The length of a text that is not there (XLNullableWideString)."""

_MOST_ROWS, _MOST_COLUMNS = 1 << 20, 1 << 14
"""The size of a sheet."""


def grids(archive: Archive) -> Iterator[Grid]:
    """Yields the visible worksheets. Raises RosterError for a file that cannot be used."""
    kinds = relationships(archive, WORKBOOK)
    book = Book()
    with _damage_told():
        _read_workbook(archive, book)
        _read_strings(archive, book, dict(kinds.values()).get("sharedStrings", "xl/sharedStrings.bin"))
    _read_styles(archive, book, dict(kinds.values()).get("styles", "xl/styles.bin"))
    for place, (title, key, state) in enumerate(book.sheets, start=1):
        kind, target = kinds.get(key, ("worksheet", f"xl/worksheets/sheet{place}.bin"))
        if state == "visible" and kind == "worksheet" and target in archive:
            grid = Grid(title, (), notes=list(book.notes))
            grid.rows = _rows(archive, book, grid, target)
            yield grid


def _rows(archive: Archive, book: Book, grid: Grid, target: str) -> Iterator[Row]:
    with _damage_told():
        yield from _Worksheet(book, grid).rows(_records(archive, target, Brt.END_SHEET))


@contextmanager
def _damage_told() -> Iterator[None]:
    """Raises RosterError where a body is shorter than its values, or names what is not in the file."""
    try:
        yield
    except (struct.error, IndexError):
        raise damaged() from None


def _records(archive: Archive, name: str, last: int) -> Iterator[tuple[int, bytes]]:
    """Yields the number and the body of each record of a part, up to the one that ends it.

    Raises RosterError where the part ends first, also inside a record.
    """
    with archive.open(name) as part:
        content = part.read()
    kind, place = -1, 0
    while kind != last:
        kind, place = _number(content, place, 2)
        size, place = _number(content, place, 4)
        body = content[place : place + size]
        if len(body) < size:
            raise damaged()
        yield kind, body
        place += size


def _number(content: bytes, place: int, longest: int) -> tuple[int, int]:
    """Returns a number of up to so many bytes, and the place behind it.

    Each byte holds seven bits, the lowest first, and its highest bit says whether another one follows.
    """
    number = 0
    for count in range(longest):
        if place + count >= len(content):
            raise damaged()
        byte = content[place + count]
        number |= (byte & 0x7F) << 7 * count
        if byte < 0x80:
            break
    return number, place + count + 1


def _read_workbook(archive: Archive, book: Book) -> None:
    for kind, body in _records(archive, WORKBOOK, Brt.END_BOOK):
        if kind == Brt.BUNDLE_SH:
            (state,) = struct.unpack_from("<I", body)
            key, place = _text(body, 8)
            title, _ = _text(body, place)
            book.sheets.append((title, key, "hidden" if state else "visible"))
        elif kind == Brt.WB_PROP:
            book.from_1904 = bool(body[0] & 1)


def _read_strings(archive: Archive, book: Book, name: str) -> None:
    if name in archive:
        records = _records(archive, name, Brt.END_SST)
        # The first byte says whether formats and the pronunciation follow the text.
        book.strings.extend(_text(body, 1)[0] for kind, body in records if kind == Brt.SST_ITEM)


def _read_styles(archive: Archive, book: Book, name: str) -> None:
    if name not in archive:
        return
    try:
        with _damage_told():
            book.formats.extend(_formats(_records(archive, name, Brt.END_STYLE_SHEET)))
    except RosterError:
        book.formats.clear()
        book.notes.append(no_styles())


def _formats(records: Iterator[tuple[int, bytes]]) -> Iterator[str]:
    """Yields the number format of each style of cells; styles that have a name are of the same kind, and left out."""
    own: dict[int, str] = {}
    inside = False
    for kind, body in records:
        if kind == Brt.FMT:
            own[struct.unpack_from("<H", body)[0]] = _text(body, 2)[0]
        elif kind in (Brt.BEGIN_CELL_XFS, Brt.END_CELL_XFS):
            inside = kind == Brt.BEGIN_CELL_XFS
        elif kind == Brt.XF and inside:
            (number,) = struct.unpack_from("<H", body, 2)
            yield own.get(number) or BUILT_IN.get(number, GENERAL)


def _text(body: bytes, place: int) -> tuple[str, int]:
    """Returns a text (XLWideString) and the place behind it. Raises RosterError where it is longer than the body."""
    (length,) = struct.unpack_from("<I", body, place)
    place += 4
    if length == _NO_TEXT:
        return "", place
    end = place + 2 * length
    if end > len(body):
        raise damaged()
    return body[place:end].decode("utf-16-le", errors="replace"), end


class _Worksheet:
    """Makes the rows of a sheet, and notes in its grid what is hidden and merged."""

    def __init__(self, book: Book, grid: Grid) -> None:
        self._book = book
        self._grid = grid
        self._row: Row | None = None
        self._cells: dict[int, str | None] = {}
        self._column = -1

    def rows(self, records: Iterator[tuple[int, bytes]]) -> Iterator[Row]:
        for kind, body in records:
            if kind in _LONG:
                column, style = struct.unpack_from("<II", body)
                self._take_cell(_LONG[kind], column, style, body[8:])
            elif kind in _SHORT:
                (style,) = struct.unpack_from("<I", body)
                self._take_cell(_SHORT[kind], self._column + 1, style, body[4:])
            elif kind == Brt.ROW_HDR:
                if self._row:
                    yield self._row
                self._start_row(body)
            elif kind == Brt.COL_INFO:
                self._note_columns(body)
            elif kind == Brt.MERGE_CELL:
                top, bottom, left, right = struct.unpack_from("<4I", body)
                self._grid.merged.append((top + 1, left, bottom + 1, right))
        if self._row:
            yield self._row

    def _start_row(self, body: bytes) -> None:
        place, _style, _height, _margins, flags = struct.unpack_from("<IIHBB", body)
        before = self._row.number if self._row else 0
        if not before <= place < _MOST_ROWS:
            raise damaged()
        self._cells, self._column = {}, -1
        self._row = Row(place + 1, self._cells, bool(flags & 0x10))

    def _note_columns(self, body: bytes) -> None:
        first, last, _width, _style, flags = struct.unpack_from("<IIIIH", body)
        if flags & 1:
            self._grid.hidden_columns.append((first, last))

    def _take_cell(self, kind: Brt, column: int, style: int, value: bytes) -> None:
        """Takes a cell. style: its number in the lower 24 bits."""
        if self._row is None or column >= _MOST_COLUMNS:
            raise damaged()
        self._column = column
        formats = self._book.formats
        number = style & 0xFFFFFF
        text = self._shown(kind, value, formats[number] if number < len(formats) else GENERAL)
        if text:
            self._cells[column] = text

    def _shown(self, kind: Brt, value: bytes, code: str) -> str:
        match kind:
            case Brt.CELL_BLANK:
                return ""
            case Brt.CELL_RK:
                return self._shown_number(_packed(struct.unpack_from("<i", value)[0]), code)
            case Brt.CELL_ERROR:
                return _ERRORS.get(value[0], "#ERROR!")
            case Brt.CELL_BOOL:
                return "TRUE" if value[0] else "FALSE"
            case Brt.CELL_REAL:
                return self._shown_number(struct.unpack_from("<d", value)[0], code)
            case Brt.CELL_ISST:
                return shown_text(self._book.strings[struct.unpack_from("<I", value)[0]], code)
            case _:
                return shown_text(_text(value, 1 if kind == Brt.CELL_R_STRING else 0)[0], code)

    def _shown_number(self, value: float, code: str) -> str:
        number = number_of(repr(value))
        # Spreadsheets hold no infinite numbers.
        return "#NUM!" if number is None else shown(number, code, from_1904=self._book.from_1904)


def _packed(said: int) -> float:
    """Returns the number of 32 bits (RkNumber).

    The lowest bit says whether it is in hundredths, the next one whether the others are a whole number; else they are
    the upper part of a floating point number.
    """
    if said & 2:
        value: float = said >> 2
    else:
        (value,) = struct.unpack("<d", struct.pack("<ii", 0, said & ~3))
    return value / 100 if said & 1 else value
