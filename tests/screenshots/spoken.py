"""Steps through pages in another language: what a step names in English is looked for as the page says it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Message
from playwright import sync_api

from services.sandbox.interview.words import WORDS
from services.texts.speech import number, speaking
from tests.catalogues import forms, read

_PLACE = re.compile(r"\\\{(\w+)\\\}")
"""A place in a text whose signs are escaped for a pattern."""

_COUNTED = re.compile(r"([\d,]+) (.+)")

_NAMED = ("get_by_role", "get_by_text", "get_by_label", "get_by_placeholder")
"""The ways of finding something by what it says."""

_REST = "\0"
"""Stands for the end of a text of which only the beginning is named."""

_MOST_ALIKE = 6
"""How many texts a part of a text may stand in."""


class Spoken:
    """What a catalogue makes of English texts. file: the catalogue."""

    def __init__(self, file: Path) -> None:
        self._messages = [message for message in read(file) if message.id]
        self._code = file.stem
        self.said = cache(self._said)

    def _said(self, text: str, exact: bool) -> str | re.Pattern[str]:
        """What to look for in place of a text; the text itself where it is none of the catalogue.

        exact: whether it is the whole of what is looked for, and no part.
        """
        found = list(dict.fromkeys(self._whole(text))) or ([] if exact else list(dict.fromkeys(self._parts(text))))
        if not found:
            return text
        ends = r"^\s*(?:{})\s*$" if exact else "(?:{})"
        return re.compile(ends.format("|".join(found)), re.IGNORECASE)

    def _whole(self, text: str) -> Iterator[str]:
        """Patterns of what is said in place of a whole text."""
        if self._code in WORDS:
            respondent = {word: WORDS[self._code].get(name, "") for name, word in WORDS["en"].items()}
            if said := respondent.get(text):
                yield re.escape(said)
        for message in self._messages:
            yield from self._of_message(message, text)

    def _of_message(self, message: Message, text: str) -> Iterator[str]:
        own = _own(message)
        for each in own:
            if found := _pattern(each).fullmatch(text):
                yield from (self._filled(said, found.groupdict()) for said in forms(message) if said)
            elif len(own) > 1 and (counted := _COUNTED.fullmatch(text)) and counted[2] == each:
                with speaking(self._code):
                    count = number(int(counted[1].replace(",", "")))
                yield from (f"{re.escape(count)} {re.escape(_bare(said))}" for said in forms(message) if said)

    def _filled(self, said: str, values: dict[str, str]) -> str:
        """A translation as a pattern, with its values in their places, each in the language where it is a text, too."""
        escaped = re.escape(_bare(said))
        for name, value in values.items():
            inner = ".*" if value == _REST else "|".join(dict.fromkeys(self._whole(value))) or re.escape(value)
            escaped = escaped.replace(rf"\{{{name}\}}", f"(?:{inner})")
        return escaped

    def _parts(self, text: str) -> Iterator[str]:
        """Patterns of the whole texts in which a text is a part, where they are few; else of one that begins so."""
        alike = [message for message in self._messages if any(text in _bare(own) for own in _own(message))]
        if not alike:
            begun = [message for message in self._messages if any(self._of_message(message, f"{text} {_REST}"))]
            # The one that has the most letters of its own.
            alike = sorted(begun, key=lambda message: len(_PLACE.sub("", re.escape(_own(message)[0]))))[-1:]
            yield from (said for message in alike for said in self._of_message(message, f"{text} {_REST}"))
        elif len(alike) <= _MOST_ALIKE:
            for message in alike:
                yield from (_PLACE.sub(".*?", re.escape(_bare(said))) for said in forms(message) if said)


def _own(message: Message) -> list[str]:
    """The English forms of a message."""
    return list(message.id) if isinstance(message.id, (tuple, list)) else [message.id]


@cache
def _pattern(text: str) -> re.Pattern[str]:
    """What a text matches once its places are filled in."""
    seen: set[str] = set()

    def place(found: re.Match[str]) -> str:
        again = found[1] in seen
        seen.add(found[1])
        what = r"[\d,]+" if found[1] == "count" else ".+?"
        return f"(?P={found[1]})" if again else f"(?P<{found[1]}>{what})"

    return re.compile(_PLACE.sub(place, re.escape(_bare(text))))


def _bare(text: str) -> str:
    """A text as a page shows it: without the marks of Markdown."""
    return re.sub(r"\*\*|`|:material/\w+: ?", "", text)


@contextmanager
def steps_in(spoken: Spoken) -> Iterator[None]:
    """Has Playwright look for texts in that language, until the end."""
    # Playwright does not name this class among what it exports, though its `expect` gives it.
    assertions: type = vars(sync_api)["LocatorAssertions"]
    ways: list[tuple[type, str]] = [(kind, name) for kind in (sync_api.Page, sync_api.Locator) for name in _NAMED]
    before = [(kind, name, getattr(kind, name)) for kind, name in (*ways, (assertions, "to_contain_text"))]
    for kind, name, method in before:
        setattr(kind, name, _translating(method, spoken, named=name == "get_by_role"))
    try:
        yield
    finally:
        for kind, name, method in before:
            setattr(kind, name, method)


def _translating(method: Callable[..., Any], spoken: Spoken, *, named: bool) -> Callable[..., Any]:
    """The method, with its text said in the language. named: whether that is its `name`, and not what comes first."""

    def call(self: object, first: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as Playwright's
        exact = bool(kwargs.get("exact"))
        if named and isinstance(kwargs.get("name"), str):
            kwargs["name"] = spoken.said(kwargs["name"], exact)
        elif not named and isinstance(first, str):
            first = spoken.said(first, exact)
        return method(self, first, *args, **kwargs)

    return call
