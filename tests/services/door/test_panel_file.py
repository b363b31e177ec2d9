"""A panel's list: its columns by name, whatever program has saved it."""

import io

import openpyxl
import pytest

from services.door.panel_file import (
    Part,
    Standing,
    Submission,
    known_columns,
    names_of,
    submissions,
    table_of,
)
from services.roster.reading import read_file
from tests.prolific import Prolific

HEAD = "Submission id,Participant id,Status,Completion code,Started at,Completed at"


def read(content: bytes, name: str = "export.csv") -> list[Submission]:
    table = table_of(read_file(content, name))
    return submissions(table, known_columns(table))


def workbook(*rows: list[str]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    sheet = book.create_sheet("Export", 0)
    for row in rows:
        sheet.append(row)
    book.save(file)
    return file.getvalue()


def test_export_of_prolific_is_known() -> None:
    study = Prolific("https://rooms.example/door/abc")
    study.begin("5f1a")
    study.complete("5f1a", "CODE1")
    (row,) = read(study.export())
    assert (row.row, row.person, row.id) == (2, "5f1a", study.submissions[0].session)
    assert (row.status, row.code, row.standing) == ("AWAITING REVIEW", "CODE1", Standing.SUBMITTED)
    assert row.started.endswith("Z") and row.completed.endswith("Z")


def test_older_export_of_prolific_is_known() -> None:
    head = "session_id,participant_id,status,started_datetime,completed_date_time,entered_code"
    (row,) = read(f"{head}\ns1,p1,APPROVED,2022-01-01 10:00:00,2022-01-01 10:30:00,CODE1\n".encode())
    assert (row.id, row.person, row.code, row.started) == ("s1", "p1", "CODE1", "2022-01-01 10:00:00")


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_saved_by_any_spreadsheet_it_reads_alike(charset: str, delimiter: str) -> None:
    text = f"{HEAD}\r\ns1,p1,RETURNED,,2026-06-01,\r\n".replace(",", delimiter)
    (row,) = read(text.encode(charset))
    assert (row.id, row.person, row.standing, row.code) == ("s1", "p1", Standing.LEFT, "")


def test_excel_and_titles_above_are_read() -> None:
    (row,) = read(workbook(["Export of June"], [], HEAD.split(","), ["s1", "p1", "REJECTED"]), "export.xlsx")
    assert (row.row, row.person, row.standing) == (4, "p1", Standing.REJECTED)


def test_columns_of_other_panels_are_chosen_by_name() -> None:
    table = table_of(read_file(b"Key,,Key,State\nk1,p1,x,done\n", "other.csv"))
    assert names_of(table) == ["Key (A)", "(B)", "Key (C)", "State"]
    assert known_columns(table) == {}
    assert submissions(table, {Part.PERSON: 1}) == [Submission(2, "p1")]


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        *((status, Standing.SUBMITTED) for status in ("APPROVED", "AWAITING REVIEW", "", "done")),
        *((status, Standing.LEFT) for status in ("RETURNED", "TIMED-OUT", "TIMED_OUT", "Screened out")),
        ("rejected", Standing.REJECTED),
    ],
)
def test_status_says_what_a_submission_is_worth(status: str, standing: Standing) -> None:
    assert Submission(2, "p1", status=status).standing == standing
