"""Every code that leaves us is read back, by a reader that is not ours, to the exact link."""

import re
from io import BytesIO
from urllib.parse import quote

import pytest
import zxingcpp
from PIL import Image, ImageDraw
from pyzbar import pyzbar

from services.export.codes import qr
from services.link import LinkCheck

CHECK = LinkCheck(("https://app.aseed.ai", "http://192.168.1.5:8501"))

LINKS = [
    "https://app.aseed.ai/i/x",
    "https://app.aseed.ai/interview/3q2-7wFhZ0bq1rJXxVw9aTk4uE8sLm_d",
    "http://192.168.1.5:8501/interview/3q2-7wFhZ0bq1rJXxVw9aTk4uE8sLm_d",
    f"https://app.aseed.ai/interview/{'x' * 300}?with={quote('кириллица')}&more=%20#end",
]


@pytest.mark.parametrize("link", LINKS)
def test_a_png_reads_back_to_its_link(link: str) -> None:
    image = Image.open(BytesIO(qr.png(CHECK(link))))
    assert [found.text for found in zxingcpp.read_barcodes(image)] == [link]


@pytest.mark.parametrize("link", LINKS)
def test_an_svg_reads_back_to_its_link(link: str) -> None:
    assert [found.text for found in zxingcpp.read_barcodes(_drawn(qr.svg(CHECK(link))))] == [link]


@pytest.mark.parametrize("link", LINKS)
def test_code_has_level_m_and_quiet_zone(link: str) -> None:
    image = Image.open(BytesIO(qr.png(CHECK(link))))
    assert zxingcpp.read_barcodes(image)[0].ec_level == "M"
    assert image.convert("L").point(lambda value: 255 - value).getbbox() == (
        40,
        40,
        image.width - 40,
        image.height - 40,
    )


def test_svg_and_png_show_the_same_modules() -> None:
    png = Image.open(BytesIO(qr.png(CHECK(LINKS[1])))).convert("1")
    assert _drawn(qr.svg(CHECK(LINKS[1]))).resize(png.size).convert("1").tobytes() == png.tobytes()


def _drawn(svg: str) -> Image.Image:
    """An SVG of ours as pixels: bars of one module's height on white."""
    size = int(re.findall(r'viewBox="0 0 (\d+) \1"', svg)[0])
    image = Image.new("L", (size, size), 255)
    draw = ImageDraw.Draw(image)
    bars = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg)
    assert svg.count("M") == len(bars) + 1, "only the white ground is not a bar"
    for x, y, length in bars:
        draw.rectangle((int(x), int(y), int(x) + int(length) - 1, int(y)), fill=0)
    return image.resize((size * 10, size * 10), Image.Resampling.NEAREST)


def test_png_has_one_bit_a_pixel() -> None:
    image = Image.open(BytesIO(qr.png(CHECK(LINKS[1]))))
    assert (image.mode, image.width % qr.PIXELS_A_MODULE) == ("1", 0)
    assert [found.data.decode() for found in pyzbar.decode(image)] == [LINKS[1]]
