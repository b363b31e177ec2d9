"""One card: where its parts are, and which are left out where it is small. Lengths are in points."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from zoneinfo import ZoneInfo

from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from services.export.cards.embedding import ShapedFonts
from services.export.cards.lettering import (
    BOLD,
    MONO,
    PLAIN,
    chopped,
    fitted,
    needs_shaping,
    printable,
    width,
    wrapped,
)
from services.export.cards.paper import MM, Sheet
from services.export.cards.scripts import east_asian_language
from services.export.cards.shaping import Line, is_from_the_right, shaped
from services.export.cards.words import CODE, INSTRUCTIONS, NUMBER, Language, minutes, valid_until
from services.export.codes.qr import QUIET_ZONE, runs
from services.rooms.entry import Entry

MODULE = 0.5 * MM
"""What a symbol's modules measure at least where the card has space: cameras of all ages read them off paper."""
SMALL_MODULE = 0.4 * MM
"""Below this, old cameras fail."""
LEAST_MODULE = 0.33 * MM
"""Below this, office printers blur a symbol, and no card is made."""

LEAST_TEXT = 26 * MM
"""The width that a symbol leaves for the text beside it."""

LEAST_SIZE = 5.0
"""Points: smaller print is not read."""

LINE = 1.2
"""From one line of text to the next, as a multiple of its size."""

TALL, DEEP = 0.76, 0.24
"""How far the tallest letters reach up and the lowest ones down, as multiples of the size (DejaVu)."""

LEAST_GAP = 0.5
"""Points between the lowest mark of a line and the highest one of the next."""

OVERHANG = 0.5 * MM
"""How far a letter with marks may reach out of its line."""


@dataclass(frozen=True)
class Block:
    """Lines of one kind.

    face: their font.
    size: of the font, in points.
    gap: the free space above them.
    indent: of the lines whose indexes are in `hanging`.
    """

    face: str
    size: float
    lines: tuple[str, ...]
    gap: float = 0.0
    indent: float = 0.0
    hanging: frozenset[int] = frozenset()

    @property
    def leading(self) -> float:
        """From one line to the next, in points."""
        return self.size * LINE

    @property
    def rise(self) -> float:
        """How far its tallest letters reach up, in points."""
        return self.size * TALL

    @property
    def free(self) -> float:
        """Points under the last line that no letter reaches."""
        return self.leading - self.rise - self.size * DEEP

    @property
    def height(self) -> float:
        return self.gap + len(self.lines) * self.leading


@dataclass(frozen=True)
class Name:
    """A name in a script that is shaped.

    size: in points.
    lines: how it is drawn.
    from_the_right: whether its lines end where the longest one does.
    """

    size: float
    lines: tuple[Line, ...]
    from_the_right: bool
    gap: float = 0.0

    @property
    def leading(self) -> float:
        """As a block's, and more where marks are stacked."""
        return max(self.size * LINE, self.rise + self._depth + LEAST_GAP)

    @property
    def rise(self) -> float:
        """As a block's."""
        return self.size * max(TALL, *(line.top for line in self.lines))

    @property
    def free(self) -> float:
        """As a block's."""
        return self.leading - self.rise - self._depth

    @property
    def _depth(self) -> float:
        return self.size * max(DEEP, *(line.bottom for line in self.lines))

    @property
    def height(self) -> float:
        return self.gap + len(self.lines) * self.leading


def module_side(sheet: Sheet, size: int) -> float:
    """The side of a module of a symbol of so many modules on such a card, with its quiet zone inside the card.

    At least MODULE where there is space for it.
    """
    whole = size + 2 * QUIET_ZONE
    limit = sheet.width - LEAST_TEXT if sheet.is_upright else min(sheet.height, sheet.width - LEAST_TEXT)
    return min(max(sheet.symbol / size, MODULE), limit / whole)


@dataclass(frozen=True)
class Style:
    """What the cards of one language in a file have in common.

    fonts: of the file, for names that are shaped.
    """

    sheet: Sheet
    zone: ZoneInfo
    language: Language
    fonts: ShapedFonts


def draw(canvas: Canvas, entry: Entry, rows: tuple[str, ...], style: Style, corner: tuple[float, float]) -> None:
    """Draws a card.

    rows: of the symbol (services.export.codes.symbol.modules).
    corner: the lower left corner of the card.
    """
    sheet = style.sheet
    module = module_side(sheet, len(rows))
    side, quiet = module * len(rows), module * QUIET_ZONE
    # The quiet zone is the card's padding wherever it is the wider one.
    pad = (3.5 if sheet.is_to_cut else 2.0) * MM
    edge, apart = max(pad, quiet), max(quiet + OVERHANG, 2.5 * MM)
    left, right = corner[0] + edge, corner[0] + sheet.width - pad
    top, bottom = corner[1] + sheet.height - pad, corner[1] + pad

    if sheet.is_upright:
        label = _label(entry, style, right - left)
        y = _draw_text(canvas, style.fonts, [label], left, top)
        symbol_top = y - apart + label.free
        draw_symbol(canvas, rows, module, left, symbol_top - side)
        beside = left + side + apart
        _draw_text(canvas, style.fonts, _facts(entry, style, right - beside), beside, symbol_top)
        y = symbol_top - side - apart
        rest = _that_fit(entry, style, right - left, y - bottom, first=True)
        for block in rest[-1:]:
            # The link stands at the foot of the card, wherever the instructions end.
            _draw_text(
                canvas, style.fonts, [block], left, bottom + block.height - block.gap - block.leading + block.rise
            )
        _draw_text(canvas, style.fonts, rest[:-1], left, y)
        return
    draw_symbol(canvas, rows, module, left, corner[1] + (sheet.height - side) / 2)
    beside = left + side + apart
    space = right - beside
    blocks: list[Block | Name] = [_label(entry, style, space), *_facts(entry, style, space)]
    blocks += _that_fit(entry, style, space, top - bottom - sum(block.height for block in blocks))
    # Beside the middle of the symbol, so that a card with little to say does not look unfinished.
    free = top - bottom - sum(block.height for block in blocks) + blocks[-1].leading - blocks[-1].rise
    _draw_text(canvas, style.fonts, blocks, beside, top - max(free, 0) / 2)


def _label(entry: Entry, style: Style, space: float) -> Block | Name:
    text = style.sheet.text
    name = printable(entry.label) or NUMBER[style.language].format(entry.number)
    size, lines = fitted(name, BOLD, 1.5 * text, text, space)
    if not needs_shaping(name):
        return Block(BOLD, size, tuple(lines))
    language, right = east_asian_language(name, entry.room.language), is_from_the_right(name)
    return Name(size, tuple(shaped(line, language, right) for line in lines), right)


def _facts(entry: Entry, style: Style, space: float) -> list[Block]:
    """What every card says, even the smallest."""
    text, language, blocks = style.sheet.text, style.language, []
    if entry.room.expires_at:
        until = valid_until(entry.room.expires_at, style.zone, language)
        blocks.append(Block(PLAIN, text, _lines(until, PLAIN, text, space), 0.3 * text))
    length = minutes(entry.room.max_duration_minutes, language)
    blocks.append(Block(PLAIN, text, _lines(length, PLAIN, text, space), 0.15 * text))
    # A code is never broken, not even at its hyphen.
    code: tuple[str, ...] = (f"{CODE[language]} {entry.staff_code}",)
    if width(code[0], MONO, text) > space:
        code = (CODE[language], entry.staff_code)
    blocks.append(Block(MONO, text, code, 0.15 * text))
    return blocks


@lru_cache(maxsize=4096)
def _lines(words: str, face: str, size: float, space: float) -> tuple[str, ...]:
    return tuple(wrapped(words, face, size, space))


def _that_fit(entry: Entry, style: Style, space: float, height: float, first: bool = False) -> list[Block]:
    """The instructions and the link in print, each whole or not at all. The link comes first.

    first: whether nothing stands above them.
    """
    text = style.sheet.text
    link = _link(entry.link.target, text, space)
    if link.height > height:
        return []
    sizes = (max(LEAST_SIZE, share * text) for share in (1, 0.9, 0.8))
    steps = [_steps(style.language, size, space, 0 if first else 0.6 * text) for size in sizes]
    fitting = [block for block in steps if block.height + link.height <= height]
    # Rather a little smaller than with lines that wrap.
    return [*sorted(fitting, key=lambda block: bool(block.hanging))[:1], link]


def _link(link: str, text: float, space: float) -> Block:
    """The link in print: a little smaller where that saves a line."""
    usual = max(LEAST_SIZE, 0.8 * text)
    size = min((usual, max(LEAST_SIZE, 0.72 * text)), key=lambda size: len(chopped(link, size, space)))
    return Block(MONO, size, tuple(chopped(link, size, space)), 0.6 * text)


@lru_cache(maxsize=64)
def _steps(language: Language, size: float, space: float, gap: float) -> Block:
    lines: list[str] = []
    hanging: set[int] = set()
    indent = 1.2 * size
    for words in INSTRUCTIONS[language]:
        first, *others = wrapped(words, PLAIN, size, space - indent)
        lines.append(f"•\u00a0{first}")
        hanging.update(range(len(lines), len(lines) + len(others)))
        lines += others
    return Block(PLAIN, size, tuple(lines), gap, indent, frozenset(hanging))


def _draw_text(canvas: Canvas, fonts: ShapedFonts, blocks: Sequence[Block | Name], x: float, y: float) -> float:
    """Draws blocks below one another; returns the y at which they end.

    fonts: of the file, for names.
    x: of their left edge.
    y: up to which the tallest letters of the first line reach.
    """
    text = canvas.beginText()
    for place, block in enumerate(blocks):
        y -= block.gap if place else 0
        if isinstance(block, Name):
            _draw_name(canvas, fonts, block, x, y)
        else:
            text.setFont(block.face, block.size, block.leading)
            text.setTextOrigin(round(x, 2), round(y - block.rise, 2))
            _write(text, block)
        y -= len(block.lines) * block.leading
    canvas.drawText(text)
    return y


def _write(text: PDFTextObject, block: Block) -> None:
    for number, line in enumerate(block.lines):
        hangs = number in block.hanging
        if hangs:
            text.setXPos(block.indent)
        text.textLine(line)
        if hangs:
            text.setXPos(-block.indent)


def _draw_name(canvas: Canvas, fonts: ShapedFonts, name: Name, x: float, y: float) -> None:
    """Draws a name. x, y: as of `_draw_text`."""
    widest = max(line.width for line in name.lines)
    for number, line in enumerate(name.lines):
        left = x + (widest - line.width) * name.size if name.from_the_right else x
        canvas.addLiteral(fonts.operators(line, left, y - name.rise - number * name.leading, name.size))


def draw_symbol(canvas: Canvas, rows: tuple[str, ...], module: float, x: float, y: float) -> None:
    """Draws a symbol as one path, so that no seam shows between its modules.

    module: the side of a module.
    x, y: the lower left corner.
    """
    top = len(rows) - 1
    bars = " ".join([f"{start} {top - row} {length} 1 re" for start, row, length in runs(rows)])
    canvas.addLiteral(f"q {module:.5f} 0 0 {module:.5f} {x:.3f} {y:.3f} cm 0 g {bars} f Q")
