"""One line of a name as glyphs: which, and where, from the left. Lengths are in ems."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import uharfbuzz  # type: ignore[import-untyped]  # it has no types
from bidi import algorithm as bidi  # type: ignore[import-untyped]  # it has no types
from bidi.mirror import MIRRORED  # type: ignore[import-untyped]  # it has no types

from services.export.cards.scripts import NO_LOOK, Face, clusters, face_of

_RIGHT_TO_LEFT = frozenset(("R", "AL"))
"""The bidirectional classes of letters that are written from the right."""


@dataclass(frozen=True)
class Glyph:
    """A drawing of a font.

    face: the font.
    index: which of its drawings.
    text: the characters that it stands for; empty where the glyph before it stands for them.
    x, y: where its origin is, from the start of the line and from the baseline.
    """

    face: Face
    index: int
    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Line:
    """Glyphs in the order in which they are drawn.

    text: as it is read.
    width: up to where the next glyph would stand.
    top, bottom: how far ink reaches above and below the baseline; `bottom` is positive.
    """

    text: str
    glyphs: tuple[Glyph, ...]
    width: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Run:
    """Characters with one direction and one font. level: of the bidirectional algorithm; odd from the right."""

    text: str
    face: Face
    level: int

    @property
    def is_from_the_right(self) -> bool:
        return self.level % 2 == 1


def is_from_the_right(text: str) -> bool:
    """Whether the first letter that has a direction is written from the right."""
    classes = (unicodedata.bidirectional(char) for char in text)
    return next((found in _RIGHT_TO_LEFT for found in classes if found in _RIGHT_TO_LEFT or found == "L"), False)


def runs(text: str, language: str = "", from_the_right: bool | None = None) -> list[Run]:
    """The runs of a line, from the left (Unicode bidirectional algorithm, rule L2).

    language: as in `scripts.faces`.
    from_the_right: the direction of the whole text of which this is a line; None for the line's own.

    Raises ValueError for a character that no font has.
    """
    right = is_from_the_right(text) if from_the_right is None else from_the_right
    levels = _levels(text, right)
    found: list[Run] = []
    place, face = 0, None
    for cluster in clusters(text):
        face = face_of(cluster, language, face)
        if not face:
            raise ValueError(f"No font draws {cluster!r}.")
        level = levels[place]
        place += len(cluster)
        if found and (found[-1].face, found[-1].level) == (face, level):
            found[-1] = Run(found[-1].text + cluster, face, level)
        else:
            found.append(Run(cluster, face, level))
    return _in_drawing_order(found)


def _levels(text: str, from_the_right: bool) -> list[int]:
    """The embedding level of each character."""
    storage = bidi.get_empty_storage()
    storage["base_level"], storage["base_dir"] = (1, "R") if from_the_right else (0, "L")
    bidi.get_embedding_levels(text, storage)
    for place, char in enumerate(storage["chars"]):
        char["place"] = place
    bidi.explicit_embed_and_overrides(storage)
    bidi.resolve_weak_types(storage)
    bidi.resolve_neutral_types(storage, False)
    bidi.resolve_implicit_levels(storage, False)
    levels = [-1] * len(text)
    for char in storage["chars"]:
        levels[char["place"]] = char["level"]
    # The algorithm leaves joiners out: each has the level of what is before it.
    for place, level in enumerate(levels):
        if level < 0:
            levels[place] = levels[place - 1] if place else storage["base_level"]
    return levels


def _in_drawing_order(found: Sequence[Run]) -> list[Run]:
    order = list(found)
    for level in range(max((run.level for run in order), default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and order[end].level >= level:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = max(end, start + 1)
    return order


@lru_cache(maxsize=4096)
def shaped(text: str, language: str = "", from_the_right: bool | None = None) -> Line:
    """A line as glyphs. The arguments and errors are those of `runs`."""
    glyphs: list[Glyph] = []
    pen = top = bottom = 0.0
    for run in runs(text, language, from_the_right):
        em = run.face.face.upem
        for index, part, advance, x, y in _shaped_run(run):
            glyphs.append(Glyph(run.face, index, part, pen + x / em, y / em))
            pen += advance / em
            if ink := run.face.font.get_glyph_extents(index):
                top = max(top, (y + ink.y_bearing) / em)
                bottom = max(bottom, -(y + ink.y_bearing + ink.height) / em)
    return Line(text, tuple(glyphs), pen, top, bottom)


def _shaped_run(run: Run) -> Iterator[tuple[int, str, int, int, int]]:
    """The glyphs of a run from the left: index, characters, advance, and offsets, in units of the font."""
    buffer = uharfbuzz.Buffer()
    buffer.add_str(run.text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if run.is_from_the_right else "ltr"
    buffer.flags |= uharfbuzz.BufferFlags.REMOVE_DEFAULT_IGNORABLES
    uharfbuzz.shape(run.face.font, buffer)
    starts = sorted({info.cluster for info in buffer.glyph_infos})
    ends = dict(zip(starts, [*starts[1:], len(run.text)], strict=True))
    told: set[int] = set()
    for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True):
        part = "" if info.cluster in told else _told(run.text[info.cluster : ends[info.cluster]], run.is_from_the_right)
        told.add(info.cluster)
        yield info.codepoint, part, place.x_advance, place.x_offset, place.y_offset


def _told(text: str, from_the_right: bool) -> str:
    """What readers of a PDF are told of a glyph: they expect brackets as they look, and turn them round themselves."""
    if not from_the_right:
        return text
    return "".join(MIRRORED.get(char, char) for char in text if ord(char) not in NO_LOOK)
