"""No sink makes a link of what is not one of Aseed's: every file, code and message is walked with hostile URLs."""

import ast
import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import openpyxl
import pytest

from services.export.cards.paper import SHEETS
from services.export.cards.pdf import print_cards
from services.export.codes import qr
from services.export.codes.pack import LINKS_FILE, Picture, code_pack
from services.export.default_messages import DEFAULTS
from services.export.messages import invitations, invitations_csv, invitations_text
from services.export.offline.page import offline_pack
from services.export.table import links_csv, links_only, mail_merge_csv, taskflow_csv
from services.export.workbook import links_workbook
from services.journal.records import RoomRecord
from services.link import IN_CONFLICT, NOT_A_LINK, WITHDRAWN
from services.participants import Participant
from services.rooms.entry import Entry, entries
from services.rooms.flags import Flag, flagged
from tests.entries import BERLIN, CHECK, entry

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)

HOSTILE_URLS = (
    "javascript:alert(1)",
    "https://evil.example/interview/abc",
    "https://app.aseed.ai@evil.example/abc",
    "https://aseed.ai.evil.example/abc",
    "http://app.aseed.ai/interview/abc",
    "https://app.aseed.ai/a b",
    "data:text/html,app.aseed.ai",
    "//app.aseed.ai/abc",
    "",
)


def _messages(one: Entry) -> bytes:
    """All invitations to a room, in every default language, as both kinds of file."""
    files = []
    for template in DEFAULTS.values():
        invited, _ = invitations(template, [one], BERLIN, NOW)
        files += [invitations_csv(invited, BERLIN), invitations_text(invited)]
        assert not invited
    return b"".join(files)


def _codes(one: Entry, picture: Picture) -> bytes:
    """The pack's own list, which must be all there is besides the note."""
    with zipfile.ZipFile(io.BytesIO(code_pack([one], BERLIN, picture))) as pack:
        assert not [name for name in pack.namelist() if name.endswith(picture)]
        return pack.read(LINKS_FILE)


def _workbook(one: Entry) -> bytes:
    """The cell of the link as text; it must not be clickable."""
    sheet = openpyxl.load_workbook(io.BytesIO(links_workbook([one], BERLIN)))["Links"]
    cells = [cell for row in islice(sheet.iter_rows(), 1, None) for cell in row]
    assert not [cell for cell in cells if cell.hyperlink]
    return "\n".join(str(cell.value) for cell in cells if cell.value).encode()


def _offline(one: Entry) -> bytes:
    return offline_pack([one], pack_id="pack", title="Coffee", station="Clinic", zone=BERLIN)


SINKS: dict[str, Callable[[Entry], bytes]] = {
    "csv": lambda one: links_csv([one], BERLIN),
    "workbook": _workbook,
    "mail_merge": lambda one: mail_merge_csv([one], BERLIN, NOW),
    "links_only": lambda one: links_only([one]),
    "taskflow": lambda one: taskflow_csv([one], NOW),
    "messages": _messages,
    "png_codes": lambda one: _codes(one, Picture.PNG),
    "svg_codes": lambda one: _codes(one, Picture.SVG),
    "cards": lambda one: print_cards([one], SHEETS["a4-3x4"], title="Coffee", zone=BERLIN, now=NOW).pdf,
    "offline": _offline,
}
"""What makes a file of a room's link."""


@pytest.mark.parametrize("sink", SINKS)
@pytest.mark.parametrize("url", HOSTILE_URLS)
def test_no_file_makes_a_hostile_url_a_link(url: str, sink: str) -> None:
    made = SINKS[sink](entry(url=url)).decode()
    # Where it is in the file at all, it is marked.
    assert url not in made.replace(f"{NOT_A_LINK}{url}", "") or not url


@pytest.mark.parametrize("sink", sorted(SINKS.keys() - {"messages", "png_codes", "svg_codes", "cards"}))
def test_every_file_holds_a_proper_link(sink: str) -> None:
    one = entry()
    if sink == "workbook":
        with pytest.raises(AssertionError):
            SINKS[sink](one)
    else:
        assert one.link.target in SINKS[sink](one).decode()


VERA = Participant(label="Vera", email="vera@guests.example", external_id="P-77")


def shared() -> list[Entry]:
    """Two rooms of one list that have one link."""
    return entries([entry(1).room, entry(2, url=f"{entry(1).room.url}/?from=mail").room], {}, {}, CHECK)


@pytest.mark.parametrize("sink", SINKS)
def test_no_file_holds_a_link_of_two_rooms(sink: str) -> None:
    for one in shared():
        # A PDF without cards is empty.
        made = SINKS[sink](one).decode()
        assert "SECRET" not in made
        if sink in ("csv", "workbook", "png_codes", "svg_codes"):
            # Where the room is in the file, its cell says why it has no link.
            assert IN_CONFLICT in made


@pytest.mark.parametrize("sink", SINKS)
def test_no_file_holds_a_withdrawn_link(sink: str) -> None:
    room = entry(1, display_name="Vera", respondent_email="vera@guests.example").room
    known = RoomRecord(room.id, link=room.url, participant=VERA, is_withdrawn=True, hides_names=True)
    (one,) = entries([room], {room.id: known}, {}, CHECK)
    made = SINKS[sink](one).decode()
    assert "SECRET" not in made and "vera" not in made.lower()
    if sink in ("csv", "workbook", "png_codes", "svg_codes"):
        assert WITHDRAWN in made
    assert one.name == "Withdrawn" and flagged([one], NOW) == {}


def test_link_of_two_rooms_has_no_code() -> None:
    found = shared()
    assert flagged(found, NOW) == {one.id: (Flag.SAME_LINK,) for one in found}
    # No person can know that it is fine.
    settled = {(one.id, flag) for one in found for flag in Flag}
    assert flagged(found, NOW, settled) == {one.id: (Flag.SAME_LINK,) for one in found}
    for draw in (qr.svg, qr.png):
        with pytest.raises(ValueError, match="another room has the same link"):
            draw(found[0].link)


@pytest.mark.parametrize("url", HOSTILE_URLS)
def test_hostile_url_is_flagged_and_has_no_code(url: str) -> None:
    one = entry(url=url)
    assert flagged([one], NOW) == {one.id: (Flag.BAD_LINK,)}
    for draw in (qr.svg, qr.png):
        with pytest.raises(ValueError, match="not a proper link"):
            draw(one.link)


READERS = {
    "services/journal/rows.py",
    "services/rooms/entry.py",
    "services/same_link.py",
}
"""The files that may read a room's `url`: they hand it to the journal or to a check."""


def test_nothing_else_reads_the_unchecked_url() -> None:
    files = [file for folder in ("pages", "components", "services") for file in (ROOT / folder).rglob("*.py")]
    reading = {
        file.relative_to(ROOT).as_posix()
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "url" and ast.unparse(node.value).endswith("room")
    }
    assert reading <= READERS
