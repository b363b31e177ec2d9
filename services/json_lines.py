"""The log as lines of JSON, one for each event and for each line that would be read by people otherwise."""

import logging
import traceback
from collections.abc import Mapping
from typing import TextIO

import structlog

from services import events
from services.journal.errors import JournalError
from services.people.acting import key_at_work


def write_json_lines(out: TextIO) -> None:
    """From now on, writes a line to `out` for everything that is told to services.events or to the log.

    Where it is told while a person acts, or goes on with what they began, the line has their key as `person`.
    """
    steps: list[structlog.typing.Processor] = [
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.JSONRenderer(),
    ]
    line = structlog.wrap_logger(structlog.WriteLogger(out), steps, structlog.BoundLogger)

    def write(event: str, facts: Mapping[str, events.Fact]) -> None:
        whose = {"person": key} if (key := key_at_work()) else {}
        line.msg(event, **{"level": "info", **facts, **whose})

    events.listeners.append(write)
    logging.getLogger().handlers = [_Told()]


class _Told(logging.Handler):
    """Tells a record of the log as an event, without the texts of exceptions, which may quote anything."""

    def emit(self, record: logging.LogRecord) -> None:
        text, where = str(record.msg), None
        # Of others it is not known what they put into their lines.
        if record.name.startswith(("services", "rooms")):
            given = record.args if isinstance(record.args, tuple) else ()
            text = text % tuple(map(_safe, given)) if given else text
        if record.exc_info and (error := record.exc_info[1]):
            text = f"{text} {_safe(error)}"
            where = "".join(traceback.format_tb(error.__traceback__))
        events.tell("log", level=record.levelname.lower(), logger=record.name, text=text, where=where)


def _safe(value: object) -> object:
    # The journal's own words name no link; those of Aseed's errors may quote what a person typed.
    return type(value).__name__ if isinstance(value, BaseException) and not isinstance(value, JournalError) else value
