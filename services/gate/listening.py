"""Where the dashboard may listen: with real rooms at stake, beyond this machine only with sign-in, or by agreement."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from services.gate.hosts import LOOPBACK_HOSTS, is_known
from services.gate.refusal import refuse
from services.loopback import is_loopback
from services.settings import OPEN_TO_NETWORK, Settings, SettingsError

HOW_TO_OPEN = (
    "To open it to a network, name the hosts under which it is reached in server.allowedHosts of "
    ".streamlit/config.toml, and have people sign in: the section [auth] of the secrets file. Without sign-in, set "
    f'ROOMS_OPEN_TO_NETWORK to "{OPEN_TO_NETWORK}".'
)


def may_leave_loopback(deployment: Settings, allowed_hosts: Sequence[str]) -> bool:
    """Whether other machines may reach this deployment. The sandbox is for everybody, as nothing is at stake there."""
    named = bool(allowed_hosts) and "*" not in (host.strip() for host in allowed_hosts)
    is_wanted = deployment.sign_in is not None or deployment.open_to_network is not None
    return deployment.rehearses or (named and is_wanted)


def check(address: str | None, deployment: Settings, allowed_hosts: Sequence[str]) -> None:
    """Raises SettingsError where other machines reach the dashboard, and may not; or people could not sign in there.

    address: `server.address`; None stands for all addresses. A name of the network in `server.allowedHosts` says that
    a proxy of this machine lets others in, wherever the dashboard itself listens.
    """
    may_leave = may_leave_loopback(deployment, allowed_hosts)
    if not (address and is_loopback(address)) and not may_leave:
        raise SettingsError(
            f"server.address is {address or 'not set'}, so that other machines could create rooms in Aseed. "
            f"Set it to 127.0.0.1. {HOW_TO_OPEN}"
        )
    names = [host.strip() for host in allowed_hosts]
    if not may_leave and not all(map(is_loopback, names)):
        raise SettingsError(
            f"server.allowedHosts names {', '.join(names)}, so that other machines could create rooms in Aseed. "
            f"{HOW_TO_OPEN}"
        )
    _check_return(deployment, allowed_hosts)


def _check_return(deployment: Settings, allowed_hosts: Sequence[str]) -> None:
    if deployment.sign_in is None:
        return
    host = urlsplit(deployment.sign_in.address(0)).hostname or ""
    if not is_known(host, hosts(deployment, allowed_hosts)):
        raise SettingsError(
            f"[auth] redirect_uri: sends people back to {host}, where this dashboard does not answer. Name that host "
            "in server.allowedHosts of .streamlit/config.toml, or in STREAMLIT_SERVER_ALLOWED_HOSTS."
        )


def hosts(deployment: Settings, allowed_hosts: Sequence[str]) -> Sequence[str]:
    """The names under which the dashboard answers: any for the sandbox alone, else loopback's where none is named."""
    return allowed_hosts or (["*"] if deployment.rehearses else LOOPBACK_HOSTS)


class OnlyWhereAllowed:
    """ASGI middleware that refuses what arrives at an address of the network, where that is not allowed.

    `server.address` is Streamlit's alone: another server, such as uvicorn, may listen elsewhere.
    """

    def __init__(self, app: ASGIApp, may_leave_loopback: bool) -> None:
        self._app = app
        self._may_leave_loopback = may_leave_loopback

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # A socket of the file system has no port, and is this machine's.
        host, port = scope.get("server") or ("", None)
        if self._may_leave_loopback or port is None or is_loopback(host.removeprefix("::ffff:")):
            await self._app(scope, receive, send)
        else:
            told = f"This dashboard answers on its own machine alone. {HOW_TO_OPEN}"
            await refuse(told, 403, scope, receive, send)
