"""Posters on paper: a phone reads the code from where it should, and no text runs off its face or into the code."""

import math
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageFilter
from pyzbar import pyzbar

from services.export.cards.card import module_side
from services.export.cards.lettering import REPLACEMENT
from services.export.cards.paper import MM
from services.export.made_by import MadeBy
from services.export.poster.face import Content, laid_out
from services.export.poster.forms import FORMS, Form
from services.export.poster.pdf import (
    SIDES_AWAY,
    code_png,
    code_svg,
    lacking,
    print_poster,
    reading_distance,
)
from services.export.poster.words import SPOKEN, words_in
from services.journal.door.records import LONGEST_NAME, DoorTexts
from tests.entries import BERLIN

ADDRESS = "https://interviews.example/door/abcdefghjk"
LOCAL = "http://192.168.1.5:8501/door/abcdefghjk"

PIXELS, DEGREES = 1920, 65
"""What a phone's camera sees while it looks for codes: the longer side of full HD, across a usual lens."""

LONG = "Bartholomew Featherstonehaugh-Cholmondeley the Younger of Wherever It Is That He"[:LONGEST_NAME]


def texts(**names: str) -> Mapping[str, DoorTexts]:
    return {tag: DoorTexts(name=name) for tag, name in names.items()}


CONTENTS = {
    "one": texts(en="City fair"),
    "two": texts(ar="معرض المدينة عام ٢٠٢٦", en="City fair 2026"),
    "four": texts(ru="Городская ярмарка", he="יריד העיר", zh="城市博览会", hi="शहर का मेला"),
    "long": {tag: DoorTexts(name=LONG) for tag in ("de", "en", "fr", "ar", "ja", "ko")},
    "unknown": texts(xx="W" * LONGEST_NAME),
    "all": {tag: DoorTexts(name=f"{LONG[:70]} {tag}") for tag in SPOKEN},
}


@cache
def printed(form: Form, name: str = "four", address: str = ADDRESS) -> bytes:
    return print_poster(CONTENTS[name], address, form, minutes=20)


@contextmanager
def opened(pdf: bytes) -> Iterator[Any]:
    with pypdfium2.PdfDocument(pdf) as document:
        (page,) = document
        yield page


def side_of(form: Form, name: str) -> float:
    """The side of a symbol in points, by the distance that is told."""
    return reading_distance(CONTENTS[name], ADDRESS, form, 20) * 1000 / SIDES_AWAY * MM


def seen(form: Form, name: str) -> Image.Image:
    """The page as a phone sees it from the distance that is told, out of focus a little."""
    across = 2 * SIDES_AWAY * side_of(form, name) * math.tan(math.radians(DEGREES / 2))
    with opened(printed(form, name)) as page:
        image: Image.Image = page.render(scale=PIXELS / across, grayscale=True).to_pil()
    return image.filter(ImageFilter.GaussianBlur(0.7))


def decoded(image: Image.Image) -> list[str]:
    return [found.data.decode() for found in pyzbar.decode(image, symbols=[pyzbar.ZBarSymbol.QRCODE])]


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("key", [key for key, form in FORMS.items() if not form.sheet])
def test_phone_reads_a_poster_from_its_distance(key: str, name: str) -> None:
    faces = 2 if FORMS[key].is_tent else 1
    assert decoded(seen(FORMS[key], name)) == [ADDRESS] * faces


@pytest.mark.parametrize("key", [key for key, form in FORMS.items() if form.sheet])
def test_phone_reads_every_sticker(key: str) -> None:
    form = FORMS[key]
    assert form.sheet
    image, page = seen(form, "long"), form.page
    dots = image.width / page[0]
    for place in range(form.sheet.cards):
        x, y = form.sheet.corner(place)
        top = page[1] - y - form.sheet.height
        right, low = x + form.sheet.width, top + form.sheet.height
        label = image.crop((round(x * dots), round(top * dots), round(right * dots), round(low * dots)))
        assert decoded(label) == [ADDRESS], place


@pytest.mark.parametrize(
    ("key", "size"),
    [
        ("a4", (210, 297)),
        ("a3", (297, 420)),
        ("letter", (215.9, 279.4)),
        ("tent", (210, 297)),
        ("stickers", (210, 297)),
    ],
)
def test_page_has_the_size_of_its_paper(key: str, size: tuple[float, float]) -> None:
    with opened(printed(FORMS[key])) as page:
        assert [side / MM for side in page.get_size()] == pytest.approx(size, abs=0.1)


def test_codes_are_as_large_as_told() -> None:
    metres = {key: reading_distance(CONTENTS["one"], ADDRESS, form) for key, form in FORMS.items()}
    assert metres["a3"] > 1.6 and metres["a4"] > 1.2 and metres["letter"] > 1.1
    assert metres["tent"] > 0.7 and 0.19 < metres["stickers"] < 0.22
    sides = {key: [right - left for left, _, right, _ in symbols(form, "one")] for key, form in FORMS.items()}
    for key, found in sides.items():
        assert found == pytest.approx([metres[key] * 1000 / SIDES_AWAY * MM] * len(found), rel=0.01)


def symbols(form: Form, name: str) -> list[tuple[float, float, float, float]]:
    """Where the symbols are."""
    with opened(printed(form, name)) as page:
        boxes = [each.get_bounds() for each in page.get_objects() if each.type == 2]
    return [box for box in boxes if abs((box[2] - box[0]) - (box[3] - box[1])) < 1]


def areas(form: Form) -> list[tuple[float, float, float, float]]:
    """The faces of a page, or its labels."""
    width, height = form.face
    if form.sheet:
        corners = [form.sheet.corner(place) for place in range(form.sheet.cards)]
    else:
        corners = [(0.0, 0.0), (0.0, height)][: 2 if form.is_tent else 1]
    return [(x, y, x + width, y + height) for x, y in corners]


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("key", FORMS)
def test_text_stays_on_its_face(key: str, name: str) -> None:
    form = FORMS[key]
    found = symbols(form, name)
    quiet = 4 * side_of(form, name) / len(Content.of(CONTENTS[name], ADDRESS).rows)
    margin = 1 * MM if form.sheet else 8 * MM
    inside = [(left + margin, low + margin, right - margin, high - margin) for left, low, right, high in areas(form)]
    white = [(left - quiet, low - quiet, right + quiet, high + quiet) for left, low, right, high in found]
    assert len(found) == len(inside)
    with opened(printed(form, name)) as page:
        text = page.get_textpage()
        boxes = [box for index in range(text.count_chars()) if (box := text.get_charbox(index))[0] < box[2]]
    assert len(boxes) > 20
    for box in boxes:
        assert any(_within(box, area) for area in inside), box
        assert not any(_touches(box, area) for area in white), box


def _within(box: tuple[float, ...], area: tuple[float, ...]) -> bool:
    return box[0] >= area[0] and box[1] >= area[1] and box[2] <= area[2] and box[3] <= area[3]


def _touches(box: tuple[float, ...], area: tuple[float, ...]) -> bool:
    near = 0.3
    return all((box[0] < area[2] - near, box[2] > area[0] + near, box[1] < area[3] - near, box[3] > area[1] + near))


@pytest.mark.parametrize("name", CONTENTS)
@pytest.mark.parametrize("key", [key for key, form in FORMS.items() if not form.sheet])
def test_parts_of_a_face_do_not_overlap(key: str, name: str) -> None:
    face = laid_out(Content.of(CONTENTS[name], ADDRESS, 20), *FORMS[key].face)
    assert face.spare >= 0
    if name in ("one", "two", "four"):
        assert len(face.blocks) == len(CONTENTS[name])


@pytest.mark.parametrize("key", ["tent", "tent-letter"])
def test_folded_tent_is_upright_on_both_sides(key: str) -> None:
    with opened(printed(FORMS[key])) as page:
        image = page.render(scale=1, grayscale=True).to_pil()
    half = image.height // 2
    # Without the line along which it is folded.
    upper = image.crop((0, 0, image.width, half - 3)).rotate(180)
    lower = image.crop((0, image.height - half + 3, image.width, image.height))
    apart = [abs(one - other) for one, other in zip(upper.tobytes(), lower.tobytes(), strict=True)]
    # Some edges fall between other pixels there.
    assert sum(apart) / len(apart) < 0.5


def test_poster_says_what_to_do_in_each_language() -> None:
    with opened(printed(FORMS["a4"])) as page:
        text = " ".join(page.get_textpage().get_text_bounded().split())
    for said in ("Городская ярмарка", "Отсканируйте код телефоном", "До 20 мин", "城市博览会", "用手机扫描此二维码"):
        assert said in text
    assert all(name in text for name in ("Русский", "עברית", "中文", "हिन्दी"))
    assert ADDRESS in text.replace(" ", "")


def test_poster_without_minutes_tells_none() -> None:
    with opened(print_poster(CONTENTS["one"], ADDRESS, FORMS["a4"])) as page:
        text = page.get_textpage().get_text_bounded()
    assert "City fair" in text and "min" not in text and "None" not in text


@pytest.mark.parametrize("tag", SPOKEN)
def test_fonts_have_all_letters_of_words(tag: str) -> None:
    words = words_in(tag)
    assert words
    assert not lacking(texts(**{f"t{place}": said[:LONGEST_NAME] for place, said in enumerate(words.steps)}))
    with opened(print_poster({tag: DoorTexts(name="X")}, ADDRESS, FORMS["a4"], minutes=20)) as page:
        assert REPLACEMENT not in page.get_textpage().get_text_bounded()


def test_letters_that_no_font_has_are_named() -> None:
    assert lacking(texts(en="Li ܫܠ", ru="ܫ")) == "ܫܠ"


def test_regional_tag_has_the_words_of_its_language() -> None:
    assert words_in("pt-BR") == words_in("pt") and words_in("xx") is None


@pytest.mark.parametrize("address", [ADDRESS, LOCAL])
def test_pictures_read_back_to_the_address(address: str) -> None:
    assert decoded(Image.open(BytesIO(code_png(address)))) == [address]
    size = int(re.findall(r'viewBox="0 0 (\d+)', code_svg(address))[0])
    assert Image.open(BytesIO(code_png(address))).width == 10 * size
    with opened(printed(FORMS["tent"], address=address)) as page:
        assert decoded(page.render(scale=2, grayscale=True).to_pil()) == [address] * 2


@pytest.mark.parametrize(
    "address", ["", "javascript:alert(1)", "https://a b.example/", "door/abc", "https://ä.example"]
)
def test_what_is_no_address_has_no_code(address: str) -> None:
    for make in (code_svg, code_png):
        with pytest.raises(ValueError):
            make(address)
    with pytest.raises(ValueError):
        print_poster(CONTENTS["one"], address, FORMS["a4"])


def test_file_says_who_made_it() -> None:
    made_by = MadeBy("anna@example.org", datetime(2026, 6, 1, tzinfo=UTC), BERLIN)
    assert b"anna@example.org" in print_poster(CONTENTS["one"], ADDRESS, FORMS["a4"], made_by=made_by)


def test_smallest_module_is_printed_sharply() -> None:
    for form in FORMS.values():
        if form.sheet:
            assert module_side(form.sheet, len(Content.of(CONTENTS["one"], ADDRESS).rows)) > 0.5 * MM
