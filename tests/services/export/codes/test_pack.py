"""The pack of codes: every code leads to its room, its name fits every computer, and no room is forgotten."""

import csv
import io
import tracemalloc
import unicodedata
import zipfile
from collections.abc import Callable
from datetime import datetime

import pytest
import zxingcpp
from PIL import Image

from services.export.codes import qr
from services.export.codes.pack import LEFT_OUT_FILE, LINKS_FILE, Picture, code_pack
from services.export.names import code_name, member_name
from services.export.table import links_csv
from services.link import NOT_A_LINK
from services.rooms.entry import Entry
from tests.entries import BERLIN, entry

BAD_URL = "https://evil.example/x"


def packed(*entries: Entry, picture: Picture = Picture.PNG) -> zipfile.ZipFile:
    pack = zipfile.ZipFile(io.BytesIO(code_pack(entries, BERLIN, picture)))
    assert pack.testzip() is None
    return pack


def codes(pack: zipfile.ZipFile) -> list[str]:
    return [name for name in pack.namelist() if name not in (LINKS_FILE, LEFT_OUT_FILE)]


def test_code_leads_to_its_row() -> None:
    pack = packed(entry(4, display_name="Anna"), entry(9), entry(2, display_name="Борис Б."))
    assert codes(pack) == ["001_Anna.png", "002.png", "003_Борис-Б.png"]
    file = pack.read(LINKS_FILE).decode("utf-8-sig")
    rows = {int(row["no"]): row["link"] for row in csv.DictReader(io.StringIO(file, newline=""))}
    for name in codes(pack):
        (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(pack.read(name))))
        assert found.text == rows[int(name[:3])]


def test_links_file_inside_is_the_usual_one() -> None:
    chosen = [entry(1), entry(2)]
    assert packed(*chosen).read(LINKS_FILE) == links_csv(chosen, BERLIN)


def test_svg_codes_are_the_ones_of_the_page() -> None:
    one = entry(display_name="Anna")
    assert packed(one, picture=Picture.SVG).read("001_Anna.svg").decode() == qr.svg(one.link)


def test_pngs_are_stored_and_text_is_compressed() -> None:
    ways = {info.filename: info.compress_type for info in packed(entry()).infolist()}
    assert ways == {"001.png": zipfile.ZIP_STORED, LINKS_FILE: zipfile.ZIP_DEFLATED}
    (svg, _) = packed(entry(), picture=Picture.SVG).infolist()
    assert svg.compress_type == zipfile.ZIP_DEFLATED


def test_improper_link_is_listed_without_a_code() -> None:
    pack = packed(entry(1), entry(2, url=BAD_URL, display_name="Eve\r\n\tand"), entry(3))
    assert codes(pack) == ["001.png", "003.png"]
    told = pack.read(LEFT_OUT_FILE).decode("utf-8-sig")
    assert BAD_URL not in told
    why = "its address is not a proper link of Aseed's"
    assert f"2\tEve and\t{entry(2).staff_code}\t{why}" in told.splitlines()
    assert f"{NOT_A_LINK}{BAD_URL}" in pack.read(LINKS_FILE).decode()


def test_nothing_is_listed_when_all_have_codes() -> None:
    assert LEFT_OUT_FILE not in packed(entry()).namelist()


@pytest.mark.parametrize(
    "label", ["CON", "nul.txt", "../../x", "a/b\\c:d", "x" * 300, "Ж" * 300, "😀", " . ", "a\0\u202eb"]
)
def test_code_names_fit_windows_and_macos(label: str) -> None:
    (name,) = codes(packed(entry(display_name=label)))
    assert not set(name) & set('/\\:*?"<>| \0\u202e') and name.startswith("001") and name.count(".") == 1
    assert len(name.encode()) <= 120


def test_names_differ_without_case_and_accents() -> None:
    labels = ["Anna", "ANNA", "anna", "Ärger", "A\u0308rger", "straße", "STRASSE"]
    names = codes(packed(*(entry(number, display_name=label) for number, label in enumerate(labels, start=1))))
    assert len({unicodedata.normalize("NFKD", name).casefold() for name in names}) == len(labels)
    assert all(unicodedata.is_normalized("NFC", name) for name in names)


def test_names_sort_like_their_numbers() -> None:
    names = [member_name(number, "", "png", digits=4) for number in (9, 10, 999, 1000)]
    assert names == sorted(names)


def test_long_names_fit_file_systems() -> None:
    assert len(code_name("Ж" * 80, datetime(2026, 11, 23), "nonce", 7, "日" * 80, "png").encode()) <= 255


def test_empty_selection_has_an_empty_links_file() -> None:
    assert packed().namelist() == [LINKS_FILE]


def test_only_the_finished_file_takes_memory() -> None:
    chosen = [entry(number) for number in range(1, 601)]
    size, peak = _measured(lambda: code_pack(chosen, BERLIN, Picture.PNG))
    # Beside the file itself: the directory of a ZIP, and the newest codes, which the page may ask for again.
    assert peak < 3 * size + 2_000_000


def _measured(work: Callable[[], bytes]) -> tuple[int, int]:
    tracemalloc.start()
    try:
        return len(work()), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
