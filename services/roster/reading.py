"""Files and pasted text as a sheet. The first bytes decide what a file is; its name counts only where they do not."""

from pathlib import PurePath

from services.roster.charsets import decode
from services.roster.delimited import rows
from services.roster.sheet import MAX_BYTES, SAVE_AS, RosterError, Sheet, sheet_of
from services.roster.workbook import read_workbook

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of old Office files, and of new ones with a password."""

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

_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<meta", b"<style")


def read_file(content: bytes, name: str, charset: str | None = None) -> Sheet:
    """The rows of an XLSX, CSV, TSV or text file.

    charset: the researcher's choice after CharsetNeeded; it counts only where the file has no mark of its own.

    Raises RosterError, or CharsetNeeded.
    """
    _check_size(len(content))
    if content.startswith(_ZIP):
        return read_workbook(content)
    _check_kind(content)
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
    if content.startswith(_OLE):
        if _WITH_PASSWORD in content:
            raise RosterError("The file is protected by a password. Save it without one, or as CSV, and upload that.")
        raise RosterError(f"This is a file of an old Office program (such as .xls), which cannot be read. {SAVE_AS}")
    for start, kind in _OTHER_KINDS:
        if content.startswith(start):
            raise RosterError(f"This is {kind} and not a list of people. Save the list as XLSX or CSV and upload that.")
    if content[:200].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise RosterError(f"By its content, this is a web page or XML. {SAVE_AS}")
