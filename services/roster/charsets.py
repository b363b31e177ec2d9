"""Bytes as text: by their own marks, else by the charset that the researcher chooses.

Short texts in windows-1251 and KOI8-R fool every detector, so a guess only decides which charset is offered first.
"""

import codecs

from services.roster.alphabets import likeness
from services.roster.cells import one_line
from services.roster.sheet import CharsetNeeded, RosterError
from services.texts.speech import _

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    # Before UTF-16, whose mark is the beginning of this mark.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

WIDE = ("utf-16-le", "utf-16-be")
NARROW = (
    *("windows-1251", "windows-1252", "windows-1250", "windows-1254", "windows-1257", "windows-1253"),
    *("koi8-r", "mac-roman", "mac-cyrillic", "ibm866"),
)
"""Where two give the same text, the more usual charset comes first."""

MOST_OFFERED = 5
"""How many charsets are offered: a person reads each preview."""

_SAMPLE_BYTES = 64 * 1024
"""How much of a file a guess reads; even, for UTF-16."""

_PREVIEW_LINES = 5
_PREVIEW_WIDTH = 100
"""The most characters of a line."""


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
                _("This is not a list of people: it is not text. Save the list as XLSX or CSV and upload that.")
            )
    return _chosen(content, charset, tuple(wide) or NARROW)


def _chosen(content: bytes, charset: str | None, fitting: tuple[str, ...]) -> str:
    if charset in fitting and (text := _strict(content, charset)) is not None:
        return text
    texts = {name: text for name in fitting if (text := _strict(content, name)) is not None}
    samples = {name: _sample(text) for name, text in texts.items()}
    best_first = sorted(texts, key=lambda name: likeness(samples[name]), reverse=True)
    previews: dict[str, str] = {}
    for name in best_first:
        preview = _preview(samples[name] or texts[name].splitlines())
        # A person cannot choose between two that look alike.
        if preview not in previews.values():
            previews[name] = preview
    raise CharsetNeeded(dict(list(previews.items())[:MOST_OFFERED]))


def _marked(content: bytes, name: str) -> str:
    text = _strict(content, name)
    if text is None:
        raise RosterError(
            _("The file is damaged: it says that it is Unicode, and is not. Save it again as “CSV UTF-8”.")
        )
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


def _preview(lines: list[str]) -> str:
    """The lines that show the most letters in which charsets differ, in the order of the file."""
    lines = [_printable(one_line(line))[:_PREVIEW_WIDTH] for line in lines]
    shown: set[int] = set()
    letters: set[str] = set()
    for number, line in enumerate(lines):
        new = {char for char in line if not char.isascii()} - letters
        if new and len(shown) < _PREVIEW_LINES:
            shown.add(number)
            letters |= new
    rest = [number for number in range(len(lines)) if number not in shown]
    shown.update(rest[: _PREVIEW_LINES - len(shown)])
    return "\n".join(lines[number] for number in sorted(shown))


def _printable(line: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in line)
