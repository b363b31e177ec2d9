"""Rows of the journal reach no log, whatever its level: they hold links, names and emails."""

import logging

_LOGGERS = ("sqlalchemy.engine", "sqlalchemy.engine.Engine")
"""Where SQLAlchemy writes statements (INFO) and the rows that come of them (DEBUG)."""


def _has_no_row(record: logging.LogRecord) -> bool:
    return record.levelno > logging.DEBUG


def keep_rows_out_of_logs() -> None:
    """Drops what SQLAlchemy logs of rows. A level that is set later, or in a file, does not bring it back."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_has_no_row)
