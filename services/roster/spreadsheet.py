"""Lists to rows, in their own process: `python -m services.roster.spreadsheet`.

On stdin come a line of JSON and the file, on stdout goes JSON. The line has the wish for a spreadsheet
(services.roster.sheet.Wish), or the suffix of plain text; the charset that was chosen; and the language of the answer.
A file of some kilobytes can make a parser use gigabytes or hours. So the process limits itself before it reads, and its
parent (services.roster.workbook) kills it when it takes too long. It gets no secrets and imports no more of our modules
than it needs.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from services.roster import binary_excel, html_table, old_excel, ooxml, opendocument
from services.roster.archive import Archive, Kind
from services.roster.charsets import decode
from services.roster.delimited import rows
from services.roster.grid import Grid, answer_of
from services.roster.kinds import is_page, page_text
from services.roster.sheet import OLE, ZIP, CharsetNeeded, Kept, RosterError, Wish, save_as
from services.texts import speech
from services.texts.speech import _

MAX_MEMORY = 1 << 30
"""Bytes of address space."""

MAX_PROCESSOR_SECONDS = 12


def main() -> None:
    """Reads what is wished and a file on stdin, and writes the rows or the error as JSON to stdout."""
    _limit_ourselves()
    told = json.loads(sys.stdin.buffer.readline())
    _speak(**told["speech"])
    content, charset = sys.stdin.buffer.read(), told["charset"]
    said = text_answer(content, told["suffix"], charset) if "suffix" in told else _book_answer(content, told, charset)
    sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False).encode())


def _speak(language: str, folder: str | None) -> None:
    """Says errors in the language of the session that asked, whose catalogue is in the folder."""
    speech.asks_for(lambda: language, Path(folder) if folder else None)


def _book_answer(content: bytes, told: dict[str, Any], charset: str | None) -> dict[str, Any]:
    wish = Wish(**told["wish"])
    if not is_page(content) or opendocument.is_flat(content):
        return answer(content, wish)
    try:
        page = page_text(content, charset)
    except CharsetNeeded as needed:
        return {"previews": needed.previews}
    except RosterError as error:
        return {"error": str(error), "row": error.row}
    return answer(page.encode(errors="replace"), wish)


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


def answer(content: bytes, wish: Wish = Wish()) -> dict[str, Any]:  # noqa: B008 - it cannot change
    """Returns the answer about a file: a sheet with its rows, or an error and its row, and the names of all sheets.

    Errors of the parsers pass through: the process ends by them.
    """
    try:
        return answer_of(grids(content), wish)
    except RosterError as error:
        return {"error": str(error), "row": error.row, "title": "", "titles": []}


def text_answer(content: bytes, suffix: str, charset: str | None) -> dict[str, Any]:
    """Returns the answer about plain text. suffix: the end of the file's name; empty for pasted text."""
    kept = Kept()
    try:
        text = decode(content, charset) if suffix else content.decode()
        for number, cells in rows(text, suffix):
            kept.add(number, cells)
    except CharsetNeeded as needed:
        return {"previews": needed.previews}
    except RosterError as error:
        return {"error": str(error), "row": error.row}
    nothing: dict[str, Any] = {key: [] for key in ("titles", "hidden_rows", "hidden_columns", "merged", "notes")}
    return {**nothing, "title": "", "rows": kept.rows, "shortened": list(kept.shortened)}


def grids(content: bytes) -> Iterator[Grid]:
    """Yields the visible sheets of a file. Raises RosterError for a file that cannot be used."""
    if content.startswith(OLE):
        yield from old_excel.grids(content)
    elif content.startswith(ZIP):
        yield from _archived(Archive(content))
    elif opendocument.is_flat(content):
        yield from opendocument.grids(BytesIO(content))
    else:
        yield from html_table.grids(content.decode())


def _archived(archive: Archive) -> Iterator[Grid]:
    match archive.kind:
        case Kind.OPEN_DOCUMENT if "content.xml" in archive:
            with archive.open("content.xml") as part:
                yield from opendocument.grids(part)
        case Kind.EXCEL:
            yield from ooxml.grids(archive)
        case Kind.BINARY_EXCEL:
            yield from binary_excel.grids(archive)
        case _:
            raise RosterError(_("The file is damaged: its sheets are missing. {advice}", advice=save_as()))


if __name__ == "__main__":
    main()
