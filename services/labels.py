"""Labels without email addresses: a label is sent to Aseed, and shown to respondents and moderators."""

import re
from dataclasses import dataclass

from services.email_address import is_email_address
from services.texts.speech import N_, _

_AT = str.maketrans({"＠": "@", "﹫": "@"})

_WORD = re.compile(r"(?:mailto:)?([^\s<>()\[\]{},;:|/\"«»“”„]+)", re.IGNORECASE)

LONGEST_READ = 400
"""The longest text in which addresses are looked for, in characters: a label has no more than a few dozen."""

MOST_ADDRESSES = 8
"""A text in which more addresses stand is a list of them and no label."""

_MOST_PAIRS = 10
"""So many brackets around one address are taken away."""

_ADDRESS_END = ".!?'’‘`*_"
"""Signs of a sentence around an address; they are no part of it."""

_EMPTY_PAIR = re.compile(r"<\s*>|\(\s*\)|\[\s*\]|\{\s*\}|\"\s*\"|«\s*»|“\s*”|„\s*“")
_LOOSE_START = re.compile(r"(?<=[(\[])\s*[,;:|/–—-]\s*|\s+(?=[)\]])")
_LOOSE_END = re.compile(r"\s*[,;:|/–—-]\s*(?=[)\]])")
_LOOSE_ENDS = " \t,;:|/–—-<>"
"""Signs that joined an address to a name."""

_QUOTED = re.compile(r"(?:\"([^\"]*)\"|'([^']*)')")
"""A name in quotation marks, as mail programs write it before an address."""

HAS_ADDRESS = N_("Take the email address out: Aseed gets this text, and respondents may read it.")
"""What a person is told who typed an address into a label."""

ADDRESS_ALONE = N_("The label is an email address, which Aseed must not get. Give the room a name instead.")
"""Why a label is not sent at all."""


@dataclass(frozen=True)
class Label:
    """A label without addresses.

    text: what is left; empty where the label was an address alone.
    addresses: those that were in it, each once.
    doubtful: what looks like an address and is none, such as `anna@@x.org`, which is still in the text; or the first
        of too many.
    """

    text: str
    addresses: tuple[str, ...] = ()
    doubtful: str = ""


def without_addresses(text: str) -> Label:
    """Returns the label without the addresses in it, and the signs that joined them to it.

    Of a text that is longer than LONGEST_READ, the start alone; of one with more than MOST_ADDRESSES, nothing.
    """
    text = text[:LONGEST_READ]
    plain = text.translate(_AT)
    if "@" not in plain:
        return Label(text)
    addresses: dict[str, str] = {}
    doubtful = ""
    like_addresses = [found for found in _WORD.finditer(plain) if "@" in found[1][1:-1]]
    if len(like_addresses) > MOST_ADDRESSES:
        return Label("", doubtful=like_addresses[0][1])
    for found in like_addresses:
        address = found[1].strip(_ADDRESS_END)
        if is_email_address(address):
            addresses.setdefault(address.casefold(), address)
            text = text.translate(_AT).replace(found[0], " ", 1)
        elif "." in address.rpartition("@")[2]:
            doubtful = doubtful or address
    if addresses:
        text = _tidy(text)
    return Label(text, tuple(addresses.values()), doubtful)


def problem_of(text: str) -> str | None:
    """What a person who typed a label has to change first; None where it may be sent."""
    found = without_addresses(text)
    return _(HAS_ADDRESS) if found.addresses or found.doubtful else None


def _tidy(text: str) -> str:
    """The text without empty brackets, loose signs at its ends, and quotation marks around all of it."""
    text = " ".join(text.split())
    for _round in range(_MOST_PAIRS):
        before = text
        text = _LOOSE_END.sub("", _LOOSE_START.sub("", text))
        text = " ".join(_EMPTY_PAIR.sub(" ", text).split()).strip(_LOOSE_ENDS)
        if text == before:
            break
    quoted = _QUOTED.fullmatch(text)
    return (quoted[1] or quoted[2] or "").strip() if quoted else text
