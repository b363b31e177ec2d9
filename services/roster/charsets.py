"""Bytes as text: by their own marks, else by the charset that the researcher chooses.

Short texts in windows-1251 and KOI8-R fool every detector, so a guess only decides which charset is offered first.
"""

import codecs
import re

from services.roster.cells import one_line
from services.roster.sheet import CharsetNeeded, RosterError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    # Before UTF-16, whose mark is the beginning of this mark.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

WIDE = ("utf-16-le", "utf-16-be")
NARROW = ("windows-1251", "windows-1252", "koi8-r", "ibm866", "mac-cyrillic")
"""Where two give the same text, the more usual charset comes first."""

_SAMPLE_BYTES = 64 * 1024
"""How much of a file a guess reads; even, for UTF-16."""

_PREVIEW_LINES = 5
_PREVIEW_WIDTH = 100
"""The most characters of a line."""

_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile("[а-яё]+|[А-ЯЁ][а-яё]*|[А-ЯЁ]+")
"""Russian words; read in a wrong charset, words have capitals inside."""

_COMMON = re.compile("[оеаинтсрвлкм]", re.IGNORECASE)
_RARE = re.compile("[щъэюфцжшй]", re.IGNORECASE)
"""Two thirds and a tenth of the letters of a Russian text; a wrong charset turns one kind into the other."""

_ODD = re.compile(r"[^\w\s!-~«»“”„‘’–—…№°§©®€£\u00a0]")
"""Characters that lists of people do not contain: boxes, controls, mathematics."""


def decode(content: bytes, charset: str | None = None) -> str:
    """The text of a file.

    charset: the researcher's choice, which counts only where the file has no mark of its own.

    Raises CharsetNeeded where neither decides, and RosterError for a file that is not text or contradicts its mark.
    """
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _marked(content[len(mark) :], name)
    wide = [name for name in WIDE if _is_wide(content, name)]
    if not wide:
        if (text := _strict(content, "utf-8")) is not None:
            return text
        if _is_binary(content):
            raise RosterError(
                "This is not a list of people: it is not text. Save the list as XLSX or CSV and upload that."
            )
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
    """Whether two bytes make a character. Such a file is often also valid UTF-8, with a control beside every letter.

    Text of one byte a character looks Chinese when it is read so, and is never mostly Latin, Greek or Cyrillic.
    """
    if len(content) % 2:
        return False
    text = content[:_SAMPLE_BYTES].decode(name, errors="replace")
    return sum(" " <= char < "\u0530" or char in "\t\r\n" for char in text) > len(text) / 2


def _is_binary(content: bytes) -> bool:
    sample = content[:_SAMPLE_BYTES]
    controls = sample.translate(None, delete=bytes({*range(32, 256), *b"\t\n\v\f\r"}))
    return len(controls) > len(sample) / 20


def _sample(text: str) -> list[str]:
    """The first lines in which charsets differ."""
    lines = text.replace("\r", "\n").split("\n", 10_000)[:10_000]
    return [line[:1000] for line in lines if not line.isascii()][:200]


def _preview(text: str) -> str:
    lines = _sample(text)[:_PREVIEW_LINES] or text.splitlines()[:_PREVIEW_LINES]
    return "\n".join(_printable(one_line(line))[:_PREVIEW_WIDTH] for line in lines)


def _printable(line: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in line)


def _likeness(lines: list[str]) -> float:
    """How much a text looks like Russian or another European language: more is better."""
    text = "\n".join(lines)
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    odd = len(_ODD.findall(text))
    letters = sum(map(len, words)) or 1
    return (sum(map(_word_likeness, words)) - 2 * odd) / letters


def _word_likeness(word: str) -> float:
    if _CYRILLIC.fullmatch(word):
        common, rare = len(_COMMON.findall(word)), len(_RARE.findall(word))
        # Between KOI8-R and windows-1251, lower case becomes capitals throughout.
        return (common - 2 * rare) / 2 + (0 if word.isupper() else len(word) / 7)
    foreign = sum(not char.isascii() for char in word)
    latin = all(char.isascii() or "À" <= char <= "ɏ" for char in word)
    return float(len(word) - foreign if latin and foreign * 2 <= len(word) else -len(word))
