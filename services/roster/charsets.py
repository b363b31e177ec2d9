"""Bytes as text: by what they tell themselves, else by what the researcher chooses. Nothing is guessed for them.

Short texts in windows-1251 and KOI8-R fool every detector, so a guess only decides what is offered first.
"""

import codecs
import re

from services.roster.cells import one_line
from services.roster.sheet import CharsetNeeded, RosterError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    # Before UTF-16, whose mark is the beginning of this one's.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

WIDE = ("utf-16-le", "utf-16-be")
NARROW = ("windows-1251", "windows-1252", "koi8-r", "ibm866", "mac-cyrillic")
"""Where two look the same, the more usual one comes first."""

_SAMPLE = 64 * 1024
"""How much is looked at to guess, in bytes; even, for UTF-16."""

_PREVIEW_LINES = 5
_PREVIEW_WIDTH = 100
"""Characters of a line."""

_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile("[а-яё]+|[А-ЯЁ][а-яё]*|[А-ЯЁ]+")
"""Russian words as they are written; in a wrong charset, capitals end up inside them."""

_COMMON = re.compile("[оеаинтсрвлкм]", re.IGNORECASE)
_RARE = re.compile("[щъэюфцжшй]", re.IGNORECASE)
"""Two thirds and a tenth of the letters of a Russian text; wrong charsets turn one into the other."""

_ODD = re.compile(r"[^\w\s!-~«»“”„‘’–—…№°§©®€£\u00a0]")
"""Characters that lists of people do not have: boxes, controls, mathematics."""


def decode(content: bytes, charset: str | None = None) -> str:
    """The text of a file. charset: the researcher's choice, which counts only where the file does not tell by itself.

    Raises CharsetNeeded where neither does, RosterError for what is no text or not in the charset that it names.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _marked(content[len(mark) :], name)
    wide = [name for name in WIDE if _is_wide(content, name)]
    if not wide:
        if (text := _strict(content, "utf-8")) is not None:
            return text
        if _is_binary(content):
            raise RosterError("This is no list of people: it is no text. Save the list as XLSX or CSV and upload that.")
    return _chosen(content, charset, tuple(wide) or NARROW)


def _chosen(content: bytes, charset: str | None, fitting: tuple[str, ...]) -> str:
    if charset in fitting and (text := _strict(content, charset)) is not None:
        return text
    texts = {name: text for name in fitting if (text := _strict(content, name)) is not None}
    previews = {name: _preview(text) for name, text in texts.items()}
    best_first = sorted(previews, key=lambda name: _likeness(_sample(texts[name])), reverse=True)
    raise CharsetNeeded({name: previews[name] for name in best_first})


def _marked(content: bytes, name: str) -> str:
    text = _strict(content, name)
    if text is None:
        raise RosterError("The file is damaged: it says that it is Unicode, and is not. Save it again as “CSV UTF-8”.")
    return text


def _strict(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except UnicodeDecodeError:
        return None


def _is_wide(content: bytes, name: str) -> bool:
    """Whether two bytes make a character. Such a file often passes for UTF-8, with a control beside every letter.

    Text of one byte a character, read so, is Chinese, and never mostly Latin, Greek or Cyrillic.
    """
    if len(content) % 2:
        return False
    text = content[:_SAMPLE].decode(name, errors="replace")
    return sum(" " <= char < "\u0530" or char in "\t\r\n" for char in text) > len(text) / 2


def _is_binary(content: bytes) -> bool:
    sample = content[:_SAMPLE]
    controls = sample.translate(None, delete=bytes({*range(32, 256), *b"\t\n\v\f\r"}))
    return len(controls) > len(sample) / 20


def _sample(text: str) -> list[str]:
    """The first lines in which charsets differ at all."""
    lines = text.replace("\r", "\n").split("\n", 10_000)[:10_000]
    return [line[:1000] for line in lines if not line.isascii()][:200]


def _preview(text: str) -> str:
    lines = _sample(text)[:_PREVIEW_LINES] or text.splitlines()[:_PREVIEW_LINES]
    return "\n".join(_printable(one_line(line))[:_PREVIEW_WIDTH] for line in lines)


def _printable(line: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in line)


def _likeness(lines: list[str]) -> float:
    """How much a text is like Russian, or another language of Europe: more is better."""
    text = "\n".join(lines)
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    odd = len(_ODD.findall(text))
    letters = sum(map(len, words)) or 1
    return (sum(map(_word_likeness, words)) - 2 * odd) / letters


def _word_likeness(word: str) -> float:
    if _CYRILLIC.fullmatch(word):
        common, rare = len(_COMMON.findall(word)), len(_RARE.findall(word))
        # Capitals throughout are what lower case becomes between KOI8-R and windows-1251.
        return (common - 2 * rare) / 2 + (0 if word.isupper() else len(word) / 7)
    foreign = sum(not char.isascii() for char in word)
    latin = all(char.isascii() or "À" <= char <= "ɏ" for char in word)
    return float(len(word) - foreign if latin and foreign * 2 <= len(word) else -len(word))
