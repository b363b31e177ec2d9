"""Files and pasted text as a sheet. The first bytes decide what a file is; its name counts only where they do not.

Every list is read by a child process with limits (services.roster.workbook), but for short plain text: starting the
child would take most of the time that such a list takes, and no short text takes long (SMALL).
"""

from pathlib import PurePath

from services.roster.charsets import decode
from services.roster.delimited import rows
from services.roster.kinds import check_kind, is_page
from services.roster.line import Say, say_nothing
from services.roster.opendocument import is_flat
from services.roster.sheet import MAX_BYTES, OLE, ZIP, RosterError, Sheet, Wish, sheet_of
from services.roster.workbook import read_plain_text, read_workbook
from services.texts.speech import _

SMALL = 20_000
"""The longest plain text that is read here, in bytes or characters: some 300 people."""

UPLOADS = ["csv", "tsv", "txt", "xlsx", "xlsm", "xlsb", "xls", "ods", "fods", "htm", "html"]
"""The endings of the files that are read; what a file is, its content says."""


def read_file(
    content: bytes,
    name: str,
    charset: str | None = None,
    wish: Wish = Wish(),  # noqa: B008 - it cannot change
    say: Say = say_nothing,
) -> Sheet:
    """Returns the rows of a spreadsheet or a text file.

    charset: the researcher's choice after CharsetNeeded; it counts only where the file has no mark of its own.
    wish: which sheet of a spreadsheet, and whether what is hidden there is taken.
    say: is told how many lists are read before this one, as long as it waits.

    Raises CharsetNeeded, ReadersBusy, SheetUnusable where another sheet may be used, else RosterError.
    """
    _check_size(len(content))
    if content.startswith(ZIP):
        return read_workbook(content, wish, say=say)
    check_kind(content)
    if content.startswith(OLE) or is_flat(content) or is_page(content):
        return read_workbook(content, wish, charset, say=say)
    suffix = PurePath(name.lower()).suffix or ".txt"
    if len(content) <= SMALL:
        return sheet_of(rows(decode(content, charset), suffix))
    return read_plain_text(content, suffix, charset, say=say)


def read_text(pasted: str, say: Say = say_nothing) -> Sheet:
    """The rows of text that was pasted or typed: delimited, or one name a line. Raises ReadersBusy and RosterError."""
    _check_size(len(pasted))
    if len(pasted) <= SMALL:
        return sheet_of(rows(pasted))
    return read_plain_text(pasted.encode(errors="replace"), "", "utf-8", say=say)


def _check_size(size: int) -> None:
    if not size:
        raise RosterError(_("There is nothing in it."))
    if size > MAX_BYTES:
        raise RosterError(
            _("It is larger than {most} MB. Keep the list alone, without pictures.", most=MAX_BYTES // 1_000_000)
        )
