"""PostgreSQL on another machine is spoken to through TLS, and its certificate is verified."""

import os

from sqlalchemy.engine import URL

from services.loopback import is_loopback
from services.texts.speech import N_

NOT_VERIFIED = N_(
    "The journal's database is on another machine, and no verified TLS connection to it came about. Add "
    "?sslrootcert=FILE to DATABASE_URL, where FILE has the certificate by which the server's is signed, and name the "
    "server as its certificate does. Add ?sslmode=disable only where no one else can reach the network between."
)
"""What to do where the certificate of a server cannot be verified."""


_SIGNS = ("certificate", "not support ssl", "sslmode", "sslrootcert")
"""What libpq says then. A connection that breaks off later has other words."""


def with_tls(address: URL) -> URL:
    """The address with the verification of the server, unless it says something else or leads to this machine.

    Certificates are looked up among those that the system trusts, unless the address names a file. The settings of
    libpq count as well: PGSSLMODE, PGSSLROOTCERT, PGHOST.
    """
    if "sslmode" in address.query or os.environ.get("PGSSLMODE") or all(map(_is_here, _hosts(address))):
        return address
    named = "sslrootcert" in address.query or os.environ.get("PGSSLROOTCERT")
    return address.update_query_dict({"sslmode": "verify-full", **({} if named else {"sslrootcert": "system"})})


def is_about_tls(error: BaseException | None) -> bool:
    """Whether a driver's error says that TLS or the verification failed."""
    text = str(error).lower()
    return any(sign in text for sign in _SIGNS)


def _hosts(address: URL) -> list[str]:
    told = [address.query.get("host"), address.query.get("hostaddr"), address.host]
    flat = [one for each in told if each for one in (each if isinstance(each, tuple) else (each,))]
    # Several may stand in one, as libpq writes them.
    return [host for each in flat or [os.environ.get("PGHOST", "")] for host in each.split(",")]


def _is_here(host: str) -> bool:
    """Whether a host is this machine: its own name for itself, or the folder of a socket; none means the latter."""
    return not host or host.startswith(("/", "@")) or is_loopback(host)
