"""A room's link: the URL by which a respondent joins, checked before it may be clicked, scanned or exported.

A link is a capability: the person who has it can sit the interview. So its text is in no log and no traceback.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

LONGEST_LINK = 2000
"""Characters: what browsers and mail programs agree on; a QR code of level M holds 2,331."""

NOT_A_LINK = "not a link: "
"""What stands before the text of a link that is not proper, so that no person mails it."""

NOT_PROPER = "its address is not a proper link of Aseed's"
SHARED = "another room has the same link"
"""Why a link may not be used, in words that follow "because" or a colon."""

IN_CONFLICT = f"in conflict: {SHARED}"
"""What stands in place of a link that another room has too, so that no person mails it."""

_URL = re.compile(r"(https?://[^/?#]+)([/?#].*)?", re.IGNORECASE)

_NEVER = re.compile(r"[^!-~]|[\"<>\\^`{|}]")
"""What no URL contains literally (RFC 3986): anything but printable ASCII, spaces, and some of that."""

_HOST = re.compile(r"[a-z0-9.-]+|[0-9a-f:.]+")
"""A host name or an IP address, as urlsplit gives it: lower case, without brackets."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link with the result of its check. Only `LinkCheck` makes proper ones.

    text: as it came, to be shown as text; empty where another room has the same link.
    is_proper: whether it may be clicked, scanned or exported as a link.
    is_shared: whether another room has the same link (services.same_link).
    """

    text: str = field(repr=False)
    is_proper: bool = False
    is_shared: bool = False

    @property
    def target(self) -> str:
        """The text, for whatever can be clicked, scanned or opened. Raises ValueError where the link is not proper."""
        if not self.is_proper:
            raise ValueError(f"not a proper link: {self.why_not}")
        return self.text

    @property
    def why_not(self) -> str:
        """Why it may not be used; empty where it is proper."""
        return "" if self.is_proper else SHARED if self.is_shared else NOT_PROPER

    @property
    def marked(self) -> str:
        """The text for a file: a proper link as it is, else IN_CONFLICT, or the text with NOT_A_LINK before it."""
        if self.is_shared:
            return IN_CONFLICT
        return self.text if self.is_proper else f"{NOT_A_LINK}{self.text}"


@dataclass(frozen=True)
class LinkCheck:
    """The one check of every link. Without origins no link is proper.

    origins: the addresses of Aseed to which links may lead, such as https://app.aseed.ai/custdev.
    """

    origins: tuple[str, ...] = ()

    def __call__(self, text: str) -> Link:
        """The link with this text.

        It is proper if it is an absolute http(s) URL with a host, no user info, nothing but printable ASCII and no
        spaces; its host must be the host or of the registrable domain of one of the origins. Plain http is proper
        only towards an origin that is plain http itself.
        """
        if len(text) > LONGEST_LINK:
            return Link(text)
        parts = _URL.fullmatch(text)
        return Link(text, parts is not None and not _NEVER.search(text) and _is_ours(parts[1], self.origins))

    def of_room(self, kept: str, told: str) -> Link:
        """The link of a room. It never changes: what the journal wrote down counts, whatever Aseed says later.

        Only where the kept text is not a proper link (any more) and the told one is, the told one counts.

        kept: as the journal has it; empty where the journal does not know the room.
        told: as Aseed describes the room now.
        """
        link = self(kept or told)
        if link.is_proper or not kept:
            return link
        return other if (other := self(told)).is_proper else link


SHARED_LINK = Link("", is_shared=True)
"""What every page and file gets of a link that another room has too: nothing that leads to either room."""

NO_LINKS = LinkCheck()
"""The check that no link passes."""


@lru_cache(maxsize=1024)
def _is_ours(address: str, origins: tuple[str, ...]) -> bool:
    """Whether scheme and host, such as https://app.aseed.ai, belong to one of the origins."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
        parts.port  # noqa: B018 - raises for an invalid port
    except ValueError:
        return False
    if not host or not _HOST.fullmatch(host) or "@" in address:
        return False
    return any(_covers(origin, parts.scheme, host) for origin in origins)


def _covers(origin: str, scheme: str, host: str) -> bool:
    ours = urlsplit(origin)
    return (scheme == "https" or ours.scheme == "http") and _site(host) == _site(ours.hostname or "")


@lru_cache(maxsize=1)
def _public_suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _site(host: str) -> str:
    """The registrable domain of a host name; an address or a name without one stands for itself."""
    if host.replace(".", "").isdigit() or ":" in host:
        return host
    return _public_suffixes().privatesuffix(host) or host
