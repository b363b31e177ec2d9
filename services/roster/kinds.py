"""What a file is, by its first bytes: what is no list is refused, and a page with tables is told from plain text."""

import re

from services.roster.charsets import decode
from services.roster.sheet import OLE, RosterError, save_as
from services.texts.speech import N_, _

_WITH_PASSWORD = "EncryptedPackage".encode("utf-16-le")
"""The stream that holds an Office file with a password (MS-OFFCRYPTO)."""

_PICTURE = N_("This is a picture and not a list of people. Save the list as XLSX or CSV and upload that.")
_ARCHIVE = N_("This is an archive and not a list of people. Save the list as XLSX or CSV and upload that.")

_OTHER_KINDS = (
    (b"%PDF", N_("This is a PDF and not a list of people. Save the list as XLSX or CSV and upload that.")),
    (b"{\\rtf", N_("This is a text document and not a list of people. Save the list as XLSX or CSV and upload that.")),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"7z\xbc\xaf", _ARCHIVE),
    (b"Rar!", _ARCHIVE),
)

_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<meta", b"<style", b"<body", b"<div")
_TABLE = re.compile(rb"<t[dh]\b", re.IGNORECASE)
_SAID_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)

_HEAD = 4_096
"""Bytes in which a page says how its letters are stored."""


def check_kind(content: bytes) -> None:
    """Raises RosterError for a file that is known to be no list."""
    if content.startswith(OLE) and _WITH_PASSWORD in content:
        raise RosterError(_("The file is protected by a password. Save it without one, or as CSV, and upload that."))
    for start, refusal in _OTHER_KINDS:
        if content.startswith(start):
            raise RosterError(_(refusal))


def is_page(content: bytes) -> bool:
    """Whether a file is a web page or XML, as many programs write tables under a name that ends in .xls."""
    # In UTF-16, each letter has a zero beside it.
    start = content[:400].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    return start.startswith(_MARKUP)


def page_text(content: bytes, charset: str | None) -> str:
    """The text of a page. Raises CharsetNeeded, and RosterError for a page without a table."""
    if not _TABLE.search(content.replace(b"\0", b"")):
        raise RosterError(
            _("By its content, this is a web page or XML without a table of people. {advice}", advice=save_as())
        )
    said = _SAID_CHARSET.search(content[:_HEAD])
    try:
        return content.decode(said[1].decode()) if said else decode(content, charset)
    except (LookupError, UnicodeDecodeError):
        return decode(content, charset)
