"""Languages, however they are written: as a tag, or by name in one of many languages."""

import re
import unicodedata
from functools import cache

from babel import Locale
from babel.core import get_global

from services.normal_form import normal_form
from services.texts.catalogues import SOURCE
from services.texts.speech import language

_CODES = (
    *("en", "ru", "de", "fr", "es", "pt", "it", "pl", "tr", "uk", "af", "ar", "az", "be", "bg", "bn", "bs", "ca", "cs"),
    *(
        "cy",
        "da",
        "el",
        "et",
        "eu",
        "fa",
        "fi",
        "fil",
        "ga",
        "gl",
        "gu",
        "he",
        "hi",
        "hr",
        "hu",
        "hy",
        "id",
        "is",
        "ja",
    ),
    *("ka", "kk", "km", "kn", "ko", "ky", "lo", "lt", "lv", "mk", "ml", "mn", "mr", "ms", "my", "nb", "ne", "nl", "pa"),
    *("ro", "si", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "te", "tg", "th", "tk", "ur", "uz", "vi", "yue"),
    *("zh", "zu", "am", "so", "ha", "yo", "ig", "ps", "ku", "tt", "no"),
)
"""The languages that are known, by their codes in CLDR. The rarer codes are also words, such as `na`, and stay out."""

_NAMED_IN = ("en", "ru", "de", "fr", "es", "pt", "it", "pl", "tr", "uk")
"""The languages in which every language is known by name; besides, each knows its own."""

_AUTO = frozenset(
    (
        *("auto", "automatic", "автоматически", "авто", "automatisch", "automatique", "automatico", "automatyczny"),
        *("otomatik", "автоматично", "automatically", "automatycznie"),
    )
)
"""The words that leave the language to the interviewer, folded."""

_OTHER_NAMES = {
    "en": "en",
    "english": "en",
    "ru": "ru",
    "russian": "ru",
    "англ": "en",
    "англ.": "en",
    "по-английски": "en",
    "рус": "ru",
    "рус.": "ru",
    "английском": "en",
    "по-русски": "ru",
    "русском": "ru",
    "ua": "uk",
    "cz": "cs",
    "jp": "ja",
    "farsi": "fa",
    "flemish": "nl",
    "mandarin": "zh",
    "简体中文": "zh",
    "繁體中文": "zh",
    "castellano": "es",
    "castilian": "es",
    "brasileiro": "pt",
}
"""Names that CLDR does not have, and codes of countries that people write for their languages, folded.

The usual ones are here, too: they are told without CLDR's tables, which take half a second to read.
"""

_WORD_FOR_LANGUAGE = re.compile(
    r"\b(?:language|язык|мова|sprache|langue|idioma|lengua|lingua|jezyk|dili?|in|на|auf|en)\b", re.IGNORECASE
)
LONGEST_NAME = 100
"""Characters: what is longer is no name of a language, and is not looked at."""

_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*")
_ADDED = re.compile(r"\(.*?\)|\[.*?\]|\s[-–—]\s.*")
"""A remark, such as (UK): its letters may be those of another language."""
_PARTS = re.compile(r"[()\[\]/,;|]|\s[-–—]\s")


def language_name(text: str | None) -> str | None:
    """Returns a language as Aseed is told it: its name in English, without a region; None where it is left open.

    text: a tag such as `en_US` or `de-informal`, a name such as `Deutsch`, both such as `English (en)`, or a word such
        as `auto`. What is not known, or names several languages, is returned as it is.
    """
    if not text or len(text) > LONGEST_NAME:
        return text or None
    if not (folded := _fold(text)) or folded in _AUTO:
        return None
    if code := _code(folded) or _code(_ADDED.sub("", folded).strip()):
        return _english_name(code)
    known = {code for part in _PARTS.split(folded) if (code := _code(part.strip()))}
    return _english_name(known.pop()) if len(known) == 1 else text


def language_in_words(name: str) -> str:
    """A language that Aseed is told by name, as its reader calls it; what is not known, and in English, as it is."""
    if language() == SOURCE or len(name) > LONGEST_NAME or not (code := _code(_fold(name))):
        return name
    return _languages(language()).get(code, name)


def own_name(tag: str) -> str:
    """A language as its own speakers call it, such as `Deutsch` for `de`; a tag that is not known, as it is."""
    code = _code(_fold(tag))
    name = _languages(code).get(code, "") if code else ""
    return f"{name[0].upper()}{name[1:]}" if name else tag


def _code(folded: str) -> str | None:
    """The code of a language by its tag or name."""
    if code := _OTHER_NAMES.get(folded) or _names().get(folded):
        return code
    if tag := _TAG.fullmatch(folded):
        aliases = get_global("language_aliases")
        code = tag[1] if tag[1] in _CODES else aliases.get(tag[1], "")
        return code if code in _CODES else None
    return _names().get(" ".join(_WORD_FOR_LANGUAGE.sub(" ", folded).split()))


def _fold(text: str) -> str:
    """A text without differences of case, spaces and marks on letters."""
    apart = normal_form("NFKD", " ".join(text.split()).casefold().replace("ı", "i"))
    return "".join(char for char in apart if not unicodedata.combining(char))


@cache
def _names() -> dict[str, str]:
    """The code of each language by its folded names."""
    found = dict(_OTHER_NAMES)
    for locale in (*_NAMED_IN, *_CODES):
        named = _languages(locale)
        wanted = named if locale in _NAMED_IN else {locale: named.get(locale, "")}
        for code, name in wanted.items():
            if name and (base := code.partition("_")[0]) in _CODES:
                found.setdefault(_fold(name), base)
    return found


def _languages(locale: str) -> dict[str, str]:
    return dict(Locale(locale).languages)


def _english_name(code: str) -> str:
    # CLDR's own name for Norwegian Bokmål is rarely the one that people use.
    return {"nb": "Norwegian", "fil": "Filipino"}.get(code) or _languages("en")[code]
