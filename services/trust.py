"""What comes from outside, made safe for where it goes: URLs, cells of a spreadsheet, text on a page.

Rules and their reasons: a link is a capability, a name may be markup, and a cell may be a formula.
"""

import re
import string
import unicodedata
from functools import lru_cache
from urllib.parse import urlsplit

from publicsuffixlist import PublicSuffixList

LONGEST_LINK = 2000
"""Characters: what browsers and mail programs agree on; a QR code of level M holds 2,331."""

_URL = re.compile(r"(https?://[^/?#]+)([/?#].*)?", re.IGNORECASE)

_NEVER = re.compile(r"[^!-~]|[\"<>\\^`{|}]")
"""What no URL holds as it is (RFC 3986): anything but printable ASCII, spaces, and some of that."""

_HOST = re.compile(r"[a-z0-9.-]+|[0-9a-f:.]+")
"""A host name or an IP address, as urlsplit gives it: lower case, without brackets."""

FORMULA_STARTS = frozenset("=+-@")
"""What makes a spreadsheet read a cell as a formula, besides the line ends and tabs before (OWASP, CSV injection)."""

FILLERS = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters without a look (Hangul fillers)."""


def is_link(url: str, origins: tuple[str, ...]) -> bool:
    """Whether a room's URL may become something to click, scan or export as a link.

    It must be an absolute http(s) URL with a host, no user info, nothing but printable ASCII and no spaces; its host
    must be one of ours: the host or the registrable domain of one of `origins` (such as https://app.aseed.ai/custdev).
    Plain http only towards an origin that is plain http itself.
    """
    if len(url) > LONGEST_LINK:
        return False
    parts = _URL.fullmatch(url)
    return parts is not None and not _NEVER.search(url) and _is_ours(parts[1], origins)


@lru_cache(maxsize=1024)
def _is_ours(address: str, origins: tuple[str, ...]) -> bool:
    """Whether scheme and host, such as https://app.aseed.ai, are of one of the origins."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
        parts.port  # noqa: B018 - raises for a port that is none
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


def as_cell(text: str) -> str:
    """Text for a CSV cell that no spreadsheet will run.

    An apostrophe goes before anything that starts like a formula, also behind spaces, controls and invisible
    characters, or in full width, which some spreadsheets fold. NUL is dropped: no spreadsheet keeps it.
    """
    if not text or (text[0].isalnum() and "\0" not in text):
        return text
    text = text.replace("\0", "")
    first = next((char for char in text if not _invisible(char)), "")
    risky = text[:1] in ("\t", "\r", "\n") or unicodedata.normalize("NFKC", first)[:1] in FORMULA_STARTS
    return f"'{text}" if risky else text


def _invisible(char: str) -> bool:
    return char.isspace() or char in FILLERS or unicodedata.category(char) in ("Cc", "Cf", "Mn")


_MARKED = re.compile(f"([{re.escape(string.punctuation)}])")
_JOINED = re.compile(r"://|www\.|@|:(?=streamlit:)", re.IGNORECASE)
_ARROWS = re.compile(r"(?<=[-<>~])(?=[-=>])")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_WORD_JOINER = "\u2060"


def literal(text: str) -> str:
    """Text for a markdown surface that shows exactly these characters: no links, images, colours, icons or maths.

    Every ASCII punctuation character is escaped, and a word joiner, which cannot be seen, breaks what would be linked
    by itself, or drawn as an arrow (measured against Streamlit 1.67). Line ends become spaces; what would turn the
    direction of the words around it is dropped.
    """
    line = " ".join(_BIDI.sub("", text).split())
    broken = _JOINED.sub(lambda found: found[0][:1] + _WORD_JOINER + found[0][1:], line)
    broken = _ARROWS.sub(_WORD_JOINER, broken)
    return _MARKED.sub(r"\\\1", broken)
