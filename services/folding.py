"""The one form in which texts are searched, so that a name is found however its letters were typed.

Folded are case, width, accents and other marks, letters that a plain keyboard lacks, and what stands between letters:
spaces, hyphens, apostrophes, dots. The Russian ё is found without its dots, as most people type it; й stays a letter
of its own, as every Cyrillic keyboard has it. German umlauts are found as their vowels, not as two letters: Muller
finds Müller, Mueller does not.

The offline pack searches by the same rule: its script gets it from here (`rule`). The journal keeps the texts of
batches in this form (services.journal.batch_search): a change of the rule needs a migration that writes them again.
"""

import re

from services.normal_form import normal_form

_SAME = {
    "'": "`´’‘‛ʼʻʽʹʾʿ′‵＇՚׳ꞌ",
    "-": "‐‑‒–—―−⁃־֊᠆﹘﹣－⸗〜゠",
    " ": "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u2800\u3000",
    ".": "。｡",
    '"': "“”„‟«»″〝〞״",
    "d": "đð",
    "e": "əɛ",
    "f": "ƒ",
    "h": "ħ",
    "i": "ıɨ",
    "j": "ȷ",
    "k": "ĸƙ",
    "l": "łƚ",
    "n": "ŋ",
    "o": "øɔ",
    "b": "ɓ",
    "t": "ŧ",
    "u": "ʉ",
    "y": "ƴ",
    "ae": "æ",
    "oe": "œ",
    "ss": "ß",
    "th": "þ",
    "σ": "ς",
    "г": "ґ",
    "ي": "ىی",
    "ك": "ک",
    "ه": "ة",
    **{str(digit): chr(0x660 + digit) + chr(0x6F0 + digit) for digit in range(10)},
}
"""What a plain keyboard has, and the characters that are found by it."""

_LETTERS = {char: typed for typed, chars in _SAME.items() for char in chars}

_MARKS = (
    # Accents of Latin, Greek and Cyrillic letters.
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    # Hebrew points, Arabic vowels, and the stroke that stretches an Arabic word.
    "\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed"
    # Characters that show nothing.
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
"""What is dropped from letters; other scripts keep their marks, as these are letters of their own there."""

_GAPS = "[ '\"().,;:/_+·・\\-]"
"""What stands between letters: a phone number is found with it and without it."""

_SHORT_I = ("и\u0306", "й")
"""The letter й in two pieces and in one."""

_MARK, _GAP = re.compile(_MARKS), re.compile(_GAPS)
_TYPED = str.maketrans(_LETTERS)
_WITHOUT_GAPS = str.maketrans("", "", "".join(filter(_GAP.match, map(chr, range(128)))))
# Controls and tabs are no part of a text that takes the short way.
_IS_SIMPLE = re.compile(r"[ -~]*").fullmatch


def plain(text: str) -> str:
    """Returns the text as it is typed on a plain keyboard, in small letters, such as `jose` for `José`."""
    if _IS_SIMPLE(text):
        return text.lower().replace("`", "'")
    letters = normal_form("NFKD", text.translate(_TYPED)).lower().replace(*_SHORT_I)
    return normal_form("NFC", _MARK.sub("", letters).translate(_TYPED))


def folded(text: str) -> str:
    """Returns the text in the form in which it is searched: as `plain`, without what stands between letters."""
    if _IS_SIMPLE(text):
        return text.lower().translate(_WITHOUT_GAPS).replace("`", "")
    return _GAP.sub("", plain(text))


def wanted(text: str) -> list[str]:
    """Returns the words of a search, each in the form in which it is looked for."""
    return [word for word in map(folded, plain(text).split()) if word]


def rule() -> dict[str, object]:
    """Returns the rule for a script: letters by what they are found by, and two patterns of what is dropped.

    letters: characters, each with what takes its place.
    marks, gaps: regular expressions that mean the same in JavaScript.
    whole: a letter that keeps its mark, in two pieces and in one.
    """
    return {"letters": _LETTERS, "marks": _MARKS, "gaps": _GAPS, "whole": _SHORT_I}
