"""What this session may see: the batches and rooms of its token's account, and of the projects that it may read."""

import time
from dataclasses import dataclass, replace
from math import inf

from pydantic import SecretStr

from components.state import connection, process, reads, session
from services.aseed.errors import AseedError, TokenRefused
from services.aseed.models import ProjectResponse
from services.journal.records import Batch
from services.journal.visibility import Visibility

VISIBILITY_SECONDS = 30
"""How long a session relies on the list of projects that it read."""


@dataclass(frozen=True)
class Seen:
    """What the session has read about one account. listed, named: ids of projects, from the list and by a typed id.

    asked: when the list was read last, by the monotonic clock.
    refused: whether Aseed then did not accept the token.
    """

    account: str = ""
    asked: float = -inf
    listed: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    refused: bool = False


@dataclass
class VisibilityState:
    """What was read; replaced as a whole, so that it never mixes two accounts."""

    seen: Seen = Seen()


def current() -> Visibility:
    """Whose batches this session may see: its token's own, and those of every project that the token may read."""
    aseed = connection.client()
    seen = _seen(aseed.account)
    return Visibility(aseed.service, aseed.account, seen.listed | seen.named)


def token_is_refused() -> bool:
    """Whether Aseed, when last asked, did not accept this session's token: then it opens no links any more."""
    return _seen(connection.client().account).refused


def use_token(token: SecretStr | None) -> None:
    """Uses a token for this browser session only, or goes back to the deployment's."""
    connection.paste(token)
    forget_reads()


def forget_reads() -> None:
    """Asks Aseed again for everything that was kept."""
    reads.forget()
    session.state(VisibilityState).seen = Seen()


def project(project_id: str) -> ProjectResponse:
    """The project of a typed id, which the session may see from then on. Raises AseedError."""
    found = reads.project(project_id)
    seen = _seen(connection.client().account)
    session.state(VisibilityState).seen = replace(seen, named=seen.named | {found.id})
    return found


def unresolved(project: ProjectResponse | None) -> Batch | None:
    """The batch of this project that has to be over before the next one may begin."""
    return process.journal().batches.unresolved(connection.client().service, project.id, current()) if project else None


def _seen(account: str) -> Seen:
    """What was read about an account, not much older than VISIBILITY_SECONDS."""
    seen = session.state(VisibilityState).seen
    if seen.account != account:
        seen = Seen(account)
    if time.monotonic() - seen.asked > VISIBILITY_SECONDS:
        # Asked once in a while, also without success: a page must not wait for a service that is down at every turn.
        listed, refused = seen.listed, seen.refused
        try:
            listed, refused = frozenset(project.id for project in reads.projects()), False
        except TokenRefused as error:
            refused = error.status == 401
        except AseedError:
            pass
        seen = replace(seen, asked=time.monotonic(), listed=listed, refused=refused)
        session.state(VisibilityState).seen = seen
    return seen
