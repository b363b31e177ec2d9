"""CSV in the two forms that spreadsheets open by a double click: with commas, or with semicolons."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from services.texts.speech import pgettext

_QUOTE = '"'


class Delimiter(StrEnum):
    """What stands between the cells of a row. Excel expects a semicolon where numbers are written with a comma."""

    COMMA = ","
    SEMICOLON = ";"

    @property
    def other(self) -> "Delimiter":
        return Delimiter.COMMA if self is Delimiter.SEMICOLON else Delimiter.SEMICOLON

    @property
    def words(self) -> str:
        """What the cells are parted with, in words that follow "with"."""
        if self is Delimiter.COMMA:
            return pgettext("a file with", "commas")
        return pgettext("a file with", "semicolons")


_WITH_SEMICOLONS = (
    "af az be bg bs ca cs da de el es et eu fi fo fr gl hr hu hy id is it ka kk ky lb lt lv mk nb nl nn no pl pt ro "
    "ru sk sl sq sr sv tg tk tr tt uk uz vi"
)
"""Languages whose numbers have a decimal comma (Unicode CLDR), where Windows therefore sets semicolons in lists."""

_WITH_COMMAS = "es-419 es-do es-gt es-hn es-mx es-ni es-pa es-pe es-pr es-sv es-us"
"""Places of these languages that write numbers with a point; 419 is Latin America as a whole."""


def delimiter_of(locale: str | None) -> Delimiter:
    """Returns what the spreadsheets of people with that locale expect, such as `de` or `es-MX` (BCP 47).

    A comma where the locale is not known.
    """
    parts = (locale or "").replace("_", "-").lower().split("-")
    place = next((part for part in parts[1:] if len(part) in (2, 3)), "")
    has_point = parts[0] not in _WITH_SEMICOLONS.split() or f"{parts[0]}-{place}" in _WITH_COMMAS.split()
    return Delimiter.COMMA if has_point else Delimiter.SEMICOLON


def csv_file(columns: Mapping[str, Sequence[str]], delimiter: Delimiter = Delimiter.COMMA) -> bytes:
    """Returns columns of cells, each under its name, as CSV: RFC 4180 with CRLF, UTF-8 with BOM.

    Without the BOM Excel garbles every name that is not ASCII. The caller has guarded the cells (services.trust), and
    the names that come from outside.
    """
    names = delimiter.join(_quoted([*columns], delimiter))
    return ("\ufeff" + "\r\n".join([names, *_rows([*columns.values()], delimiter), ""])).encode()


def bare_csv_file(columns: Sequence[Sequence[str]]) -> bytes:
    """Returns columns of cells as CSV with commas, without their names and without a BOM, for other services."""
    return "\r\n".join([*_rows(columns, Delimiter.COMMA), ""]).encode()


def utc_cell(moment: datetime | None) -> str:
    """Returns the moment in UTC as ISO 8601, such as `2026-11-30T21:13:00Z`; empty without one."""
    return f"{moment.astimezone(UTC).isoformat('T', 'seconds')[:19]}Z" if moment else ""


def _rows(columns: Sequence[Sequence[str]], delimiter: str) -> Iterable[str]:
    return map(delimiter.join, zip(*(_quoted(cells, delimiter) for cells in columns), strict=True))


def _quoted(cells: Sequence[str], delimiter: str) -> Sequence[str]:
    """The cells of a column, in quotes where they need them."""
    # Most columns need none: looking at them as one text takes a hundredth of what csv.writer takes for each cell.
    if not _needs_quotes("".join(cells), delimiter):
        return cells
    return [f'"{cell.replace(_QUOTE, _QUOTE * 2)}"' if _needs_quotes(cell, delimiter) else cell for cell in cells]


def _needs_quotes(text: str, delimiter: str) -> bool:
    return delimiter in text or _QUOTE in text or "\n" in text or "\r" in text
