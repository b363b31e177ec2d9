"""The forms in which a door's code is printed. Lengths are points."""

from dataclasses import dataclass

from services.export.cards.paper import A4, LETTER, MM, SHEETS, Sheet
from services.texts.speech import N_, _

A3 = (297 * MM, 420 * MM)


@dataclass(frozen=True)
class Form:
    """One way to print a poster.

    words: what our pages call it, in English.
    page: its width and height.
    is_tent: whether the page is folded across its middle, and stands with one face on each side.
    sheet: of labels, for many small codes.
    """

    words: str
    page: tuple[float, float]
    is_tent: bool = False
    sheet: Sheet | None = None

    @property
    def name(self) -> str:
        """What our pages call it."""
        return _(self.words)

    @property
    def face(self) -> tuple[float, float]:
        """Width and height of what is seen at once."""
        if self.sheet:
            return self.sheet.width, self.sheet.height
        return self.page[0], self.page[1] / (2 if self.is_tent else 1)


FORMS = {
    "a4": Form(N_("A4 poster"), A4),
    "a3": Form(N_("A3 poster"), A3),
    "letter": Form(N_("US Letter poster"), LETTER),
    "tent": Form(N_("Table tent, A4 folded"), A4, is_tent=True),
    "tent-letter": Form(N_("Table tent, US Letter folded"), LETTER, is_tent=True),
    "stickers": Form(N_("A4, 21 stickers 63.5 × 38.1 mm (Avery L7160)"), A4, sheet=SHEETS["l7160"]),
    "stickers-letter": Form(N_("US Letter, 30 stickers 1 × 2⅝ in (Avery 5160)"), LETTER, sheet=SHEETS["5160"]),
}
"""By a short key, as it is kept in settings."""
