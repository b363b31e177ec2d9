"""How much a text looks like a language: its letters, their case, and the signs between them.

A byte is another letter in every charset. Read in a wrong one, words have letters of several languages, capitals
inside, signs instead of letters, or no vowels.
"""

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

_LATIN = (
    "üäöß",  # German
    "éèëçïôêîâàûùœ",  # French, as in names
    "éáíóñúüçàè",  # Spanish, Catalan
    "ãçáéíóõêâúàô",  # Portuguese
    "èàòùìé",  # Italian
    "øåæé",  # Danish, Norwegian
    "äöåé",  # Swedish, Finnish
    "łąęóżśćńź",  # Polish
    "áíéčřšžěýůúňóťď",  # Czech
    "áíéčšžýúóľťňôäďŕĺ",  # Slovak
    "áéöőóíüúű",  # Hungarian
    "ăîâșțşţ",  # Romanian
    "čšžćđ",  # Croatian, Slovene
    "ışüğöçâî",  # Turkish
)
_RARER_LATIN = (
    "ėšųžąįūčę",  # Lithuanian
    "āīēšņūļģķčž",  # Latvian
    "äõüöšž",  # Estonian
    "áíéóðúýþöæ",  # Icelandic
)
_CYRILLIC = (
    "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",  # Russian, Bulgarian
    "оаинівертскмлдупьяйзбгчхжшюцщєїфґў",  # Ukrainian, Belarusian
    "аоиенрјтсвкдлмупзбгчшцћжхњљђфџ",  # Serbian
)
_GREEK = "αοιετσνρκλμπυςηόίάέδγθχφωβύήώξζψϊΐϋΰ"
"""The letters beyond ASCII of languages that lists of people are written in, the most frequent first."""

_VOWELS = re.compile("[аеёиоуыэюяєіїўαεηιουωάέήίόύώϊΐϋΰ]")
_WORD = re.compile(r"[^\W\d_]+")
_ODD = re.compile(r"[^\w\s!-~«»“”„‘’–—…№°§©®€£\u00a0]|(?<=[^\W\d_])[«»“„‘…°§©®€£\u00a0](?=[^\W\d_])|[–—…]{2}")
"""Characters that lists of people do not contain: boxes, controls, mathematics, signs inside a word or in a row."""

_MOST_WORDS = 300
"""How many different words are looked at."""


def _weights(letters: str, most: float = 1) -> dict[str, float]:
    """The weight of each letter, from the most for the first one down by 0.7."""
    return {letter: most - 0.7 * rank / len(letters) for rank, letter in enumerate(letters)}


_LANGUAGES = [
    *((_weights(letters), True) for letters in _LATIN),
    # A single letter, as in Zoë, is more often one of the others.
    *((_weights(letters, 0.85), True) for letters in _RARER_LATIN),
    *((_weights(letters), False) for letters in (*_CYRILLIC, _GREEK)),
]
"""The weights of each language, and whether its words have ASCII letters too."""


def likeness(lines: Iterable[str]) -> float:
    """How much a text looks like words of one language or of several: more is better, 1 is the most."""
    text = "\n".join(lines)
    counted = Counter(word for word in _WORD.findall(text) if not word.isascii()).most_common(_MOST_WORDS)
    words = [(_word_scores(word), _foreign(word) * count) for word, count in counted]
    odd = len(_ODD.findall(text))
    letters = sum(count for _, count in words)
    if not letters:
        return -float(odd > 0)
    each = sum(max(scores) * count for scores, count in words)
    together = max(sum(scores[place] * count for scores, count in words) for place in range(len(_LANGUAGES)))
    # Lists hold names of several languages, and mostly of one.
    return ((each + together) / 2 - 2 * odd) / (letters + odd)


def _foreign(word: str) -> int:
    return sum(not char.isascii() for char in word)


def _word_scores(word: str) -> list[float]:
    """How much a word looks like each language, by its letters beyond ASCII."""
    small = word.replace("İ", "ı").lower()
    foreign = [char for char in small if not char.isascii()]
    has_ascii = len(foreign) < len(small)
    fault = _fault(word, small)
    return [
        sum(weights.get(char, -1) if is_latin or not has_ascii else -1 for char in foreign) / len(foreign)
        - fault
        - (0.4 if is_latin and 2 * len(foreign) > len(small) else 0)
        for weights, is_latin in _LANGUAGES
    ]


def _fault(word: str, small: str) -> float:
    """What speaks against a word in any language."""
    whole = not any(map(str.isascii, small))
    without_vowels = whole and len(small) > 2 and not _VOWELS.search(small)
    # Between KOI8-R and windows-1251, small letters become capitals throughout.
    shouted = whole and len(word) > 1 and word.isupper()
    capital_inside = any(before.islower() and char.isupper() for before, char in pairwise(word))
    return 1.0 * capital_inside + 0.6 * without_vowels + 0.2 * shouted + 0.1 * (whole and small == word)
