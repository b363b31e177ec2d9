"""Texts that are kept in English with their values in them, and said later in the reader's language.

    FOUND = kept("looked again: {late} late rooms")     a text, made where its module is loaded
    FOUND(late=3)                                       what is kept: English
    said("looked again: 3 late rooms")                  what is shown

At {why} and {advice} stands such a text itself, and at {words} words with commas between them.
"""

import re
import string

from services.texts.catalogues import SOURCE
from services.texts.speech import _, language

_TEXTS = ("why", "advice")
_WORDS = "words"

_known: list["Kept"] = []
"""All of them, those with the most letters of their own first: these are told apart most surely."""


class Kept:
    """A text of the code with places in braces."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.letters, pattern, names = 0, "", set[str]()
        for own, name, *_more in string.Formatter().parse(text):
            self.letters += len(own)
            pattern += re.escape(own)
            if name:
                pattern += f"(?P={name})" if name in names else f"(?P<{name}>.*)"
                names.add(name)
        self._pattern = re.compile(pattern, re.DOTALL)

    def __call__(self, **values: object) -> str:
        return self.text.format(**values)

    def values(self, text: str) -> dict[str, str] | None:
        """The values in a text that was made of this one; None where it was not."""
        found = self._pattern.fullmatch(text)
        return found.groupdict() if found else None


def kept(text: str) -> Kept:
    """A text to be kept, which `said` recognises."""
    made = Kept(text)
    _known.append(made)
    _known.sort(key=lambda each: each.letters, reverse=True)
    return made


def said(text: str) -> str:
    """The kept text in the language that is spoken; a text that is not known stays as it is."""
    if not text or language() == SOURCE:
        return text
    if (whole := _(text)) != text:
        return whole
    for each in _known:
        if (values := each.values(text)) is not None:
            return _(each.text, **{name: _said_within(name, value) for name, value in values.items()})
    return text


def _said_within(name: str, value: str) -> str:
    if name in _TEXTS:
        return said(value)
    return ", ".join(_(word) for word in value.split(", ") if word) if name == _WORDS else value


class SaidError(Exception):
    """An error whose text is kept in English, and read in the language that is spoken."""

    @property
    def kept(self) -> str:
        """The text in English, to be kept and logged."""
        return super().__str__()

    def __str__(self) -> str:
        return said(self.kept)
