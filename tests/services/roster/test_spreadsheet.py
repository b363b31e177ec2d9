"""Spreadsheets: what is in the cells, and files that mean harm."""

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
from services.roster.sheet import MAX_COLUMNS, RosterError, Wish
from services.roster.spreadsheet import answer
from tests.office import converted, program
from tests.workbooks import strict

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


def test_hidden_sheet_is_never_read() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.create_sheet("Hidden").append(["Clara"])
    book["Hidden"].sheet_state = "hidden"
    book.create_sheet("People").append(["Anna"])
    book.create_sheet("Later").append(["Bob"])
    book.save(file)
    said = answer(file.getvalue())
    assert (said["title"], said["titles"], said["rows"]) == ("People", ["People", "Later"], [(1, ["Anna"])])


def two_sheets() -> bytes:
    """A workbook whose first sheet says how to use it, and whose second sheet holds the people."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.worksheets[0].title = "Read me"
    for line in ("How to use this list", "Fill in one row a person", "Send it by Friday"):
        book.worksheets[0].append([line])
    people = book.create_sheet("Participants")
    people.append(["Name", "Email"])
    people.append(["Anna", "anna@example.org"])
    book.save(file)
    return file.getvalue()


def test_sheet_with_people_comes_before_others() -> None:
    sheet = read_file(two_sheets(), "list.xlsx")
    assert (sheet.title, sheet.titles) == ("Participants", ("Read me", "Participants"))
    assert sheet.rows[1] == ("Anna", "anna@example.org")


def test_wished_sheet_is_read() -> None:
    sheet = read_file(two_sheets(), "list.xlsx", wish=Wish(sheet="Read me"))
    assert sheet.title == "Read me" and len(sheet.rows) == 3
    assert read_file(two_sheets(), "list.xlsx", wish=Wish(sheet="Gone")).title == "Participants"


def hiding(sheet: Worksheet) -> None:
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["B"].hidden = True


def test_hidden_rows_and_columns_are_left_out() -> None:
    content = workbook(["Name", "Email", "ID"], ["Anna", "a@x.org", "1"], ["Bob", "b@x.org", "2"], change=hiding)
    sheet = read_file(content, "list.xlsx")
    assert sheet.rows == (("Name", "ID"), ("Anna", "1"))
    assert (sheet.hidden_rows, sheet.hidden_columns) == ((3,), ("B: Email",))


def test_hidden_rows_and_columns_are_taken_on_wish() -> None:
    content = workbook(["Name", "Email"], ["Anna", "a@x.org"], ["Bob", "b@x.org"], change=hiding)
    sheet = read_file(content, "list.xlsx", wish=Wish(hidden_rows=True, hidden_columns=True))
    assert sheet.rows == (("Name", "Email"), ("Anna", "a@x.org"), ("Bob", "b@x.org"))
    assert (sheet.hidden_rows, sheet.hidden_columns) == ((3,), ("B: Email",))


def test_merged_cell_names_the_row_above() -> None:
    content = workbook(["Name", "ID"], ["Anna", "1"], [None, "2"], change=lambda sheet: sheet.merge_cells("A2:A3"))
    assert read_file(content, "list.xlsx").merged == {(3, 0): 2}


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [(7, '"P-"000', "P-007"), (123456789, "000-00-0000", "123-45-6789"), (0.5, "0%", "50%"), (-7, "0;-0", "-7")],
)
def test_number_is_shown_in_its_format(value: float, code: str, text: str) -> None:
    assert rows(workbook([value], change=lambda sheet: setattr(sheet["A1"], "number_format", code))) == [[text]]


def test_styles_that_cannot_be_read_are_said() -> None:
    said = answer(with_entry(workbook(["Anna"]), "xl/styles.xml", lambda _: b"<broken"))
    assert said["rows"] == [(1, ["Anna"])] and "styles" in said["notes"][0]


def test_strict_namespaces_and_odd_names_are_read() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(strict(workbook(["Anna"])))) as old, zipfile.ZipFile(file, "w") as new:
        for entry in old.namelist():
            new.writestr(entry.replace("/", "\\").upper(), old.read(entry))
    assert rows(file.getvalue()) == [["Anna"]]


ODS = (
    '<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x"><office:body><office:spreadsheet>'
    '<table:table table:name="People"><table:table-row>'
    '<table:table-cell office:value-type="float" office:value="7"><text:p>007</text:p></table:table-cell>'
    '<table:table-cell office:value-type="date" office:date-value="2026-03-01"><text:p>1.3.26</text:p>'
    "</table:table-cell>"
    '<table:table-cell office:value-type="float" office:value="447912345678"><text:p>###</text:p></table:table-cell>'
    '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
    '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    '<table:table-row table:visibility="filter"><table:table-cell><text:p>Bob</text:p></table:table-cell>'
    "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
)


def test_open_document_shows_what_cells_show() -> None:
    content = archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": ODS.encode()})
    said = answer(content)
    assert said["rows"] == [(1, ["007", "2026-03-01", "447912345678"])]
    assert said["hidden_rows"] == [1_048_002] and said["titles"] == ["People"]


def test_page_with_table_is_read() -> None:
    page = "<html><meta charset=windows-1251><table><tr><th>Имя<th>ID<tr><td rowspan=2>Анна<td>007<tr><td>008</table>"
    sheet = read_file(page.encode("cp1251"), "list.xls")
    assert sheet.rows == (("Имя", "ID"), ("Анна", "007"), ("", "008")) and sheet.merged == {(3, 0): 2}


@pytest.mark.skipif(not program(), reason="LibreOffice makes the file")
def test_old_excel_file_shows_what_cells_show(tmp_path: Path) -> None:
    def formatted(sheet: Worksheet) -> None:
        sheet["B2"].number_format = "000"
        sheet["A5"] = "=1/0"
        hiding(sheet)

    made = tmp_path / "list.xlsx"
    made.write_bytes(workbook(["Name", "ID"], ["Anna", 7], ["Bob", 8], [date(2026, 3, 1)], change=formatted))
    sheet = read_file(converted(made, "xls").read_bytes(), "list.xls", wish=Wish(hidden_columns=True))
    assert sheet.rows == (("Name", "ID"), ("Anna", "007"), ("2026-03-01", ""), ("#DIV/0!", ""))
    assert (sheet.hidden_rows, sheet.hidden_columns) == ((3,), ("B: ID",))


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
    assert answer(workbook(["Anna"], [], ["x"] * (MAX_COLUMNS + 1)))["row"] == 3
    assert answer(workbook(*[["Anna"]] * 5_002))["row"] == 5_002


def test_repeated_long_text_makes_no_huge_answer() -> None:
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>%s</t></si></sst>'
    content = with_cells(b'<c t="s"><v>0</v></c>' * 50, rows=30)
    content = with_entry(content, "xl/sharedStrings.xml", lambda _: strings % (b"x" * 10_000))
    said = answer(content)
    assert sum(len(cell) for _, cells in said["rows"] for cell in cells) <= 10_000_000 and said["shortened"]


def test_archive_bomb_is_refused_before_unpacking() -> None:
    assert "unpacks" in str(refused(with_entry(workbook(["Anna"]), "xl/media/bomb", lambda _: bytes(50_000_000))))
    many = archive(**{"[Content_Types].xml": b"", "xl__workbook.xml": b""}, **{f"e{n}": b"" for n in range(10_000)})
    assert "unpacks" in answer(many)["error"]


def test_archive_with_false_size_is_refused() -> None:
    content = bytearray(with_entry(workbook(["Anna"]), WORKSHEET, lambda xml: xml + b" " * 900_000))
    header = content.rindex(b"PK\x01\x02", 0, content.rindex(WORKSHEET.encode()))
    content[header + 24 : header + 28] = (1000).to_bytes(4, "little")
    assert "could not be read" in str(refused(bytes(content)))


def test_document_type_with_entities_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("SECRET")
    inside = b'<!DOCTYPE worksheet [<!ENTITY x "ha">]>'
    outside = f'<!DOCTYPE worksheet [<!ENTITY x SYSTEM "{(tmp_path / "secrets").as_uri()}">]>'.encode()
    for kind in (inside, outside):
        assert "document type" in str(refused(with_cells(b'<c t="str"><v>Anna&x;</v></c>', before=kind)))


def test_deep_nesting_and_empty_rows_are_read() -> None:
    deep = b"<c><v>7</v>" + b"<x>" * 100_000 + b"</x>" * 100_000 + b"</c>"
    assert read_file(with_cells(deep), "list.xlsx").rows == (("7",),)
    with pytest.raises(RosterError, match="nothing in it"):
        read_file(with_cells(b"", rows=70_000), "list.xlsx")


def test_an_entry_with_a_password_is_refused() -> None:
    content = bytearray(workbook(["Anna"]))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    assert "password" in answer(bytes(content))["error"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "damaged"),
        (archive(mimetype=b"application/vnd.oasis.opendocument.text"), "not a spreadsheet"),
        (archive(Index__Document=b"", **{"Index__Document.iwa": b""}), "Numbers"),
        (archive(**{"[Content_Types].xml": b"", "xl__workbook.bin": b""}), "damaged"),
        (archive(**{"[Content_Types].xml": b"", "word__document.xml": b""}), "not a spreadsheet"),
        (archive(people=b"Anna"), "archive"),
        (archive(), "archive"),
        (workbook(["Anna"])[:3000], "damaged"),
        (b"PK\x03\x04", "damaged"),
    ],
)
def test_other_archives_are_refused_by_what_they_are(content: bytes, said: str) -> None:
    assert said in answer(content)["error"]
