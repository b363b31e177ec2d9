"""Lists, read by a child process (services.roster.spreadsheet) that is killed when it takes too long."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict, replace
from threading import Thread, Timer
from typing import IO, Any

from services.roster.line import Line, Say, say_nothing
from services.roster.sheet import MAX_BYTES, CharsetNeeded, RosterError, Sheet, SheetUnusable, Wish, even
from services.settings import ROOT
from services.texts import speech
from services.texts.speech import _

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


def read_workbook(
    content: bytes,
    wish: Wish = Wish(),  # noqa: B008 - it cannot change
    charset: str | None = None,
    say: Say = say_nothing,
) -> Sheet:
    """Returns a sheet of a spreadsheet file; without a wish, the one that looks most like a list of people.

    content: XLSX, XLSM, XLSB, ODS, FODS, XLS, or a page with tables.
    charset, say: as services.roster.reading.read_file has them.

    Raises CharsetNeeded, ReadersBusy, SheetUnusable where another sheet may be used, else RosterError.
    """
    return _read({"wish": asdict(wish), "charset": charset}, content, say)


def read_plain_text(content: bytes, suffix: str, charset: str | None, say: Say = say_nothing) -> Sheet:
    """Returns the rows of a text with delimiters, or with one name a line.

    suffix: the end of the file's name; empty for pasted text.
    charset, say: as services.roster.reading.read_file has them.

    Raises CharsetNeeded, ReadersBusy and RosterError.
    """
    return _read({"suffix": suffix, "charset": charset}, content, say)


def _read(told: dict[str, Any], content: bytes, say: Say) -> Sheet:
    line = json.dumps({**told, "speech": _spoken()}).encode()
    try:
        return _sheet(json.loads(_ask(line + b"\n" + content, say)))
    except (OSError, json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        raise _unreadable("suffix" in told) from None


def _spoken() -> dict[str, str | None]:
    """The language in which the child says its errors, and the folder of its catalogue."""
    code = speech.language()
    file = speech.known()[code]
    return {"language": code, "folder": str(file.parent) if file else None}


def _sheet(answer: dict[str, Any]) -> Sheet:
    if "previews" in answer:
        raise CharsetNeeded(answer["previews"])
    if "error" in answer and "titles" not in answer:
        raise RosterError(answer["error"], answer["row"])
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


def _unreadable(is_text: bool) -> RosterError:
    if is_text:
        return RosterError(
            _(
                "The list could not be read: it is too large or complex. Keep the columns that are needed and one row "
                "a person, or split the list."
            )
        )
    return RosterError(
        _(
            "The spreadsheet could not be read: it is damaged, or too large or complex. "
            "Open it in a spreadsheet program, save the list alone as CSV, and upload that."
        )
    )


_READERS = Line(at_once=2, patience=4 * MAX_SECONDS)
"""How many lists are read at once, as each reader may use a gigabyte. An honest one is read behind six hostile ones."""


def _ask(content: bytes, say: Say) -> bytes:
    """The child's answer; empty where it is longer than MAX_ANSWER bytes or the child was killed first."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    with (
        _READERS.place(say),
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
