"""A room's link: the URL by which a respondent joins, checked before it may be clicked, scanned or exported.

A link is a capability: the person who has it can sit the interview. So its text is in no log and no traceback.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

from services.texts.speech import N_, _

LONGEST_LINK = 2000
"""Characters: what browsers and mail programs agree on; a QR code of level M holds 2,331."""

NOT_A_LINK = "not a link: "
"""What stands before the text of a link that is not proper, so that no person mails it."""

NOT_PROPER = N_("its address is not a proper link of Aseed's")
SHARED = N_("another room has the same link")
WITHHELD = N_("your role sees no links")
OF_WITHDRAWN = N_("the person's data was withdrawn")
"""Why a link may not be used, in words that follow "because" or a colon."""

IN_CONFLICT = f"in conflict: {SHARED}"
"""What stands in place of a link that another room has too, so that no person mails it."""

WITHDRAWN = f"withdrawn: {OF_WITHDRAWN}"
"""What stands in place of the link of a person whose data was taken out."""

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f.]*:[0-9a-f:.]*\])(?::(?P<port>[0-9]{1,5}))?(?:[/?#].*)?",
    re.IGNORECASE,
)
"""The whole of a URL, so that nothing beside the host is overlooked: browsers open no `http://[::1]evil.example`."""

_NEVER = re.compile(r"[^!-~]|[\"<>\\^`{|}]")
"""What no URL contains literally (RFC 3986): anything but printable ASCII, spaces, and some of that."""

_IN_CELLS = re.compile(r"[,;][=+@-]")
"""What would run in a spreadsheet that splits the cell there: links are written into files as they are."""

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
"""A part of a host name (RFC 1123)."""

_LONGEST_HOST = 253

_NEVER_OPENED = frozenset(
    {0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109}
    | {110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530}
    | {531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190}
    | {5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}
)
"""The ports that browsers refuse (Fetch, "port blocking")."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link with the result of its check. Only `LinkCheck` makes proper ones.

    text: as it came, to be shown as text; empty where another room has the same link.
    is_proper: whether it may be clicked, scanned or exported as a link.
    is_shared: whether another room has the same link (services.same_link).
    is_withheld: whether it is not for the person who looks.
    is_withdrawn: whether it is of a person whose data was taken out, so that it is given to no one.
    """

    text: str = field(repr=False)
    is_proper: bool = False
    is_shared: bool = False
    is_withheld: bool = False
    is_withdrawn: bool = False

    @property
    def target(self) -> str:
        """The text, for whatever can be clicked, scanned or opened. Raises ValueError where the link is not proper."""
        if not self.is_proper:
            raise ValueError(f"not a proper link: {self._reason}")
        return self.text

    @property
    def why_not(self) -> str:
        """Why it may not be used, in the language that is spoken; empty where it is proper."""
        return "" if self.is_proper else _(self._reason)

    @property
    def _reason(self) -> str:
        if self.is_withheld:
            return WITHHELD
        if self.is_withdrawn:
            return OF_WITHDRAWN
        return SHARED if self.is_shared else NOT_PROPER

    @property
    def marked(self) -> str:
        """The text for a file: a proper link as it is, else why not, or the text with NOT_A_LINK before it."""
        if self.is_withdrawn:
            return WITHDRAWN
        if self.is_shared:
            return IN_CONFLICT
        return self.text if self.is_proper else f"{NOT_A_LINK}{self.text}"


@dataclass(frozen=True)
class LinkCheck:
    """The one check of every link. Without origins no link is proper.

    origins: the addresses of Aseed to which links may lead, such as https://app.aseed.ai/custdev.
    withholds: whether it gives no link at all, as the person who looks may see none.
    """

    origins: tuple[str, ...] = ()
    withholds: bool = False

    def __call__(self, text: str) -> Link:
        """The link with this text.

        It is proper if it is an absolute http(s) URL that browsers open, with a host, no user info, nothing but
        printable ASCII and no spaces; its host must be the host or of the registrable domain of one of the origins.
        Plain http is proper only towards an origin that is plain http itself. What a spreadsheet might run is not.
        """
        if self.withholds:
            return WITHHELD_LINK
        if len(text) > LONGEST_LINK or _NEVER.search(text) or _IN_CELLS.search(text):
            return Link(text)
        parts = _URL.fullmatch(text)
        return Link(text, parts is not None and _is_ours(*parts.group("scheme", "host", "port"), self.origins))

    @property
    def sources(self) -> tuple[str, ...]:
        """Where proper links may lead, as a Content-Security-Policy names it."""
        return tuple(dict.fromkeys(source for origin in self.origins for source in _sources(origin)))

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

WITHDRAWN_LINK = Link("", is_withdrawn=True)
"""What every page and file gets of the link of a person whose data was taken out."""

WITHHELD_LINK = Link("", is_withheld=True)
"""What a person gets of any link whose role sees none."""

NO_LINKS = LinkCheck()
"""The check that no link passes."""


@lru_cache(maxsize=1024)
def _is_ours(scheme: str, host: str, port: str | None, origins: tuple[str, ...]) -> bool:
    """Whether browsers open such an address, and it belongs to one of the origins. host: an IPv6 one in brackets."""
    if port is not None and (int(port) > 0xFFFF or int(port) in _NEVER_OPENED):
        return False
    host = host.lower().strip("[]")
    return any(_covers(origin, scheme.lower(), host) for origin in origins)


def _covers(origin: str, scheme: str, host: str) -> bool:
    ours = urlsplit(origin)
    known = ours.hostname or ""
    if scheme == "http" and ours.scheme != "http":
        return False
    return host == known or (_site(host) == _site(known) and _is_opened(host, known))


def _sources(origin: str) -> Iterator[str]:
    ours = urlsplit(origin)
    known = ours.hostname or ""
    yield f"{ours.scheme}://{f'[{known}]' if ':' in known else known}:*"
    site = _site(known)
    if "." in site and not site.replace(".", "").isdigit():
        yield from (f"{ours.scheme}://{site}:*", f"{ours.scheme}://*.{site}:*")


def _is_opened(host: str, known: str) -> bool:
    """Whether browsers take a text for a host name. known: the host of ours that is of the same registrable domain."""
    ours = known.split(".")
    return len(host) <= _LONGEST_HOST and all(label in ours or _is_label(label) for label in host.split("."))


def _is_label(label: str) -> bool:
    if not _LABEL.fullmatch(label):
        return False
    if not label.startswith("xn--"):
        return True
    try:
        # Letters of other scripts (RFC 3492): browsers refuse what does not stand for any.
        return not label.encode().decode("idna").isascii()
    except UnicodeError:
        return False


@lru_cache(maxsize=1)
def _public_suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _site(host: str) -> str:
    """The registrable domain of a host name; an address or a name without one stands for itself."""
    if host.replace(".", "").isdigit() or ":" in host:
        return host
    return _public_suffixes().privatesuffix(host) or host
