"""One face of a poster: how large its code is and where its parts are. Lengths are points."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

from reportlab.pdfgen.canvas import Canvas

from services.export.cards.card import draw_symbol
from services.export.cards.embedding import ShapedFonts
from services.export.cards.lettering import BOLD, PLAIN
from services.export.cards.paper import A4, MM
from services.export.codes.qr import QUIET_ZONE
from services.export.codes.symbol import modules
from services.export.poster.steps import Steps, steps_in
from services.export.poster.text import Text, of_address, shrunk
from services.export.poster.words import words_in
from services.journal.door.records import DoorTexts
from services.languages import own_name

_SIDES = (130, 120, 110, 100, 90, 80, 70, 60)
"""Millimetres of the symbol on A4, the largest first; other papers in proportion."""
_SIZES = (17, 15, 13.5, 12, 11, 10, 9, 8, 7)
"""Of the steps' text on A4, the largest first."""
_READABLE = 11
"""Below it the code rather becomes smaller than the text."""

_Names = Sequence[tuple[str, str]]

_MARGIN, _GAP = 14 * MM, 6 * MM


@dataclass(frozen=True)
class Content:
    """What a poster says.

    names: what the door is called, each with its language's tag before it; the first one is the title.
    minutes: None where it is not told how long it takes.
    """

    names: tuple[tuple[str, str], ...]
    address: str
    minutes: int | None = None

    @classmethod
    def of(cls, texts: Mapping[str, DoorTexts], address: str, minutes: int | None = None) -> "Content":
        """texts: of the door, by language."""
        return cls(tuple((tag, its.name) for tag, its in texts.items()), address, minutes)

    @property
    def title(self) -> str:
        return self.names[0][1]

    @property
    def language(self) -> str:
        """The tag of the title's language."""
        return self.names[0][0]

    @cached_property
    def rows(self) -> tuple[str, ...]:
        """The rows of the symbol. Raises ValueError for an address that no symbol holds."""
        return modules(self.address)

    @property
    def languages(self) -> str:
        """What the languages are called by those who speak them; empty for one."""
        return " · ".join(own_name(tag) for tag, _ in self.names) if len(self.names) > 1 else ""


@dataclass(frozen=True)
class Face:
    """A face that is laid out.

    width, height: of it. scale: how much larger than on A4 everything is.
    side: of the symbol, without its quiet zone.
    blocks: the steps, of as many languages as fit. column: the width of each.
    """

    content: Content
    width: float
    height: float
    scale: float
    side: float
    title: Text
    languages: Text | None
    address: Text
    blocks: tuple[Steps, ...]
    column: float

    @property
    def is_wide(self) -> bool:
        """Whether the steps stand beside the code and not below it."""
        return self.width > self.height

    @property
    def margin(self) -> float:
        return _MARGIN * self.scale

    @property
    def gap(self) -> float:
        return _GAP * self.scale

    @property
    def quiet(self) -> float:
        """The white around the symbol."""
        return self.side / len(self.content.rows) * QUIET_ZONE

    @property
    def _head(self) -> float:
        return self.title.height + (self.gap / 2 + self.languages.height if self.languages else 0)

    @property
    def _code(self) -> float:
        """The height of the code with its quiet zone and its address."""
        return self.side + 2 * self.quiet + self.address.height

    @property
    def columns(self) -> int:
        return _columns(len(self.blocks), self.is_wide)

    @property
    def _grid(self) -> float:
        """The height of all steps."""
        rows = self._rows()
        return sum(max(block.height for block in row) for row in rows) + self.gap * max(len(rows) - 1, 0)

    @property
    def spare(self) -> float:
        """What is left of the height; negative where not all fits."""
        inside = self.height - 2 * self.margin - self._head - self.gap
        if self.is_wide:
            return inside - max(self._code, self._grid)
        return inside - self._code - (self._grid + self.gap if self.blocks else 0)

    def _rows(self) -> Sequence[Sequence[Steps]]:
        return [self.blocks[start : start + self.columns] for start in range(0, len(self.blocks), self.columns)]

    def draw(self, canvas: Canvas, fonts: ShapedFonts) -> None:
        """Draws the face, from the canvas's origin at its lower left corner."""
        inner, y = self.width - 2 * self.margin, self.height - self.margin
        # What is left goes between the parts, so that no poster looks as if it ended early.
        more = self.spare / (2 if self.is_wide else 3)
        self.title.draw(canvas, fonts, self.margin, y, inner, "middle")
        if self.languages:
            below = y - self.title.height - self.gap / 2
            self.languages.draw(canvas, fonts, self.margin, below, inner, "middle")
        y -= self._head + self.gap + more
        whole = self.side + 2 * self.quiet
        left = self.margin if self.is_wide else (self.width - whole) / 2
        module = self.side / len(self.content.rows)
        top = y - (max(self._grid - self._code, 0) / 2 if self.is_wide else 0)
        draw_symbol(canvas, self.content.rows, module, left + self.quiet, top - self.quiet - self.side)
        if self.is_wide:
            self.address.draw(canvas, fonts, left, top - whole, whole, "middle")
            middle = y - max(self._code - self._grid, 0) / 2
            self._draw_blocks(canvas, fonts, left + whole + self.gap, middle)
        else:
            self.address.draw(canvas, fonts, self.margin, top - whole, inner, "middle")
            wide = self.columns * self.column + (self.columns - 1) * self.gap
            self._draw_blocks(canvas, fonts, (self.width - wide) / 2, y - self._code - self.gap - more)

    def _draw_blocks(self, canvas: Canvas, fonts: ShapedFonts, x: float, y: float) -> None:
        for row in self._rows():
            for place, block in enumerate(row):
                block.draw(canvas, fonts, x + place * (self.column + self.gap), y, self.column)
            y -= max(block.height for block in row) + self.gap


@lru_cache(maxsize=64)
def laid_out(content: Content, width: float, height: float) -> Face:
    """The best face on which all fits: with a large code, then with large text, then with all languages' steps."""
    names = content.names
    for side in _SIDES:
        if _face(content, width, height, side, _READABLE, names).spare >= 0:
            return _first_that_fits(_face(content, width, height, side, size, names) for size in _SIZES)
    smaller = (_face(content, width, height, _SIDES[-1], size, names) for size in _SIZES if size < _READABLE)
    fewer = (
        _face(content, width, height, _SIDES[-1], _SIZES[-1], names[:count]) for count in range(len(names) - 1, -1, -1)
    )
    return _first_that_fits(chain(smaller, fewer))


def _first_that_fits(faces: Iterable[Face]) -> Face:
    """The first face on which all fits, else the last one."""
    for face in faces:
        if face.spare >= 0:
            break
    return face


def _face(content: Content, width: float, height: float, side: float, size: float, names: _Names) -> Face:
    """side: in millimetres on A4. size: of the steps' text on A4. names: those with their languages that have steps."""
    is_wide = width > height
    # A face that lies is half of a page.
    scale = min(width / A4[0], height / A4[1] * (2 if is_wide else 1))
    margin, gap, symbol = _MARGIN * scale, _GAP * scale, side * MM * scale * (0.7 if is_wide else 1)
    inner = width - 2 * margin
    whole = symbol * (1 + 2 * QUIET_ZONE / len(content.rows))
    shown = [(tag, name if name != content.title else "") for tag, name in names if words_in(tag)]
    columns = _columns(len(shown), is_wide)
    room = inner - whole - gap if is_wide else inner
    column = min((room - (columns - 1) * gap) / columns, 130 * MM * scale)
    blocks = tuple(steps_in(tag, heading, content.minutes, size * scale, column) for tag, heading in shown)
    languages = content.languages
    return Face(
        content,
        width,
        height,
        scale,
        symbol,
        _title(content, scale, inner, is_wide),
        shrunk(languages, PLAIN, 16 * scale, 8 * scale, inner, 2) if languages else None,
        of_address(content.address, (11 if is_wide else 16) * scale, 8 * scale, whole if is_wide else inner),
        blocks,
        column,
    )


def _title(content: Content, scale: float, space: float, is_wide: bool) -> Text:
    """The name on two lines; on three where it would be cut."""
    size, floor = (30 * scale, 15 * scale) if is_wide else (44 * scale, 20 * scale)
    short = shrunk(content.title, BOLD, size, floor, space, 2, content.language)
    is_cut = short.lines[-1].endswith("…")
    return shrunk(content.title, BOLD, floor, floor, space, 3, content.language) if is_cut else short


def _columns(count: int, is_wide: bool) -> int:
    if is_wide:
        return 1 if count <= 2 else 2
    return 1 if count <= 1 else 2 if count <= 4 else 3
