"""The files of a comparison: every row of the panel is there once, and no cell comes alive."""

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.door.panel_file import Submission
from services.door.reconcile import Became, Compared, Reconciliation, Unsubmitted, Verdict
from services.export.delimited import Delimiter
from services.export.reconciliation import submissions_csv, unsubmitted_csv
from services.journal.door.records import Visit, VisitState
from tests.entries import GUARDED, HOSTILE
from tests.office import rows_read

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
VISIT = Visit(7, 1, "key", "device", "person", "", {}, "en", 1, VisitState.DONE, AT, AT, "CODE", "room-1", AT, AT, AT)


def rows(file: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def hostile() -> list[Submission]:
    return [Submission(row, text, text, "", text, text) for row, text in enumerate(HOSTILE, start=2)]


@pytest.mark.parametrize("delimiter", Delimiter)
def test_submission_has_its_verdict_and_visitor(delimiter: Delimiter) -> None:
    never = Compared(Submission(2, "p1", status="APPROVED"), Verdict.NOT_COMPLETED, Became.NEVER_CAME)
    wrong = Compared(Submission(3, "p2", code="X"), Verdict.WRONG_CODE, Became.COMPLETED, VISIT, "CODE")
    one, other = rows(submissions_csv(Reconciliation((never, wrong), ()), delimiter), delimiter)
    assert (one["row"], one["participant_id"], one["status"], one["verdict"]) == (
        "2",
        "p1",
        "APPROVED",
        "not_completed",
    )
    assert (one["became"], one["visitor"], one["entered_at"]) == ("never_came", "", "")
    assert (other["code"], other["expected_code"], other["finished_at"]) == ("X", "CODE", "2026-06-01T12:00:00Z")


def test_right_code_is_told_where_it_was_wrong() -> None:
    agreed = Compared(Submission(2, "p1", code="CODE"), Verdict.AGREED, Became.COMPLETED, VISIT, "CODE")
    (row,) = rows(submissions_csv(Reconciliation((agreed,), ())))
    assert (row["code"], row["expected_code"], row["visitor"]) == ("CODE", "", "7")


def test_unsubmitted_interview_has_its_code() -> None:
    sent = Submission(2, "p1", "s1", status="RETURNED")
    never, returned = rows(unsubmitted_csv([Unsubmitted(VISIT, "CODE"), Unsubmitted(VISIT, "CODE", sent)]))
    assert (never["visitor"], never["code"], never["participant_id"]) == ("7", "CODE", "")
    assert (returned["participant_id"], returned["submission_id"], returned["status"]) == ("p1", "s1", "RETURNED")


def test_no_file_tells_rooms_and_digests() -> None:
    agreed = Compared(Submission(2, "p1"), Verdict.AGREED, Became.COMPLETED, VISIT, "CODE")
    for file in (submissions_csv(Reconciliation((agreed,), ())), unsubmitted_csv([Unsubmitted(VISIT, "CODE")])):
        cells = file.decode("utf-8-sig").replace("\r\n", ",").split(",")
        assert not {"room-1", "key", "device", "person"} & set(cells)


def test_libreoffice_runs_nothing_of_a_panel(tmp_path: Path) -> None:
    found = [Compared(each, Verdict.WRONG_CODE, Became.COMPLETED, VISIT, each.code) for each in hostile()]
    kept = [Unsubmitted(VISIT, each.code, each) for each in hostile()]
    for name, content in (
        ("all", submissions_csv(Reconciliation(tuple(found), ()))),
        ("left", unsubmitted_csv(kept)),
    ):
        file = tmp_path / f"{name}.csv"
        file.write_bytes(content)
        header, *read = rows_read(file, "CSV:44,34,76,1")
        place = [cell.text for cell in header].index("code")
        assert [row[place].text for row in read] == [text.replace("\r", "\n") for text in GUARDED]
        assert not [cell for row in read for cell in row if cell.formula or cell.kind == "error"]
