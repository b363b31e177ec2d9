"""XLSX to rows, in a process of its own: `python -m services.roster.spreadsheet`, the file on stdin, JSON on stdout.

A file of some kilobytes can ask a parser for gigabytes or for hours. So the process limits itself before it reads, and
its parent (services.roster.workbook) kills it when it takes too long. It is told no secrets and imports no more of ours
than it needs.
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
from services.roster.sheet import MAX_COLUMNS, SAVE_AS, RosterError, Row, kept

MAX_MEMORY = 1 << 30
"""Bytes of address space."""

MAX_PROCESSOR_SECONDS = 12

MAX_ENTRIES = 10_000
MAX_UNPACKED = 100_000_000
"""Bytes of everything in the archive together."""

MAX_RATIO = 100
RATIO_COUNTS_FROM = 1_000_000
"""How much smaller an entry may have been packed, where it is larger than this many bytes unpacked."""

_ENCRYPTED = 0x1
"""The flag of an entry that needs a password (APPNOTE 4.4.4)."""

_ZEROS = re.compile("0+")
_ESCAPED = re.compile("_x(00[01][0-9A-Fa-f]|005[Ff])_")
"""How XLSX writes controls, and the underscore of such a sign itself (ECMA-376, ST_Xstring)."""


class Cell(Protocol):
    """What we use of openpyxl's cells, those that are not there included."""

    value: object
    data_type: str
    number_format: str | None


class Worksheet(Protocol):
    """What we use of openpyxl's read-only sheets, whose published types are those of the writable ones."""

    title: str
    sheet_state: str

    def reset_dimensions(self) -> None: ...

    def iter_rows(self, *, min_row: int, min_col: int) -> Iterator[tuple[Cell, ...]]: ...


def main() -> None:
    """Read the file on stdin and write its rows, or what is wrong with it, as JSON on stdout."""
    _limit_ourselves()
    # openpyxl asks for it only to know its number types, and it takes long and much memory to load.
    cast(dict[str, ModuleType | None], sys.modules)["numpy"] = None
    sys.stdout.buffer.write(json.dumps(answer(sys.stdin.buffer.read()), ensure_ascii=False).encode())


def _limit_ourselves() -> None:
    try:
        import resource
    except ImportError:
        # No such thing on Windows: there the parent's clock is the limit.
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
    """What the process says about a file: its title and rows, or an error and its row."""
    try:
        title, rows = read(content)
    except RosterError as error:
        return {"error": str(error), "row": error.row}
    return {"title": title, "rows": rows}


def read(content: bytes) -> tuple[str, list[Row]]:
    """The name and the kept rows of the first visible sheet that holds anything.

    Raises RosterError for what is wrong with the file, and whatever openpyxl raises for what it cannot read.
    """
    _check_archive(content)
    # A formula and its value come from two readings: one alone does not tell a blank cell from an unknown value.
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
    """What an OpenDocument file says that it is."""
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
        raise RosterError("This is an archive and no list of people. Unpack it and upload the XLSX or CSV in it.")
    if not any(name.startswith("xl/") for name in names):
        raise RosterError("This is no spreadsheet. Copy its table into one, save it as XLSX or CSV, and upload that.")


def _sheets(content: bytes, *, values: bool) -> Iterator[Worksheet]:
    """The visible sheets of a workbook, whose cells hold values or else formulas."""
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(content), read_only=True, data_only=values, keep_links=False)
    for sheet in cast(list[Worksheet], book.worksheets):
        if sheet.sheet_state == "visible":
            # What a sheet says of its own size may be wrong, and huge.
            sheet.reset_dimensions()
            yield sheet


def _rows(formulas: Worksheet, values: Worksheet) -> Iterator[Row]:
    rows = zip(formulas.iter_rows(min_row=1, min_col=1), values.iter_rows(min_row=1, min_col=1), strict=True)
    for number, (asked, known) in enumerate(rows, start=1):
        # A cell in the last row makes a million that are not there.
        if known:
            yield number, _cells(number, asked, known)


def _cells(number: int, formulas: tuple[Cell, ...], values: tuple[Cell, ...]) -> list[str]:
    """The cells of a row as text; of those beyond the last column allowed, only what is not blank."""
    for formula, value in zip(formulas, values, strict=True):
        # A text that came out empty is known to be one.
        if formula.data_type == "f" and value.value is None and value.data_type != "str":
            raise RosterError(
                f"Row {number} holds a formula whose value the file does not know. Open the file in a spreadsheet "
                "program and save it there, or replace the formulas by their values.",
                number,
            )
    texts = [_text(cell) for cell in values[: MAX_COLUMNS + 1]]
    return texts + [text for cell in values[MAX_COLUMNS + 1 :] if (text := _text(cell))]


def _text(cell: Cell) -> str:
    """A cell as a spreadsheet shows it, near enough: no number grows a fraction, no moment loses its order."""
    match cell.value:
        case None:
            return ""
        case bool(value):
            return "TRUE" if value else "FALSE"
        case int(value):
            return _with_zeros(str(value), cell.number_format)
        case float(value):
            # Spreadsheets keep 15 digits.
            whole = value.is_integer() and abs(value) < 1e15
            return _with_zeros(str(int(value)), cell.number_format) if whole else repr(value)
        case datetime() as moment:
            return _moment(moment)
        case date() | time() as moment:
            return moment.isoformat()
        case value:
            return _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), str(value))


def _with_zeros(digits: str, number_format: str | None) -> str:
    """A number in a format such as 000, by which 7 is shown as 007."""
    return digits.zfill(len(number_format)) if number_format and _ZEROS.fullmatch(number_format) else digits


def _moment(moment: datetime) -> str:
    text = moment.isoformat(" ", "seconds")
    return text.removesuffix(" 00:00:00")


if __name__ == "__main__":
    main()
