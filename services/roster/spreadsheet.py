"""Spreadsheets to rows, in their own process: `python -m services.roster.spreadsheet`.

On stdin come a line of JSON with the wish (services.roster.sheet.Wish) and the file, on stdout goes JSON. A file of
some kilobytes can make a parser use gigabytes or hours. So the process limits itself before it reads, and its parent
(services.roster.workbook) kills it when it takes too long. It gets no secrets and imports no more of our modules than
it needs.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from typing import Any

from services.roster import binary_excel, html_table, old_excel, ooxml, opendocument
from services.roster.archive import Archive, Kind
from services.roster.grid import Grid, answer_of
from services.roster.sheet import OLE, SAVE_AS, ZIP, RosterError, Wish

MAX_MEMORY = 1 << 30
"""Bytes of address space."""

MAX_PROCESSOR_SECONDS = 12


def main() -> None:
    """Reads a wish and a file on stdin, and writes the rows or the error as JSON to stdout."""
    _limit_ourselves()
    wish = Wish(**json.loads(sys.stdin.buffer.readline()))
    said = answer(sys.stdin.buffer.read(), wish)
    sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False).encode())


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
            raise RosterError(f"The file is damaged: its sheets are missing. {SAVE_AS}")


if __name__ == "__main__":
    main()
