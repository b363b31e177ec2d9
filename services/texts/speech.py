"""Says texts in the language of the person who reads them. A text in the code is English, and marked by one of these.

    _("Nothing was created.")                            a text
    _("{name} is full.", name=name)                      with something in its place; never an f-string
    pgettext("button", "Open")                           a word of which two meanings have two translations
    ngettext("{count} row", "{count} rows", count)       by number, with `count` written as the language does
    counted(count, "row", "rooms")                       the same where the number comes first: "1 row", "2,500 rows"
    N_("Nothing was created.")                           marks a text that is kept, to be said later by `_(kept)`;
                                                         with values in it: services/texts/kept.py

Whose language it is: of `speaking`, else of the session for which the thread works (asks_for), else English.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import parse_pattern
from babel.numbers import format_decimal

from services.texts.catalogues import SOURCE, catalogue, languages

_spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


class _Asked:
    """How the language of a session is found, and which folder has further catalogues; set once, at the start."""

    session: Callable[[], str] = staticmethod(lambda: SOURCE)
    more: Path | None = None


def asks_for(session: Callable[[], str], more: Path | None = None) -> None:
    """Has the language of each text found by this function, where `speaking` says nothing else.

    more: a folder with catalogues of further languages.
    """
    _Asked.session, _Asked.more = staticmethod(session), more


def known() -> dict[str, Path | None]:
    """The languages that can be spoken, by code, each with its catalogue's file."""
    return languages(_Asked.more)


def language() -> str:
    """The code of the language that is spoken, such as `ru`."""
    return _spoken.get() or _Asked.session()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Says everything in one language, in every session; English for a language that is not known."""
    before = _spoken.set(code if code in known() else SOURCE)
    try:
        yield
    finally:
        _spoken.reset(before)


def _(message: str, /, **values: object) -> str:
    """The text, with values in the places of their names in braces."""
    if not message:
        # Gettext would give the catalogue's header.
        return ""
    return _filled(catalogue(known()[language()]).gettext(message), values)


def pgettext(context: str, message: str, /, **values: object) -> str:
    """The text in one of its meanings. context: what it is, for the translator."""
    return _filled(catalogue(known()[language()]).pgettext(context, message), values)


def ngettext(one: str, many: str, count: int, /, **values: object) -> str:
    """The text that belongs to a number, which stands at `{count}`."""
    said = catalogue(known()[language()]).ngettext(one, many, count)
    return said.format(**{"count": number(count), **values})


def counted(count: int, one: str, many: str) -> str:
    """Such as `1 row needs`, `2,500 rows need`."""
    return f"{number(count)} {catalogue(known()[language()]).ngettext(one, many, count)}"


def N_(message: str) -> str:
    """The text as it is, to be said later."""
    return message


def number(value: int | float | Decimal) -> str:
    """A number as the language writes it: `2,500`, `2 500`."""
    if isinstance(value, int) and -1000 < value < 1000:
        return str(value)
    return format_decimal(value, locale=_locale(language()))


def format_moment(there: datetime, pattern: str) -> str:
    """A moment, in the clock that it has. pattern: of CLDR, itself said by `_`."""
    return parse_pattern(pattern).apply(there, _locale(language()))


@cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)


def _filled(said: str, values: dict[str, object]) -> str:
    return said.format(**values) if values else said
