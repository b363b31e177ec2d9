"""What to do, in one language: three numbered steps, and how long it takes."""

from dataclasses import dataclass

from reportlab.pdfgen.canvas import Canvas

from services.export.cards.embedding import ShapedFonts
from services.export.cards.lettering import BOLD, PLAIN
from services.export.poster.text import Place, Text, in_lines
from services.export.poster.words import words_in

_INDENT = 1.7
"""Of a step behind its number, in multiples of its size; so are the gaps."""
_GAP = 0.45


@dataclass(frozen=True)
class Steps:
    """The steps of a language as they are drawn. heading: what the door is called in it; None for no heading."""

    heading: Text | None
    steps: tuple[Text, ...]
    minutes: Text | None
    size: float

    @property
    def from_the_right(self) -> bool:
        return self.steps[0].from_the_right

    @property
    def height(self) -> float:
        parts = [part for part in (self.heading, *self.steps, self.minutes) if part]
        return sum(part.height for part in parts) + (len(parts) - 1) * _GAP * self.size

    def draw(self, canvas: Canvas, fonts: ShapedFonts, x: float, y: float, space: float) -> None:
        """Draws the steps in a column. y: its top."""
        place: Place = "right" if self.from_the_right else "left"
        indent, gap = _INDENT * self.size, _GAP * self.size
        left = x if self.from_the_right else x + indent
        if self.heading:
            self.heading.draw(canvas, fonts, x, y, space, place)
            y -= self.heading.height + gap
        for number, step in enumerate(self.steps, start=1):
            # On the line of the step's own first letters, which may be taller.
            own = Text((str(number),), BOLD, self.size)
            own.draw(canvas, fonts, x, y - step.rise + own.rise, space, place)
            step.draw(canvas, fonts, left, y, space - indent, place)
            y -= step.height + gap
        if self.minutes:
            self.minutes.draw(canvas, fonts, left, y, space - indent, place)


def steps_in(tag: str, heading: str, minutes: int | None, size: float, space: float) -> Steps:
    """The steps of a language in a column.

    heading: empty for none. minutes: None where it is not told how long it takes.

    Raises KeyError for a language that posters have no words in.
    """
    words = words_in(tag)
    if words is None:
        raise KeyError(tag)
    indent = _INDENT * size
    return Steps(
        in_lines(heading, BOLD, size, space, tag) if heading else None,
        tuple(in_lines(step, PLAIN, size, space - indent, tag) for step in words.steps),
        in_lines(words.minutes.format(minutes), BOLD, size, space - indent, tag) if minutes else None,
        size,
    )
