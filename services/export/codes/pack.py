"""The QR codes of many rooms as one ZIP file, with the links file that says whose they are."""

import tempfile
from collections.abc import Sequence
from enum import StrEnum
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile
from zoneinfo import ZoneInfo

from services.export.codes import qr
from services.export.delimited import Delimiter
from services.export.made_by import MadeBy
from services.export.names import member_name
from services.export.table import links_csv
from services.people.acting import needs
from services.people.roles import Right
from services.rooms.entry import Entry
from services.texts.speech import speaking
from services.trust import as_cell

LINKS_FILE = "links.csv"
LEFT_OUT_FILE = "left-out.txt"


class Picture(StrEnum):
    """The kinds of picture, by the ending of their files."""

    PNG = "png"
    SVG = "svg"


@needs(Right.LINKS)
def code_pack(
    entries: Sequence[Entry],
    zone: ZoneInfo,
    picture: Picture,
    delimiter: Delimiter = Delimiter.COMMA,
    *,
    made_by: MadeBy | None = None,
) -> bytes:
    """A code for each room, the links file (services.export.table.links_csv), and a note about rooms without a code.

    A code is named by the number of its row in the links file, and its label. A room without a proper link of its own
    has none, and LEFT_OUT_FILE says so.

    made_by: told in the comment of the ZIP file.
    """
    digits = max(3, len(str(len(entries))))
    left_out = []
    # One code at a time goes to the disk, so that only the finished file takes memory.
    with tempfile.TemporaryFile() as file:
        with ZipFile(file, "w") as pack:
            pack.comment = made_by.properties.encode() if made_by else b""
            for number, entry in enumerate(entries, start=1):
                if not entry.link.is_proper:
                    left_out.append(_line(number, entry))
                    continue
                name = member_name(number, entry.label, picture, digits)
                if picture is Picture.PNG:
                    # A PNG is compressed already.
                    pack.writestr(name, qr.png(entry.link), ZIP_STORED)
                else:
                    pack.writestr(name, qr.svg(entry.link), ZIP_DEFLATED)
            pack.writestr(LINKS_FILE, links_csv(entries, zone, delimiter), ZIP_DEFLATED)
            if left_out:
                pack.writestr(LEFT_OUT_FILE, _left_out(left_out), ZIP_DEFLATED)
        file.seek(0)
        return file.read()


def _line(number: int, entry: Entry) -> str:
    """A room by its row, its label and its staff code, and why it has no code, on one line."""
    # The file is English, as all files are, whatever the page speaks.
    with speaking("en"):
        why = entry.link.why_not
    return "\t".join((str(number), as_cell(" ".join(entry.label.split())), entry.staff_code, why))


def _left_out(lines: list[str]) -> bytes:
    said = [
        f"No code was made for {len(lines):,} {'room' if len(lines) == 1 else 'rooms'}, because a code would lead "
        "somewhere else, or two people to one interview.",
        f"They are marked in {LINKS_FILE}. Ask Aseed about them.",
        "",
        "no\tlabel\tstaff_code\twhy",
        *lines,
        "",
    ]
    return "\r\n".join(said).encode("utf-8-sig")
