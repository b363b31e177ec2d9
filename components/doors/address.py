"""Where visitors reach a door."""

from urllib.parse import urlsplit

from components.state import process, viewer
from services.journal.door.records import Door
from services.link import Link, LinkCheck
from services.loopback import is_loopback


def address_of(door: Door) -> Link:
    """The door's address; not proper where the deployment's own is none that browsers open."""
    base = _base()
    return LinkCheck((base,))(f"{base}/door/{door.code}")


def works_here_alone() -> bool:
    """Whether other devices do not reach such an address."""
    return is_loopback(urlsplit(_base()).hostname or "")


def _base() -> str:
    return process.deployment().door_url or viewer.origin()
