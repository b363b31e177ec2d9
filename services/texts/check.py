"""Whether a catalogue that a deployment brings along can be spoken: looked at before the first page, not on it."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from string import Formatter

from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime
from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError, read_po

from services.texts.catalogues import catalogue, languages

_PATTERN = re.compile(r"(?:([EMLdyHhmsaz])\1*[ ,.:/-]*)+")

_COUNTS = range(1001)
"""The numbers for which the rule of plurals is tried."""


def problem_of_folder(folder: Path) -> str:
    """What is wrong with a folder of catalogues, to follow its name; empty where each of them can be spoken.

    The catalogues are kept: a file that changes later is read at the next start.
    """
    try:
        files = sorted(file for file in folder.iterdir() if file.suffix == ".po")
    except OSError:
        return "must be a folder that can be read"
    if not files:
        return "has no catalogue: put one there for each language, named by its code, such as uk.po"
    problem = next(filter(None, map(problem_of, files)), "")
    if not problem:
        # Kept from now on, as the catalogues themselves are.
        languages(folder)
    return problem


def problem_of(file: Path) -> str:
    """What is wrong with a catalogue, in a sentence that begins with its name; empty where it can be spoken."""
    if not _is_language(file.stem):
        return f"{file.name} is named by no language that is known: the name is its code, such as uk.po or pt_BR.po"
    try:
        with file.open("rb") as source:
            read = read_po(source, abort_invalid=True)
        spoken = catalogue(file)
    except OSError:
        return f"{file.name} cannot be read"
    except (PoFileError, ValueError, LookupError):
        return f"{file.name} is no catalogue of gettext in UTF-8: msgfmt --check says in which line"
    if not any(message.id and message.string for message in read):
        return f"{file.name} has no translation"
    # By another name: else it reads like a text to translate.
    plural = spoken.ngettext
    try:
        for count in _COUNTS:
            plural("", "", count)
    except ArithmeticError:
        return f"{file.name} has a rule of plurals (Plural-Forms) that fails for some numbers"
    wrong = next((said for message in read if message.id for said in _misfits(message)), None)
    return f"{file.name} cannot be filled in like the English text: {wrong!r}" if wrong else ""


def _is_language(code: str) -> bool:
    try:
        Locale.parse(code)
    except (ValueError, UnknownLocaleError):
        return False
    return True


def _misfits(message: Message) -> Iterator[str]:
    """The translations that could not be filled in: each place must be one of the message's own, and plain.

    Those of a moment's pattern have to be a pattern, too.
    """
    own = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
    said = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    if is_pattern(str(own[0])):
        yield from (text for text in said if text and not _writes_moments(text))
        return
    known = {place for text in own for place in _places(text) or ()}
    if not known:
        # Such a text is never filled in.
        return
    for text in filter(None, said):
        places = _places(text)
        if places is None or not places <= known:
            yield text


def is_pattern(text: str) -> bool:
    """Whether a text is the pattern of a moment (CLDR), such as `EEE dd MMM y, HH:mm`: no letter of it is shown."""
    return _PATTERN.fullmatch(text) is not None


def _writes_moments(pattern: str) -> bool:
    try:
        format_datetime(datetime(2026, 11, 27), pattern)
    except (ValueError, KeyError, AttributeError):
        return False
    return True


def _places(text: str) -> set[str] | None:
    """The names in braces; None where they cannot be filled in. A place with a form of its own is no plain name."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return None
    return {f"{name}{form and ':'}{form}{how or ''}" for _, name, form, how in parts if name is not None}
