"""What a list offers to choose from, in texts that no two options share.

Streamlit tells options apart by the text that it shows: of two with the same text the last one is chosen.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeVar

from components.state import process, viewer, visibility
from services.folding import plain
from services.journal.records import Batch
from services.local_time import in_words
from services.normal_form import normal_form
from services.texts.speech import _

Key = TypeVar("Key")

BATCHES_OFFERED = 100
"""How many of the newest batches can be chosen."""

WHOLE_PROJECT = 0
"""Stands in the place of a batch's number for every room of the project."""

_UNSEEN = re.compile(r"[\u115f\u1160\u2800\u3164\uffa0]")
"""Characters that show nothing, besides those that Unicode counts as format characters, controls and spaces."""


def distinct(texts: Mapping[Key, str], mark: Callable[[Key], str], *, fixed: Collection[Key] = ()) -> dict[Key, str]:
    """The text of each option, by its key, so that no two look alike.

    texts: what each would be called.
    mark: what is added to texts that look like another one or like nothing, such as a number.
    fixed: the options whose text stays, such as "All projects"; among themselves these have to differ.
    """
    named = dict(texts)
    for more in (mark, str):
        unmarked = named.keys() - set(fixed)
        while alike := [key for key in _alike(named) if key in unmarked]:
            named |= {key: " · ".join(filter(_as_seen, (named[key], more(key)))) for key in alike}
            unmarked -= set(alike)
    return named


def findable(text: str) -> str:
    """Returns an option's text with how it is typed on a plain keyboard, where that differs: `José · jose`.

    Streamlit searches options in the browser, by the letters that are shown and no others: jose would not find José.
    """
    typed = plain(text)
    return text if typed == text.lower() else f"{text} · {typed}"


def names_of_batches(batches: Iterable[Batch], unnamed: str = "") -> dict[int, str]:
    """A name for each batch, by its id; no two are alike, as each ends with its number.

    unnamed: what a batch without a name is called; its project, where that is not said.
    """
    zone = viewer.zone()
    return {
        batch.id: " · ".join(
            (
                batch.name or unnamed or batch.project_name,
                in_words(batch.made, zone),
                _("No. {number}", number=batch.id),
            )
        )
        for batch in batches
    }


def batches_of_project(project_id: str) -> list[Batch]:
    """The batches of a project to choose from, the newest first."""
    newest = process.journal().batches.newest(visibility.current(), BATCHES_OFFERED)
    return [each for each in newest if each.project_id == project_id]


def _alike(named: Mapping[Key, str]) -> list[Key]:
    """The options that look like another one, or like nothing."""
    looks = {key: _as_seen(text) for key, text in named.items()}
    times = Counter(looks.values())
    return [key for key, look in looks.items() if times[look] > 1 or not look]


def _as_seen(text: str) -> str:
    """What a reader sees of a text: without case, without characters that show nothing, with single spaces."""
    letters = normal_form("NFKC", text).casefold()
    seen = "".join(
        " " if char.isspace() else char for char in letters if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    return " ".join(_UNSEEN.sub("", seen).split())
