"""The line of recipients of a mail program as people: `"Keller, Anna" <anna@example.org>; bob@example.org`.

Outlook parts them by semicolons and lets a comma stand in a name; Gmail and Apple Mail part them by commas and quote
such a name (RFC 5322, 3.4). The parsers of Python's library know commas alone and cut an Outlook name in two, so they
are used for the parts of one recipient only.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import unquote as without_quotes
from urllib.parse import unquote as without_percents

_TOKEN = re.compile(r'(?:"(?:[^"\\\r\n]|\\.)*"|<[^<>\r\n]*>|\([^()\r\n]*\)|\[[^\[\]\r\n]*\]|[^"<(\[,;；，\r\n])+')
_BETWEEN = re.compile(r"[\s,;；，]*")
_FIELD = re.compile(r" *(?:to|cc|bcc|an|à|para|кому|копия|скрытая копия) *: *", re.IGNORECASE)
"""The name of the field, where it was copied too."""

_ADDRESS = r"(?:mailto:)?([^\s<>()\[\]\",;:]+@[^\s<>()\[\]\"',;:?]+)(?:\?[^\s<>]*)?"
_ALONE = re.compile(_ADDRESS, re.IGNORECASE)
_BARE = re.compile(rf"[<\"'(\[]?{_ADDRESS}[>\"')\]]?", re.IGNORECASE)
_NAMED = re.compile(rf"(.*?)\s*(?:<{_ADDRESS}>|\({_ADDRESS}\)|\[{_ADDRESS}\])", re.IGNORECASE)
_COMMENTED = re.compile(rf"<?{_ADDRESS}>?\s*\(([^()@]*)\)", re.IGNORECASE)
"""An address with the name in parentheses behind it, as old mail programs write it."""

_SIGN = re.compile(r"[,;；，<(\[]|mailto:|@[^\s@]+ +[^\s@]+@", re.IGNORECASE)
"""What tells recipients from a column of addresses."""

_MOST_AT = 4
"""How often an @ stands in an address with its name at most: the name may be the address again."""

_LONGEST = 1_000
"""The most characters of a name with its address."""


@dataclass(frozen=True)
class _Token:
    """A piece between two separators. before: the separator in front of it."""

    text: str
    before: str


def recipients(text: str) -> list[tuple[str, str]] | None:
    """The name and the address of each recipient; a name may be empty. None where the text is not a list of them.

    Every recipient must have an address: a name, a comma and an address alone are two cells of a row, and tabs come
    from a spreadsheet. Addresses alone, each on a line, are a column.
    """
    if "@" not in text or "\t" in text.strip() or not _SIGN.search(text):
        return None
    found: list[tuple[str, str]] = []
    names = ""
    for token in _tokens(_without_fields(text)):
        if names and _ends_name(token):
            return None
        whole = f"{names}{' ' if token.text.startswith('<') else ', '}{token.text}" if names else token.text
        if len(whole) > _LONGEST:
            return None
        if person := _person(whole, alone=not names):
            found.append(person)
            names = ""
        elif _may_be_name(token.text):
            names = whole
        else:
            return None
    return found if found and not names else None


def named_address(text: str) -> tuple[str, str] | None:
    """The name, which may be empty, and the address of a cell such as `Keller, Anna <anna@example.org>`.

    None where it is not one address with a name in front: words behind an address are rarely a name.
    """
    text = text.strip(" ,;")
    if text.startswith('"') and text.endswith('"') and text.count('"') == 2:
        text = text[1:-1].strip()
    # Without rows of spaces and of @, in which the patterns would look for long.
    text = " ".join(text.split()) if len(text) <= _LONGEST else text
    if (
        len(text) > _LONGEST
        or text.count("@") > _MOST_AT
        or _COMMENTED.fullmatch(text)
        or ("?" in text and "mailto:" not in text.casefold())
    ):
        return None
    found = _person(text, alone=True)
    return found if found and "@" not in found[0] else None


def _without_fields(text: str) -> str:
    return "\n".join(line[field.end() :] if (field := _FIELD.match(line)) else line for line in text.splitlines())


def _tokens(text: str) -> Iterator[_Token]:
    place, before = 0, ""
    while place < len(text):
        between = _BETWEEN.match(text, place)
        if between and between.end() > place:
            before, place = between[0], between.end()
            continue
        piece = _TOKEN.match(text, place)
        if not piece:
            # A mark without its partner: no address, so the whole is no list of recipients.
            yield _Token('"', before)
            return
        words = piece[0].split()
        if all(map(_ALONE.fullmatch, words)):
            # Addresses alone are also parted by spaces.
            yield from (_Token(word, before) for word in words)
        else:
            yield _Token(piece[0].strip(), before)
        place = piece.end()


def _ends_name(token: _Token) -> bool:
    """Whether a name that began before this piece cannot go on in it: only a comma belongs to a name."""
    if ";" in token.before or "；" in token.before:
        return True
    comma = "," in token.before or "，" in token.before
    # A name and its address may be on two lines.
    return comma == token.text.startswith("<")


def _person(text: str, *, alone: bool) -> tuple[str, str] | None:
    """The name and address of one piece. alone: whether it may be an address without a name."""
    if alone and (bare := _BARE.fullmatch(text)):
        return "", _plain_address(bare[1])
    if alone and (commented := _COMMENTED.fullmatch(text)):
        return _plain_name(commented[2], commented[1]), _plain_address(commented[1])
    if named := _NAMED.fullmatch(text):
        address = named[2] or named[3] or named[4]
        return _plain_name(named[1], address), _plain_address(address)
    return None


def _may_be_name(text: str) -> bool:
    """Whether a piece may be the beginning of a name: a code or a second column has digits, and no name has an @."""
    return not re.search(r'[@\d"<>]', text)


def _plain_address(text: str) -> str:
    return without_percents(text) if "%" in text else text


def _plain_name(text: str, address: str) -> str:
    """A name without quotation marks; empty where it only repeats the address."""
    name = text.strip()
    if len(name) > 1 and name[0] == name[-1] == "'":
        name = name[1:-1].strip()
    name = without_quotes(name).strip()
    if "=?" in name:
        name = _decoded(name)
    return "" if name.strip("'").casefold() == address.casefold() else name


def _decoded(name: str) -> str:
    """A name that was written in ASCII for a mail's header (RFC 2047)."""
    try:
        return str(make_header(decode_header(name)))
    except (HeaderParseError, LookupError, UnicodeDecodeError):
        return name
