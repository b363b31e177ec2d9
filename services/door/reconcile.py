"""A panel's submissions against the visitors of a door: who is to be paid, and who is not.

Visits know people by digests alone, so each id of the file is digested with the door's secret and looked for. Nothing
is written down: it is all a function of the file and of the visits.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from services.door.identity import person_digest
from services.door.panel_file import NO_CODE, Standing, Submission, folded
from services.door.panels import code_of
from services.journal.door.records import PROLIFIC_STUDY, Door, PanelKind, Visit, VisitState
from services.roster.errors import lost_digits

_PROLIFIC_MAIL = "@email.prolific.com"
"""What follows an id in the address that Prolific allows to ask for."""


class Became(StrEnum):
    """What has become of the person of a submission."""

    NEVER_CAME = "never_came"
    SCREENED_OUT = "screened_out"
    QUOTA_FULL = "quota_full"
    NOT_BEGUN = "not_begun"
    IN_INTERVIEW = "in_interview"
    CUT_OFF = "cut_off"
    LOST = "lost"
    COMPLETED = "completed"


_BECAME: Mapping[VisitState, Became] = {
    VisitState.ENTERED: Became.NOT_BEGUN,
    VisitState.CLAIMED: Became.NOT_BEGUN,
    VisitState.RETURNED: Became.NOT_BEGUN,
    VisitState.SCREENED_OUT: Became.SCREENED_OUT,
    VisitState.QUOTA_FULL: Became.QUOTA_FULL,
    VisitState.STARTED: Became.IN_INTERVIEW,
    VisitState.CUT_OFF: Became.CUT_OFF,
    VisitState.LOST: Became.LOST,
    VisitState.DONE: Became.COMPLETED,
}


class Verdict(StrEnum):
    """What comes of comparing a submission with its visit."""

    AGREED = "agreed"
    """Completed with the right code; or screened out, or quota full, with the code for that."""
    NOT_COMPLETED = "not_completed"
    """Submitted without a completed interview."""
    WRONG_CODE = "wrong_code"
    NO_CODE = "no_code"
    """Completed, and submitted with another code, or with none."""
    OVER = "over"
    """Returned, out of time, rejected or not finished: nothing is asked for. Where the interview was completed, it is
    among those without a submission that counts."""


@dataclass(frozen=True)
class Compared:
    """A submission with what became of its person. expected: the code that the door gave; empty for none."""

    submission: Submission
    verdict: Verdict
    became: Became
    visit: Visit | None = None
    expected: str = field(default="", repr=False)


@dataclass(frozen=True)
class Unsubmitted:
    """A completed interview without a submission that counts.

    code: the one that the door gave. submission: one that was returned, rejected or ran out of time.
    """

    visit: Visit
    code: str = field(repr=False)
    submission: Submission | None = None


@dataclass(frozen=True)
class Reconciliation:
    """What came of it.

    compared: one for each person of the file, in its order. unsubmitted: in the order in which the visitors came.
    twice: ids with the numbers of their rows; of these the one counts that asks for most, else the first.
    empty, damaged, others: numbers of rows that were not compared: without an id, with an id that a spreadsheet
        rounded, and of studies from which no visitor came.
    elsewhere: how many completed interviews belong to studies that are not in the file.
    has_codes: whether the file tells completion codes.
    """

    compared: tuple[Compared, ...]
    unsubmitted: tuple[Unsubmitted, ...]
    twice: tuple[tuple[str, tuple[int, ...]], ...] = field(default=(), repr=False)
    empty: tuple[int, ...] = ()
    damaged: tuple[int, ...] = ()
    others: tuple[int, ...] = ()
    elsewhere: int = 0
    has_codes: bool = True

    def of(self, *verdicts: Verdict) -> list[Compared]:
        return [each for each in self.compared if each.verdict in verdicts]

    @property
    def is_of_this_door(self) -> bool:
        """Whether any person of the file has come to the door."""
        return any(each.visit for each in self.compared)


def reconcile(
    door: Door, visits: Sequence[Visit], rows: Sequence[Submission], *, has_codes: bool = True
) -> Reconciliation:
    """Compares the rows of a panel's file with the visits of a door.

    has_codes: whether the file has a column of completion codes; without one, no code is missing.
    """
    studies = {study for visit in visits if (study := _study(visit))}
    empty = [each for each in rows if not each.person]
    damaged = [each for each in rows if lost_digits(each.person)]
    others = [each for each in rows if each.study and studies and each.study not in studies]
    left_out = {each.row for each in (*empty, *damaged, *others)}
    by_person = _by_person(each for each in rows if each.row not in left_out)

    known = {visit.person: visit for visit in visits if visit.person}
    compared = [_compared(door, known, min(its, key=_rank), has_codes) for its in by_person.values()]
    compared.sort(key=lambda each: each.submission.row)
    unsubmitted, elsewhere = _unsubmitted(door, visits, compared)
    return Reconciliation(
        compared=tuple(compared),
        unsubmitted=tuple(unsubmitted),
        twice=tuple((person, tuple(each.row for each in its)) for person, its in by_person.items() if len(its) > 1),
        empty=tuple(each.row for each in empty),
        damaged=tuple(each.row for each in damaged),
        others=tuple(each.row for each in others),
        elsewhere=elsewhere,
        has_codes=has_codes,
    )


def _by_person(rows: Iterable[Submission]) -> dict[str, list[Submission]]:
    found: dict[str, list[Submission]] = {}
    for each in rows:
        found.setdefault(each.person, []).append(each)
    return found


def _rank(submission: Submission) -> tuple[int, int]:
    return list(Standing).index(submission.standing), submission.row


def _compared(door: Door, known: Mapping[str, Visit], submission: Submission, has_codes: bool) -> Compared:
    visit = next((known[digest] for digest in _digests(door, submission.person) if digest in known), None)
    became = _BECAME[visit.state] if visit else Became.NEVER_CAME
    expected = code_of(door.settings, visit) if visit else ""
    verdict = _verdict(submission, became, expected, has_codes)
    return Compared(submission, verdict, became, visit, expected)


def _digests(door: Door, person: str) -> list[str]:
    """How the person may have been written down: by the panel's id, by an address, or by Prolific's alias of one."""
    found = [person_digest(door, "panel", person)]
    panel = door.settings.panel
    if "@" in person:
        found.append(person_digest(door, "email", person))
    elif panel is not None and panel.kind == PanelKind.PROLIFIC:
        found.append(person_digest(door, "email", f"{person.strip()}{_PROLIFIC_MAIL}"))
    return found


def _verdict(submission: Submission, became: Became, expected: str, has_codes: bool) -> Verdict:
    if submission.standing != Standing.SUBMITTED:
        return Verdict.OVER
    told = _code(submission.code)
    is_right = bool(expected) and told == _code(expected)
    if became != Became.COMPLETED:
        return Verdict.AGREED if is_right else Verdict.NOT_COMPLETED
    if is_right or not has_codes:
        return Verdict.AGREED
    return Verdict.NO_CODE if folded(submission.code) in NO_CODE else Verdict.WRONG_CODE


def _code(text: str) -> str:
    """A code as it counts: people type it, with spaces and in any case."""
    return "".join(text.split()).casefold()


def _unsubmitted(door: Door, visits: Sequence[Visit], compared: Sequence[Compared]) -> tuple[list[Unsubmitted], int]:
    """Completed interviews without a submission that counts, and how many more there are in studies of other files."""
    its = {each.visit.id: each for each in compared if each.visit}
    in_file = {each.submission.study for each in compared if each.submission.study}
    in_file = in_file or {_study(each.visit) for each in compared if each.visit} - {""}
    found, elsewhere = [], 0
    for visit in visits:
        one = its.get(visit.id)
        if visit.state != VisitState.DONE or (one and one.verdict != Verdict.OVER):
            continue
        if one is None and in_file and _study(visit) not in ("", *in_file):
            elsewhere += 1
            continue
        found.append(Unsubmitted(visit, code_of(door.settings, visit), one.submission if one else None))
    return found, elsewhere


def _study(visit: Visit) -> str:
    return visit.parameters.get(PROLIFIC_STUDY, "").strip()
