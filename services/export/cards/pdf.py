"""Cards with a QR code each, as a PDF: to cut out or on labels, handed to the people whom the rooms are for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from reportlab.pdfgen.canvas import Canvas

from services.aseed.models import ACTIVE, CANCELLED, COMPLETED, EXPIRED, PENDING
from services.export.cards.card import LEAST_MODULE, SMALL_MODULE, Style, draw, module_side
from services.export.cards.document import begun
from services.export.cards.embedding import ShapedFonts
from services.export.cards.lettering import PLAIN, missing
from services.export.cards.paper import MM, Sheet
from services.export.cards.words import RULER_SAYS, Language, language_of
from services.export.codes.symbol import Level, modules
from services.export.made_by import MadeBy
from services.people.acting import needs
from services.people.roles import Right
from services.rooms.entry import Entry
from services.texts.speech import N_, _

REASONS = {
    ACTIVE: N_("already started"),
    COMPLETED: N_("already completed"),
    EXPIRED: N_("expired"),
    CANCELLED: N_("cancelled"),
}
NOT_A_LINK = N_("not a proper link")
TOO_LONG = N_("its link is too long for a card of this size")

RULER = 100 * MM


@dataclass(frozen=True)
class Printed:
    """Cards as a file.

    pdf: empty where it has no card.
    cards, pages: how many.
    left_out: the rooms without a card, each with the reason in words that follow "left out:".
    small: the rooms whose modules are under 0.4 mm, so that old cameras may fail to read them.
    """

    pdf: bytes
    cards: int
    pages: int
    left_out: tuple[tuple[Entry, str], ...]
    small: tuple[Entry, ...]


@needs(Right.LINKS)
def print_cards(
    entries: Iterable[Entry],
    sheet: Sheet,
    *,
    title: str,
    zone: ZoneInfo,
    now: datetime,
    start: int = 1,
    language: Language | None = None,
    level: Level = "M",
    ruler: bool = False,
    made_by: MadeBy | None = None,
) -> Printed:
    """A card for each room that can still be joined, in the order given.

    title: the project's name.
    zone: in which the end of a link is told.
    now: the moment by which a link has expired.
    start: the first free place of the first page, from 1.
    language: of every card; None for that of each room.
    level: "Q" for cards that are handled a lot.
    ruler: puts a ruler of 100 mm above the first row of the first page, which shows whether a printer
        scales, in the language of the first card.
    made_by: told in the file's properties, not on the cards.

    Raises ValueError where a page has no such place.
    """
    if not 1 <= start <= sheet.cards:
        raise ValueError(f"A page has the labels 1 to {sheet.cards}, not {start}.")
    file = BytesIO()
    canvas = begun(file, sheet.page, title, made_by)
    fonts = ShapedFonts(canvas)
    left_out: list[tuple[Entry, str]] = []
    small: list[Entry] = []
    styles: dict[Language, Style] = {}
    place = start - 1
    for entry in entries:
        if reason := _why_not(entry, now):
            left_out.append((entry, reason))
            continue
        rows = _symbol(entry.link.target, level)
        module = module_side(sheet, len(rows)) if rows else 0
        if module < LEAST_MODULE:
            left_out.append((entry, _(TOO_LONG)))
            continue
        if module < SMALL_MODULE:
            small.append(entry)
        spoken = language or language_of(entry.room.language)
        if place == start - 1:
            _begin(canvas, sheet, RULER_SAYS[spoken] if ruler else "")
        elif place % sheet.cards == 0:
            canvas.showPage()
            _begin(canvas, sheet)
        style = styles.setdefault(spoken, Style(sheet, zone, spoken, fonts))
        draw(canvas, entry, rows, style, sheet.corner(place % sheet.cards))
        place += 1

    cards = place - start + 1
    if not cards:
        return Printed(b"", 0, 0, tuple(left_out), ())
    canvas.save()
    return Printed(file.getvalue(), cards, -(-place // sheet.cards), tuple(left_out), tuple(small))


def lacking(entries: Iterable[Entry], now: datetime) -> tuple[tuple[Entry, str], ...]:
    """The rooms that get a card, but whose label has characters that no font has, each with these characters.

    now: as in `print_cards`.
    """
    found = ((entry, missing(entry.label)) for entry in entries if not _why_not(entry, now))
    return tuple((entry, characters) for entry, characters in found if characters)


def _why_not(entry: Entry, now: datetime) -> str:
    """Why a room gets no card; empty where it gets one."""
    status, ends = entry.room.status, entry.room.expires_at
    if status != PENDING:
        reason = REASONS.get(status)
        return _(reason) if reason else _("its status is {status}", status=status)
    if ends and ends <= now:
        return _(REASONS[EXPIRED])
    if entry.link.is_shared or entry.link.is_withdrawn:
        return entry.link.why_not
    return "" if entry.link.is_proper else _(NOT_A_LINK)


def _symbol(link: str, level: Level) -> tuple[str, ...]:
    """The rows of the symbol; none where no symbol holds the link."""
    try:
        return modules(link, level)
    except ValueError:
        return ()


def _begin(canvas: Canvas, sheet: Sheet, ruler: str = "") -> None:
    """What a page has besides its cards. ruler: what it says; empty for none."""
    canvas.setLineWidth(0.3)
    if sheet.is_to_cut:
        canvas.setStrokeGray(0.6)
        bottom = sheet.corner(sheet.cards - 1)[1]
        canvas.grid(
            [sheet.left + column * sheet.across for column in range(sheet.columns + 1)],
            [bottom + row * sheet.down for row in range(sheet.rows + 1)],
        )
    if ruler:
        _draw_ruler(canvas, max(sheet.left, 10 * MM), sheet.page[1] - sheet.top + 1.5 * MM, ruler)


def _draw_ruler(canvas: Canvas, x: float, y: float, says: str) -> None:
    """A line of RULER with a tick every 10 mm, and what it is for."""
    canvas.setStrokeGray(0)
    canvas.line(x, y, x + RULER, y)
    for tick in range(11):
        along = x + tick * RULER / 10
        canvas.line(along, y, along, y + (2.5 if tick % 5 == 0 else 1.5) * MM)
    canvas.setFont(PLAIN, 7)
    canvas.drawString(x + RULER + 3 * MM, y, says)
