"""A panel's submissions against a door's visitors, as CSV, for the person who pays. It has no link to any room."""

from collections.abc import Sequence

from services.door.reconcile import Compared, Reconciliation, Unsubmitted, Verdict
from services.export.delimited import Delimiter, csv_file, utc_cell
from services.people.acting import needs
from services.people.roles import Right
from services.trust import as_cells


@needs(Right.CHANGE)
def submissions_csv(found: Reconciliation, delimiter: Delimiter = Delimiter.COMMA) -> bytes:
    """The submissions in the order of the panel's file, each with its verdict and what became of the person.

    `verdict` and `became` are words of services.door.reconcile. `expected_code` is told where the code is another one.
    """
    rows, visits = found.compared, [each.visit for each in found.compared]
    return csv_file(
        {
            "row": [str(each.submission.row) for each in rows],
            "participant_id": as_cells([each.submission.person for each in rows]),
            "submission_id": as_cells([each.submission.id for each in rows]),
            "status": as_cells([each.submission.status for each in rows]),
            "verdict": [str(each.verdict) for each in rows],
            "became": [str(each.became) for each in rows],
            "code": as_cells([each.submission.code for each in rows]),
            "expected_code": as_cells([_expected(each) for each in rows]),
            "visitor": [str(visit.id) if visit else "" for visit in visits],
            "entered_at": [utc_cell(visit.entered if visit else None) for visit in visits],
            "started_at": [utc_cell(visit.started if visit else None) for visit in visits],
            "finished_at": [utc_cell(visit.ended if visit else None) for visit in visits],
        },
        delimiter,
    )


@needs(Right.CHANGE)
def unsubmitted_csv(rows: Sequence[Unsubmitted], delimiter: Delimiter = Delimiter.COMMA) -> bytes:
    """The completed interviews without a submission that counts, with the code that each visitor was given."""
    sent = [each.submission for each in rows]
    return csv_file(
        {
            "visitor": [str(each.visit.id) for each in rows],
            "entered_at": [utc_cell(each.visit.entered) for each in rows],
            "started_at": [utc_cell(each.visit.started) for each in rows],
            "finished_at": [utc_cell(each.visit.ended) for each in rows],
            "code": as_cells([each.code for each in rows]),
            "participant_id": as_cells([each.person if each else "" for each in sent]),
            "submission_id": as_cells([each.id if each else "" for each in sent]),
            "status": as_cells([each.status if each else "" for each in sent]),
        },
        delimiter,
    )


def _expected(one: Compared) -> str:
    return one.expected if one.verdict in (Verdict.WRONG_CODE, Verdict.NO_CODE) else ""
