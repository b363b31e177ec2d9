"""What the screen Audit remembers, besides the values of its widgets."""

from dataclasses import dataclass

from components.state import session
from services.journal.chain import Verdict


@dataclass
class AuditState:
    """verdict: what the last look along the chain came to, of which heads that were kept, and when (monotonic)."""

    verdict: tuple[Verdict, str, float] | None = None


def current() -> AuditState:
    return session.state(AuditState)
