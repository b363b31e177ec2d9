"""OpenDocument spreadsheets that are one XML file, as LibreOffice writes them."""

from datetime import date

import openpyxl
import pytest

from services.roster.reading import read_file
from services.roster.sheet import RosterError, Wish
from tests.office import converted, program

pytestmark = pytest.mark.skipif(not program(), reason="LibreOffice makes the file")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same workbook as FODS and as ODS."""
    book, file = openpyxl.Workbook(), tmp_path_factory.mktemp("flat") / "list.xlsx"
    sheet = book.worksheets[0]
    sheet.title = "Люди"
    for row in (["Name", "ID", "Day"], ["Анна", 7, date(2026, 3, 1)], ["Bob", 8, None], ["Clara", "=1/0", 0.5]):
        sheet.append(row)
    sheet.append([None, "9", True])
    sheet["B2"].number_format, sheet["C4"].number_format = '"P-"000', "0%"
    sheet.row_dimensions[3].hidden = sheet.column_dimensions["C"].hidden = True
    sheet.merge_cells("A4:A5")
    book.create_sheet("Hidden").append(["Secret"])
    book["Hidden"].sheet_state = "hidden"
    book.create_sheet("Other").append(["Дмитрий"])
    book.save(file)
    return {kind: converted(file, kind).read_bytes() for kind in ("fods", "ods")}


def test_flat_document_shows_what_cells_show(made: dict[str, bytes]) -> None:
    sheet = read_file(made["fods"], "list.fods")
    assert sheet.rows == (("Name", "ID"), ("Анна", "P-007"), ("Clara", "#DIV/0!"), ("", "9"))
    assert (sheet.numbers, sheet.hidden_rows, sheet.hidden_columns) == ((1, 2, 4, 5), (3,), ("C: Day",))
    assert sheet.merged == {(5, 0): 4} and (sheet.title, sheet.titles) == ("Люди", ("Люди", "Other"))


@pytest.mark.parametrize("wish", [Wish(), Wish(hidden_rows=True, hidden_columns=True), Wish(sheet="Other")])
def test_flat_document_equals_the_packed_one(made: dict[str, bytes], wish: Wish) -> None:
    assert read_file(made["fods"], "list.fods", wish=wish) == read_file(made["ods"], "list.ods", wish=wish)


def test_flat_document_in_another_charset_is_read(made: dict[str, bytes]) -> None:
    told = made["fods"].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"', 1).encode("utf-16")
    assert read_file(told, "list.fods") == read_file(made["fods"], "list.fods")


def test_cut_flat_document_is_refused(made: dict[str, bytes]) -> None:
    with pytest.raises(RosterError, match="could not be read"):
        read_file(made["fods"][:-100], "list.fods")


def test_flat_document_with_entities_is_refused(made: dict[str, bytes]) -> None:
    kind = b'<!DOCTYPE office:document [<!ENTITY x "ha">]>\n<office:document '
    with pytest.raises(RosterError, match="document type"):
        read_file(made["fods"].replace(b"<office:document ", kind, 1), "list.fods")


def test_flat_text_document_is_refused(made: dict[str, bytes]) -> None:
    with pytest.raises(RosterError, match="without a table of people"):
        read_file(made["fods"].replace(b"opendocument.spreadsheet", b"opendocument.text"), "list.fodt")
