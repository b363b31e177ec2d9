"""Spreadsheet files, read by a child process (services.roster.spreadsheet) that is killed when it takes too long."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, replace
from threading import BoundedSemaphore, Thread, Timer
from typing import IO, Any

from services.roster.sheet import MAX_BYTES, RosterError, Sheet, SheetUnusable, Wish, even
from services.settings import ROOT

COMMAND = (sys.executable, "-W", "ignore", "-m", "services.roster.spreadsheet")

MAX_SECONDS = 15.0
"""From the start of the process to its answer."""

MAX_ANSWER = 8 * MAX_BYTES
"""Bytes: the most text that is allowed, at four bytes a letter, and as much again for JSON's own characters."""

_PASSED_ON = (
    "PATH",
    "PYTHONHOME",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "SYSTEMROOT",
)
"""The variables that the child gets: what Python needs to start, and no token."""


def read_workbook(content: bytes, wish: Wish = Wish()) -> Sheet:  # noqa: B008 - it cannot change
    """Returns a sheet of a spreadsheet file; without a wish, the one that looks most like a list of people.

    content: XLSX, XLSM, XLSB, ODS, FODS, XLS, or a page with tables in UTF-8.

    Raises SheetUnusable where another sheet may be used, else RosterError.
    """
    try:
        return _sheet(json.loads(_ask(json.dumps(asdict(wish)).encode() + b"\n" + content)))
    except (OSError, json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        raise _unreadable() from None


def _sheet(answer: dict[str, Any]) -> Sheet:
    if "error" in answer:
        raise SheetUnusable(answer["error"], answer["row"], answer["title"], answer["titles"])
    shortened = ((row, column) for row, column in answer["shortened"])
    sheet = even([(number, cells) for number, cells in answer["rows"]], answer["title"], shortened)
    return replace(
        sheet,
        titles=tuple(answer["titles"]),
        hidden_rows=tuple(answer["hidden_rows"]),
        hidden_columns=tuple(answer["hidden_columns"]),
        merged={(row, column): first for row, column, first in answer["merged"]},
        notes=tuple(answer["notes"]),
    )


def _unreadable() -> RosterError:
    return RosterError(
        "The spreadsheet could not be read: it is damaged, or too large or complex. "
        "Open it in a spreadsheet program, save the list alone as CSV, and upload that."
    )


_READERS = BoundedSemaphore(2)
"""How many spreadsheets are read at once: each reader may use a gigabyte."""


def _ask(content: bytes) -> bytes:
    """The child's answer; empty where it is longer than MAX_ANSWER bytes or the child was killed first."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    with (
        _READERS,
        subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment,
        ) as child,
    ):
        assert child.stdin is not None and child.stdout is not None
        alarm = Timer(MAX_SECONDS, child.kill)
        feeder = Thread(target=_feed, args=(child.stdin, content), daemon=True)
        alarm.daemon = True
        alarm.start()
        feeder.start()
        try:
            answer = child.stdout.read(MAX_ANSWER + 1)
        finally:
            # The answer is complete. A dead child also closes the pipe that the feeder writes to.
            child.kill()
            alarm.cancel()
            feeder.join()
    return answer if len(answer) <= MAX_ANSWER else b""


def _feed(pipe: IO[bytes], content: bytes) -> None:
    # A child that is killed, or has refused the file, does not read the rest.
    with suppress(BrokenPipeError), pipe:
        pipe.write(content)
