"""The code of a door on paper and as a picture: posters, table tents and stickers. It holds no link to any room."""

from collections.abc import Mapping
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from services.export.cards.card import LEAST_SIZE, OVERHANG, draw_symbol, module_side
from services.export.cards.document import begun
from services.export.cards.embedding import ShapedFonts
from services.export.cards.lettering import BOLD, load, missing
from services.export.cards.paper import MM, Sheet
from services.export.codes import qr
from services.export.made_by import MadeBy
from services.export.poster.face import Content, laid_out
from services.export.poster.forms import Form
from services.export.poster.text import of_address, shrunk
from services.journal.door.records import DoorTexts
from services.link import Link, LinkCheck

SIDES_AWAY = 10
"""From how far a code is read, in its sides: what cameras of phones manage."""


def print_poster(
    texts: Mapping[str, DoorTexts],
    address: str,
    form: Form,
    *,
    minutes: int | None = None,
    made_by: MadeBy | None = None,
) -> bytes:
    """The poster as a PDF of one page.

    texts: of the door, by language, the first of which gives the title.
    address: of the door, as visitors open it.
    minutes: how long the interview takes at most; None where that is not told.
    made_by: told in the file's properties, not on the poster.

    Raises ValueError for an address that is none.
    """
    content = Content.of(texts, _link(address).target, minutes)
    file = BytesIO()
    canvas = begun(file, form.page, content.title, made_by)
    fonts = ShapedFonts(canvas)
    if form.sheet:
        for place in range(form.sheet.cards):
            _draw_sticker(canvas, fonts, content, form.sheet, form.sheet.corner(place))
    else:
        _draw_faces(canvas, fonts, content, form)
    canvas.save()
    return file.getvalue()


def reading_distance(texts: Mapping[str, DoorTexts], address: str, form: Form, minutes: int | None = None) -> float:
    """From how far the code is read, in metres. The arguments and errors are those of `print_poster`."""
    load()
    content = Content.of(texts, _link(address).target, minutes)
    if form.sheet:
        side = module_side(form.sheet, len(content.rows)) * len(content.rows)
    else:
        side = laid_out(content, *form.face).side
    return SIDES_AWAY * side / MM / 1000


def lacking(texts: Mapping[str, DoorTexts]) -> str:
    """The characters of the names that no font has: a poster has a box in their place."""
    load()
    return "".join(dict.fromkeys("".join(missing(its.name) for its in texts.values())))


def code_svg(address: str) -> str:
    """The code of an address as an SVG. Raises ValueError for an address that is none."""
    return qr.svg(_link(address))


def code_png(address: str) -> bytes:
    """The code of an address as a PNG. Raises ValueError for an address that is none."""
    return qr.png(_link(address))


def _link(address: str) -> Link:
    """The address with the check that every code's text has: it leads nowhere but to itself."""
    return LinkCheck((address,))(address)


def _draw_faces(canvas: Canvas, fonts: ShapedFonts, content: Content, form: Form) -> None:
    face = laid_out(content, *form.face)
    face.draw(canvas, fonts)
    if not form.is_tent:
        return
    width, height = form.page
    canvas.setLineWidth(0.3)
    canvas.setStrokeGray(0.6)
    canvas.setDash(4, 4)
    canvas.line(0, height / 2, width, height / 2)
    # Folded across the middle, the upper half stands on its head: so it is drawn on its head.
    canvas.saveState()
    canvas.translate(width, height)
    canvas.rotate(180)
    face.draw(canvas, fonts)
    canvas.restoreState()


def _draw_sticker(
    canvas: Canvas, fonts: ShapedFonts, content: Content, sheet: Sheet, corner: tuple[float, float]
) -> None:
    """Draws the code with the name and the address beside it."""
    module = module_side(sheet, len(content.rows))
    side, quiet, pad = module * len(content.rows), module * qr.QUIET_ZONE, 2 * MM
    left, middle = corner[0] + max(pad, quiet), corner[1] + sheet.height / 2
    draw_symbol(canvas, content.rows, module, left, middle - side / 2)
    beside = left + side + max(quiet + OVERHANG, 2.5 * MM)
    space = corner[0] + sheet.width - pad - beside
    name = shrunk(content.title, BOLD, 2 * sheet.text, sheet.text, space, 4, content.language)
    address = of_address(content.address, sheet.text, LEAST_SIZE, space, 3)
    top = middle + (name.height + sheet.text + address.height) / 2
    name.draw(canvas, fonts, beside, top, space, "right" if name.from_the_right else "left")
    address.draw(canvas, fonts, beside, top - name.height - sheet.text, space)
