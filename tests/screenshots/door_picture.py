"""Makes README.md's picture of a door: its poster beside what a visitor sees on a phone.

python -m tests.screenshots.door_picture   writes services/door/door.webp
"""

import os
import tempfile
from io import BytesIO
from pathlib import Path

import pypdfium2
from PIL import Image, ImageOps
from playwright.sync_api import sync_playwright

from services.export.poster.forms import FORMS
from services.export.poster.pdf import print_poster
from services.journal.door.records import DoorTexts
from tests.browser.conftest import FLAGS
from tests.journals import empty_journal
from tests.screenshots.door import QUESTION, SIZES, TEXTS, Stand, done
from tests.servers import ROOT
from tests.services.door.fair import fair
from tests.services.door.visitor import doors

FILE = ROOT / "services" / "door" / "door.webp"

HEIGHT, SPACE = 760, 28
"""Pixels: of each part, and around it."""

ADDRESS = "https://interviews.example/door/citycoffee"


def main() -> None:
    parts = [_poster(), *_phones()]
    scaled = [part.resize((part.width * HEIGHT // part.height, HEIGHT), Image.Resampling.LANCZOS) for part in parts]
    framed = [ImageOps.expand(part, 1, "#d0d0ce") for part in scaled]
    width = sum(part.width for part in framed) + SPACE * (len(framed) + 1)
    picture = Image.new("RGB", (width, HEIGHT + 2 + 2 * SPACE), "#f3f2f0")
    left = SPACE
    for part in framed:
        picture.paste(part, (left, SPACE))
        left += part.width + SPACE
    picture.save(FILE, quality=80, method=6)


def _poster() -> Image.Image:
    texts = {code: DoorTexts.model_validate(its) for code, its in TEXTS.items()}
    pdf = print_poster(texts, ADDRESS, FORMS["a4"], minutes=20)
    page: Image.Image = pypdfium2.PdfDocument(pdf)[0].render(scale=2).to_pil()
    return page.convert("RGB")


def _phones() -> list[Image.Image]:
    """The first page, and the ticket in the end."""
    width, height = SIZES["phone"]
    taken = []
    with (
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=os.environ.get("TEST_BROWSER") or None, args=FLAGS) as browser,
    ):
        for scene in (_welcome, done):
            with (
                tempfile.TemporaryDirectory() as data,
                fair(Path(data), empty_journal(Path(data))) as at,
                doors(at) as address,
                browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=2) as page,
            ):
                scene(Stand(at, address, page, "en"))
                taken.append(Image.open(BytesIO(page.screenshot())).convert("RGB"))
    return taken


def _welcome(at: Stand) -> None:
    at.open(at.door(questions=[QUESTION]))


if __name__ == "__main__":
    main()
