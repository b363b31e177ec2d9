"""Files and pasted text as a sheet. The first bytes decide what a file is; its name counts only where they do not."""

import re
from pathlib import PurePath

from services.roster.charsets import decode
from services.roster.delimited import rows
from services.roster.opendocument import is_flat
from services.roster.sheet import MAX_BYTES, OLE, SAVE_AS, ZIP, RosterError, Sheet, Wish, sheet_of
from services.roster.workbook import read_workbook

_WITH_PASSWORD = "EncryptedPackage".encode("utf-16-le")
"""The stream that holds an Office file with a password (MS-OFFCRYPTO)."""

_OTHER_KINDS = (
    (b"%PDF", "a PDF"),
    (b"{\\rtf", "a text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"Rar!", "an archive"),
)

_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<meta", b"<style", b"<body", b"<div")
_TABLE = re.compile(rb"<t[dh]\b", re.IGNORECASE)
_SAID_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)

_HEAD = 4_096
"""Bytes in which a page says how its letters are stored."""

UPLOADS = ["csv", "tsv", "txt", "xlsx", "xlsm", "xlsb", "xls", "ods", "fods", "htm", "html"]
"""The endings of the files that are read; what a file is, its content says."""


def read_file(
    content: bytes,
    name: str,
    charset: str | None = None,
    wish: Wish = Wish(),  # noqa: B008 - it cannot change
) -> Sheet:
    """Returns the rows of a spreadsheet or a text file.

    charset: the researcher's choice after CharsetNeeded; it counts only where the file has no mark of its own.
    wish: which sheet of a spreadsheet, and whether what is hidden there is taken.

    Raises CharsetNeeded, SheetUnusable where another sheet may be used, else RosterError.
    """
    _check_size(len(content))
    if content.startswith(ZIP):
        return read_workbook(content, wish)
    _check_kind(content)
    if content.startswith(OLE) or is_flat(content):
        return read_workbook(content, wish)
    if _starts_with(content, _MARKUP):
        return _tables(content, charset, wish)
    return sheet_of(rows(decode(content, charset), PurePath(name.lower()).suffix or ".txt"))


def read_text(pasted: str) -> Sheet:
    """The rows of text that was pasted or typed: delimited, or one name a line. Raises RosterError."""
    _check_size(len(pasted))
    return sheet_of(rows(pasted))


def _check_size(size: int) -> None:
    if not size:
        raise RosterError("There is nothing in it.")
    if size > MAX_BYTES:
        raise RosterError(f"It is larger than {MAX_BYTES // 1_000_000} MB. Keep the list alone, without pictures.")


def _check_kind(content: bytes) -> None:
    if content.startswith(OLE) and _WITH_PASSWORD in content:
        raise RosterError("The file is protected by a password. Save it without one, or as CSV, and upload that.")
    for start, kind in _OTHER_KINDS:
        if content.startswith(start):
            raise RosterError(f"This is {kind} and not a list of people. Save the list as XLSX or CSV and upload that.")


def _tables(content: bytes, charset: str | None, wish: Wish) -> Sheet:
    """The rows of a page with tables, as many programs write them under a name that ends in .xls."""
    if not _TABLE.search(content.replace(b"\0", b"")):
        raise RosterError(f"By its content, this is a web page or XML without a table of people. {SAVE_AS}")
    said = _SAID_CHARSET.search(content[:_HEAD])
    try:
        text = content.decode(said[1].decode()) if said else decode(content, charset)
    except (LookupError, UnicodeDecodeError):
        text = decode(content, charset)
    return read_workbook(text.encode(errors="replace"), wish)


def _starts_with(content: bytes, starts: tuple[bytes, ...]) -> bool:
    # In UTF-16, each letter has a zero beside it.
    return content[:400].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower().startswith(starts)
