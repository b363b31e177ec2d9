"""Which Aseed this session talks to, with which token, and the client that does so."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

from components.state import person, process, session, viewer
from services import settings
from services.aseed.client import AseedClient
from services.gate.closed_pages import pages
from services.link import LinkCheck
from services.people import acting
from services.people.acting import may, must
from services.people.roles import Right
from services.settings import SANDBOX_TOKEN_PREFIX

SANDBOX_TOKEN = SecretStr(SANDBOX_TOKEN_PREFIX)
"""The dashboard's own account in the sandbox."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass
class Pasted:
    """The token that was pasted in this browser session, or in an earlier one of its person's.

    looked: whether it was looked for among those that are kept.
    """

    token: SecretStr | None = None
    looked: bool = False

    def forget(self) -> None:
        self.token = None


@dataclass(frozen=True)
class Connection:
    """Which Aseed this session talks to. origins: the addresses to which its links may lead."""

    base_url: str
    token: SecretStr | None
    is_sandbox: bool
    origins: tuple[str, ...]

    @property
    def check(self) -> LinkCheck:
        """The check of every link that is shown or taken away; it gives none to a person who may see none."""
        return LinkCheck(self.origins, withholds=not may(Right.LINKS))

    @property
    def desk_check(self) -> LinkCheck:
        """The check of the one link that a desk shows."""
        return LinkCheck(self.origins, withholds=not may(Right.HAND_OUT))

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).netloc


def current() -> Connection:
    """This session's connection: the token pasted here, else the deployment's, else the sandbox.

    A token that is refused never falls back to the sandbox. All that a page shows or does passes here, also
    what it draws again by itself: a person whose sign-in is over comes no further.
    """
    person.stay_out()
    ours = process.deployment()
    token = pasted_token() or ours.api_token
    if ours.rehearses and (token is None or token.get_secret_value().startswith(SANDBOX_TOKEN_PREFIX)):
        origin = ours.sandbox_public_url or viewer.origin()
        return Connection(f"{viewer.own_address()}/custdev", token or SANDBOX_TOKEN, True, (origin,))
    base_url = ours.base_url or settings.ASEED
    return Connection(base_url, token, False, (base_url, *filter(None, [ours.sandbox_public_url])))


def works_unattended() -> bool:
    """Whether what this session sets up can go on while no one is signed in.

    The process has the deployment's own token then, or the sandbox; never one that a person pasted.
    """
    ours, at = process.deployment(), current()
    token = ours.api_token or (SANDBOX_TOKEN if ours.rehearses else None)
    if token is None or at.is_sandbox != ours.rehearses:
        return False
    return (
        client().account == AseedClient(at.base_url, token, process.connections(True), None, client().service).account
    )


def client() -> AseedClient:
    """The way to this session's Aseed. The sandbox is told by which address the viewer knows us, for its links."""
    at = current()
    ours = urlsplit(viewer.origin())
    forwarded = {"X-Forwarded-Proto": ours.scheme, "X-Forwarded-Host": ours.netloc}
    pool = process.connections(urlsplit(at.base_url).hostname in LOOPBACK or at.is_sandbox)
    # The sandbox's own address may be another after each start: for the journal it is one and the same service.
    return AseedClient(
        at.base_url, at.token, pool, forwarded if at.is_sandbox else None, "sandbox" if at.is_sandbox else None
    )


def pasted_token() -> SecretStr | None:
    if not session.state(Pasted).looked:
        token = _kept_token()
        pasted = session.state(Pasted)
        pasted.token, pasted.looked = pasted.token or token, True
    return session.state(Pasted).token


def keeps_tokens() -> bool:
    """Whether a token that this person pastes is there at their next sign-in, too."""
    return process.vault() is not None and bool(acting.current().key)


def keep_token() -> None:
    """Keeps the person's pasted token, sealed, or forgets the one that is kept. Raises JournalError."""
    vault, whose, token = process.vault(), acting.current().key, session.state(Pasted).token
    if vault is None or not whose:
        return
    if token is None:
        process.journal().person_tokens.forget(whose)
    else:
        process.journal().person_tokens.keep(whose, _service(), vault.seal(whose, _service(), token))


def _kept_token() -> SecretStr | None:
    vault, whose = process.vault(), acting.current().key
    if vault is None or not whose:
        return None
    sealed = process.journal().person_tokens.find(whose, _service())
    return vault.open(whose, _service(), sealed) if sealed else None


def _service() -> str:
    """To which service a token is given."""
    return process.deployment().base_url or settings.ASEED


def forget_pasted() -> None:
    session.state(Pasted).forget()


def paste(token: SecretStr | None) -> None:
    """Keeps a token for this browser session only; None goes back to the deployment's.

    Where the deployment has one, another is used only by those who may connect it.
    """
    if token is not None and process.deployment().api_token is not None:
        must(Right.CONNECT)
    pasted = session.state(Pasted)
    pasted.token, pasted.looked = token, True
    pages.at_end(viewer.session_id(), pasted.forget)
