"""Labels: made of the parts of a name, and without email addresses, because labels are sent to Aseed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.aseed.models import MAX_LABEL_LENGTH
from services.email_address import is_email_address
from services.roster.fields import NAME_PARTS, Field

_AT = str.maketrans({"＠": "@", "﹫": "@"})

_LIKE_ADDRESS = re.compile(r"(?:mailto:)?([^\s<>()\[\]{},;:|/\"«»“”„]+@[^\s<>()\[\]{},;:|/\"«»“”„]+)", re.IGNORECASE)

_ADDRESS_END = ".!?'’‘`*_"
"""Signs of a sentence around an address; they are no part of it."""

_EMPTY_PAIR = re.compile(r"<\s*>|\(\s*\)|\[\s*\]|\{\s*\}|\"\s*\"|«\s*»|“\s*”|„\s*“")
_LOOSE_START = re.compile(r"(?<=[(\[])\s*[,;:|/–—-]\s*|\s+(?=[)\]])")
_LOOSE_END = re.compile(r"\s*[,;:|/–—-]\s*(?=[)\]])")
_LOOSE_ENDS = " \t,;:|/–—-<>"
"""Signs that joined an address to a name."""

_QUOTED = re.compile(r"(?:\"([^\"]*)\"|'([^']*)')")
"""A name in quotation marks, as mail programs write it before an address."""

_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


@dataclass(frozen=True)
class Label:
    """A label without addresses.

    text: what is left; empty where the label was an address alone.
    addresses: those that were in it, each once.
    doubtful: what looks like an address and is none, such as `anna@@x.org`; it is still in the text.
    """

    text: str
    addresses: tuple[str, ...] = ()
    doubtful: str = ""


def without_addresses(text: str) -> Label:
    """Returns the label without the addresses in it, and the signs that joined them to it."""
    plain = text.translate(_AT)
    if "@" not in plain:
        return Label(text)
    addresses: dict[str, str] = {}
    doubtful = ""
    for found in _LIKE_ADDRESS.finditer(plain):
        address = found[1].strip(_ADDRESS_END)
        if is_email_address(address):
            addresses.setdefault(address.casefold(), address)
            text = text.translate(_AT).replace(found[0], " ", 1)
        elif "." in address.rpartition("@")[2]:
            doubtful = doubtful or address
    if addresses:
        text = _tidy(text)
    return Label(text, tuple(addresses.values()), doubtful)


def label_problem(label: str) -> str:
    """Returns why a label that a person typed cannot be sent to Aseed, and what to do; empty where it can."""
    found = without_addresses(label)
    address = found.addresses[0] if found.addresses else found.doubtful
    if address:
        return f"Aseed gets this name, and no email addresses. Type it without {address}."
    if len(label) > MAX_LABEL_LENGTH:
        return f"Type a name of at most {MAX_LABEL_LENGTH} characters."
    return ""


def _tidy(text: str) -> str:
    """The text without empty brackets, loose signs at its ends, and quotation marks around all of it."""
    before = None
    while text != before:
        before = text
        text = _LOOSE_END.sub("", _LOOSE_START.sub("", text))
        text = " ".join(_EMPTY_PAIR.sub(" ", text).split()).strip(_LOOSE_ENDS)
    quoted = _QUOTED.fullmatch(text)
    return (quoted[1] or quoted[2] or "").strip() if quoted else text


def order_of_parts(names: Sequence[str], mapping: Mapping[Field, int]) -> tuple[Field, ...]:
    """Returns the parts of a name that have a column, in the order in which they are joined.

    names: the names of all columns.

    The order is first, middle, last name. Lists with Cyrillic headers often put the last name first: their order is
    kept.
    """
    parts = tuple(part for part in NAME_PARTS if part in mapping)
    if any(_CYRILLIC.search(names[mapping[part]]) for part in parts):
        return tuple(sorted(parts, key=mapping.__getitem__))
    return parts
