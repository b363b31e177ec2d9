"""A panel's submissions against visits in a journal: each person comes out once, as they took part."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from services.aseed.models import ACTIVE, CANCELLED, COMPLETED
from services.door.identity import PersonKind, person_digest
from services.door.panel_file import Submission, known_columns, submissions, table_of
from services.door.panels import code_of
from services.door.reconcile import Became, Reconciliation, Verdict, reconcile
from services.journal.door.records import PROLIFIC_STUDY, Door, Visit, VisitState
from services.journal.journal import Journal
from services.roster.reading import read_file
from tests.entries import entry
from tests.journals import empty_journal
from tests.prolific import APPROVED, AWAITING, REJECTED, RETURNED, TIMED_OUT, Prolific
from tests.prolific import Submission as Handed
from tests.services.journal.desks import ENDS, PROJECT
from tests.services.journal.door.visitors import claimed, door, told, visitor

BEGAN = ENDS - timedelta(days=3)

PANEL = {"kind": "prolific", "screened_code": "SCREENED", "full_code": "FULL"}

QUESTIONS = [
    {
        "texts": {"en": "How old are you?"},
        "answers": [
            {"texts": {"en": "Under 18"}, "lets_in": False},
            {"texts": {"en": "18 to 34"}, "quota": 1},
            {"texts": {"en": "35 or more"}},
        ],
    }
]


@dataclass
class Fair:
    """A door with its visitors, and what the panel has of them."""

    journal: Journal
    door: Door
    rows: list[Submission] = field(default_factory=list)

    def come(self, person: str, kind: PersonKind = "panel", study: str = "", answer: int = 2) -> Visit:
        who: dict[str, object] = {
            "person": person_digest(self.door, kind, person),
            "panel_id": person,
            "parameters": {PROLIFIC_STUDY: study} if study else {},
            "answers": (answer,),
        }
        return visitor(self.journal, self.door, None, **who)

    def take_part(self, visit: Visit, minutes: int = 20) -> Visit:
        """Has a visitor sit the interview to its end; it was cut off where it takes less than two minutes."""
        name = claimed(self.journal, self.door, visit).room_id
        said = entry(
            id=name,
            status=COMPLETED,
            project_id=PROJECT,
            started_at=BEGAN,
            finished_at=BEGAN + timedelta(minutes=minutes),
            url=f"https://app.aseed.ai/interview/SECRET-{name}",
        ).room
        done = told(self.journal, self.door, said)
        assert done is not None
        return done

    def submit(self, person: str, code: str = "", status: str = APPROVED, **more: str) -> None:
        self.rows.append(Submission(len(self.rows) + 2, person, code=code, status=status, **more))

    def reconciled(self, has_codes: bool = True) -> Reconciliation:
        return reconcile(self.door, self.journal.visits.all(self.door), self.rows, has_codes=has_codes)

    def outcome(self) -> tuple[Verdict, Became]:
        (one,) = self.reconciled().compared
        return one.verdict, one.became


@pytest.fixture
def fair(tmp_path: Path) -> Iterator[Fair]:
    with closing(Journal(empty_journal(tmp_path))) as journal:
        yield Fair(journal, door(journal, "a", "b", "c", panel=PANEL, questions=QUESTIONS))


def test_completed_with_its_code_agrees(fair: Fair) -> None:
    done = fair.take_part(fair.come("p1"))
    fair.submit(" p1".strip(), f" {done.code.lower()} ")
    found = fair.reconciled()
    assert fair.outcome() == (Verdict.AGREED, Became.COMPLETED)
    assert found.unsubmitted == () and found.is_of_this_door


def test_one_code_for_all_counts_where_set(tmp_path: Path) -> None:
    with closing(Journal(empty_journal(tmp_path))) as journal:
        fair = Fair(journal, door(journal, "a", panel={**PANEL, "done_code": "ALL"}, questions=QUESTIONS))
        done = fair.take_part(fair.come("p1"))
        fair.submit("p1", "ALL")
        assert code_of(fair.door.settings, done) == "ALL" and fair.outcome()[0] == Verdict.AGREED


@pytest.mark.parametrize(("code", "verdict"), [("", "no_code"), ("NOCODE", "no_code"), ("GUESSED", "wrong_code")])
def test_wrong_and_missing_codes_are_told(fair: Fair, code: str, verdict: str) -> None:
    done = fair.take_part(fair.come("p1"))
    fair.submit("p1", code)
    (one,) = fair.reconciled().compared
    assert (one.verdict, one.expected) == (verdict, done.code)
    assert fair.reconciled(has_codes=False).compared[0].verdict == Verdict.AGREED


def test_each_way_not_to_complete_is_told(fair: Fair) -> None:
    fair.come("screened", answer=0)
    fair.come("waits")
    fair.take_part(fair.come("short", answer=1), minutes=1)
    fair.come("too late", answer=1)
    for name in ("never", "screened", "waits", "short", "too late"):
        fair.submit(name, "GUESSED")
    assert {each.submission.person: each.became for each in fair.reconciled().of(Verdict.NOT_COMPLETED)} == {
        "never": Became.NEVER_CAME,
        "screened": Became.SCREENED_OUT,
        "waits": Became.NOT_BEGUN,
        "short": Became.CUT_OFF,
        "too late": Became.QUOTA_FULL,
    }


@pytest.mark.parametrize(("status", "became"), [(ACTIVE, Became.IN_INTERVIEW), (CANCELLED, Became.LOST)])
def test_room_that_is_not_over_is_told(fair: Fair, status: str, became: Became) -> None:
    name = claimed(fair.journal, fair.door, fair.come("p1")).room_id
    url = f"https://app.aseed.ai/interview/SECRET-{name}"
    told(fair.journal, fair.door, entry(id=name, status=status, project_id=PROJECT, url=url).room)
    fair.submit("p1")
    assert fair.outcome() == (Verdict.NOT_COMPLETED, became)


def test_screened_out_with_that_code_agrees(fair: Fair) -> None:
    fair.come("p1", answer=0)
    fair.submit("p1", "SCREENED")
    assert fair.outcome() == (Verdict.AGREED, Became.SCREENED_OUT)


@pytest.mark.parametrize("status", [RETURNED, TIMED_OUT, REJECTED])
def test_completed_but_returned_needs_a_look(fair: Fair, status: str) -> None:
    done = fair.take_part(fair.come("p1"))
    fair.submit("p1", status=status)
    fair.submit("never came", status=status)
    found = fair.reconciled()
    assert [each.verdict for each in found.compared] == [Verdict.OVER] * 2
    (one,) = found.unsubmitted
    assert one.submission is not None
    assert (one.visit.id, one.code, one.submission.status) == (done.id, done.code, status)


def test_completed_without_a_submission_is_told(fair: Fair) -> None:
    done = fair.take_part(fair.come("p1"))
    fair.come("p2")
    (one,) = fair.reconciled().unsubmitted
    assert (one.visit.id, one.code, one.submission) == (done.id, done.code, None)
    assert not fair.reconciled().is_of_this_door


def test_person_is_found_by_address_and_alias(fair: Fair) -> None:
    fair.come("anna@example.org", "email")
    fair.come("5f1a@email.prolific.com", "email")
    fair.submit("Anna@Example.org")
    fair.submit("5f1a")
    assert [each.became for each in fair.reconciled().compared] == [Became.NOT_BEGUN] * 2


def test_id_that_appears_twice_counts_once(fair: Fair) -> None:
    done = fair.take_part(fair.come("p1"))
    fair.submit("p1", status=RETURNED)
    fair.submit("p1", done.code)
    found = fair.reconciled()
    assert found.twice == (("p1", (2, 3)),)
    assert [(each.verdict, each.submission.row) for each in found.compared] == [(Verdict.AGREED, 3)]
    assert not found.unsubmitted


def test_rows_that_cannot_be_compared_are_told(fair: Fair) -> None:
    fair.come("p1", study="ours")
    fair.submit("")
    fair.submit("5.12E+23")
    fair.submit("p2", study="another")
    fair.submit("p1", study="ours")
    found = fair.reconciled()
    assert (found.empty, found.damaged, found.others) == ((2,), (3,), (4,))
    assert [each.submission.person for each in found.compared] == ["p1"]


def test_interviews_of_other_studies_are_counted_apart(fair: Fair) -> None:
    mine = fair.take_part(fair.come("p1", study="june"))
    fair.take_part(fair.come("p2", study="july"))
    fair.submit("p1", mine.code)
    found = fair.reconciled()
    assert (found.elsewhere, found.unsubmitted, found.others) == (1, (), ())


def test_no_id_and_code_is_in_a_traceback(fair: Fair) -> None:
    done = fair.take_part(fair.come("5f1a2b"))
    fair.submit("5f1a2b", done.code)
    fair.submit("5f1a2b", "GUESSED")
    found = fair.reconciled()
    assert not [each for each in ("5f1a2b", done.code, done.person, "GUESSED") if each in repr(found)]


def test_flow_through_a_panel_like_prolific(fair: Fair) -> None:
    address = "https://rooms.example/door/abc?x=1"
    with Prolific(address, actions={"SCREENED": "SCREENED OUT"}).serving() as panel, httpx.Client() as browser:
        assert fair.door.settings.panel is not None
        for person in ("done", "screened"):
            sent = browser.get(panel.start_address(person)).headers["location"]
            asked = dict(httpx.URL(sent).params)
            assert sent.startswith(address) and asked["PROLIFIC_PID"] == person
            visit = fair.come(asked["PROLIFIC_PID"], study=asked["STUDY_ID"], answer=2 if person == "done" else 0)
            visit = fair.take_part(visit) if visit.state == VisitState.ENTERED else visit
            code = code_of(fair.door.settings, visit)
            assert browser.get(panel.return_address.format(code=code)).text == "Thank you."
        assert httpx.get(panel.return_address.format(code="X")).status_code == 403
        panel.begin("leaves").status = RETURNED
    table = table_of(read_file(panel.export(), "prolific_export.csv"))
    fair.rows = submissions(table, known_columns(table))
    found = fair.reconciled()
    assert [each.verdict for each in found.compared] == [Verdict.AGREED, Verdict.OVER, Verdict.OVER]
    assert not found.unsubmitted
    assert [each.submission.code for each in found.compared][1] == "SCREENED"


class Strict(Prolific):
    """A panel that rejects what comes without a code."""

    def status_for(self, submission: Handed, code: str) -> str:
        return super().status_for(submission, code) if code else REJECTED


def test_panel_decides_by_one_method() -> None:
    panel = Strict("https://rooms.example/door/abc")
    for person, code in (("p1", "CODE"), ("p2", "")):
        panel.begin(person)
        panel.complete(person, code)
    assert [each.status for each in panel.submissions] == [AWAITING, REJECTED]
