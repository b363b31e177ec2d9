"""What this session may see: the batches and rooms of its token's account, and of the projects that it may read.

The journal's links are seen only while Aseed answers for the token: it may have been revoked meanwhile.
"""

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from math import inf

from pydantic import SecretStr

from components.state import connection, process, reads, session
from services.aseed.client import AseedClient
from services.aseed.errors import AseedError, TokenRefused, without_frames
from services.aseed.models import ACTIVE, ProjectResponse
from services.journal.records import Batch
from services.journal.visibility import Visibility

VISIBILITY_SECONDS = 30
"""How long a session relies on the list of projects that it read."""

GRACE_SECONDS = 300
"""How long links are still shown after Aseed's last good answer for the token."""

DESK_GRACE_SECONDS = 900
"""The same for the code on show at a desk. A fair's network fails for longer, a visitor stands before it, and it is one
link; every other code comes only after Aseed has said that its room is free."""


@dataclass(frozen=True)
class Seen:
    """What the session has read about one account. listed, named: ids of projects, from the list and by a typed id.

    asked: when the list was asked for last, by the monotonic clock.
    problem: why Aseed gave no good answer then; None where it did.
    """

    account: str = ""
    asked: float = -inf
    listed: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    problem: AseedError | None = None


@dataclass
class VisibilityState:
    """What was read; replaced as a whole, so that it never mixes two accounts."""

    seen: Seen = Seen()


def current() -> Visibility:
    """Whose batches this session may see: its token's own, and those of every project that the token may read."""
    aseed = connection.client()
    seen = _seen(aseed)
    return Visibility(aseed.service, aseed.account, seen.listed | seen.named)


def links_problem(grace: float = GRACE_SECONDS, project_id: str | None = None) -> AseedError | None:
    """Why no link may be shown; None where they may be.

    A token that Aseed does not accept (401) opens no links at once. Where Aseed answers otherwise or not at all, links
    are shown for a while after its last good answer.

    grace: for how many seconds.
    project_id: a project about which Aseed is asked where the token may not list projects.
    """
    aseed = connection.client()
    seen = _seen(aseed)
    if project_id and _is(seen.problem, 403) and project_id not in seen.named:
        with suppress(AseedError):
            project(project_id)
        seen = _seen(aseed)
    if _is(seen.problem, 401) or time.monotonic() - process.last_answers().get(_whose(aseed), -inf) > grace:
        return seen.problem
    return None


def token_is_refused() -> bool:
    """Whether the links are hidden because of this session's token: another one is needed."""
    return isinstance(links_problem(DESK_GRACE_SECONDS), TokenRefused)


def note_answer() -> None:
    """Notes that Aseed has just given a good answer for this session's token."""
    _note(connection.client())


def use_token(token: SecretStr | None) -> None:
    """Uses a token for this browser session only, or goes back to the deployment's."""
    connection.paste(token)
    session.state(VisibilityState).seen = Seen()
    reads.forget()


def forget_reads() -> None:
    """Asks Aseed again for everything that was kept; its last good answer counts until it gives another."""
    reads.forget()
    session.state(VisibilityState).seen = replace(session.state(VisibilityState).seen, asked=-inf)


def project(project_id: str) -> ProjectResponse:
    """The project of a typed id, which the session may see from then on. Raises AseedError."""
    found = reads.project(project_id)
    aseed = connection.client()
    seen = _seen(aseed)
    _note(aseed)
    session.state(VisibilityState).seen = replace(seen, named=seen.named | {found.id}, problem=None)
    return found


def unresolved(project: ProjectResponse | None) -> Batch | None:
    """The batch of this project that has to be over before the next one may begin."""
    return unresolved_in(project.id) if project else None


def unresolved_in(project_id: str) -> Batch | None:
    """The same, where only the project's id is known."""
    return process.journal().batches.unresolved(connection.client().service, project_id, current())


def _seen(aseed: AseedClient) -> Seen:
    """What was read about a client's account, not much older than VISIBILITY_SECONDS."""
    seen = session.state(VisibilityState).seen
    if seen.account != aseed.account:
        seen = Seen(aseed.account)
    if time.monotonic() - seen.asked > VISIBILITY_SECONDS:
        # Asked once in a while, also without success: a page must not wait for a service that is down at every turn.
        listed, problem = seen.listed, None
        try:
            listed = _listed(seen)
            _note(aseed)
        except AseedError as error:
            problem = without_frames(error)
            if _is(problem, 401):
                process.last_answers().pop(_whose(aseed), None)
        seen = replace(seen, asked=time.monotonic(), listed=listed, problem=problem)
        session.state(VisibilityState).seen = seen
    return seen


def _listed(seen: Seen) -> frozenset[str]:
    """The projects as Aseed lists them.

    Where it does not for this token (403), it may answer all the same: about a project with a typed id, or about rooms.
    """
    try:
        return frozenset(project.id for project in reads.projects())
    except TokenRefused as error:
        if not _is(error, 403):
            raise
        if seen.named:
            reads.project(min(seen.named))
        else:
            # Of all its rooms, those in session are the fewest.
            connection.client().rooms(None, ACTIVE)
        return seen.listed


def _note(aseed: AseedClient) -> None:
    """Notes a good answer, and forgets those that no grace reaches back to."""
    now, answers = time.monotonic(), process.last_answers()
    answers[_whose(aseed)] = now
    for whose, moment in list(answers.items()):
        if now - moment > DESK_GRACE_SECONDS:
            answers.pop(whose, None)


def _whose(aseed: AseedClient) -> tuple[str, str]:
    return aseed.service, aseed.account


def _is(problem: AseedError | None, status: int) -> bool:
    return isinstance(problem, TokenRefused) and problem.status == status
