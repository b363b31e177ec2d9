"""Which of a door's languages a visitor reads."""

import re
from collections.abc import Sequence

from babel import Locale, UnknownLocaleError

_WISH = re.compile(r"\s*([A-Za-z]{1,8}(?:[-_][A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*)?")
"""One language that a browser asks for, and how much it is wanted (RFC 9110, 12.5.4)."""

_LONGEST_WISH = 400
"""Characters of what a browser asks for that are looked at."""


def language_for(languages: Sequence[str], asked: str, accepted: str) -> str:
    """The language of these that is wanted most, else the first.

    asked: what the visitor has chosen; empty for nothing. accepted: the header Accept-Language.
    """
    if asked in languages:
        return asked
    wishes = [found for part in accepted[:_LONGEST_WISH].split(",") if (found := _WISH.fullmatch(part))]
    wanted = [(float(wish[2] or 1), wish[1]) for wish in wishes]
    # Of equal wishes the first counts, as browsers write them.
    for weight, wish in sorted(wanted, key=lambda each: -each[0]):
        if weight and (found := _like(wish, languages)):
            return found
    return languages[0]


def own_name(language: str) -> str:
    """What a language calls itself; its code where that is not known."""
    try:
        name = Locale.parse(language, sep="-" if "-" in language else "_").get_display_name(language.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return language
    return name[:1].upper() + name[1:] if name else language


def _like(wish: str, languages: Sequence[str]) -> str | None:
    """The language that is the same, else one of the same tongue, such as `pt` for `pt-BR`."""
    parts = _parts(wish)
    exact = (language for language in languages if _parts(language) == parts)
    alike = (language for language in languages if _parts(language)[0] == parts[0])
    return next(exact, None) or next(alike, None)


def _parts(language: str) -> list[str]:
    return re.split("[-_]", language.casefold())
