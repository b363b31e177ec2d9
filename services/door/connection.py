"""The way of doors to Aseed: with the deployment's own token, as no one is signed in at a door."""

from urllib.parse import urlsplit

from pydantic import SecretStr

from services.aseed.client import AseedClient, Connections
from services.desk import Desk
from services.door.reception import Reception
from services.journal.journal import Journal
from services.journal.visibility import Visibility
from services.link import LinkCheck
from services.loopback import is_loopback
from services.settings import ASEED, SANDBOX_TOKEN_PREFIX, Settings


class DoorConnection:
    """What gives rooms to visitors, on behalf of the deployment.

    sandbox: where the sandbox answers, such as http://127.0.0.1:8501, where the deployment rehearses.
    """

    def __init__(self, deployment: Settings, journal: Journal, sandbox: str) -> None:
        self._deployment, self._journal, self._sandbox = deployment, journal, sandbox
        self._address = f"{sandbox}/custdev" if deployment.rehearses else deployment.base_url or ASEED
        here = is_loopback(urlsplit(self._address).hostname or "")
        self._connections = Connections(trust_env=not here)

    @property
    def is_there(self) -> bool:
        """Whether the deployment has a token of its own; else no door works, as people's tokens come and go."""
        return self._deployment.rehearses or self._deployment.api_token is not None

    def reception(self, seen_from: str | None = None) -> Reception:
        """What gives rooms. seen_from: the address by which a visitor knows the sandbox, for its links."""
        client = self.client(seen_from)
        ours = self._deployment
        origins = (ours.sandbox_public_url or seen_from or self._sandbox,) if ours.rehearses else self._origins
        return Reception(Desk(client, self._journal, Visibility(client.service, client.account), LinkCheck(origins)))

    def client(self, seen_from: str | None = None) -> AseedClient:
        """The client with the deployment's token."""
        ours = self._deployment
        if not ours.rehearses:
            return AseedClient(self._address, ours.api_token, self._connections)
        told = urlsplit(seen_from or self._sandbox)
        forwarded = {"X-Forwarded-Proto": told.scheme, "X-Forwarded-Host": told.netloc}
        token = ours.api_token or SecretStr(SANDBOX_TOKEN_PREFIX)
        return AseedClient(self._address, token, self._connections, forwarded, "sandbox")

    def close(self) -> None:
        self._connections.close()

    @property
    def _origins(self) -> tuple[str, ...]:
        return (self._address, *filter(None, [self._deployment.sandbox_public_url]))
