"""HTML tables as grids: what many programs write under a name that ends in .xls.

Each outer table is a sheet. A table in a cell is text of that cell. Cells are as shown, and dates stay as they are.
"""

from collections.abc import Iterator
from html.parser import HTMLParser

from services.roster.grid import Grid, Row
from services.roster.sheet import MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, TABLE, RosterError, save_as, too_many_sheets
from services.texts.speech import _

_NOT_SHOWN = ("script", "style", "head", "title")
_LINES = ("br", "p", "div", "li")

_MOST_SPANNED = max(MAX_COLUMNS, MAX_ROWS) + 2
"""Rows and columns that a cell can be merged over."""

_MOST_PASSED = 20_000_000
"""How often a cell may give way to one that reaches down from above; a list of people needs a thousandth of it."""


def grids(text: str) -> Iterator[Grid]:
    """Yields the tables of a page. Raises RosterError for too many, and for cells that are merged beyond reason."""
    tables = _Tables()
    tables.feed(text)
    tables.close()
    tables.end_table()
    yield from tables.found


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Grid] = []
        self._depth = 0
        self._not_shown = 0
        self._rows: list[Row] = []
        self._merged: list[tuple[int, int, int, int]] = []
        self._taken: dict[int, int] = {}
        """The last row that a cell above reaches, by column."""
        self._passed = 0
        self._number = 0
        self._cells: dict[int, str | None] | None = None
        self._is_hidden = False
        self._column = 0
        self._text: list[str] | None = None
        self._spans = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag in _NOT_SHOWN:
            self._not_shown += 1
        elif tag == "table":
            self._depth += 1
        elif self._depth > 1 or tag in _LINES:
            self._add("\n" if tag in _LINES else " ")
        elif tag == "tr":
            self._end_row()
            self._number += 1
            self._cells, self._column = {}, 0
            self._is_hidden = "display:none" in attributes.get("style", "").replace(" ", "").casefold()
        elif tag in ("td", "th") and self._depth:
            self._start_cell(attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag in _NOT_SHOWN:
            self._not_shown = max(0, self._not_shown - 1)
        elif tag == "table":
            self._depth = max(0, self._depth - 1)
            if not self._depth:
                self.end_table()
        elif self._depth == 1 and tag == "tr":
            self._end_row()
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if not self._not_shown:
            # Line ends of the source are spaces on the page.
            self._add(" ".join(data.split()) if data.strip() else " ")

    def end_table(self) -> None:
        """Ends the outer table that is open, if any."""
        self._end_row()
        if self._rows:
            self.found.append(Grid(TABLE.format(number=len(self.found) + 1), self._rows, merged=self._merged))
        if len(self.found) > MAX_SHEETS:
            raise too_many_sheets()
        self._rows, self._merged, self._taken, self._number, self._depth = [], [], {}, 0, 0

    def _add(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._end_cell()
        if self._cells is None:
            self._number += 1
            self._cells, self._column = {}, 0
        while self._taken.get(self._column, 0) >= self._number:
            self._column += 1
            self._passed += 1
        if self._passed > _MOST_PASSED:
            raise RosterError(_("Too many cells of the table are merged. {advice}", advice=save_as()))
        self._spans = _count(attributes.get("rowspan", "")), _count(attributes.get("colspan", ""))
        self._text = []

    def _end_cell(self) -> None:
        if self._text is None or self._cells is None:
            return
        text = "".join(self._text).strip()
        self._text = None
        if text:
            self._cells[self._column] = text
        rows, columns = self._spans
        if rows > 1:
            last = self._number + rows - 1, self._column + columns - 1
            self._merged.append((self._number, self._column, *last))
            # Beyond the columns that are allowed, it does not matter which.
            self._taken |= dict.fromkeys(range(self._column, min(last[1], MAX_COLUMNS) + 1), last[0])
        self._column += columns

    def _end_row(self) -> None:
        self._end_cell()
        if self._cells:
            self._rows.append(Row(self._number, self._cells, self._is_hidden))
        self._cells = None


def _count(said: str) -> int:
    return min(max(1, int(said)), _MOST_SPANNED) if said.isdecimal() and len(said) < 10 else 1
