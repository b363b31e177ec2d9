"""A panel like Prolific, on loopback, for tests: it sends participants to a study, and takes their codes back.

It does: addresses with PROLIFIC_PID, STUDY_ID and SESSION_ID, the page `/submissions/complete?cc=…`, which knows its
participant by a cookie as Prolific does by their sign-in, and the CSV of submissions as Prolific exports it. It does
not: pay, message, or know who was screened out but by the code that comes back. What a code brings about is one method
to override.
"""

import csv
import io
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from services.journal.door.records import PROLIFIC_ID, PROLIFIC_SESSION, PROLIFIC_STUDY
from tests.servers import serving

ACTIVE, AWAITING, APPROVED = "ACTIVE", "AWAITING REVIEW", "APPROVED"
RETURNED, TIMED_OUT, REJECTED = "RETURNED", "TIMED-OUT", "REJECTED"

COLUMNS = (
    "Submission id",
    "Participant id",
    "Status",
    "Custom study tncs accepted at",
    "Started at",
    "Completed at",
    "Reviewed at",
    "Archived at",
    "Time taken",
    "Completion code",
    "Total approvals",
)
"""Those of an export of submissions, before a participant's own details."""

_COOKIE = "participant"


def new_id() -> str:
    """An id as Prolific has them: 24 digits of base 16."""
    return secrets.token_hex(12)


@dataclass
class Submission:
    """What a participant has handed in. code: what came back with them."""

    participant: str
    session: str = field(default_factory=new_id)
    status: str = ACTIVE
    code: str = ""
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    completed: datetime | None = None


class Prolific:
    """A study.

    address: of the door that it sends its participants to. actions: the status that each code brings about.
    """

    def __init__(self, address: str, study: str = "", actions: Mapping[str, str] | None = None) -> None:
        self.address = address
        self.actions = actions or {}
        self.study = study or new_id()
        self.submissions: list[Submission] = []
        self.url = ""

    def status_for(self, submission: Submission, code: str) -> str:
        """What becomes of a submission with which this code came back; the one method to override.

        One that is over stays as it is.
        """
        return self.actions.get(code, AWAITING) if submission.status == ACTIVE else submission.status

    # Participants

    def begin(self, participant: str) -> Submission:
        """Has a participant accept the study."""
        begun = Submission(participant)
        self.submissions.append(begun)
        return begun

    def study_address(self, submission: Submission) -> str:
        """Where the participant is sent: the study's address with Prolific's three parameters."""
        parts = urlsplit(self.address)
        told = {
            PROLIFIC_ID: submission.participant,
            PROLIFIC_STUDY: self.study,
            PROLIFIC_SESSION: submission.session,
        }
        return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), *told.items()])))

    def complete(self, participant: str, code: str) -> Submission | None:
        """Takes a code back; None for a participant who has accepted nothing."""
        its = [each for each in self.submissions if each.participant == participant]
        if not its:
            return None
        last = its[-1]
        last.status = self.status_for(last, code)
        last.code, last.completed = code, datetime.now(UTC)
        return last

    # Pages

    @contextmanager
    def serving(self) -> Iterator["Prolific"]:
        """Serves the pages from a free port of loopback: `url` is their address meanwhile."""
        routes = [
            Route("/studies/{participant}", self._open),
            Route("/submissions/complete", self._complete),
        ]
        with serving(Starlette(routes=routes)) as self.url:
            yield self

    @property
    def return_address(self) -> str:
        """Where a door sends visitors in the end, in the form of services.journal.door.records.PROLIFIC_RETURN."""
        return f"{self.url}/submissions/complete?cc={{code}}"

    def start_address(self, participant: str) -> str:
        """The page at which a participant, who is signed in there by it, accepts the study and is sent to it."""
        return f"{self.url}/studies/{participant}"

    async def _open(self, request: Request) -> Response:
        begun = self.begin(request.path_params["participant"])
        answer = RedirectResponse(self.study_address(begun), 303)
        answer.set_cookie(_COOKIE, begun.participant, samesite="lax")
        return answer

    async def _complete(self, request: Request) -> Response:
        done = self.complete(request.cookies.get(_COOKIE, ""), request.query_params.get("cc", ""))
        return PlainTextResponse("Thank you." if done else "Sign in first.", 200 if done else 403)

    # Export

    def export(self) -> bytes:
        """The CSV of all submissions."""
        file = io.StringIO(newline="")
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows(map(_row, self.submissions))
        return file.getvalue().encode()


def _row(one: Submission) -> list[str]:
    taken = f"{(one.completed - one.started).total_seconds():.0f}" if one.completed else ""
    began, ended = _moment(one.started), _moment(one.completed)
    return [one.session, one.participant, one.status, began, began, ended, "", ended, taken, one.code, "100"]


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z" if moment else ""
