"""What is printed: QR symbols, PNGs and cards as PDF, against the plain way with qrcode, PIL and reportlab."""

import tracemalloc
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from random import Random
from string import ascii_letters, digits
from zoneinfo import ZoneInfo

import qrcode
from qrcode.image.pil import PilImage
from qrcode.image.svg import SvgPathImage
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from services.aseed.models import InterviewRoomResponse
from services.export.cards.paper import MM, SHEETS
from services.export.cards.pdf import Printed, print_cards
from services.export.codes import qr
from services.export.codes.symbol import modules
from services.rooms.entry import Entry
from tests.bench.timing import COMPUTING, Target, at_most, compare, compare_times, faster, note, taken
from tests.entries import CHECK

CARDS = 1000
LINK = "https://app.aseed.ai/interview/3q2-7wFhZ0bq1rJXxVw9aTk4uE8sLm_d"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def _plain(link: str) -> "qrcode.QRCode[PilImage]":
    symbol = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=qr.QUIET_ZONE, image_factory=PilImage)
    symbol.add_data(link)
    symbol.make()
    return symbol


def _plain_png(symbol: "qrcode.QRCode[PilImage]") -> BytesIO:
    file = BytesIO()
    symbol.make_image().save(file, "PNG")
    return file


def bench_symbol() -> None:
    """The modules of a link, against qrcode's own."""
    compare(
        "QR symbol of a link / qrcode",
        partial(_plain, LINK),
        partial(modules.__wrapped__, LINK),
        faster(8),
        50,
        clock=COMPUTING,
    )


def bench_png() -> None:
    """The PNG of a symbol that is there already, against PIL's."""
    plain = partial(_plain_png, _plain(LINK))
    compare("QR symbol to PNG / PIL", plain, partial(qr.png.__wrapped__, CHECK(LINK)), faster(4), 50, clock=COMPUTING)


def bench_qr() -> None:
    """The SVG of a symbol, against qrcode's own."""
    symbol = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=qr.QUIET_ZONE)
    symbol.add_data(LINK)
    symbol.make(fit=True)

    def plain() -> bytes:
        return symbol.make_image(image_factory=SvgPathImage).to_string()

    compare(
        "QR symbol to SVG / qrcode's SvgPathImage",
        plain,
        partial(qr.svg.__wrapped__, CHECK(LINK)),
        faster(4),
        50,
        clock=COMPUTING,
    )


def _entries(count: int, run: int) -> list[Entry]:
    """Rooms whose links no run before has had, so that no symbol is remembered. run: counted from 0."""
    made = Random(run)
    return [
        Entry(
            InterviewRoomResponse(
                id=f"room-{run}-{number}",
                project_id="project",
                access_token="",
                url=f"https://app.aseed.ai/interview/{''.join(made.choices(ascii_letters + digits, k=32))}",
                room_name="interview",
                max_duration_minutes=30,
                status="pending",
                created_at=NOW,
                expires_at=NOW + timedelta(days=7),
                created_by="me",
                display_name=f"Participant {number}",
            ),
            "Coffee",
            number + 1,
            check=CHECK,
        )
        for number in range(count)
    ]


def _ours(entries: list[Entry]) -> Printed:
    return print_cards(entries, SHEETS["a4-3x4"], title="Coffee", zone=ZoneInfo("Europe/Berlin"), now=NOW)


def _naive(entries: list[Entry]) -> bytes:
    """A PNG for each code, drawn as a picture, with the name and the link under it."""
    sheet, file = SHEETS["a4-3x4"], BytesIO()
    canvas = Canvas(file, pagesize=sheet.page)
    for number, entry in enumerate(entries):
        if number and number % sheet.cards == 0:
            canvas.showPage()
        x, y = sheet.corner(number % sheet.cards)
        picture = _plain_png(_plain(entry.link.text))
        canvas.drawImage(ImageReader(picture), x, y + 30 * MM, 30 * MM, 30 * MM)
        canvas.drawString(x, y + 20 * MM, entry.label)
        canvas.drawString(x, y + 10 * MM, entry.link.text)
    canvas.save()
    return file.getvalue()


def bench_cards() -> None:
    """A PDF of 1,000 cards, its size, and the memory that it takes to make."""
    # No symbol is remembered from a run before: each run has links of its own.
    _ours(_entries(CARDS, 0))
    runs = [_entries(CARDS, run) for run in (1, 2, 3)]
    times = [
        (taken(partial(_naive, run[: CARDS // 10]), COMPUTING) * 10, taken(partial(_ours, run), COMPUTING))
        for run in runs
    ]
    compare_times(f"PDF of {CARDS:,} cards / qrcode's PNG and drawImage", times, faster(10))
    plain = len(_naive(runs[0][:100])) / 1024 / 100

    made = {}
    for count in (CARDS, 4 * CARDS):
        entries = _entries(count, count)
        tracemalloc.start()
        made[count] = (len(_ours(entries).pdf) / 1024, tracemalloc.get_traced_memory()[1] / 2**20)
        tracemalloc.stop()
        note(f"PDF of {count:,} cards, KiB a card (plain: {plain:.2f})", made[count][0] / count, "KiB", at_most(1))
    growth = made[4 * CARDS][1] / made[CARDS][1]
    note("its memory for four times the cards", growth, "x", Target(4.4), f"{made[CARDS][1]:.1f} MiB for {CARDS:,}")
