"""Names under which the dashboard answers, and pages that may open its websocket.

Streamlit admits websockets from localhost on any port, and asks an external service for further names. So it only sees
those whose Origin is the address at which they arrive, in a form that it recognises without asking.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from services.gate.refusal import refuse

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")
"""The names of this machine that no other machine can take."""

PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}

UNKNOWN = (
    "This address is not known here. Name its host in server.allowedHosts of .streamlit/config.toml, or in "
    "STREAMLIT_SERVER_ALLOWED_HOSTS."
)

Address = tuple[str, int]
"""A host in lower case, and a port."""


def address(url: str) -> Address | None:
    """Host and port of an origin such as https://rooms.example, or None where it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    is_origin = not (parts.path or parts.query or parts.fragment or "@" in parts.netloc)
    return (parts.hostname.rstrip("."), port) if parts.hostname and is_origin else None


class OwnHosts:
    """ASGI middleware that answers only under known names, and opens websockets only to our own pages.

    hosts: names, `*.example` for all below a domain, `*` for all. Loopback is always among them.
    addresses: further origins that are ours, where a proxy does not pass on the Host header.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], addresses: Iterable[str] = ()) -> None:
        self._app = app
        self._hosts = tuple(hosts)
        self._addresses = {found for each in addresses if (found := address(each.strip().rstrip("/")))}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        sent = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        ours = address(f"{scope['scheme']}://{sent[0]}") if len(sent) == 1 else None
        if ours is None or not is_known(ours[0], self._hosts):
            await refuse(UNKNOWN, 400, scope, receive, send)
            return
        if scope["type"] == "websocket":
            origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
            # Browsers always send an Origin. A client without one carries no person's cookies, and could write any.
            if origins:
                theirs = address(origins[0]) if len(origins) == 1 else None
                # A proxy may end TLS without telling us: the default port is then the one of the Origin's scheme.
                scheme = urlsplit(origins[0]).scheme if theirs else ""
                if theirs is None or theirs not in {ours, address(f"{scheme}://{sent[0]}"), *self._addresses}:
                    await refuse(UNKNOWN, 400, scope, receive, send)
                    return
                scope = _as_streamlit_compares(scope, origins[0])
        await self._app(scope, receive, send)


def is_known(host: str, hosts: Iterable[str]) -> bool:
    """Whether the dashboard answers under a name. host: in lower case. hosts: as OwnHosts has them."""
    names = (name.strip().lower().strip("[]").rstrip(".") for name in (*hosts, *LOOPBACK_HOSTS))
    return any(
        known == "*" or host == known or (known.startswith("*.") and host.endswith(known[1:])) for known in names
    )


def _as_streamlit_compares(scope: Scope, origin: str) -> Scope:
    """The same handshake with the Host in the Origin's spelling: Streamlit compares letter by letter."""
    host = urlsplit(origin).netloc.encode("latin-1")
    headers = [(name, host if name == b"host" else value) for name, value in scope["headers"]]
    return {**scope, "headers": headers}
