"""Whether this process can do its work now, for who sends people to it: what it needs is asked, and not burdened."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack
from urllib.parse import urlsplit

from services.aseed.client import AseedClient, Connections
from services.aseed.errors import AseedError, Failed, NotFound, NotReached, TokenRefused
from services.background import Inquiry
from services.journal.database import Database, JournalError
from services.loopback import is_loopback
from services.settings import ASEED, Settings

ANSWER_SECONDS = 2.0
"""How long each part may take to answer."""

JOURNAL_EVERY, ASEED_EVERY = 1.0, 10.0
"""For how many seconds an answer counts: the journal is ours, and Aseed is everybody's."""

READY = "ready"


class Readiness:
    """What this process needs: the journal, and Aseed where the deployment has one."""

    def __init__(self, deployment: Settings, journal: Database, patience: float = ANSWER_SECONDS) -> None:
        self._patience = patience
        self._parts = {"journal": Inquiry(_of_journal(journal), JOURNAL_EVERY, "ready")}
        self._at_end = ExitStack()
        if not deployment.rehearses:
            address = deployment.base_url or ASEED
            # Of its own, and made now: to make them in a request would keep the first one waiting.
            connections = Connections(trust_env=not is_loopback(urlsplit(address).hostname or ""))
            connections.kept.timeout = patience
            self._at_end.enter_context(connections)
            client = AseedClient(address, deployment.api_token, connections)
            asked = _of_aseed(client, has_token=deployment.api_token is not None)
            self._parts["aseed"] = Inquiry(asked, ASEED_EVERY, "ready")

    async def parts(self) -> dict[str, str]:
        """READY for each part, or what is wrong with it, in words without addresses and secrets."""
        found = await asyncio.gather(*(self._state(part) for part in self._parts.values()))
        return dict(zip(self._parts, found, strict=True))

    def close(self) -> None:
        """Closes the connections to Aseed."""
        self._at_end.close()

    async def _state(self, part: Inquiry[str]) -> str:
        try:
            return await part.within(self._patience)
        except TimeoutError:
            return "does not answer"
        except Exception as error:
            # Its text may hold anything.
            return f"cannot be asked ({type(error).__name__})"


def _of_journal(journal: Database) -> Callable[[], str]:
    def ask() -> str:
        try:
            journal.check()
        except JournalError:
            return "does not work"
        return READY

    return ask


def _of_aseed(client: AseedClient, *, has_token: bool) -> Callable[[], str]:
    def ask() -> str:
        try:
            client.check()
        except TokenRefused as error:
            # Without a token of the deployment's, each session pastes its own. A token may also be refused this alone.
            return "refuses the token" if has_token and error.status == 401 else READY
        except NotFound:
            return "is not at this address"
        except (NotReached, Failed):
            return "gives no answer that can be used"
        except AseedError:
            # It answers, if only to turn us away for a moment.
            pass
        return READY

    return ask
