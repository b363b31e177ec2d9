"""The links file as an Excel workbook: real dates, links to click, and nothing that runs.

Its rooms are the same in every language of the page; a second sheet explains them (services.export.explanations).
"""

import re
import tempfile
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs
from xlsxwriter.url import Url  # type: ignore[import-untyped]  # nor here

from services.export.explanations import explain
from services.export.made_by import MadeBy
from services.export.table import COLUMNS, Column, Kind, room_columns
from services.link import Link
from services.local_time import local, offset_if_twice
from services.people.acting import needs
from services.people.roles import Right
from services.rooms.entry import Entry

SHEET = "Links"
"""The name of the first sheet."""

MOST_LINKS = 65_530
"""How many links Excel lets one sheet hold; further ones are text. Its limit of 2,079 characters a link is above ours
(services.link.LONGEST_LINK)."""

UTC_FORMAT = 'yyyy-mm-dd hh:mm:ss"Z"'
LOCAL_FORMAT = "yyyy-mm-dd hh:mm"

_NUMBER_WIDTH = 7
_LINK_COLUMN = COLUMNS.index("link")

_EPOCH = datetime(1899, 12, 30)
"""Day 0 of a spreadsheet's calendar, from its day 61 on: before, Excel counts a day that never was."""
_FIRST_DAY = datetime(1900, 3, 1)

_REWRITTEN = re.compile(r"[\[\]]|%(?![0-9A-Fa-f]{2})")
"""What xlsxwriter would write differently in the target of a link."""


@needs(Right.LINKS)
def links_workbook(
    entries: Sequence[Entry], zone: ZoneInfo, *, room_ids: bool = False, made_by: MadeBy | None = None
) -> bytes:
    """The rooms with the columns of `links_csv`, as XLSX. room_ids: as there.

    made_by: told on the second sheet, and in what a spreadsheet shows of the file.

    Dates are dates: `*_at` in UTC, `expires_at_local` in `zone`. Text stays as it is, without a guard: its cell cannot
    be a formula. Excel's own limit applies: 32,767 characters a cell, the rest is cut off.
    A link that is not proper is text, marked as in the CSV.
    """
    # In memory, xlsxwriter would keep every cell until the end; like this it keeps one row. The folder is only ours
    # to read, and goes with its content: it holds links.
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "links.xlsx"
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        with xlsxwriter.Workbook(file, options) as book:
            if made_by:
                book.set_properties({"author": made_by.email, "comments": made_by.properties})
            columns = room_columns(room_ids)
            _write(book, entries, zone, columns)
            explain(book, ["no", *(column.name for column in columns)], SHEET, made_by.words if made_by else "")
        return file.read_bytes()


def _write(book: Any, entries: Sequence[Entry], zone: ZoneInfo, columns: Sequence[Column]) -> None:  # noqa: ANN401
    sheet = book.add_worksheet(SHEET)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(entries), len(columns))
    bold = book.add_format({"bold": True})
    heads = [("no", _NUMBER_WIDTH), *((column.name, column.width) for column in columns)]
    for number, (name, width) in enumerate(heads):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, name, bold)
    cells = _Cells(book, sheet, zone)
    ways = [(number, column.read, cells.way(column.kind)) for number, column in enumerate(columns, start=1)]
    for row, entry in enumerate(entries, start=1):
        sheet.write_number(row, 0, row)
        for number, read, write in ways:
            write(row, number, read(entry))


class _Links(dict[int, str]):
    """The links of a sheet by row, in the place where xlsxwriter looks for an object for each.

    Those objects are made when they are asked for: kept until the end, they take 500 bytes a link.
    """

    _newest: tuple[int, dict[int, Any]] = (-1, {})

    def __getitem__(self, row: int) -> Any:  # noqa: ANN401 - what xlsxwriter reads, which is not typed
        # It asks twice for each.
        if row != self._newest[0]:
            self._newest = (row, {_LINK_COLUMN: Url(super().__getitem__(row))})
        return self._newest[1]


class _Cells:
    """Writes values into the cells of a sheet, each kind in its own way; an empty value gets no cell."""

    def __init__(self, book: Any, sheet: Any, zone: ZoneInfo) -> None:  # noqa: ANN401
        self._sheet, self._zone = sheet, zone
        self._string, self._number = sheet.write_string, sheet.write_number
        self._plain = book.add_format()
        self._utc_format = book.add_format({"num_format": UTC_FORMAT})
        # A time that the clock shows twice has its offset beside it, and stays a date.
        self._local_format = cache(
            lambda offset: book.add_format({"num_format": f'{LOCAL_FORMAT}"{offset}"' if offset else LOCAL_FORMAT})
        )
        self._link_format = book.get_default_url_format()
        self._links = sheet.hyperlinks = _Links()
        # Rooms of one call share their moments.
        self._day = cache(_day)
        self._local_day = cache(lambda moment: _local_day(local(moment, zone)))

    def way(self, kind: Kind) -> Callable[[int, int, Any], object]:
        """What writes the values of a kind, called with row, column and value."""
        ways: dict[Kind, Callable[[int, int, Any], object]] = {
            Kind.TEXT: self._text,
            Kind.WORD: self._text,
            Kind.NUMBER: self._number,
            Kind.LINK: self._link,
            Kind.UTC: self._utc,
            Kind.LOCAL: self._local,
            Kind.ZONE: lambda row, column, _: self._text(row, column, self._zone.key),
        }
        return ways[kind]

    def _text(self, row: int, column: int, text: str) -> None:
        if not text:
            return
        # No spreadsheet keeps NUL. Other characters that XML cannot hold are escaped as Excel does it.
        if "\0" in text:
            self._text(row, column, text.replace("\0", ""))
        # xlsxwriter takes such a text for markup of its own, and writes it as it is. In two pieces it is text.
        elif text[0] == "<" and text.startswith("<r>") and text.endswith("</r>"):
            self._sheet.write_rich_string(row, column, text[:1], self._plain, text[1:])
        else:
            self._string(row, column, text)

    def _link(self, row: int, column: int, link: Link) -> None:
        if not link.is_proper or len(self._links) >= MOST_LINKS or _REWRITTEN.search(link.text):
            self._text(row, column, link.marked)
        else:
            self._string(row, column, link.target, self._link_format)
            self._links[row] = link.target

    def _utc(self, row: int, column: int, moment: datetime | None) -> None:
        if moment:
            self._date(row, column, moment, self._day(moment), self._utc_format)

    def _local(self, row: int, column: int, moment: datetime | None) -> None:
        if moment:
            day, offset = self._local_day(moment)
            self._date(row, column, moment, day, self._local_format(offset))

    def _date(self, row: int, column: int, moment: datetime, day: float | None, form: object) -> None:
        if day is None:
            self._string(row, column, moment.isoformat(" ", "seconds"))
        else:
            self._number(row, column, day, form)


def _local_day(there: datetime) -> tuple[float | None, str]:
    """The same of a moment in the reader's zone, and its offset where that clock shows the time twice."""
    return _day(there), offset_if_twice(there)


def _day(moment: datetime) -> float | None:
    """A moment by its own clock as days of a spreadsheet's calendar; None where that has not begun."""
    clock = moment.replace(tzinfo=None, microsecond=0)
    return (clock - _EPOCH) / timedelta(days=1) if clock >= _FIRST_DAY else None
