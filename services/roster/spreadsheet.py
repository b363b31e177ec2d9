"""XLSX to rows, in its own process: `python -m services.roster.spreadsheet`, the file on stdin, JSON on stdout.

A file of some kilobytes can make a parser use gigabytes or hours. So the process limits itself before it reads, and
its parent (services.roster.workbook) kills it when it takes too long. It gets no secrets and imports no more of our
modules than it needs.
"""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time
from io import BytesIO
from types import ModuleType
from typing import Any, Protocol, cast
from zipfile import BadZipFile, ZipFile, ZipInfo

from services.roster.cells import clean
from services.roster.sheet import MAX_COLUMNS, SAVE_AS, NumberedRow, RosterError, kept

MAX_MEMORY = 1 << 30
"""Bytes of address space."""

MAX_PROCESSOR_SECONDS = 12

MAX_ENTRIES = 10_000
MAX_UNPACKED = 100_000_000
"""Bytes of everything in the archive together."""

MAX_RATIO = 100
RATIO_COUNTS_FROM = 1_000_000
"""The most by which an entry may be compressed, if it unpacks to more than this many bytes."""

_ENCRYPTED = 0x1
"""The flag of an entry that needs a password (APPNOTE 4.4.4)."""

_ZEROS = re.compile("0+")
_ESCAPED = re.compile("_x(00[01][0-9A-Fa-f]|005[Ff])_")
"""The form in which XLSX writes controls, and the underscore of this form itself (ECMA-376, ST_Xstring)."""


class Cell(Protocol):
    """The part of openpyxl's cells that we use; missing cells have it too."""

    value: object
    data_type: str
    number_format: str | None


class Worksheet(Protocol):
    """The part of openpyxl's read-only sheets that we use: their published types are those of writable sheets."""

    title: str
    sheet_state: str

    def reset_dimensions(self) -> None: ...

    def iter_rows(self, *, min_row: int, min_col: int) -> Iterator[tuple[Cell, ...]]: ...


def main() -> None:
    """Reads the file on stdin and writes its rows or its error as JSON to stdout."""
    _limit_ourselves()
    # openpyxl imports numpy only for its number types, and numpy takes much time and memory to load.
    cast(dict[str, ModuleType | None], sys.modules)["numpy"] = None
    sys.stdout.buffer.write(json.dumps(answer(sys.stdin.buffer.read()), ensure_ascii=False).encode())


def _limit_ourselves() -> None:
    try:
        import resource
    except ImportError:
        # Windows has no such limits: there only the parent's clock counts.
        return
    limits = (
        (resource.RLIMIT_AS, MAX_MEMORY),
        (resource.RLIMIT_CPU, MAX_PROCESSOR_SECONDS),
        # A core dump would leave the people on the disk.
        (resource.RLIMIT_CORE, 0),
    )
    for what, limit in limits:
        # macOS refuses a limit of the address space.
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (limit, limit))


def answer(content: bytes) -> dict[str, Any]:
    """The answer about a file: its title and rows, or an error and its row."""
    try:
        title, rows = read(content)
    except RosterError as error:
        return {"error": str(error), "row": error.row}
    return {"title": title, "rows": rows}


def read(content: bytes) -> tuple[str, list[NumberedRow]]:
    """The name and the filled rows of the first visible sheet that has any.

    Raises RosterError for a file that cannot be used, and openpyxl's own errors for a file that it cannot read.
    """
    _check_archive(content)
    # A formula and its value need two readings: one alone does not distinguish a blank cell from an unknown value.
    for formulas, values in zip(_sheets(content, values=False), _sheets(content, values=True), strict=True):
        rows = list(kept(_rows(formulas, values)))
        if rows:
            return clean(values.title), rows
    return "", []


def _check_archive(content: bytes) -> None:
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            kind = _mimetype(archive)
    except (BadZipFile, NotImplementedError, RuntimeError):
        raise RosterError(f"The file is damaged, or only a part of it arrived. {SAVE_AS}") from None
    _check_kind({entry.filename for entry in entries}, kind)
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or any(map(_is_bomb, entries)):
        raise RosterError(
            "The file unpacks to far more than a list of people. "
            "Copy the list alone into a new spreadsheet, save it as XLSX or CSV, and upload that."
        )
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise RosterError(f"The file is protected by a password. {SAVE_AS.replace('save it', 'save it without one')}")


def _mimetype(archive: ZipFile) -> bytes:
    """The type that an OpenDocument file names."""
    if "mimetype" not in archive.namelist():
        return b""
    with archive.open("mimetype") as entry:
        return entry.read(100)


def _is_bomb(entry: ZipInfo) -> bool:
    return entry.file_size > RATIO_COUNTS_FROM and entry.file_size > MAX_RATIO * entry.compress_size


def _check_kind(names: set[str], mimetype: bytes) -> None:
    if b"opendocument" in mimetype:
        raise RosterError(f"This is an OpenDocument file (.ods), which cannot be read. {SAVE_AS}")
    if any(name.startswith("Index/") and name.endswith(".iwa") for name in names) or "Index.zip" in names:
        raise RosterError("This is a Numbers file, which cannot be read. Export it as Excel or CSV, and upload that.")
    if "xl/workbook.bin" in names:
        raise RosterError(f"This is a binary Excel file (.xlsb), which cannot be read. {SAVE_AS}")
    if "[Content_Types].xml" not in names:
        raise RosterError("This is an archive and not a list of people. Unpack it and upload the XLSX or CSV in it.")
    if not any(name.startswith("xl/") for name in names):
        raise RosterError(
            "This is not a spreadsheet. Copy its table into one, save it as XLSX or CSV, and upload that."
        )


def _sheets(content: bytes, *, values: bool) -> Iterator[Worksheet]:
    """The visible sheets of a workbook. values: whether cells hold values or formulas."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(content), read_only=True, data_only=values, keep_links=False)
    for sheet in cast(list[Worksheet], book.worksheets):
        if sheet.sheet_state == "visible":
            # The size that a sheet states may be wrong and huge.
            sheet.reset_dimensions()
            yield sheet


def _rows(formulas: Worksheet, values: Worksheet) -> Iterator[NumberedRow]:
    rows = zip(formulas.iter_rows(min_row=1, min_col=1), values.iter_rows(min_row=1, min_col=1), strict=True)
    for number, (asked, known) in enumerate(rows, start=1):
        # One cell in the last row makes a million empty rows.
        if known:
            yield number, _cells(number, asked, known)


def _cells(number: int, formulas: tuple[Cell, ...], values: tuple[Cell, ...]) -> list[str]:
    """The cells of a row as text; beyond the last allowed column, only the filled cells."""
    for formula, value in zip(formulas, values, strict=True):
        # The value of a formula may be an empty text.
        if formula.data_type == "f" and value.value is None and value.data_type != "str":
            raise RosterError(
                f"Row {number} holds a formula whose value the file does not know. Open the file in a spreadsheet "
                "program and save it there, or replace the formulas by their values.",
                number,
            )
    texts = [_text(cell) for cell in values[: MAX_COLUMNS + 1]]
    return texts + [text for cell in values[MAX_COLUMNS + 1 :] if (text := _text(cell))]


def _text(cell: Cell) -> str:
    """A cell nearly as a spreadsheet shows it: a whole number has no fraction, and a date begins with its year."""
    match cell.value:
        case None:
            return ""
        case bool(value):
            return "TRUE" if value else "FALSE"
        case int(value):
            return _with_zeros(str(value), cell.number_format)
        case float(value):
            # Spreadsheets store 15 digits.
            whole = value.is_integer() and abs(value) < 1e15
            return _with_zeros(str(int(value)), cell.number_format) if whole else repr(value)
        case datetime() as moment:
            return _moment(moment)
        case date() | time() as moment:
            return moment.isoformat()
        case value:
            return _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), str(value))


def _with_zeros(digits: str, number_format: str | None) -> str:
    """A number in a format such as 000, which shows 7 as 007."""
    return digits.zfill(len(number_format)) if number_format and _ZEROS.fullmatch(number_format) else digits


def _moment(moment: datetime) -> str:
    text = moment.isoformat(" ", "seconds")
    return text.removesuffix(" 00:00:00")


if __name__ == "__main__":
    main()
