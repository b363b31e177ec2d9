"""Text with delimiters: CSV in its dialects, cells copied from a spreadsheet, and names typed one a line."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

from services.roster.clipboard import clipboard_rows, has_rare_ends, has_usual_ends, lines_apart
from services.roster.columns import known_fields
from services.roster.headers import SEARCHED_ROWS
from services.roster.recipients import recipients
from services.roster.sheet import MAX_CELL, NumberedRow, RosterError
from services.roster.wrapped_rows import unwrapped
from services.texts.speech import _, number

DELIMITERS = "\t;|,"
"""The rarer in text comes first and wins a tie: commas also stand in names and topics."""

_NO_DELIMITER = "\x1f"
"""A delimiter that no text contains: every line is one cell."""

TYPED = ("", ".txt")
"""The ends of names of texts that people type or paste."""

_SEP_LINE = re.compile(r'"?sep=([\t!#-/:-@\[-`{-~])"?(?:\r\n|\r|\n|$)', re.IGNORECASE)
"""The line by which a file for Excel names its delimiter; Excel shows no row for it."""

_SAMPLE_CHARACTERS = 200_000
_SAMPLE_ROWS = 100
"""How much of a text is read to find the delimiter."""


def rows(text: str, suffix: str = "") -> Iterator[NumberedRow]:
    """The rows of a text with their numbers, quotes respected.

    suffix: the end of the file's name; empty for pasted text. There and in `.txt`, a comma may belong to a name.

    Raises RosterError for quotation marks without a partner and for cells that seem to hold rows.
    """
    text = text.lstrip("\ufeff").replace("\0", "").replace(_NO_DELIMITER, "")
    if said := _SEP_LINE.match(text):
        text = text[said.end() :]
        return _records(unwrapped(text) or text, said[1])
    if suffix in TYPED and (listed := recipients(text)):
        return enumerate(listed if any(name for name, _ in listed) else [(address,) for _, address in listed], start=1)
    text = _with_usual_ends(unwrapped(text) or text, suffix)
    delimiter = _delimiter(text, suffix)
    if delimiter == "\t" or (delimiter == _NO_DELIMITER and suffix in TYPED):
        return _from_clipboard(text, delimiter, suffix)
    return _records(text, delimiter)


def _from_clipboard(text: str, delimiter: str, suffix: str) -> Iterator[NumberedRow]:
    """The rows of text that may be CSV or not: pasted text is not, and a file is not where CSV cannot read it."""
    if suffix:
        with suppress(RosterError):
            return iter(list(_records(text, delimiter)))
    return clipboard_rows(text, delimiter)


def _with_usual_ends(text: str, suffix: str) -> str:
    """The text with `\\n` for rare line ends, unless they stand inside cells, as the widths of the rows show."""
    if not has_rare_ends(text):
        return text
    apart = lines_apart(text)
    if not has_usual_ends(text):
        return apart
    before, after = _delimiter(text, suffix), _delimiter(apart, suffix)
    if _NO_DELIMITER in (before, after):
        return apart if before == after else text
    return apart if _score(_sample(apart, after)) > _score(_sample(text, before)) else text


def _records(text: str, delimiter: str) -> Iterator[NumberedRow]:
    # Strict: otherwise an open quotation mark makes one person of two.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    row = width = 0
    while True:
        row += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _unreadable(row, error) from None
        width = max(width, len(cells))
        if any(len(cell) > MAX_CELL and _holds_rows(cell, delimiter, width) for cell in cells):
            raise _too_long(row)
        yield row, cells


def _holds_rows(cell: str, delimiter: str, width: int) -> bool:
    """Whether most lines in a cell have as many cells as a row: a mark was left open, and closed in a later row."""
    inner = cell.splitlines()[1:-1]
    return sum(line.count(delimiter) == width - 1 for line in inner) * 2 > len(inner)


def _too_long(row: int) -> RosterError:
    return RosterError(
        _(
            "A cell in row {row} is longer than {most} characters. Shorten it, or close the quotation mark "
            '(") in it that is not closed.',
            row=row,
            most=number(MAX_CELL),
        ),
        row,
    )


def _unreadable(row: int, error: csv.Error) -> RosterError:
    if "field limit" in str(error):
        return _too_long(row)
    return RosterError(
        _(
            'A quotation mark (") that begins in row {row} is not closed, or text follows it. '
            'Close it; inside a cell in quotation marks, write each mark twice: "".',
            row=row,
        ),
        row,
    )


def _delimiter(text: str, suffix: str) -> str:
    """The delimiter by which the first rows agree best; a known header counts most."""
    scores = {mark: _score(sample) for mark in DELIMITERS if (sample := _sample(text, mark))}
    if suffix == ".tsv" and "\t" in scores:
        return "\t"
    best = max(scores, key=scores.__getitem__, default=_NO_DELIMITER)
    if best == _NO_DELIMITER or scores[best][0]:
        return best
    if scores[best][1] < 0.5 or (suffix in TYPED and best == "," and _are_names(text)):
        return _NO_DELIMITER
    return best


def _sample(text: str, delimiter: str) -> list[list[str]]:
    """The first filled rows; none where the delimiter splits no row."""
    start = text[:_SAMPLE_CHARACTERS]
    if delimiter not in start:
        return []
    reader = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter, skipinitialspace=True)
    found: list[list[str]] = []
    # The rows before an error are enough to choose by; reading them all reports the error.
    with suppress(csv.Error):
        for row in islice(filter(None, reader), _SAMPLE_ROWS):
            found.append(row)
    return found if any(len(row) > 1 for row in found) else []


def _score(sample: list[list[str]]) -> tuple[int, float]:
    """How many headers are known, and which share of the rows has the usual number of cells."""
    rows = [row for row in sample if any(row)][:SEARCHED_ROWS]
    known = max((len(known_fields(row)) for row in rows if len(row) > 1), default=0)
    widths = Counter(len(row) for row in sample if len(row) > 1)
    return known, max(widths.values()) / len(sample)


def _are_names(text: str) -> bool:
    """Whether commas belong to names, such as Smith, Anna: between words alone, and not as a program writes them."""
    sample = _sample(text, ",")
    written_by_hand = len({len(row) for row in sample}) > 1 or not re.search(r",[^ ]", text[:_SAMPLE_CHARACTERS])
    return written_by_hand and not any(re.search(r"[@\d]", cell) for row in sample for cell in row)
