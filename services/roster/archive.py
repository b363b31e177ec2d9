"""The archive that a newer spreadsheet file is: what kind it is, and that it does no harm, before it is unpacked."""

from enum import Enum
from io import BytesIO
from typing import IO
from zipfile import BadZipFile, ZipFile, ZipInfo

from services.roster.sheet import RosterError, damaged, protected
from services.texts.speech import _

MAX_ENTRIES = 10_000
MAX_UNPACKED = 100_000_000
"""Bytes of everything in the archive together."""

MAX_RATIO = 100
RATIO_COUNTS_FROM = 1_000_000
"""The most by which an entry may be compressed, if it unpacks to more than this many bytes."""

_ENCRYPTED = 0x1
"""The flag of an entry that needs a password (APPNOTE 4.4.4)."""

_ENOUGH = 100_000
"""Bytes of a small part that are looked through."""


class Kind(Enum):
    """The kinds of archives that are read."""

    EXCEL = "xlsx"
    BINARY_EXCEL = "xlsb"
    OPEN_DOCUMENT = "ods"


class Archive:
    """The parts of a file by their names.

    Programs differ in the case of names, in slashes, and in whether a slash begins them, so none of that counts.
    """

    def __init__(self, content: bytes) -> None:
        """Raises RosterError for an archive that is damaged, protected, or far larger than a list."""
        try:
            self._zip = ZipFile(BytesIO(content))
        except (BadZipFile, NotImplementedError, RuntimeError):
            raise damaged() from None
        self._entries = {plain(entry.filename): entry for entry in self._zip.infolist()}
        self.kind = self._kind()
        self._check()

    def open(self, name: str) -> IO[bytes]:
        """Opens a part. Raises KeyError where there is none."""
        return self._zip.open(self._entries[plain(name)])

    def __contains__(self, name: str) -> bool:
        return plain(name) in self._entries

    def _kind(self) -> Kind:
        names = self._entries.keys()
        if "mimetype" in names or {"content.xml", "meta-inf/manifest.xml"} <= names:
            return self._open_document()
        if any(name.startswith("index/") and name.endswith(".iwa") for name in names) or "index.zip" in names:
            raise RosterError(
                _("This is a Numbers file, which cannot be read. Export it as Excel or CSV, and upload that.")
            )
        if "[content_types].xml" not in names and "xl/workbook.xml" not in names:
            raise RosterError(
                _("This is an archive and not a list of people. Unpack it and upload the XLSX or CSV in it.")
            )
        if not any(name.startswith("xl/") or name.endswith("workbook.xml") for name in names):
            raise _no_spreadsheet()
        return Kind.BINARY_EXCEL if "xl/workbook.bin" in names else Kind.EXCEL

    def _open_document(self) -> Kind:
        if b"spreadsheet" not in self._start("mimetype") and b"spreadsheet" not in self._start("meta-inf/manifest.xml"):
            raise _no_spreadsheet()
        if "encrypted-package" in self or b"encryption-data" in self._start("meta-inf/manifest.xml"):
            raise protected()
        return Kind.OPEN_DOCUMENT

    def _start(self, name: str) -> bytes:
        if name not in self:
            return b""
        with self.open(name) as part:
            return part.read(_ENOUGH)

    def _check(self) -> None:
        entries = self._zip.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        if len(entries) > MAX_ENTRIES or unpacked > MAX_UNPACKED or any(map(_is_bomb, entries)):
            raise RosterError(
                _(
                    "The file unpacks to far more than a list of people. "
                    "Copy the list alone into a new spreadsheet, save it as XLSX or CSV, and upload that."
                )
            )
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise protected()


def plain(name: str) -> str:
    """Returns the name of a part without the differences between programs."""
    return name.replace("\\", "/").lstrip("/").casefold()


def _is_bomb(entry: ZipInfo) -> bool:
    return entry.file_size > RATIO_COUNTS_FROM and entry.file_size > MAX_RATIO * entry.compress_size


def _no_spreadsheet() -> RosterError:
    return RosterError(
        _("This is not a spreadsheet. Copy its table into one, save it as XLSX or CSV, and upload that.")
    )
