"""XLSX: what is in the cells, and files that mean harm."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from services.roster.reading import read_file
from services.roster.sheet import MAX_COLUMNS, RosterError
from services.roster.spreadsheet import answer

WORKSHEET = "xl/worksheets/sheet1.xml"


def workbook(*rows: list[Any], change: Callable[[Worksheet], object] = lambda _: None) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    change(sheet)
    book.save(file)
    return file.getvalue()


def with_entry(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The archive with one entry changed or added, packed."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, change(old.read(name) if name in old.namelist() else b""))
    return file.getvalue()


def with_cells(cells: bytes, rows: int = 1, before: bytes = b"") -> bytes:
    """A workbook whose rows are these cells. before: what stands before the sheet, such as a document type."""
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    data = (b"<row>" + cells + b"</row>") * rows
    return with_entry(workbook(), WORKSHEET, lambda _: before + sheet + data + b"</sheetData></worksheet>")


def archive(**entries: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name, content in entries.items():
            made.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def rows(content: bytes) -> list[list[str]]:
    said = answer(content)
    assert "error" not in said, said
    return [list(cells) for _, cells in said["rows"]]


def refused(content: bytes) -> RosterError:
    with pytest.raises(RosterError) as error:
        read_file(content, "list.xlsx")
    return error.value


def test_cyrillic_text_comes_through_the_child() -> None:
    content = workbook(
        ["ФИО", "Почта"], ["Анна Каренина 👩‍👧", "a@x.org"], change=lambda sheet: setattr(sheet, "title", "Лист")
    )
    sheet = read_file(content, "list.xlsx")
    assert sheet.rows == (("ФИО", "Почта"), ("Анна Каренина 👩‍👧", "a@x.org"))
    assert sheet.title == "Лист" and sheet.numbers == (1, 2)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("007", "007"),
        ("1e5", "1e5"),
        ("NA", "NA"),
        ("None", "None"),
        ("7.0", "7.0"),
        (7, "7"),
        (7.0, "7"),
        (-7, "-7"),
        (79161234567, "79161234567"),
        (7.5, "7.5"),
        (1e300, "1e+300"),
        (True, "TRUE"),
        (False, "FALSE"),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 9, 30), "2026-03-01 09:30:00"),
        (time(9, 30), "09:30:00"),
        ("#N/A", "#N/A"),
        ("Tea_x000D_\nCoffee", "Tea\r\nCoffee"),
    ],
)
def test_cell_is_the_text_that_is_shown(value: object, text: str) -> None:
    assert rows(workbook([value])) == [[text]]


def test_number_keeps_its_leading_zeros() -> None:
    assert rows(workbook([7], change=lambda sheet: setattr(sheet["A1"], "number_format", "000"))) == [["007"]]


def test_blank_rows_are_counted_and_left_out() -> None:
    sheet = read_file(workbook([], ["name", None, "id"], [None, " "], ["Anna"]), "list.xlsx")
    assert sheet.rows == (("name", "", "id"), ("Anna", "", "")) and sheet.numbers == (2, 4)


def test_first_visible_filled_sheet_is_read() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.create_sheet("Hidden").append(["Clara"])
    book["Hidden"].sheet_state = "hidden"
    book.create_sheet("People").append(["Anna"])
    book.create_sheet("Later").append(["Bob"])
    book.save(file)
    assert answer(file.getvalue()) == {"title": "People", "rows": [(1, ["Anna"])]}


def test_a_workbook_without_any_text_is_refused() -> None:
    assert "nothing in it" in str(refused(workbook()))


@pytest.mark.parametrize("formula", ["=1+1", '=CONCATENATE("\t","a")', "=\r1"])
def test_formula_without_value_is_reported_by_row(formula: str) -> None:
    said = answer(workbook(["name"], ["Anna"], [formula]))
    assert said["row"] == 3 and "Row 3 holds a formula" in said["error"]


def test_formula_is_read_as_its_value() -> None:
    cells = (
        b'<c r="A1" t="str"><f>"An"&amp;"na"</f><v>Anna</v></c>'
        b'<c r="B1" t="str"><f>""</f><v></v></c>'
        b'<c r="C1"><f>6+1</f><v>7</v></c>'
    )
    assert rows(with_cells(cells)) == [["Anna", "", "7"]]


def test_text_that_looks_like_a_formula_stays_text() -> None:
    def quoted(sheet: Worksheet) -> None:
        sheet["A1"].value = "\t=1+1"
        sheet["B1"].value = "=1+1"
        sheet["B1"].data_type = "s"

    assert rows(workbook(change=quoted)) == [["=1+1", "=1+1"]]


def test_cell_in_last_corner_makes_small_sheet() -> None:
    assert "columns" in answer(workbook(["Anna"], change=lambda sheet: sheet.cell(1048576, 16384, "x")))["error"]
    assert rows(workbook(["Anna"], change=lambda sheet: sheet.cell(1048576, 2, "x"))) == [["Anna"], ["", "x"]]
    assert rows(workbook(["Anna"], change=lambda sheet: sheet.cell(2, 16384, " "))) == [["Anna"]]


@pytest.mark.parametrize("said", [b"A1", b"A1:XFD1048576", b"B2:C3"])
def test_stated_size_of_sheet_is_ignored(said: bytes) -> None:
    content = workbook(["Anna", "1"], ["Bob", "2"])
    changed = with_entry(content, WORKSHEET, lambda xml: xml.replace(b'ref="A1:B2"', b'ref="' + said + b'"'))
    assert changed != content and rows(changed) == [["Anna", "1"], ["Bob", "2"]]


def test_limits_are_reported_by_their_row() -> None:
    assert answer(workbook(["Anna"], ["x" * 10_001]))["row"] == 2
    assert answer(workbook(["Anna"], [], ["x"] * (MAX_COLUMNS + 1)))["row"] == 3
    assert answer(workbook(*[["Anna"]] * 5_002))["row"] == 5_002


def test_repeated_long_text_makes_no_huge_answer() -> None:
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
    content = with_cells(b'<c t="s"><v>0</v></c>' * 50, rows=30)
    types = "[Content_Types].xml"
    part = (
        b'<Override PartName="/xl/strings.xml" ContentType="application/vnd.openxmlformats-officedocument.%s"/></Types>'
    )
    kind = b"spreadsheetml.sharedStrings+xml"
    content = with_entry(content, "xl/strings.xml", lambda _: strings % (b"x" * 10_000))
    content = with_entry(content, types, lambda xml: xml.replace(b"</Types>", part % kind))
    assert "10 MB" in answer(content)["error"]


def test_archive_bomb_is_refused_before_unpacking() -> None:
    assert "unpacks" in str(refused(with_entry(workbook(["Anna"]), "xl/media/bomb", lambda _: bytes(50_000_000))))
    many = archive(**{"[Content_Types].xml": b"", "xl__workbook.xml": b""}, **{f"e{n}": b"" for n in range(10_000)})
    assert "unpacks" in answer(many)["error"]


def test_archive_with_false_size_is_refused() -> None:
    content = bytearray(with_entry(workbook(["Anna"]), WORKSHEET, lambda xml: xml + b" " * 900_000))
    header = content.rindex(b"PK\x01\x02", 0, content.rindex(WORKSHEET.encode()))
    content[header + 24 : header + 28] = (1000).to_bytes(4, "little")
    assert "could not be read" in str(refused(bytes(content)))


def test_entities_that_multiply_end_in_a_refusal() -> None:
    laughs = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    bomb = b'<!DOCTYPE worksheet [<!ENTITY l0 "ha">' + laughs + b"]>"
    assert rows(with_cells(b'<c t="str"><v>&l1;</v></c>', before=bomb)) == [["ha" * 10]]
    assert "could not be read" in str(refused(with_cells(b'<c t="str"><v>&l9;</v></c>', before=bomb)))


def test_xml_entity_reads_no_local_file(tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("SECRET")
    outside = f'<!DOCTYPE worksheet [<!ENTITY x SYSTEM "{(tmp_path / "secrets").as_uri()}">]>'.encode()
    content = with_cells(b'<c t="str"><v>Anna&x;</v></c>', before=outside)
    with pytest.raises(RosterError, match="could not be read"):
        read_file(content, "list.xlsx")


def test_an_entry_with_a_password_is_refused() -> None:
    content = bytearray(workbook(["Anna"]))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    assert "password" in answer(bytes(content))["error"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "OpenDocument"),
        (archive(Index__Document=b"", **{"Index__Document.iwa": b""}), "Numbers"),
        (archive(**{"[Content_Types].xml": b"", "xl__workbook.bin": b""}), "xlsb"),
        (archive(**{"[Content_Types].xml": b"", "word__document.xml": b""}), "not a spreadsheet"),
        (archive(people=b"Anna"), "archive"),
        (archive(), "archive"),
        (workbook(["Anna"])[:3000], "damaged"),
        (b"PK\x03\x04", "damaged"),
    ],
)
def test_other_archives_are_refused_by_what_they_are(content: bytes, said: str) -> None:
    assert said in answer(content)["error"]
