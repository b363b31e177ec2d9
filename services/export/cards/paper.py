"""Sheets that people own: where each card lies. Lengths are points, from the page's lower left corner."""

from dataclasses import dataclass

from services.texts.speech import N_, _

MM = 72 / 25.4
INCH = 72.0

A4 = (210 * MM, 297 * MM)
LETTER = (8.5 * INCH, 11 * INCH)


@dataclass(frozen=True)
class Sheet:
    """A page of cards of one size, in rows from the top.

    words: what our pages call it, in English.
    left, top: from the page's edge to the first card.
    across, down: from one card to the next.
    symbol: the side of the QR symbol, without quiet zone, that looks good on it.
    text: the size of its plain text.
    is_to_cut: whether cards are cut from plain paper, along lines.
    """

    words: str
    page: tuple[float, float]
    columns: int
    rows: int
    width: float
    height: float
    left: float
    top: float
    across: float
    down: float
    symbol: float
    text: float
    is_to_cut: bool = False

    @property
    def name(self) -> str:
        """What our pages call it."""
        return _(self.words)

    @property
    def cards(self) -> int:
        """How many cards a page holds."""
        return self.columns * self.rows

    @property
    def is_upright(self) -> bool:
        return self.height > self.width

    def corner(self, place: int) -> tuple[float, float]:
        """The lower left corner of a card; place: counted from 0, along the rows."""
        row, column = divmod(place, self.columns)
        return self.left + column * self.across, self.page[1] - self.top - row * self.down - self.height


def _to_cut(words: str, columns: int, rows: int, symbol: float, text: float) -> Sheet:
    """Cards that touch, on A4, with 10 mm around that every printer leaves white at most in part."""
    margin = 10 * MM
    width, height = (A4[0] - 2 * margin) / columns, (A4[1] - 2 * margin) / rows
    return Sheet(words, A4, columns, rows, width, height, margin, margin, width, height, symbol, text, is_to_cut=True)


SHEETS = {
    "a4-3x4": _to_cut(N_("A4, 12 cards to cut out"), 3, 4, symbol=29 * MM, text=7.5),
    "a4-2x4": _to_cut(N_("A4, 8 cards to cut out"), 2, 4, symbol=36 * MM, text=9),
    # As Avery publishes them; printers' own errors are larger than the hundredths in which sources differ.
    "l7160": Sheet(
        N_("A4, 21 labels 63.5 × 38.1 mm (Avery L7160)"),
        A4,
        columns=3,
        rows=7,
        width=63.5 * MM,
        height=38.1 * MM,
        left=7.2 * MM,
        top=15.15 * MM,
        across=66 * MM,
        down=38.1 * MM,
        symbol=21 * MM,
        text=6,
    ),
    "5160": Sheet(
        N_("US Letter, 30 labels 1 × 2⅝ in (Avery 5160)"),
        LETTER,
        columns=3,
        rows=10,
        width=2.625 * INCH,
        height=INCH,
        left=0.1875 * INCH,
        top=0.5 * INCH,
        across=2.75 * INCH,
        down=INCH,
        symbol=20 * MM,
        text=6,
    ),
    "5163": Sheet(
        N_("US Letter, 10 labels 2 × 4 in (Avery 5163)"),
        LETTER,
        columns=2,
        rows=5,
        width=4 * INCH,
        height=2 * INCH,
        left=0.15625 * INCH,
        top=0.5 * INCH,
        across=4.1875 * INCH,
        down=2 * INCH,
        symbol=34 * MM,
        text=8,
    ),
    "5371": Sheet(
        N_("US Letter, 10 business cards 2 × 3½ in (Avery 5371)"),
        LETTER,
        columns=2,
        rows=5,
        width=3.5 * INCH,
        height=2 * INCH,
        left=0.75 * INCH,
        top=0.5 * INCH,
        across=3.5 * INCH,
        down=2 * INCH,
        symbol=32 * MM,
        text=8,
    ),
}
"""By a short key, as it is kept in settings and addresses."""
