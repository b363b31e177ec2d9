"""Files of people on Create, as programs write them: each is read, and what is hidden or missing is said."""

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from streamlit.testing.v1 import AppTest

from services.roster import workbook
from services.roster.line import Line, say_nothing
from services.sandbox.store import Store
from tests.office import converted
from tests.pages.conftest import go, made_for, press_create, said, understood, upload
from tests.workbooks import strict


def book(*sheets: tuple[str, list[list[str | None]]], change: Callable[[Worksheet], object] = lambda _: None) -> bytes:
    """A workbook of sheets with their names. change: what is done to the last one."""
    made, file = openpyxl.Workbook(), io.BytesIO()
    made.remove(made.worksheets[0])
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    change(made.worksheets[-1])
    made.save(file)
    return file.getvalue()


PEOPLE: list[list[str | None]] = [
    ["Name", "Email", "ID"],
    ["Anna Keller", "anna@example.org", "P-001"],
    ["Bob Ruiz", "bob@example.org", "P-002"],
]


def test_sheet_is_named_and_another_chosen(for_people: AppTest) -> None:
    notes: list[list[str | None]] = [["How to use this list"], ["Fill in one row a person"], ["Send it by Friday"]]
    upload(for_people, "list.xlsx", book(("Read me", notes), ("Participants", PEOPLE)))
    assert "Sheet: Participants" in said(for_people) and "**2 rooms**" in said(for_people)
    for_people.button("roster_sheet_0").click().run()
    assert "Sheet: Read me" in said(for_people)
    go(go(for_people, "settings"), "create")
    assert "Sheet: Read me" in said(for_people)


UNDERSTOOD = [
    {"Label or name": "Anna Keller", "Email": "anna@example.org", "External ID": "P-001"},
    {"Label or name": "Bob Ruiz", "Email": "bob@example.org", "External ID": "P-002"},
]


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook of people whose ids are numbers in a format of their own."""

    def formatted(sheet: Worksheet) -> None:
        for row in (2, 3):
            sheet.cell(row, 3).value = row - 1
            sheet.cell(row, 3).number_format = '"P-"000'

    file = tmp_path_factory.mktemp("people") / "people.xlsx"
    file.write_bytes(book(("People", PEOPLE), change=formatted))
    return file


@pytest.mark.parametrize("kind", ["xlsx", "xlsm", "xls", "ods", "fods"])
def test_file_of_libreoffice_is_read(for_people: AppTest, people: Path, kind: str) -> None:
    upload(for_people, f"people.{kind}", converted(people, kind).read_bytes())
    assert "Sheet: People" in said(for_people)
    assert understood(for_people) == UNDERSTOOD


def test_page_named_as_spreadsheet_is_read(for_people: AppTest, people: Path) -> None:
    upload(for_people, "people.xls", converted(people, "html").read_bytes())
    assert understood(for_people) == UNDERSTOOD


def test_strict_workbook_is_read(for_people: AppTest, people: Path) -> None:
    upload(for_people, "people.xlsx", strict(people.read_bytes()))
    assert understood(for_people) == UNDERSTOOD


def test_people_of_real_file_get_rooms(for_people: AppTest, people: Path, store: Store) -> None:
    upload(for_people, "people.ods", converted(people, "ods").read_bytes())
    press_create(for_people)
    assert made_for(store) == [
        ("Anna Keller", None, "anna@example.org", "P-001"),
        ("Bob Ruiz", None, "bob@example.org", "P-002"),
    ]


def test_tab_separated_text_named_xls_is_read(for_people: AppTest) -> None:
    upload(for_people, "list.xls", b"Name\tEmail\nAnna\tanna@example.org\n")
    assert for_people.dataframe[0].value.iloc[0].tolist() == ["Anna", "anna@example.org"]


def as_kind(content: bytes, kind: str, folder: Path) -> bytes:
    """The workbook as LibreOffice writes it in another format."""
    file = folder / "list.xlsx"
    file.write_bytes(content)
    return content if kind == "xlsx" else converted(file, kind).read_bytes()


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_hidden_column_and_row_are_taken_on_press(for_people: AppTest, tmp_path: Path, kind: str) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.column_dimensions["B"].hidden = True
        sheet.row_dimensions[3].hidden = True

    upload(for_people, f"list.{kind}", as_kind(book(("People", PEOPLE), change=hide), kind, tmp_path))
    assert "B: Email), and left out" in said(for_people) and "1 row is hidden or filtered out" in said(for_people)
    assert "**1 room**" in said(for_people)
    for_people.button("roster_hidden_rows").click().run()
    for_people.button("roster_hidden_columns").click().run()
    assert "**2 rooms**" in said(for_people)
    assert for_people.dataframe[0].value["Email"].tolist() == ["anna@example.org", "bob@example.org"]


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls", "html"])
def test_row_without_name_below_merged_is_remarked(for_people: AppTest, tmp_path: Path, kind: str) -> None:
    rows: list[list[str | None]] = [["Name", "ID"], ["Anna", "1"], ["Carla", "3"], [None, "3b"]]
    content = book(("People", rows), change=lambda sheet: sheet.merge_cells("A3:A4"))
    upload(for_people, "list.xls" if kind == "html" else f"list.{kind}", as_kind(content, kind, tmp_path))
    assert for_people.dataframe[0].value.iloc[:, 0].tolist() == ["Anna", "Carla", "3b"]
    assert "This cell is merged with row 3" in said(for_people)


def test_sheet_beside_one_without_values_is_chosen(for_people: AppTest) -> None:
    formulas: list[list[str | None]] = [["Name", "Email"], ["=A1", "anna@example.org"], ["Bob", "bob@example.org"]]
    upload(for_people, "list.xlsx", book(("Formulas", formulas), ("Names", [["Anna"], ["Bob"]])))
    assert "holds a formula" in said(for_people)
    for_people.button("roster_sheet_0").click().run()
    assert "Sheet: Names" in said(for_people)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls", "html"])
def test_failed_formula_is_no_name_or_id(for_people: AppTest, tmp_path: Path, kind: str) -> None:
    rows: list[list[str | None]] = [["Name", "ID"], ["=NA()", "P-001"], ["Bob", "=1/0"], ["Carla", "P-003"]]
    written = as_kind(book(("People", rows)), "ods", tmp_path)
    (tmp_path / "list.ods").write_bytes(written)
    content = written if kind == "ods" else converted(tmp_path / "list.ods", kind).read_bytes()
    upload(for_people, "list.xls" if kind == "html" else f"list.{kind}", content)
    assert "Row 2, Name: The formula in this cell failed (#N/A)" in said(for_people)
    assert "Row 3, ID: The formula in this cell failed (#DIV/0!)" in said(for_people)
    assert for_people.button("create").disabled


def test_list_behind_others_is_not_lost(for_people: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line(1, 0)
    monkeypatch.setattr(workbook, "_READERS", line)
    rows = "\n".join(f"Anna {number},a{number}@example.org" for number in range(900))
    with line.place(say_nothing):
        upload(for_people, "people.csv", f"name,email\n{rows}\n".encode())
        assert "Other lists are being read just now, 1 of them before yours." in said(for_people)
    for_people.button("roster_read_again").click().run()
    assert "**900 rooms**" in said(for_people)
