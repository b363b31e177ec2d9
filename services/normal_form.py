"""Unicode's normal forms, in a time that grows with the length of the text alone.

Python sorts the marks on one letter in a time that grows with the square of their number: a list with 10,000 marks in
each cell would take a minute. No language needs more than a few, and Unicode's own limit is 30 (UAX 15, Stream-Safe
Text Format). Marks beyond it are left out.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import Literal

MOST_MARKS = 30
"""So many marks may follow one letter."""

_MARKS_TOO = "\u0f73\u0f75\u0f81\uff9e\uff9f"
"""Signs that count as letters, and come apart into marks alone."""

_FIRST_MARK = 0x300


def normal_form(form: Literal["NFC", "NFKC", "NFKD"], text: str) -> str:
    """Returns the text in a normal form, without the marks beyond MOST_MARKS on one letter."""
    return unicodedata.normalize(form, without_piles(text))


def without_piles(text: str) -> str:
    """Returns the text without the marks beyond MOST_MARKS on one letter."""
    if len(text) <= MOST_MARKS or text.isascii() or not _any_mark()(text):
        return text
    kept, run = [], 0
    for char in text:
        run = run + 1 if unicodedata.combining(char) or char in _MARKS_TOO else 0
        if run <= MOST_MARKS:
            kept.append(char)
    return "".join(kept)


@cache
def _any_mark() -> Callable[[str], object]:
    """What finds a mark in a text, or a character beyond U+FFFF, which slows a pattern down and may be one."""
    # Made when it is needed: most texts are short, and finding the marks takes 10 ms.
    marks = filter(unicodedata.combining, map(chr, range(_FIRST_MARK, 0xFFFF)))
    plain, beyond = re.compile(f"[{''.join(marks)}{_MARKS_TOO}]").search, re.compile("[\U00010000-\U0010ffff]").search
    return lambda text: plain(text) or beyond(text)
