"""Which row names the columns: the first one, or one below titles, dates and groups, or the first of several."""

import re
from collections.abc import Sequence
from dataclasses import replace

from services.roster.columns import field_of, known_fields
from services.roster.fields import IDENTIFYING
from services.roster.sheet import Sheet

SEARCHED_ROWS = 30
"""How many filled rows may stand above the header, itself counted."""

_IMPORT_IDS = re.compile(r'\{\s*"ImportId"', re.IGNORECASE)
"""The third header row of Qualtrics."""

_KINDS_OF_ANSWERS = frozenset(("response", "open-ended response", "other (please specify)", "ответ", "antwort"))
"""The second header row of SurveyMonkey, under the questions."""

_SECTION = re.compile(r"\d+\. \S.*")
"""The title of a section of a Teams report, such as `2. Participants`."""

Row = Sequence[str]


def header_place(rows: Sequence[Row]) -> int | None:
    """Returns the place of the row that names the columns, from 0; None where no row does.

    The row that names most fields is taken, and of equal ones the first; below the first row it also has to name the
    person, and to look like a header: more cells than each row above, or two known names at least.
    """
    found = [known_fields(row) for row in rows[:SEARCHED_ROWS]]
    best: int | None = None
    for place, fields in enumerate(found):
        if not fields or not (place == 0 or _is_below_titles(rows, place, len(fields), bool(fields & IDENTIFYING))):
            continue
        if best is None or len(fields) > len(found[best]) or _is_title(rows[best], rows[place]):
            best = place
    return best


def headed(sheet: Sheet, place: int | None) -> Sheet:
    """Returns the sheet from its header on: without titles above, second header rows, and later sections of a report.

    place: that of the header in the sheet; None where no row is one, and the sheet stays as it is.
    """
    if place is None:
        return sheet
    first = place + 1 + _more_header_rows(sheet.rows, place)
    end = _end_of_section(sheet.rows, place)
    rows = (sheet.rows[place], *sheet.rows[first:end])
    return replace(sheet, rows=rows, numbers=(sheet.numbers[place], *sheet.numbers[first:end]))


def _is_below_titles(rows: Sequence[Row], place: int, known: int, identifying: bool) -> bool:
    """Whether the rows above may be titles: none holds an address, and the row itself stands out."""
    above = rows[:place]
    if not identifying or any("@" in cell for row in above for cell in row):
        return False
    return known > 1 or all(_filled(row) < _filled(rows[place]) for row in above) or len(rows[place]) == 1


def _is_title(row: Row, below: Row) -> bool:
    """Whether a row with a known word is only the title of the row below."""
    return _filled(row) == 1 < _filled(below)


def _filled(row: Row) -> int:
    return sum(map(bool, row))


def _more_header_rows(rows: Sequence[Row], place: int) -> int:
    """How many rows below the header are header rows, too."""
    below = rows[place + 1 : place + 3]
    for count, row in enumerate(below, start=1):
        if any(map(_IMPORT_IDS.match, row)):
            return count
    return int(bool(below) and (_repeats(rows[place], below[0]) or _names_kinds(below[0])))


def _repeats(header: Row, row: Row) -> bool:
    """Whether a row says in words what the header says in codes, or the other way round."""
    if any("@" in cell for cell in row):
        return False
    pairs = zip(map(field_of, header), map(field_of, row), strict=True)
    return sum(first is not None and first == second for first, second in pairs) > 1


def _names_kinds(row: Row) -> bool:
    cells = {cell.casefold() for cell in row if cell}
    return bool(cells) and len(cells & _KINDS_OF_ANSWERS) > 0 and not row[0]


def _end_of_section(rows: Sequence[Row], place: int) -> int:
    """The place of the title of the next section; the number of rows where the header is in no section."""
    if place == 0 or not _titles_section(rows[place - 1]):
        return len(rows)
    return next((later for later in range(place + 1, len(rows)) if _titles_section(rows[later])), len(rows))


def _titles_section(row: Row) -> bool:
    return _filled(row) == 1 and bool(_SECTION.fullmatch(row[0]))
