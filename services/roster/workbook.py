"""XLSX files, read in a child process that is killed when it takes too long (services.roster.spreadsheet)."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from threading import BoundedSemaphore, Thread, Timer
from typing import IO

from services.roster.sheet import MAX_BYTES, RosterError, Sheet, even
from services.settings import ROOT

COMMAND = (sys.executable, "-W", "ignore", "-m", "services.roster.spreadsheet")

MAX_SECONDS = 15.0
"""By the clock, from the start of the process to its answer."""

MAX_ANSWER = 8 * MAX_BYTES
"""Bytes: the most text there may be, in letters of four bytes, and as much again for what JSON adds."""

_PASSED_ON = (
    "PATH",
    "PYTHONHOME",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "SYSTEMROOT",
)
"""What the child gets of our environment: what Python needs to start, and no token."""


def read_workbook(content: bytes) -> Sheet:
    """The first visible sheet of an XLSX file that holds anything. Raises RosterError."""
    try:
        answer = json.loads(_ask(content))
        if "error" in answer:
            raise RosterError(answer["error"], answer["row"])
        return even([(number, cells) for number, cells in answer["rows"]], answer["title"])
    except (OSError, json.JSONDecodeError, UnicodeDecodeError, KeyError, TypeError):
        raise _unreadable() from None


def _unreadable() -> RosterError:
    return RosterError(
        "The spreadsheet could not be read: it is damaged, or too large or complex. "
        "Open it in a spreadsheet program, save the list alone as CSV, and upload that."
    )


_ROOM = BoundedSemaphore(2)
"""How many spreadsheets are read at once: each reader may take a gigabyte."""


def _ask(content: bytes) -> bytes:
    """What the child says, at most MAX_ANSWER bytes of it; nothing where it was killed before."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    with (
        _ROOM,
        subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            # lxml, where it happens to be installed, expands what Python's own parser refuses to.
            env={**environment, "OPENPYXL_LXML": "False"},
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
            # It has said all that will be heard. Dead, it also lets go of the pipe that the feeder writes to.
            child.kill()
            alarm.cancel()
            feeder.join()
    return answer if len(answer) <= MAX_ANSWER else b""


def _feed(pipe: IO[bytes], content: bytes) -> None:
    # A child that is killed, or has seen enough, leaves the rest.
    with suppress(BrokenPipeError), pipe:
        pipe.write(content)
