"""The text of one cell, without invisible characters that do harm."""

import re
import unicodedata

from services.normal_form import without_piles

_CONTROLS = "\0-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f"
"""Controls with NUL; not line ends, not tabs."""

_IGNORED = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""Characters that are not drawn (Unicode, Default_Ignorable_Code_Point), and the marks of annotations."""

_JOINED = (
    "\u0600-\u061b\u061d-\u06ff\u0700-\u077f\u07c0-\u07ff\u0840-\u08ff"
    "\u0900-\u0dff\u0f00-\u109f\u1780-\u17b3\u17b6-\u17ff\u1820-\u18aa\ua840-\ua877"
)
"""Scripts in which a joiner changes how the letters beside it are drawn: Arabic to N'Ko, those of India, Mongolian.

What is not drawn itself is left out: a joiner beside it joins nothing once it is gone."""

_VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca"
"""Signs after which a joiner also counts at the end of a word, as in Malayalam and Bengali."""

_PICTURES = "\u00a9\u00ae\u203c\u2049\u2100-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
"""Emoji, and signs that become emoji."""

_IDEOGRAPHS = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"

_NEEDED = "|".join(
    (
        f"(?<=[{_JOINED}])[\u200c\u200d](?=[{_JOINED}])",
        f"(?<=[{_VIRAMAS}])[\u200c\u200d]",
        f"(?<=[{_PICTURES}])\u200d(?=[{_PICTURES}])",
        f"(?<=[{_PICTURES}]\ufe0f)\u200d(?=[{_PICTURES}])",
        f"(?<=[{_PICTURES}{_IDEOGRAPHS}])[\ufe00-\ufe0f]",
        "(?<=[0-9#*])\ufe0f(?=\u20e3)",
        # Forms of one ideograph, by which Japanese families tell their names apart.
        f"(?<=[{_IDEOGRAPHS}])[\U000e0100-\U000e01ef]",
        "(?<=[\u1820-\u18aa])[\u180b-\u180f]",
        # The flag of a part of a country.
        "(?<=\U0001f3f4)[\U000e0020-\U000e007e]{1,16}\U000e007f",
    )
)
"""Invisible characters between the letters and pictures that need them (Unicode 23.2, UTS 51, UTS 37)."""

_HIDDEN = re.compile(f"({_NEEDED})|[{_CONTROLS}{_IGNORED}]")
_ANY_HIDDEN = re.compile(f"[{_CONTROLS}{_IGNORED}]")

_SPACES = "".join(filter(str.isspace, map(chr, range(0x3001))))
"""Spaces of every kind (the last is U+3000): dropped at both ends of a cell."""

_LINE_END = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def clean(text: str) -> str:
    """A cell in NFC, without spaces around it, and without invisible characters but for those that letters need.

    Of marks that are piled on one letter, the first services.normal_form.MOST_MARKS are kept.
    """
    if not text:
        return text
    return unicodedata.normalize("NFC", _visible(text)).strip(_SPACES)


def hides(text: str) -> bool:
    """Whether a cell has invisible characters or piled marks that `clean` removes."""
    return _visible(text) != text


def bare(text: str) -> str:
    """An address or an ID: a clean cell without any invisible character."""
    return clean(_ANY_HIDDEN.sub("", text))


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    # Looked for first: it takes a twentieth of the time, and most cells have none.
    shown = _HIDDEN.sub(lambda found: found[1] or "", text) if _ANY_HIDDEN.search(text) else text
    return without_piles(shown)


def one_line(text: str) -> str:
    """A clean cell with single spaces for line ends and tabs; the spaces in a line are kept."""
    if text.isprintable():
        return text
    return " ".join(stripped for line in text.replace("\t", "\n").splitlines() if (stripped := line.strip(_SPACES)))


def lines(text: str) -> str:
    """A clean cell with one kind of line end."""
    return _LINE_END.sub("\n", text)
