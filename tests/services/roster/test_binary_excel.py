"""XLSB: it gives what LibreOffice shows of the same file, and damaged files are refused."""

import io
import struct
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from services.roster.reading import read_file
from services.roster.sheet import RosterError, Wish
from services.roster.spreadsheet import answer
from tests.office import converted, program
from tests.workbooks import BinarySheet, Part, binary_workbook, cell, formula, records, text

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
FORMATS = ('"P-"000', "000\\-00\\-0000", "0%", "yyyy\\-mm\\-dd", "hh:mm:ss", "@")


def whole(number: int, hundredths: bool = False) -> bytes:
    """A whole number in 30 bits, or so many hundredths."""
    return struct.pack("<i", number << 2 | 2 | hundredths)


def upper_half(number: float) -> bytes:
    """The number in 30 bits, where its lower half is empty."""
    return struct.pack("<I", struct.unpack("<Q", struct.pack("<d", number))[0] >> 32)


def real(number: float) -> bytes:
    return struct.pack("<d", number)


def shared(*numbers: int) -> Part:
    return [cell(7, column, struct.pack("<I", number)) for column, number in enumerate(numbers)]


SHOWN = [
    (cell(2, 0, whole(7), 1), "P-007"),
    (cell(2, 0, whole(123456789), 2), "123-45-6789"),
    (cell(2, 0, upper_half(0.25), 3), "25%"),
    (cell(2, 0, whole(-12345, hundredths=True)), "-123.45"),
    (cell(5, 0, real(43500), 4), "2019-02-04"),
    (cell(5, 0, real(0.5), 5), "12:00:00"),
    (cell(5, 0, real(447912345678)), "447912345678"),
    (cell(6, 0, text("Анна, “Ёж” 🦔"), 6), "Анна, “Ёж” 🦔"),
    (cell(62, 0, b"\1" + text("Bob") + struct.pack("<I", 0)), "Bob"),
    (cell(4, 0, b"\1"), "TRUE"),
    (cell(3, 0, b"\x2a"), "#N/A"),
    (cell(3, 0, b"\x07"), "#DIV/0!"),
    (cell(8, 0, formula(text("Zoë"), b"\x17" + struct.pack("<H", 3) + "Zoë".encode("utf-16-le"))), "Zoë"),
    (cell(9, 0, formula(real(2.5), b"\x1f" + real(2.5))), "2.5"),
    (cell(11, 0, formula(b"\x2a", b"\x1c\x2a")), "#N/A"),
]
"""Cells, and what is shown of each."""


@pytest.fixture(scope="module")
def every_cell() -> bytes:
    return binary_workbook(BinarySheet("People", [[each] for each, _ in SHOWN]), formats=FORMATS)


def test_cells_show_what_is_expected(every_cell: bytes) -> None:
    assert [cells for _, cells in answer(every_cell)["rows"]] == [[shown] for _, shown in SHOWN]


def of_office(content: bytes, folder: Path) -> list[ElementTree.Element]:
    """The sheets of the file as LibreOffice reads them."""
    file = folder / "list.xlsb"
    file.write_bytes(content)
    return list(ElementTree.parse(converted(file, "fods")).getroot().iter(f"{TABLE}table"))


@pytest.mark.skipif(not program(), reason="LibreOffice reads the file")
def test_libreoffice_shows_the_same(every_cell: bytes, tmp_path: Path) -> None:
    (sheet,) = of_office(every_cell, tmp_path)
    rows = ["".join(row.itertext()).strip() for row in sheet.iter(f"{TABLE}table-row")]
    assert rows == [shown for _, shown in SHOWN]


def several() -> bytes:
    """A sheet of people with a hidden row, a hidden column and merged cells, among others."""
    people = [shared(0, 1, 2), shared(3, 4, 5), shared(6, 7, 8), [cell(7, 1, struct.pack("<I", 7))]]
    words = ["Name", "ID", "Email", "Anna", "P-1", "anna@example.org", "Bob", "P-2", "bob@example.org"]
    sheet = BinarySheet("People", people, hidden_rows=[1], hidden_columns=[(2, 3)], merged=[(2, 0, 3, 0)])
    return binary_workbook(
        BinarySheet("Read me", [[cell(6, 0, text("Fill in the list."))]]),
        sheet,
        BinarySheet("Secret", [[cell(6, 0, text("Name"))]], state=1),
        shared=words,
    )


def test_hidden_and_merged_parts_are_said() -> None:
    said = answer(several())
    assert said["title"] == "People" and said["titles"] == ["Read me", "People"]
    assert said["rows"] == [(1, ["Name", "ID"]), (3, ["Bob", "P-2"]), (4, ["", "P-2"])]
    assert said["hidden_rows"] == [2] and said["hidden_columns"] == ["C: Email"]
    assert said["merged"] == [(4, 0, 3)]


@pytest.mark.skipif(not program(), reason="LibreOffice reads the file")
def test_libreoffice_hides_and_merges_the_same(tmp_path: Path) -> None:
    _, people, secret = of_office(several(), tmp_path)
    rows = [row.get(f"{TABLE}visibility") for row in people.iter(f"{TABLE}table-row")]
    assert rows[:4] == [None, "collapse", None, None]
    assert "collapse" in [column.get(f"{TABLE}visibility") for column in people.iter(f"{TABLE}table-column")]
    assert [each.get(f"{TABLE}number-rows-spanned") for each in people.iter(f"{TABLE}table-cell")].count("2") == 1
    assert secret.get(f"{TABLE}name") == "Secret"


def test_hidden_parts_are_taken_on_wish() -> None:
    said = answer(several(), Wish(hidden_rows=True, hidden_columns=True))
    assert said["rows"][1] == (2, ["Anna", "P-1", "anna@example.org"])


def test_formula_of_truth_is_a_word() -> None:
    # LibreOffice shows the number 0 here, as it does not know a format for it.
    sheet = BinarySheet("People", [[cell(10, 0, formula(b"\0", b"\x1d\0"))]])
    assert answer(binary_workbook(sheet))["rows"] == [(1, ["FALSE"])]


def test_dates_are_counted_from_1904() -> None:
    sheet = BinarySheet("People", [[cell(5, 0, real(42038), 4)]])
    assert answer(binary_workbook(sheet, formats=FORMATS, from_1904=True))["rows"] == [(1, ["2019-02-04"])]


def test_cells_without_column_follow_one_another() -> None:
    short = [(17, struct.pack("<I", 0) + text("Anna")), (13, struct.pack("<I", 1) + whole(7))]
    rows = [[cell(6, 2, text("Name")), *short]]
    assert answer(binary_workbook(BinarySheet("A", rows), formats=FORMATS))["rows"] == [
        (1, ["", "", "Name", "Anna", "P-007"])
    ]


def test_binary_workbook_comes_through_the_child() -> None:
    sheet = read_file(several(), "list.xlsb", wish=Wish(hidden_rows=True))
    assert sheet.title == "People" and sheet.rows[1] == ("Anna", "P-1")


@pytest.mark.parametrize(
    "part",
    [
        records([(0, bytes(25)), cell(7, 0, struct.pack("<I", 99))]),
        records([(0, b"\0")]),
        records([(0, bytes(25)), cell(6, 0, struct.pack("<I", 1 << 30) + b"A\0")]),
        records([(0, bytes(25))])[:-5],
        b"\x06\xff\xff\xff\x7f",
        b"\x80",
    ],
    ids=["shared text that is missing", "short row", "length that lies", "cut", "record that lies", "half a number"],
)
def test_damaged_records_are_refused(part: bytes) -> None:
    said = answer(replaced(binary_workbook(BinarySheet("People", [])), part))
    assert "damaged" in said["error"]


def replaced(content: bytes, part: bytes) -> bytes:
    """The file with other bytes as its first sheet."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, part if name == "xl/worksheets/sheet1.bin" else old.read(name))
    return file.getvalue()


def test_row_and_column_beyond_limits_are_refused() -> None:
    far = binary_workbook(BinarySheet("People", [[cell(6, 0xFFFFFFF0, text("Anna"))]]))
    with pytest.raises(RosterError):
        read_file(far, "list.xlsb")
