"""XLS, the format of Excel until 2003, as grids, by xlrd.

Number formats, hidden rows and columns, merged cells and errors are read as in XLSX. Not read are: files of Excel 4
and older, and whether the value of a formula is known.
"""

from collections.abc import Iterator
from io import StringIO
from typing import TYPE_CHECKING

from services.roster.grid import Grid, Row
from services.roster.number_format import GENERAL, number_of, shown, shown_text
from services.roster.sheet import RosterError, protected, save_as
from services.texts.speech import _

if TYPE_CHECKING:
    from xlrd.book import Book
    from xlrd.sheet import Cell, Sheet


def grids(content: bytes) -> Iterator[Grid]:
    """Yields the visible worksheets. Raises RosterError for a file that cannot be read."""
    import xlrd
    from xlrd.biffh import XLRDError
    from xlrd.compdoc import CompDocError

    try:
        # What xlrd has to say about odd files would go to the answer.
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, ragged_rows=True, logfile=StringIO())
    except (XLRDError, CompDocError) as error:
        if "encrypted" in str(error).casefold():
            raise protected() from None
        raise RosterError(
            _(
                "This is a file of an old Office program, and not an .xls spreadsheet that can be read. {advice}",
                advice=save_as(),
            )
        ) from None
    for sheet in book.sheets():
        if sheet.visibility == 0:
            yield _grid(book, sheet)


def _grid(book: "Book", sheet: "Sheet") -> Grid:
    hidden = [(column, column) for column, about in sheet.colinfo_map.items() if about.hidden]
    merged = [(top + 1, left, bottom, right - 1) for top, bottom, left, right in sheet.merged_cells]
    return Grid(sheet.name, _rows(book, sheet), hidden, merged)


def _rows(book: "Book", sheet: "Sheet") -> Iterator[Row]:
    for place in range(sheet.nrows):
        about = sheet.rowinfo_map.get(place)
        cells: dict[int, str | None] = {
            column: text for column, cell in enumerate(sheet.row(place)) if (text := _shown(book, cell))
        }
        yield Row(place + 1, cells, bool(about and about.hidden))


def _shown(book: "Book", cell: "Cell") -> str:
    import xlrd

    match cell.ctype:
        case xlrd.XL_CELL_NUMBER | xlrd.XL_CELL_DATE:
            value = number_of(repr(cell.value))
            return "" if value is None else shown(value, _format(book, cell), from_1904=bool(book.datemode))
        case xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if cell.value else "FALSE"
        case xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(int(cell.value), "#ERROR!"))
        case xlrd.XL_CELL_TEXT:
            return shown_text(str(cell.value), _format(book, cell))
        case _:
            return ""


def _format(book: "Book", cell: "Cell") -> str:
    try:
        return str(book.format_map[book.xf_list[cell.xf_index or 0].format_key].format_str) or GENERAL
    except (KeyError, IndexError, TypeError):
        return GENERAL
