"""Which font draws which characters of a name: DejaVu for Latin and its neighbours, Noto for the other scripts."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import manimgx_fonts  # type: ignore[import-untyped]  # it has no types
import manimgx_fonts_cjk  # type: ignore[import-untyped]  # it has no types
import uharfbuzz  # type: ignore[import-untyped]  # it has no types

WEIGHT = 700
"""Names are bold: the value of the fonts' axis "wght"."""

OURS = Path(__file__).parent / "fonts"
"""The fonts that come with the application."""

_FONTS, _EAST_ASIAN_FONTS = Path(manimgx_fonts.__file__).parent, Path(manimgx_fonts_cjk.__file__).parent
"""The folders of Noto's fonts."""

NO_LOOK = frozenset([0x200C, 0x200D, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)])
"""Joiners and variation selectors: they change their neighbours, and are in no font."""

_JOINER = "\u200d"
_EMOJI_STYLE = "\ufe0f"
_VIRAMA = 9
"""The combining class of the sign that joins two consonants of an Indic script."""
_AFTER_ITS_LETTER = frozenset("\u0e33\u0eb3")
"""Vowels of Thai and Lao that are letters to Unicode and are never parted from the letter before."""
_BEFORE_ITS_LETTER = frozenset("\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4")
"""Vowels of Thai and Lao that are written before the letter they belong to."""


@dataclass(frozen=True)
class Face:
    """One font, at the weight of names.

    name: as a PDF calls it.
    path: its file.
    index: which font of the file.
    """

    name: str
    path: Path
    index: int = 0

    @cached_property
    def face(self) -> uharfbuzz.Face:
        return uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(self.path)), self.index)

    @cached_property
    def font(self) -> uharfbuzz.Font:
        font = uharfbuzz.Font(self.face)
        if self.is_variable:
            font.set_variations({"wght": WEIGHT})
        return font

    @cached_property
    def is_variable(self) -> bool:
        return bool(self.face.has_var_data)

    @cached_property
    def characters(self) -> frozenset[int]:
        """The code points that it draws."""
        return frozenset(self.face.unicodes)

    def draws(self, text: str) -> bool:
        return all(ord(char) in self.characters or ord(char) in NO_LOOK for char in text)


@dataclass(frozen=True)
class _LatinFace(Face):
    """A font that is chosen for Latin, Cyrillic, Greek and their neighbours alone, though it has more."""

    @cached_property
    def characters(self) -> frozenset[int]:
        """The code points before the Hebrew ones, and those from the Georgian ones to the arrows and shapes."""
        return frozenset(code for code in self.face.unicodes if code < 0x590 or 0x10A0 <= code < 0x2E80)


def _noto(script: str) -> Face:
    return Face(f"NotoSans{script}", _FONTS / f"NotoSans{script}[wght].ttf")


_SCRIPTS = (
    "Arabic Hebrew Devanagari Thai Bengali Gujarati Gurmukhi Kannada Khmer Lao Malayalam Myanmar Oriya Sinhala Tamil "
    "Telugu Ethiopic Armenian Georgian"
)
_DEJAVU = OURS / "DejaVuSans-Bold.ttf"
_LATIN = _LatinFace("DejaVuSans-BoldLatin", _DEJAVU)
_EMOJI = Face("NotoEmoji", _FONTS / "NotoEmoji[wght].ttf")

_EAST_ASIAN = {"Japanese": 0, "Korean": 1, "Chinese": 2, "Bopomofo": 3, "Cantonese": 4}
"""The fonts of Noto's one file for East Asia: one character has a different form in each country."""


@cache
def faces(language: str) -> tuple[Face, ...]:
    """The fonts in the order in which they are tried.

    language: decides between the forms of Chinese characters; one of _EAST_ASIAN, else Chinese.
    """
    index = _EAST_ASIAN.get(language, _EAST_ASIAN["Chinese"])
    east_asian = Face(f"NotoSansCJK{index}", _EAST_ASIAN_FONTS / "NotoSansCJK-VF.otf.ttc", index)
    others = [_noto(script) for script in ("", *_SCRIPTS.split())]
    return (_LATIN, *others, east_asian, _noto("Symbols"), _EMOJI, Face("DejaVuSans-Bold", _DEJAVU))


def east_asian_language(text: str, room_language: str | None) -> str:
    """The language whose forms the Chinese characters of a name have.

    text: its own letters decide where it has letters of one language alone.
    room_language: decides else, as the API names it.
    """
    for char in text:
        name = unicodedata.name(char, "")
        if name.startswith(("HIRAGANA", "KATAKANA")):
            return "Japanese"
        if name.startswith("HANGUL"):
            return "Korean"
        if name.startswith("BOPOMOFO"):
            return "Bopomofo"
    return room_language or ""


def clusters(text: str) -> Iterator[str]:
    """The text in pieces that are drawn as one and never parted: a letter with its marks, a joined emoji."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or _parts(text, start, place):
            yield text[start:place]
            start = place


def _parts(text: str, start: int, place: int) -> bool:
    """Whether a new cluster begins at that place. start: where the present one begins."""
    before, char = text[place - 1], text[place]
    if _extends(char) or before == _JOINER or before in _BEFORE_ITS_LETTER:
        return False
    if _is_regional(char) and _is_regional(before):
        return (place - start) % 2 == 0
    return not (unicodedata.combining(before) == _VIRAMA and unicodedata.category(char) == "Lo")


def _extends(char: str) -> bool:
    return (
        unicodedata.category(char)[0] == "M"
        or ord(char) in NO_LOOK
        or char in _AFTER_ITS_LETTER
        or "\U0001f3fb" <= char <= "\U0001f3ff"
    )


def _is_regional(char: str) -> bool:
    """Whether it is half of a flag."""
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def face_of(cluster: str, language: str, present: Face | None = None) -> Face | None:
    """The font that draws a cluster; None where none draws it whole.

    language: as in `faces`.
    present: the font of the cluster before, which goes on with spaces, digits and punctuation that it has.
    """
    if _EMOJI_STYLE in cluster and _EMOJI.draws(cluster):
        return _EMOJI
    is_neutral = all(unicodedata.category(char)[0] not in "LM" for char in cluster)
    if present and present is not _EMOJI and is_neutral and present.draws(cluster):
        return present
    return next((face for face in faces(language) if face.draws(cluster)), None)
