"""Text on a poster: lines of one size in any script, drawn at a side or in the middle. Lengths are points."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from reportlab.pdfgen.canvas import Canvas

from services.export.cards.card import DEEP, LEAST_GAP, LINE, TALL
from services.export.cards.embedding import ShapedFonts
from services.export.cards.lettering import MONO, chopped, fitted, needs_shaping, printable, width, wrapped
from services.export.cards.scripts import east_asian_language
from services.export.cards.shaping import Line, is_from_the_right, shaped
from services.languages import language_name

Place = Literal["left", "middle", "right"]


@dataclass(frozen=True)
class Text:
    """Lines of one size.

    face: of those that need no shaping. language: decides between the forms of Chinese characters, as Aseed names it.
    """

    lines: tuple[str, ...]
    face: str
    size: float
    language: str = ""

    @cached_property
    def from_the_right(self) -> bool:
        return is_from_the_right(" ".join(self.lines))

    @cached_property
    def _shaped(self) -> tuple[Line | None, ...]:
        whole = "".join(self.lines)
        language = east_asian_language(whole, self.language)
        return tuple(
            shaped(line, language, self.from_the_right) if needs_shaping(line) else None for line in self.lines
        )

    @cached_property
    def widths(self) -> tuple[float, ...]:
        return tuple(
            its.width * self.size if its else width(line, self.face, self.size)
            for line, its in zip(self.lines, self._shaped, strict=True)
        )

    @property
    def rise(self) -> float:
        """How far the tallest letters reach up."""
        return self.size * max([TALL, *(its.top for its in self._shaped if its)])

    @property
    def depth(self) -> float:
        """How far the lowest letters reach down."""
        return self.size * max([DEEP, *(its.bottom for its in self._shaped if its)])

    @property
    def leading(self) -> float:
        """From one line to the next."""
        return max(self.size * LINE, self.rise + self.depth + LEAST_GAP)

    @property
    def height(self) -> float:
        """From the top of the first line to the lowest letters of the last one."""
        return (len(self.lines) - 1) * self.leading + self.rise + self.depth if self.lines else 0.0

    def draw(self, canvas: Canvas, fonts: ShapedFonts, x: float, y: float, space: float, place: Place = "left") -> None:
        """Draws the lines between x and x + space. y: up to which the tallest letters of the first line reach."""
        share = {"left": 0.0, "middle": 0.5, "right": 1.0}[place]
        for number, (line, its, wide) in enumerate(zip(self.lines, self._shaped, self.widths, strict=True)):
            left, base = x + share * (space - wide), y - self.rise - number * self.leading
            if its:
                canvas.addLiteral(fonts.operators(its, left, base, self.size))
            else:
                canvas.setFont(self.face, self.size)
                canvas.drawString(round(left, 2), round(base, 2), line)


def in_lines(text: str, face: str, size: float, space: float, tag: str = "") -> Text:
    """A text of one size, on as many lines as it takes. tag: of its language."""
    line = printable(text)
    return Text(tuple(wrapped(line, face, size, space)), face, size, language_name(tag) or "")


def shrunk(text: str, face: str, size: float, floor: float, space: float, most: int, tag: str = "") -> Text:
    """A text on few lines, as large as it fits, as `lettering.fitted` has it."""
    smaller, lines = fitted(printable(text), face, size, floor, space, most)
    return Text(tuple(lines), face, smaller, language_name(tag) or "")


def of_address(address: str, size: float, floor: float, space: float, most: int = 1) -> Text:
    """An address in print, as large as fits on so many lines; at the floor, on as many as it takes."""
    smaller = size
    while smaller > floor and len(chopped(address, smaller, space)) > most:
        smaller = max(floor, smaller - 0.5)
    return Text(tuple(chopped(address, smaller, space)), MONO, smaller)
