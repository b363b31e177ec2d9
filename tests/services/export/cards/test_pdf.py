"""Cards on paper: every code is read back by two readers, and no text runs into another or off its card."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from pyzbar import pyzbar

from services.aseed.models import InterviewRoomResponse
from services.export.cards.card import LEAST_MODULE, MODULE, module_side
from services.export.cards.lettering import REPLACEMENT
from services.export.cards.paper import MM, SHEETS
from services.export.cards.pdf import NOT_A_LINK, TOO_LONG, Printed, lacking, print_cards
from services.export.cards.preview import preview
from services.export.cards.words import minutes, valid_until
from services.export.codes.symbol import modules
from services.participants import Participant
from services.rooms.entry import Entry
from tests.entries import CHECK

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
DOTS_AN_INCH = 150
TOKENS = random.Random(7)

LONG = "Bartholomew Featherstonehaugh-Cholmondeley the Younger of Wherever It Is That He Is From"
HOSTILE = [
    "![x](http://e.com) <b>bold</b> \\(x) (((",
    "👩‍👩‍👧 漢字 🙂",
    "\u202eevil\u202c \u2066x",
    "שלום עולם (ב) 12",
    "مرحبا Anna",
    "\0\x07\r\n\ttabs",
    "Z̸̡̛a̵l̶g̷o",
    "\u0301\u0338Anna",
    "\ud83d lone",
    "W" * 500,
    "- - - - " * 40,
    LONG,
    "Константинопольский-Заболотный-Задунайский Константин",
]
SCRIPTS = [
    "محمد عبد الله",
    "שלום (ב) 12",
    "王小明 先生",
    "山田 たろう",
    "김민수",
    "สมชาย ผู้เข้าร่วม",
    "प्रियंका शर्मा",
    "👩‍👩‍👧 🙂",
]
SAME = "https://app.aseed.ai/interview/3q2-7wFhZ0bq1rJXxVw9aTk4uE8sLm_d"


def entry(number: int = 0, name: str = "", person: Participant | None = None, **changes: Any) -> Entry:  # noqa: ANN401 - any field of a room
    token = "".join(TOKENS.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", k=32))
    values = {
        "id": f"room-{number}",
        "project_id": "project",
        "access_token": token,
        "url": f"https://app.aseed.ai/interview/{token}",
        "room_name": f"interview-{number}",
        "max_duration_minutes": 30,
        "status": "pending",
        "created_at": NOW,
        "expires_at": NOW + timedelta(days=7),
        "created_by": "me",
        "display_name": name,
        "language": "English",
    }
    return Entry(
        InterviewRoomResponse(**{**values, **changes}), "Coffee", number + 1, person or Participant(), check=CHECK
    )


def printed(entries: list[Entry], key: str = "a4-3x4", **options: Any) -> Printed:  # noqa: ANN401 - any option
    return print_cards(entries, SHEETS[key], **{"title": "Кофе", "zone": BERLIN, "now": NOW, **options})


@contextmanager
def opened(pdf: bytes) -> Iterator[Any]:
    with pypdfium2.PdfDocument(pdf) as document:
        yield document


def text_of(made: Printed) -> str:
    """The text of all pages, with its lines joined by spaces."""
    with opened(made.pdf) as document:
        return "\n".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)


def pictures(pdf: bytes) -> Iterator[Image.Image]:
    with opened(pdf) as document:
        for page in document:
            yield page.render(scale=DOTS_AN_INCH / 72, grayscale=True).to_pil()


def read_by_place(image: Image.Image, key: str) -> list[str]:
    """What zxing reads on a whole page, in the order of its cards."""
    sheet = SHEETS[key]

    def place(found: zxingcpp.Barcode) -> tuple[float, float]:
        dots = 72 / DOTS_AN_INCH
        x, y = found.position.top_left.x * dots - sheet.left, found.position.top_left.y * dots - sheet.top
        return y // sheet.down, x // sheet.across

    return [found.text for found in sorted(zxingcpp.read_barcodes(image), key=place)]


def read_one_by_one(image: Image.Image, key: str) -> list[str]:
    """What zbar reads in each card, cut out along its edges; "" for a card without a code."""
    sheet, read = SHEETS[key], []
    dots = DOTS_AN_INCH / 72
    for place in range(sheet.cards):
        x, y = sheet.corner(place)
        top = sheet.page[1] - y - sheet.height
        box = (round(x * dots), round(top * dots), round((x + sheet.width) * dots), round((top + sheet.height) * dots))
        found = pyzbar.decode(image.crop(box), symbols=[pyzbar.ZBarSymbol.QRCODE])
        read.append(" ".join(one.data.decode() for one in found))
    return read


@pytest.mark.parametrize(
    ("key", "count"), [("a4-3x4", None), ("a4-2x4", 24), ("l7160", 63), ("5160", 90), ("5163", 30), ("5371", 30)]
)
def test_two_readers_read_every_code_in_order(key: str, count: int | None, pytestconfig: pytest.Config) -> None:
    # Each further page has the layout of the first; all pages of a long file are read with `--cards 1000`.
    count = count or int(pytestconfig.getoption("--cards"))
    names = ["Anna", "Мария Иванова", LONG, ""]
    entries = [entry(number, names[number % 4], language=("English", "Russian")[number % 2]) for number in range(count)]
    made = printed(entries, key)
    assert (made.cards, made.pages, made.left_out, made.small) == (count, -(-count // SHEETS[key].cards), (), ())
    by_page, by_card = [], []
    for image in pictures(made.pdf):
        by_page += read_by_place(image, key)
        by_card += read_one_by_one(image, key)
    links = [one.link.text for one in entries]
    assert by_page == links
    assert [link for link in by_card if link] == links


@pytest.mark.parametrize("key", SHEETS)
def test_page_size_is_right_within_0_1_mm(key: str) -> None:
    with opened(printed([entry()], key).pdf) as document:
        size = [side / MM for side in document[0].get_size()]
    assert size == pytest.approx((215.9, 279.4) if key.startswith("5") else (210, 297), abs=0.1)


@pytest.mark.parametrize("key", SHEETS)
@pytest.mark.parametrize("language", ["English", "Russian"])
def test_text_stays_on_its_card(key: str, language: str) -> None:
    sheet = SHEETS[key]
    wide = [" ".join([name] * 9) for name in (*SCRIPTS, "မြန်မာ နာမည်", "ភាសាខ្មែរ")]
    names = (["Anna", LONG, "", *wide, *HOSTILE] * 3)[: sheet.cards]
    # A year-long link in September: the longest words that a date has in either language.
    until = datetime(2027, 9, 30, 22, 45, tzinfo=UTC)
    zone = ZoneInfo("Asia/Kathmandu")
    entries = [
        entry(number, name, language=language, expires_at=until, max_duration_minutes=120)
        for number, name in enumerate(names)
    ]
    made = printed(entries, key, zone=zone)
    side = len(modules(entries[0].link.text))
    quiet = 4 * module_side(sheet, side)
    with opened(made.pdf) as document:
        page = document[0]
        text = page.get_textpage()
        symbols = [one.get_bounds() for one in page.get_objects() if one.type == 2 and _is_filled(one)]
        boxes = [box for index in range(text.count_chars()) if (box := text.get_charbox(index))[0] < box[2]]
    assert len(symbols) == sheet.cards
    cards = [(x, y, x + sheet.width, y + sheet.height) for x, y in map(sheet.corner, range(sheet.cards))]
    for box in boxes:
        assert any(_inside(box, card) for card in cards), box
        assert not any(
            _inside(box, (left - quiet, low - quiet, right + quiet, high + quiet), wholly=False)
            for left, low, right, high in symbols
        ), box


def _is_filled(path: Any) -> bool:  # noqa: ANN401 - pypdfium2 has no types
    """Whether it is a symbol rather than the lines to cut along."""
    left, low, right, high = path.get_bounds()
    return bool(15 * MM < right - left < 60 * MM and abs((right - left) - (high - low)) < 1)


def _inside(box: tuple[float, ...], area: tuple[float, ...], wholly: bool = True) -> bool:
    near = 0.1
    if wholly:
        return all(box[i] >= area[i] - near for i in (0, 1)) and all(box[i] <= area[i] + near for i in (2, 3))
    return box[0] < area[2] - near and box[2] > area[0] + near and box[1] < area[3] - near and box[3] > area[1] + near


def test_card_says_who_when_and_how() -> None:
    one = entry(name="Anna K.")
    text = text_of(printed([one], "5163"))
    for words in (
        "Anna K.",
        "Valid until Tue 1 Dec 2026, 13:00 (UTC+1)",
        "Up to 30 minutes",
        f"Staff code {one.staff_code}",
        "Open in Safari or Chrome",
        "Allow the microphone",
        "Find a quiet place",
        "Have your email ready",
    ):
        assert words in text
    assert one.link.text in text.replace(" ", "")


def test_russian_room_has_a_searchable_russian_card() -> None:
    text = text_of(printed([entry(name="Мария", language="Russian", max_duration_minutes=21)], "5163"))
    for words in ("Мария", "Действует до вт, 1 дек. 2026, 13:00 (UTC+1)", "До 21 минуты", "Разрешите", "Служебный код"):
        assert words in text


def test_other_languages_have_an_english_card() -> None:
    german, russian = entry(1, language="German"), entry(2, language="Russian")
    assert "Valid until" in text_of(printed([german]))
    assert "Действует" not in text_of(printed([russian], language="en"))
    assert "Действует" in text_of(printed([german], language="ru"))


def test_small_card_drops_instructions_then_the_link() -> None:
    label, crowded = entry(1, "Anna"), entry(2, LONG)
    text = text_of(printed([label], "5160"))
    assert label.link.text in text.replace(" ", "") and "microphone" not in text
    text = text_of(printed([crowded], "5160"))
    assert "https" not in text and crowded.staff_code in text


def test_only_a_long_name_is_cut() -> None:
    assert "…" in text_of(printed([entry(name=LONG)], "5160"))
    assert "…" not in text_of(printed([entry(name="Anna-Maria Schmidt")], "5160"))


def test_card_without_a_label_has_its_number() -> None:
    text = text_of(printed([entry(6, person=Participant(email="anna@example.org"))]))
    assert "No. 7" in text and "anna" not in text


def test_card_of_an_endless_link_has_no_date() -> None:
    assert "Valid" not in text_of(printed([entry(expires_at=None)]))


def test_missing_character_is_visible() -> None:
    assert f"Li {REPLACEMENT * 2} {REPLACEMENT}" in text_of(printed([entry(name="Li ܫܠ \ue000\ufe0f")]))


def test_only_printed_rooms_are_named_as_lacking() -> None:
    strange, done = entry(1, "Li ܫܠܫ"), entry(2, "ܫ", status="completed")
    assert lacking([entry(0, "王小明"), strange, done, entry(3)], NOW) == ((strange, "ܫܠ"),)


@pytest.mark.parametrize("name", SCRIPTS)
def test_text_of_each_script_can_be_searched(name: str) -> None:
    assert name in text_of(printed([entry(name=name)]))


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_script_is_drawn_in_ink(name: str) -> None:
    def ink(label: str) -> Image.Image:
        (page,) = pictures(printed([entry(0, label, url=SAME)]).pdf)
        return page.crop((60, 60, 420, 145))

    drawn, boxes, blank = ink(name), ink("\ue000" * len(name)), ink(" ")
    assert drawn.getcolors() != blank.getcolors() and drawn.tobytes() != boxes.tobytes()
    assert sum(pixel < 128 for pixel in drawn.tobytes()) > 100


def test_arabic_is_drawn_joined() -> None:
    def pieces(label: str) -> int:
        """How many pieces of ink stand apart in a name's line."""
        (page,) = pictures(printed([entry(0, label, url=SAME)]).pdf)
        name = page.crop((64, 76, 420, 113))
        inked = [min(name.crop((x, 0, x + 1, name.height)).tobytes()) < 128 for x in range(name.width)]
        return sum(not before and here for before, here in pairwise(inked))

    assert (pieces("سسس"), pieces("س\u200cس\u200cس")) == (1, 3)


def test_shaped_names_add_little_to_a_file() -> None:
    plain = printed([entry(number, "Anna Keller") for number in range(300)])
    chinese = printed([entry(number, chr(0x4E00 + number) + chr(0x5000 + number)) for number in range(300)])
    assert len(chinese.pdf) - len(plain.pdf) <= 300 * 400, "each name brings two glyphs of its own"


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_no_name_harms_a_card(name: str) -> None:
    one = entry(name=name)
    (image,) = pictures(printed([one], "l7160").pdf)
    assert read_by_place(image, "l7160") == [one.link.text]


def test_only_joinable_rooms_get_a_card() -> None:
    rooms = {
        "already completed": entry(1, status="completed"),
        "already started": entry(2, status="active"),
        "cancelled": entry(3, status="cancelled"),
        "expired": entry(4, status="expired"),
        "its status is frozen": entry(5, status="frozen"),
        NOT_A_LINK: entry(6, url="javascript:alert(1)"),
        TOO_LONG: entry(7, url="https://app.aseed.ai/" + "x" * 1900),
    }
    ended, fine = entry(8, expires_at=NOW), entry(9)
    made = printed([*rooms.values(), ended, fine], "5160")
    assert made.left_out == (*((one, why) for why, one in rooms.items()), (ended, "expired"))
    assert made.cards == 1
    assert [read_by_place(image, "5160") for image in pictures(made.pdf)] == [[fine.link.text]]


@pytest.mark.parametrize("url", ["https://evil.com/x", "https://a@app.aseed.ai/x", "https://app.aseed.ai/ x", ""])
def test_improper_link_is_never_printed(url: str) -> None:
    made = printed([entry(url=url)])
    assert (made.pdf, made.cards, made.pages, [why for _, why in made.left_out]) == (b"", 0, 0, [NOT_A_LINK])


def test_too_long_link_has_no_card() -> None:
    made = printed([entry(url="https://app.aseed.ai/" + "x" * 1900)], "a4-2x4", level="Q")
    assert [why for _, why in made.left_out] == [TOO_LONG]


def test_cards_begin_at_the_chosen_place() -> None:
    entries = [entry(number) for number in range(4)]
    made = printed(entries, "5371", start=8)
    assert (made.cards, made.pages) == (4, 2)
    first, second = (read_one_by_one(image, "5371") for image in pictures(made.pdf))
    assert first == [""] * 7 + [one.link.text for one in entries[:3]]
    assert second == [entries[3].link.text] + [""] * 9


@pytest.mark.parametrize("start", [0, 11, -1])
def test_a_label_that_no_page_has_is_refused(start: int) -> None:
    with pytest.raises(ValueError, match="labels 1 to 10"):
        printed([entry()], "5371", start=start)


@pytest.mark.parametrize("key", SHEETS)
def test_first_page_has_a_ruler_of_100_mm(key: str) -> None:
    sheet = SHEETS[key]
    with opened(printed([entry(number) for number in range(sheet.cards + 1)], key, ruler=True).pdf) as document:
        ticks = [_ticks(page, sheet.page[1] - sheet.top) for page in document]
        texts = [page.get_textpage().get_text_bounded() for page in document]
    assert [len(found) for found in ticks] == [11, 0]
    assert [(tick - ticks[0][0]) / MM for tick in ticks[0]] == pytest.approx(range(0, 101, 10), abs=0.01)
    assert ["100 mm" in text for text in texts] == [True, False]
    assert "100 mm" not in text_of(printed([entry()], key))
    assert "100 мм" in text_of(printed([entry()], key, ruler=True, language="ru"))


@pytest.mark.parametrize("key", SHEETS)
def test_viewers_are_told_not_to_scale(key: str) -> None:
    with opened(printed([entry()], key).pdf) as document:
        assert pypdfium2.raw.FPDF_VIEWERREF_GetPrintScaling(document) == 0
    assert b"/ViewerPreferences" in printed([entry()], key).pdf


def _ticks(page: Any, above: float) -> list[float]:  # noqa: ANN401 - pypdfium2 has no types
    """Where the short upright lines above the cards stand, from the left."""
    bounds = [one.get_bounds() for one in page.get_objects() if one.type == 2]
    return sorted((left + right) / 2 for left, low, right, _ in bounds if low > above and right - left < MM)


@pytest.mark.parametrize("key", SHEETS)
def test_modules_measure_half_a_millimetre(key: str) -> None:
    for length in (63, 70, 80):
        side = len(modules("x" * length))
        module = module_side(SHEETS[key], side)
        assert module >= 0.999 * MODULE
        assert module * side >= 0.999 * 20 * MM


def test_small_modules_are_told_and_tiny_refused() -> None:
    longer = [entry(number, url="https://app.aseed.ai/" + "x" * number) for number in range(60, 400, 20)]
    made = printed(longer, "5160")
    left_out = {one.id for one, _ in made.left_out}
    small = {one.id for one in made.small}
    for one in longer:
        module = module_side(SHEETS["5160"], len(modules(one.link.text)))
        assert (one.id in left_out) == (module < LEAST_MODULE)
        assert (one.id in small) == (LEAST_MODULE <= module < 0.4 * MM)
    assert left_out and small and not left_out & small


def test_sturdy_cards_have_level_q() -> None:
    (image,) = pictures(printed([entry()], level="Q").pdf)
    assert [found.ec_level for found in zxingcpp.read_barcodes(image)] == ["Q"]


def test_metadata_of_a_pdf_holds_no_secrets() -> None:
    one = entry(name="Anna", person=Participant(label="Anna", email="anna@example.org"))
    made = printed([one])
    with opened(made.pdf) as document:
        told = {name: value for name, value in document.get_metadata_dict().items() if value}
    assert told.pop("Title") == "Кофе"
    assert set(told) <= {"CreationDate", "ModDate"}
    assert b"anna@" not in made.pdf and one.link.text.encode() not in made.pdf


def test_pdf_embeds_its_fonts_and_is_small() -> None:
    made = printed([entry(number, f"Participant {number}") for number in range(300)])
    assert b"Helvetica" not in made.pdf
    assert len(made.pdf) <= 300 * 1024 + 80 * 1024, "a card's share, and three fonts"


def test_preview_is_the_first_page() -> None:
    one, other = entry(1), entry(2)
    image = Image.open(BytesIO(preview(printed([one, other], "a4-2x4", start=8).pdf)))
    assert (image.format, image.size) == ("PNG", (827, 1170))
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [one.link.text]


@pytest.mark.parametrize(
    ("count", "english", "russian"),
    [
        (1, "Up to 1 minute", "До 1 минуты"),
        (11, "Up to 11 minutes", "До 11 минут"),
        (21, "Up to 21 minutes", "До 21 минуты"),
        (45, "Up to 45 minutes", "До 45 минут"),
    ],
)
def test_minutes_are_counted_in_both_languages(count: int, english: str, russian: str) -> None:
    assert (minutes(count, "en"), minutes(count, "ru")) == (english, russian)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("UTC", "Valid until Tue 24 Nov 2026, 12:00 (UTC)"),
        ("Asia/Kolkata", "Valid until Tue 24 Nov 2026, 17:30 (UTC+5:30)"),
        ("America/St_Johns", "Valid until Tue 24 Nov 2026, 08:30 (UTC−3:30)"),
    ],
)
def test_end_of_a_link_has_its_offset(zone: str, words: str) -> None:
    assert valid_until(NOW, ZoneInfo(zone), "en").replace("\u00a0", " ") == words


def test_sheets_have_short_keys_and_unique_names() -> None:
    assert Counter(sheet.name for sheet in SHEETS.values()).most_common(1)[0][1] == 1
