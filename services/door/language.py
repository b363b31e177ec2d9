"""Which of a door's languages a visitor reads."""

import re
from collections.abc import Sequence

from services.texts.catalogues import SOURCE
from services.texts.speech import known

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
        if weight and (like := _like(wish, languages)):
            return like
    return languages[0]


def spoken_for(language: str) -> str:
    """The language in which our own texts are said to people who read this one; English where we do not speak it."""
    exact = language.replace("-", "_")
    return next((code for code in (exact, exact.partition("_")[0]) if code in known()), SOURCE)


def _like(wish: str, languages: Sequence[str]) -> str | None:
    """The language that is the same, else one of the same tongue, such as `pt` for `pt-BR`."""
    parts = _parts(wish)
    exact = (language for language in languages if _parts(language) == parts)
    alike = (language for language in languages if _parts(language)[0] == parts[0])
    return next(exact, None) or next(alike, None)


def _parts(language: str) -> list[str]:
    return re.split("[-_]", language.casefold())
