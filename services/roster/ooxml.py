"""XLSX and XLSM, strict or not, as grids.

Read are: the sheets' names and order, their cells, number formats, hidden rows and columns and merged cells. A file
without styles, or with styles that cannot be read, gives its values. Parts are found by their relationships, and by
their usual names where those are missing.

Not read are: the size that a sheet states, which may be wrong and huge; theme, comments, pictures, macros, and the
values that a formula would have today; a cell's style where only its row or column has one.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from xml.parsers.expat import ExpatError

from services.roster.archive import Archive, plain
from services.roster.grid import UNKNOWN, Grid, Row
from services.roster.markup import read_all, rows_of
from services.roster.number_format import BUILT_IN, GENERAL, in_words, number_of, shown, shown_text
from services.roster.sheet import RosterError, no_styles
from services.texts.speech import _

_ESCAPED = re.compile("_x(00[01][0-9A-Fa-f]|005[Ff])_")
"""The form in which XLSX writes controls, and the underscore of this form itself (ECMA-376, ST_Xstring)."""


@dataclass
class Book:
    """What all sheets of a workbook share.

    sheets: name, relationship and state of each. formats: the number format of each style.
    """

    sheets: list[tuple[str, str, str]] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    formats: list[str] = field(default_factory=list)
    from_1904: bool = False
    notes: list[str] = field(default_factory=list)


def grids(archive: Archive) -> Iterator[Grid]:
    """Yields the visible worksheets. Raises RosterError for a file that cannot be used, else expat's own error."""
    path = _workbook(archive)
    if path not in archive:
        raise RosterError(_("The spreadsheet has no list of its sheets. Save it again in a spreadsheet program."))
    kinds = relationships(archive, path)
    book = Book()
    with archive.open(path) as part:
        read_all(part, _Workbook(book))
    _read_shared(archive, book, kinds)
    for place, (title, key, state) in enumerate(book.sheets, start=1):
        kind, target = kinds.get(key, ("worksheet", f"xl/worksheets/sheet{place}.xml"))
        if state == "visible" and kind == "worksheet" and target in archive:
            yield _grid(archive, book, title, target)


def _workbook(archive: Archive) -> str:
    said = relationships(archive, "").values()
    return next((target for kind, target in said if kind == "officeDocument"), "xl/workbook.xml")


def relationships(archive: Archive, path: str) -> dict[str, tuple[str, str]]:
    """Returns what a part refers to, by the key it uses: the last word of the kind, and the part's name."""
    folder, name = posixpath.split(path)
    listed = posixpath.join(folder, "_rels", f"{name}.rels")
    found = _Relationships(folder)
    if listed in archive:
        with archive.open(listed) as part:
            read_all(part, found)
    return found.found


def _read_shared(archive: Archive, book: Book, kinds: dict[str, tuple[str, str]]) -> None:
    targets = dict(kinds.values())
    strings = targets.get("sharedStrings", "xl/sharedStrings.xml")
    if strings in archive:
        with archive.open(strings) as part:
            read_all(part, _Strings(book.strings))
    styles = targets.get("styles", "xl/styles.xml")
    if styles in archive:
        try:
            with archive.open(styles) as part:
                read_all(part, _Styles(book.formats))
        except (ExpatError, ValueError):
            book.formats.clear()
            book.notes.append(no_styles())


def _grid(archive: Archive, book: Book, title: str, target: str) -> Grid:
    grid = Grid(title, (), notes=list(book.notes))

    def rows() -> Iterator[Row]:
        with archive.open(target) as part:
            yield from rows_of(part, _Worksheet(book, grid))

    grid.rows = rows()
    return grid


class _Part:
    """A target that makes no rows."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Takes the start of an element."""

    def end(self, name: str) -> None:
        """Takes the end of an element."""

    def data(self, text: str) -> None:
        """Takes text."""

    def taken(self) -> list[object]:
        return []


class _Relationships(_Part):
    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            path = target if target.startswith("/") else posixpath.join(self._folder, target)
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found[attributes.get("Id", "")] = (kind, plain(posixpath.normpath(path)))


class _Workbook(_Part):
    def __init__(self, book: Book) -> None:
        self._book = book

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            state = attributes.get("state", "visible")
            self._book.sheets.append((attributes.get("name", ""), attributes.get("id", ""), state))
        elif name == "workbookPr":
            self._book.from_1904 = _is_true(attributes.get("date1904"))


class _Texts(_Part):
    """A target for texts with formats, in which only the letters count, and not how they are pronounced."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self._listens = False
        self._pronounced = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:  # noqa: ARG002 - as every part is told
        if name == "t":
            self._listens = not self._pronounced
        elif name == "rPh":
            self._pronounced += 1

    def end(self, name: str) -> None:
        if name == "t":
            self._listens = False
        elif name == "rPh":
            self._pronounced -= 1

    def data(self, text: str) -> None:
        if self._listens:
            self.text.append(text)

    def finished(self) -> str:
        """Returns the text that was heard, and begins the next."""
        text = "".join(self.text)
        self.text.clear()
        return text


class _Strings(_Texts):
    def __init__(self, strings: list[str]) -> None:
        super().__init__()
        self._strings = strings

    def end(self, name: str) -> None:
        super().end(name)
        if name == "si":
            self._strings.append(self.finished())


class _Styles(_Part):
    def __init__(self, formats: list[str]) -> None:
        self._formats = formats
        self._own: dict[int, str] = {}
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt" and "formatCode" in attributes:
            self._own[int(attributes["numFmtId"])] = attributes["formatCode"]
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            number = int(attributes.get("numFmtId", 0))
            self._formats.append(self._own.get(number) or BUILT_IN.get(number, GENERAL))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._inside = False


class _Worksheet:
    """Makes the rows of a sheet, and notes in its grid what is hidden and merged."""

    def __init__(self, book: Book, grid: Grid) -> None:
        self._book = book
        self._grid = grid
        self._rows: list[Row] = []
        self._number = 0
        self._hidden = False
        self._cells: dict[int, str | None] = {}
        self._column = -1
        self._cell: dict[str, str] = {}
        self._value: list[str] = []
        self._texts = _Texts()
        self._in_value = self._has_formula = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "c":
                self._start_cell(attributes)
            case "v":
                self._in_value = True
            case "f":
                self._has_formula = True
            case "t" | "rPh":
                self._texts.start(name, attributes)
            case "row":
                self._start_row(attributes)
            case "col":
                self._note_column(attributes)
            case "mergeCell":
                self._note_merged(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        match name:
            case "c":
                self._end_cell()
            case "v":
                self._in_value = False
            case "t" | "rPh":
                self._texts.end(name)
            case "row":
                self._rows.append(Row(self._number, self._cells, self._hidden))
                self._cells = {}

    def data(self, text: str) -> None:
        if self._in_value:
            self._value.append(text)
        else:
            self._texts.data(text)

    def taken(self) -> list[Row]:
        rows, self._rows = self._rows, []
        return rows

    def _start_row(self, attributes: dict[str, str]) -> None:
        said = attributes.get("r", "")
        # Some programs leave the number out, and a number that goes back would make two rows of one.
        self._number = max(int(said), self._number + 1) if said.isdecimal() else self._number + 1
        self._hidden = _is_true(attributes.get("hidden"))
        self._cells = {}
        self._column = -1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = _place(attributes.get("r", ""))
        self._column = place[1] if place else self._column + 1
        self._cell = attributes
        self._value.clear()
        self._texts.finished()
        self._has_formula = False

    def _end_cell(self) -> None:
        kind = self._cell.get("t", "n")
        text = self._texts.finished() if kind == "inlineStr" else "".join(self._value)
        # The value of a formula may be an empty text.
        if self._has_formula and not text and kind not in ("str", "inlineStr"):
            self._cells[self._column] = UNKNOWN
        elif text:
            self._cells[self._column] = self._shown(kind, text)

    def _shown(self, kind: str, text: str) -> str:
        code = self._format()
        match kind:
            case "s":
                return shown_text(_unescaped(self._book.strings[int(text)]), code)
            case "b":
                return "TRUE" if _is_true(text.strip()) else "FALSE"
            case "e":
                return text
            case "d":
                return _iso(text)
            case "n":
                value = number_of(text.strip())
                return text if value is None else shown(value, code, from_1904=self._book.from_1904)
            case _:
                return shown_text(_unescaped(text), code)

    def _format(self) -> str:
        style = self._cell.get("s", "0")
        formats = self._book.formats
        return formats[int(style)] if style.isdecimal() and int(style) < len(formats) else GENERAL

    def _note_column(self, attributes: dict[str, str]) -> None:
        if _is_true(attributes.get("hidden")):
            first = int(attributes.get("min", 1)) - 1
            self._grid.hidden_columns.append((first, int(attributes.get("max", first + 1)) - 1))

    def _note_merged(self, said: str) -> None:
        first, _, last = said.partition(":")
        start, end = _place(first), _place(last)
        if start and end:
            self._grid.merged.append((*start, *end))


def _place(reference: str) -> tuple[int, int] | None:
    """The row, from 1, and the column, from 0, of a reference such as B7; None for other text."""
    found = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,9})", reference)
    if not found:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column - 1


def _is_true(said: str | None) -> bool:
    return said in ("1", "true", "on")


def _iso(text: str) -> str:
    """A date of a strict file, as in_words writes it."""
    try:
        return in_words(datetime.fromisoformat(text.strip()).replace(tzinfo=None))
    except ValueError:
        return text


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text) if "_x" in text else text
