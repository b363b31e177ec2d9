"""The limits of a list count the columns that are used: others may hold any text, and none is cut in silence."""

import pytest

from services.roster.columns import recognise
from services.roster.fields import Field
from services.roster.people import Report, people
from services.roster.reading import read_file
from services.roster.sheet import MAX_BYTES, MAX_CELL, START, RosterError, Sheet, sheet_of
from services.roster.workbook import read_workbook
from tests.services.roster.test_spreadsheet import workbook

HEADER = ["name", "email", "topics", "answer"]


def report(sheet: Sheet) -> Report:
    return people(sheet, recognise(sheet.rows[0]), header=True)


def listed(*rows: list[str]) -> Sheet:
    return sheet_of(enumerate([HEADER, *rows], start=1))


def test_long_cell_in_unused_column_is_allowed() -> None:
    row = ["Anna", "a@x.org", "Coffee", "x" * 12_000]
    for sheet in (
        listed(row),
        read_file(f"{','.join(HEADER)}\n{','.join(row)}\n".encode(), "list.csv"),
        read_workbook(workbook(HEADER, row)),
    ):
        found = report(sheet)
        assert not found.problems and found.people[0].topics_for_respondent == "Coffee"


def test_long_cell_in_used_column_is_a_problem() -> None:
    for sheet in (listed(["Anna", "", "x" * 12_000]), read_workbook(workbook(HEADER, ["Anna", None, "x" * 12_000]))):
        (said,) = report(sheet).problems
        assert (said.row, said.column) == (2, "topics") and "10,000" in said.message


def test_column_chosen_by_hand_is_judged() -> None:
    sheet = listed(["Anna", "", "", "x" * 12_000])
    assert not people(sheet, {Field.LABEL: 0}, header=True).problems
    assert people(sheet, {Field.LABEL: 0, Field.TOPICS: 3}, header=True).problems


def test_much_text_in_unused_column_is_allowed() -> None:
    sheet = listed(*([f"P{number}", "", "y" * 1_000, "x" * 9_000] for number in range(3_000)))
    found = report(sheet)
    assert not found.problems and found.people[2_999].topics_for_respondent == "y" * 1_000
    assert sum(map(len, sheet.rows[1])) < 10_000 and len(sheet.shortened) == 3_000


def test_much_text_in_used_column_is_a_problem() -> None:
    found = report(listed(*([f"P{number}", "", "y" * 9_000] for number in range(3_000))))
    assert len(found.problems) == 3_000 and "10 MB" in found.problems[0].message


def test_too_much_text_for_all_columns_is_refused() -> None:
    row = ["x" * START] * 1_000
    with pytest.raises(RosterError, match="10 MB"):
        sheet_of((number, row) for number in range(1, MAX_BYTES // START // 1_000 + 2))


def test_invisible_characters_do_not_make_cells_long() -> None:
    sheet = listed(["Anna", "", "x" * MAX_CELL + "\u200b"])
    assert not sheet.shortened and sheet.cleaned == {2} and not report(sheet).problems
