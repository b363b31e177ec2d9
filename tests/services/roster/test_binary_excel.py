"""XLSB: the same grid as from XLSX, and files that are damaged or mean harm."""

import csv
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.roster.reading import read_file
from services.roster.sheet import RosterError, Wish
from services.roster.spreadsheet import answer
from tests.office import converted, program
from tests.xlsb import (
    Book,
    Cell,
    Sheet,
    blank,
    boolean,
    failed,
    formula,
    length,
    real,
    record,
    rich,
    rich_text,
    rounded,
    shared,
    text,
    whole,
    wide,
)

SHEET = "xl/worksheets/sheet1.bin"

AS_SHOWN = "Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true"
"""Commas, UTF-8, and each cell as it is shown."""

CODES: list[str | int] = ['"P-"000', "000-00-0000", "0%", "yyyy-mm-dd", "hh:mm:ss", "0.00", 1, '"P-"@']
"""The formats of the styles from 1 on."""

CELLS = [
    (text("Анна 👩‍👧"), "Анна 👩‍👧"),
    (rich_text("Bob"), "Bob"),
    (shared(0), "Clara"),
    (shared(1), "Дмитрий"),
    (text("7", 8), "P-7"),
    (text("007"), "007"),
    (text("79161234567012345"), "79161234567012345"),
    (whole(7), "7"),
    (whole(-7), "-7"),
    (whole(-1250, 6, hundredths=True), "-12.50"),
    (whole(1999, hundredths=True), "19.99"),
    (whole(536_870_911), "536870911"),
    (rounded(-7.5), "-7.5"),
    (rounded(1.5, hundredths=True), "0.015"),
    (real(79161234567), "79161234567"),
    (real(79161234567012345, 7), "79161234567012400"),
    (real(0.1), "0.1"),
    (whole(7, 1), "P-007"),
    (whole(123456789, 2), "123-45-6789"),
    (rounded(0.5, 3), "50%"),
    (whole(46_082, 4), "2026-03-01"),
    (real(0.395833333333333, 5), "09:30:00"),
    (boolean(True), "TRUE"),
    (boolean(False), "FALSE"),
    (failed("#N/A"), "#N/A"),
    (failed("#DIV/0!"), "#DIV/0!"),
    (formula("Eva"), "Eva"),
    (formula(7.25), "7.25"),
    (formula(7, 1), "P-007"),
    (formula("#DIV/0!"), "#DIV/0!"),
    (formula("#N/A"), "#N/A"),
]
"""Cells and what they show."""


def one_sheet(*rows: list[Cell], name: str = "People") -> Sheet:
    return Sheet(name, {number: dict(enumerate(cells)) for number, cells in enumerate(rows, start=1)})


def of_cells(extra: bytes = b"") -> Book:
    """The cells of CELLS below each other, each with a cell beside it."""
    sheet = one_sheet(*([cell, text("beside")] for cell, _ in CELLS))
    sheet.extra = extra
    return Book([sheet], strings=["Clara", rich("Дмитрий")], formats=CODES)


def in_a_line() -> Book:
    """The cells of CELLS in one row; where they can, they leave their columns out."""
    sheet = one_sheet([text("before"), *(cell for cell, _ in CELLS), rich_text("after")])
    sheet.short = True
    return Book([sheet], strings=["Clara", "Дмитрий"], formats=CODES)


def arranged() -> Book:
    """Hidden rows, columns and sheets, cells that are merged, and a blank row."""
    people = one_sheet(
        [text("Name"), text("Email"), text("ID")],
        [text("Anna"), text("a@x.org"), text("1")],
        [text("Bob"), text("b@x.org"), text("2")],
        [],
        [text("Clara"), text("c@x.org"), text("3")],
        [blank(), text("d@x.org"), text("4")],
    )
    people.hidden_rows, people.hidden_columns, people.merged = [3], [(1, 1)], [(4, 5, 0, 0)]
    secret = [one_sheet([text("Secret")], name=f"Hidden {state}") for state in (1, 2)]
    secret[0].state, secret[1].state = 1, 2
    return Book([people, *secret, one_sheet([text("Дмитрий")], name="Ещё")])


def rows(book: Book) -> list[list[str]]:
    said = answer(book.stored())
    assert "error" not in said, said
    return [list(cells) for _, cells in said["rows"]]


def refused(book: Book) -> str:
    with pytest.raises(RosterError) as error:
        read_file(book.stored(), "list.xlsb")
    return str(error.value)


def test_binary_cells_are_the_text_shown() -> None:
    assert rows(of_cells()) == [[shown, "beside"] for _, shown in CELLS]


def test_cells_without_their_column_are_read() -> None:
    assert rows(in_a_line()) == [["before", *(shown for _, shown in CELLS), "after"]]


def test_formula_with_truth_value_is_read() -> None:
    # LibreOffice shows those as 1 and 0.
    assert rows(Book([one_sheet([formula(True), formula(False), formula("")])])) == [["TRUE", "FALSE"]]


@pytest.mark.parametrize(("from_1904", "shown"), [(False, "2026-03-01"), (True, "2030-03-02")])
def test_days_are_counted_from_the_said_year(from_1904: bool, shown: str) -> None:
    assert rows(Book([one_sheet([whole(46_082, 1)])], formats=[14], from_1904=from_1904)) == [[shown]]


@pytest.mark.skipif(not program(), reason="LibreOffice reads the file")
@pytest.mark.parametrize("book", [of_cells(), in_a_line()])
def test_office_shows_the_same_binary_cells(tmp_path: Path, book: Book) -> None:
    file = tmp_path / "list.xlsb"
    file.write_bytes(book.stored())
    with converted(file, "csv", writing=AS_SHOWN).open(encoding="utf-8", newline="") as made:
        assert list(csv.reader(made)) == rows(book)


@pytest.mark.skipif(not program(), reason="LibreOffice reads the file")
def test_office_sees_the_same_binary_sheets(tmp_path: Path) -> None:
    file = tmp_path / "list.xlsb"
    file.write_bytes(arranged().stored())
    made = converted(file, "ods").read_bytes()
    for wish in (Wish(), Wish(hidden_rows=True, hidden_columns=True), Wish(sheet="Ещё")):
        assert answer(made, wish) == answer(file.read_bytes(), wish)


@pytest.mark.skipif(not program(), reason="LibreOffice reads the file")
def test_office_counts_the_same_binary_days(tmp_path: Path) -> None:
    file = tmp_path / "list.xlsb"
    file.write_bytes(Book([one_sheet([whole(46_082, 1)])], formats=["yyyy-mm-dd"], from_1904=True).stored())
    assert converted(file, "csv", writing=AS_SHOWN).read_text().strip() == "2030-03-02"


def test_hidden_and_merged_binary_cells_are_known() -> None:
    sheet = read_file(arranged().stored(), "list.xlsb")
    assert sheet.rows == (("Name", "ID"), ("Anna", "1"), ("Clara", "3"), ("", "4"))
    assert (sheet.numbers, sheet.hidden_rows, sheet.hidden_columns) == ((1, 2, 5, 6), (3,), ("B: Email",))
    assert sheet.merged == {(6, 0): 5} and (sheet.title, sheet.titles) == ("People", ("People", "Ещё"))


def test_hidden_binary_cells_are_taken_on_wish() -> None:
    sheet = read_file(arranged().stored(), "list.xlsb", wish=Wish(hidden_rows=True, hidden_columns=True))
    assert sheet.rows[2] == ("Bob", "b@x.org", "2") and sheet.numbers == (1, 2, 3, 5, 6)


def test_wished_binary_sheet_is_read() -> None:
    assert read_file(arranged().stored(), "list.xlsb", wish=Wish(sheet="Ещё")).rows == (("Дмитрий",),)


def test_unknown_binary_records_are_passed_over() -> None:
    extra = record(5_000, bytes(300)) + record(37) + record(127, b"\xff" * 200)
    assert rows(of_cells(extra=extra)) == rows(of_cells())


def test_binary_parts_with_usual_names_are_found() -> None:
    book = of_cells()
    book.parts["xl/_rels/workbook.bin.rels"] = None
    assert rows(book) == rows(of_cells())


def test_broken_binary_styles_are_said() -> None:
    book = Book([one_sheet([text("Anna"), whole(7, 1)])], formats=["000"])
    book.parts["xl/styles.bin"] = record(278) + record(47, b"")
    said = answer(book.stored())
    assert said["rows"] == [(1, ["Anna", "7"])] and "styles" in said["notes"][0]
    book.parts["xl/styles.bin"] = None
    assert rows(book) == [["Anna", "7"]]


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.bin", "xl/sharedStrings.bin"])
def test_cut_binary_part_is_damage(name: str) -> None:
    complete = {
        SHEET: of_cells().sheets[0].part(),
        "xl/workbook.bin": of_cells().workbook_part(),
        "xl/sharedStrings.bin": of_cells().strings_part(),
    }[name]
    for end in range(len(complete)):
        book = of_cells()
        book.parts[name] = complete[:end]
        assert "damaged" in answer(book.stored()).get("error", ""), end


ROW = record(0, struct.pack("<IIHBBBI", 0, 0, 300, 0, 0, 0, 0))


@pytest.mark.parametrize(
    "records",
    [
        b"\x06" + length(0xFFFFFFF) + struct.pack("<II", 0, 0) + wide("Anna"),
        b"\x06\xff\xff\xff\xff",
        record(6, struct.pack("<II", 0, 0), wide("Anna")[:-1]),
        record(6, struct.pack("<III", 0, 0, 0x7FFFFFFF)),
        record(6, struct.pack("<I", 0)),
        record(2, struct.pack("<II", 0, 0)),
        record(4, struct.pack("<II", 0, 0)),
        record(7, struct.pack("<III", 0, 0, 99)),
        record(6, struct.pack("<II", 1 << 14, 0), wide("Anna")),
        record(0, struct.pack("<I", 1)),
        ROW,
        record(0, struct.pack("<IIHBBBI", 1 << 20, 0, 300, 0, 0, 0, 0)),
        record(60, b"\0"),
        record(176, b"\0"),
    ],
)
def test_lying_binary_record_is_damage(records: bytes) -> None:
    book = Book([one_sheet([text("Anna")])])
    book.parts[SHEET] = record(129) + record(145) + ROW + records + record(146) + record(130)
    assert "damaged" in refused(book)


def test_binary_cell_outside_a_row_is_damage() -> None:
    book = Book([one_sheet()])
    book.parts[SHEET] = record(129) + text("Anna").stored(0) + record(130)
    assert "damaged" in refused(book)


def test_sheet_beside_a_damaged_one_is_read() -> None:
    book = Book([one_sheet([text("Name")], name="Broken"), one_sheet([text("Anna")], name="Whole")])
    book.parts[SHEET] = record(129)
    assert read_file(book.stored(), "list.xlsb", wish=Wish(sheet="Whole")).rows == (("Anna",),)


def test_number_that_is_none_is_an_error() -> None:
    assert rows(Book([one_sheet([real(float("nan")), real(float("-inf"))])])) == [["#NUM!", "#NUM!"]]


def test_binary_bomb_is_refused_before_unpacking() -> None:
    book = of_cells()
    book.parts["xl/media/bomb"] = bytes(50_000_000)
    assert "unpacks" in refused(book)


def test_limits_count_for_binary_files() -> None:
    many = [[text("Anna")]] * 5_002
    assert answer(Book([one_sheet(*many)]).stored())["row"] == 5_002
    assert "columns" in answer(Book([Sheet("Wide", {1: {16_383: text("x")}})]).stored())["error"]


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_every_binary_part_is_read_or_refused(data: st.DataObject) -> None:
    book = arranged()
    place = data.draw(st.sampled_from([1, 4]))
    part = bytearray(book.sheets[place - 1].part())
    for _ in range(data.draw(st.integers(1, 4))):
        part[data.draw(st.integers(0, len(part) - 1))] = data.draw(st.integers(0, 255))
    book.parts[f"xl/worksheets/sheet{place}.bin"] = bytes(part)
    said = answer(book.stored())
    assert said.get("error") or said["rows"]
