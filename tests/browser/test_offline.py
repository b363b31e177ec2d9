"""The offline pack in a real browser without a network: shown, ticked, kept, and taken back."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, ViewportSize, expect
from pyzbar import pyzbar

from services.export.offline.page import offline_pack
from services.folding import folded, plain
from services.participants import Participant
from services.rooms.entry import Entry
from services.roster.reading import read_file
from services.roster.ticks import ticked
from services.texts.speech import speaking
from services.trust import as_cell
from tests.browser.conftest import OpenContext
from tests.entries import BERLIN, ODD, entry
from tests.entries import HOSTILE as RISKY
from tests.folding_texts import APART, SAME

SIZES: Sequence[ViewportSize] = (
    {"width": 768, "height": 1024},
    {"width": 1024, "height": 768},
    {"width": 390, "height": 844},
)
FORMULA_CASES = Path(__file__).parents[1] / "formula_cases.json"

PACK = "-pack"
"""Begins like a formula, as some names do."""

SOON = datetime.now(UTC) + timedelta(days=3)
HOSTILE = "</script><img src=x onerror=document.title='bad'>"


OWN_STORAGE = """
const own = new Map();
Storage.prototype.getItem = (key) => own.get(key) ?? null;
Storage.prototype.setItem = (key, value) => own.set(key, value);
"""
"""A script that gives a page a storage that no other page sees, and that a reload empties."""


@pytest.fixture
def entries() -> list[Entry]:
    people = ("Анна Ёлкина", "Boris", "=1+1", HOSTILE)
    made = [
        entry(number, Participant(label=name), language="Russian" if number == 1 else "English", expires_at=SOON)
        for number, name in enumerate(people, start=1)
    ]
    return [*made, entry(5, Participant(label="Late"), expires_at=datetime.now(UTC) - timedelta(minutes=1))]


@pytest.fixture
def offline(open_context: OpenContext, tmp_path: Path, entries: list[Entry]) -> Iterator[Page]:
    """The pack, opened from a file in a browser whose network is off; it asks for nothing but that file."""
    file = tmp_path / "pack.html"
    file.write_bytes(offline_pack(entries, pack_id=PACK, title="Coffee", station="Clinic: 2", zone=BERLIN))
    context = open_context(viewport=SIZES[0])
    context.set_offline(True)
    page = context.new_page()
    asked: set[str] = set()
    context.on("request", lambda request: asked.add(request.url))
    page.goto(file.as_uri())
    expect(page.get_by_text("0 of 5 handed out")).to_be_visible()
    yield page
    # What it gives as a download is made in the page itself.
    assert {url for url in asked if not url.startswith("blob:")} == {file.as_uri()}


def open_room(page: Page, name: str) -> None:
    page.locator("#rooms button", has_text=name).click()


def middle(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_every_card_scans_and_gives_instructions(offline: Page, entries: list[Entry]) -> None:
    open_room(offline, "Анна")
    for size in SIZES:
        offline.set_viewport_size(size)
        for text in ("Разрешите доступ к микрофону", "До 30 минут", "Действует до", entries[0].staff_code):
            expect(offline.locator("#card").get_by_text(text)).to_be_in_viewport(ratio=1)
        picture = Image.open(io.BytesIO(offline.screenshot()))
        assert [each.text for each in zxingcpp.read_barcodes(picture)] == [entries[0].link.text]
        assert [each.data.decode() for each in pyzbar.decode(picture)] == [entries[0].link.text]
    offline.get_by_role("button", name="Back to the list").click()
    open_room(offline, "Late")
    expect(offline.get_by_text("This link has run out.")).to_be_visible()
    expect(offline.locator("svg")).to_have_count(0)
    expect(offline.get_by_text(entries[4].link.text)).to_have_count(0)
    offline.get_by_role("button", name="Back to the list").click()
    expect(offline.get_by_text(HOSTILE)).to_be_visible()
    assert offline.title() == "Coffee · Clinic: 2"


def test_pack_guards_cells_as_services_do(offline: Page) -> None:
    texts, cells = zip(*json.loads(FORMULA_CASES.read_text()), strict=True)
    assert offline.evaluate("(texts) => texts.map(guarded)", texts) == [*cells]
    assert offline.evaluate("guarded('\\0=1')") == "'=1"


def test_pack_folds_texts_as_services_do(offline: Page) -> None:
    texts = [text for pair in (*SAME, *APART) for text in pair]
    texts += [unicodedata.normalize("NFD", text) for text in texts]
    # Every letter of the Basic Multilingual Plane that both sides know, apart from the halves of others.
    texts += [char for char in map(chr, range(0xD800)) if unicodedata.category(char) != "Cn"]
    assert offline.evaluate("(texts) => texts.map(folded)", texts) == [*map(folded, texts)]
    assert offline.evaluate("(texts) => texts.map(plain)", texts) == [*map(plain, texts)]


def test_pack_writes_cells_as_services_do(offline: Page) -> None:
    texts = [*RISKY, *ODD, *(f"a{mark}{text}" for mark in ",;\t\r\n" for text in RISKY), 'a;"=1"', "a;b", "", "'t Hart"]
    rows = csv.reader(io.StringIO("\r\n".join(offline.evaluate("(texts) => texts.map(cell)", texts)), newline=""))
    assert [row[0] if row else "" for row in rows] == [*map(as_cell, texts)]


def test_search_finds_names_as_people_type_them(offline: Page) -> None:
    for typed in ("елкина", "анна-елкина", "BORIS", "bóris"):
        offline.get_by_label("Search").fill(typed)
        expect(offline.locator("#rooms li")).to_have_count(1)


def test_ticks_are_kept_and_cover_the_code(offline: Page, entries: list[Entry], tmp_path: Path) -> None:
    offline.get_by_label("Who hands out").fill("Ольга")
    offline.get_by_label("Search").fill("ЁЛК")
    expect(offline.locator("#rooms li")).to_have_count(1)
    open_room(offline, "Анна")
    offline.get_by_role("button", name="Handed out", exact=True).click()
    expect(offline.get_by_text("1 of 5 handed out")).to_be_visible()
    offline.get_by_label("Search").fill("")
    offline.get_by_label("Who hands out").fill("Maria")
    offline.get_by_role("button", name="Next free link").click()
    expect(offline.get_by_role("heading", name="Boris")).to_be_visible()
    offline.get_by_label("For whom").fill('=Zoe, "Z"')
    offline.get_by_role("button", name="Handed out", exact=True).click()
    expect(offline.get_by_text("2 of 5 handed out")).to_be_visible()

    offline.reload()
    expect(offline.get_by_text("2 of 5 handed out")).to_be_visible()
    offline.get_by_role("radio", name="Not handed out (3)").check()
    expect(offline.locator("#rooms li")).to_have_count(3)
    offline.get_by_role("radio", name="Handed out (2)", exact=True).check()
    open_room(offline, "Анна")
    expect(offline.get_by_text(re.compile("Handed out at"))).to_be_visible()
    expect(offline.locator("svg")).to_have_count(0)
    offline.get_by_role("button", name="Show the code again").click()
    expect(offline.locator("svg")).to_be_visible()
    offline.get_by_role("button", name="Back to the list").click()

    with offline.expect_download() as downloading:
        offline.get_by_role("button", name="Download the ticks").click()
    assert downloading.value.suggested_filename == f"hand-outs Clinic 2 {datetime.now(UTC):%Y-%m-%d}.csv"
    downloading.value.save_as(tmp_path / "ticks.csv")
    content = (tmp_path / "ticks.csv").read_bytes()
    found = ticked(read_file(content, "ticks.csv"))
    assert [(row.pack_id, row.room_id, row.by, row.label) for row in found.rows] == [
        (PACK, entries[0].id, "Ольга", ""),
        (PACK, entries[1].id, "Maria", '=Zoe, "Z"'),
    ]
    assert all(abs(row.given - datetime.now(UTC)) < timedelta(minutes=1) for row in found.rows)
    assert content.startswith(b"\xef\xbb\xbfpack,room_id,staff_code,no,label,whom,handed_out_at,handed_out_by\r\n")
    assert b"\"'=Zoe" in content and b"SECRET" not in content and b"http" not in content


def test_double_tap_opens_card_and_ticks_nothing(offline: Page) -> None:
    line = offline.locator("#rooms button", has_text="Boris")
    done = offline.get_by_role("button", name="Handed out", exact=True)
    open_room(offline, "Boris")
    x, y = middle(done)
    offline.get_by_role("button", name="Back to the list").click()
    # As in a long list: a line where the card has its button.
    offline.evaluate("down => (document.body.style.paddingTop = `${down}px`)", y - middle(line)[1])
    offline.mouse.dblclick(x, y)
    expect(done).to_be_visible()
    done.press("Enter")
    expect(offline.get_by_text("1 of 5 handed out")).to_be_visible()


def test_pack_speaks_the_language_of_its_making(
    open_context: OpenContext, tmp_path: Path, entries: list[Entry]
) -> None:
    file = tmp_path / "pack.html"
    with speaking("ru"):
        file.write_bytes(offline_pack(entries, pack_id=PACK, title="Coffee", station="Clinic", zone=BERLIN))
    page = open_context(viewport=SIZES[0]).new_page()
    page.goto(file.as_uri())
    open_room(page, "Boris")
    expect(page.get_by_text("Find a quiet place")).to_be_visible()
    page.get_by_role("button", name="Отметить выдачу").click()
    expect(page.get_by_text("Выдано: 1 из 5")).to_be_visible()
    open_room(page, "Boris")
    page.get_by_role("button", name="Не взяли").click()
    page.get_by_role("button", name="Точно не взяли").click()
    page.get_by_role("button", name="К списку").click()
    expect(page.get_by_text("Выдано: 0 из 5")).to_be_visible()


def test_two_tabs_keep_each_others_ticks(offline: Page) -> None:
    other = offline.context.new_page()
    other.goto(offline.url)
    open_room(offline, "Boris")
    expect(offline.locator("svg")).to_be_visible()
    open_room(other, "Boris")
    other.get_by_role("button", name="Handed out", exact=True).click()
    # The code is covered in the tab that had it open, too.
    expect(offline.get_by_text(re.compile("Handed out at"))).to_be_visible()
    offline.get_by_role("button", name="Back to the list").click()
    open_room(offline, "=1+1")
    offline.get_by_role("button", name="Handed out", exact=True).click()
    for page in (offline, other):
        expect(page.get_by_text("2 of 5 handed out")).to_be_visible()
    open_room(other, "Boris")
    other.get_by_role("button", name="It was not taken").click()
    other.get_by_role("button", name="Really not taken").click()
    expect(other.locator("svg")).to_be_visible()
    expect(offline.get_by_text("1 of 5 handed out")).to_be_visible()


def test_two_tabs_agree_without_shared_storage(offline: Page) -> None:
    offline.get_by_label("Who hands out").fill("Olga")
    open_room(offline, "Boris")
    offline.get_by_label("For whom").fill("Zoe")
    offline.get_by_role("button", name="Handed out", exact=True).click()
    other = offline.context.new_page()
    # Chromium gives one of two pages that are opened from a file an empty storage of its own at times.
    other.add_init_script(OWN_STORAGE)
    other.goto(offline.url)
    expect(other.get_by_text("1 of 5 handed out")).to_be_visible()
    expect(other.get_by_label("Who hands out")).to_have_value("Olga")
    expect(other.locator("#rooms button", has_text="Boris")).to_contain_text("for Zoe")
    open_room(other, "Boris")
    expect(other.locator("svg")).to_have_count(0)
    other.get_by_role("button", name="It was not taken").click()
    other.get_by_role("button", name="Really not taken").click()
    expect(offline.get_by_text("0 of 5 handed out")).to_be_visible()
    # What each tab kept for itself holds after a reload, too.
    for page in (offline, other):
        page.reload()
        expect(page.get_by_text("0 of 5 handed out")).to_be_visible()


def test_tick_is_seen_although_its_event_is_lost(offline: Page) -> None:
    offline.add_init_script("addEventListener('storage', (event) => event.stopImmediatePropagation())")
    # An old tablet has no channel between tabs, either.
    offline.add_init_script("delete window.BroadcastChannel")
    offline.clock.install()
    offline.reload()
    open_room(offline, "Boris")
    expect(offline.locator("svg")).to_be_visible()
    # Opened by the tab itself, so that both see one storage for certain.
    with offline.expect_popup() as opening:
        offline.evaluate("window.open(location.href)")
    other = opening.value
    open_room(other, "Boris")
    other.get_by_role("button", name="Handed out", exact=True).click()
    offline.clock.fast_forward(5_000)
    expect(offline.get_by_text(re.compile("Handed out at"))).to_be_visible()


def test_ticks_survive_reload_with_empty_storage(offline: Page) -> None:
    open_room(offline, "Boris")
    offline.get_by_role("button", name="Handed out", exact=True).click()
    expect(offline.get_by_text("1 of 5 handed out")).to_be_visible()
    # Chromium shows a page that is opened from a file an empty storage in about 3 of 100 reloads.
    offline.evaluate("localStorage.clear()")
    offline.reload()
    expect(offline.get_by_text("1 of 5 handed out")).to_be_visible()


def test_typed_text_survives_another_tabs_hand_out(offline: Page) -> None:
    open_room(offline, "Boris")
    offline.get_by_label("For whom").press_sequentially("Zoe")
    other = offline.context.new_page()
    other.goto(offline.url)
    open_room(other, "Анна")
    other.get_by_role("button", name="Handed out", exact=True).click()
    offline.bring_to_front()
    offline.get_by_label("For whom").press_sequentially("y")
    expect(offline.get_by_label("For whom")).to_have_value("Zoey")
    # The field still has the focus, and its text is kept already.
    offline.reload()
    expect(offline.get_by_text("1 of 5 handed out")).to_be_visible()
    expect(offline.locator("#rooms button", has_text="Boris")).to_contain_text("for Zoey")


def test_shown_code_is_covered_when_link_expires(offline: Page, entries: list[Entry]) -> None:
    offline.clock.install()
    offline.reload()
    open_room(offline, "Boris")
    expect(offline.locator("svg")).to_be_visible()
    offline.clock.fast_forward(round(timedelta(days=3, minutes=1) / timedelta(milliseconds=1)))
    expect(offline.get_by_text("This link has run out.")).to_be_visible()
    expect(offline.locator("svg")).to_have_count(0)
    expect(offline.get_by_text(entries[1].link.text)).to_have_count(0)
    offline.get_by_role("button", name="Back to the list").click()
    expect(offline.locator("#rooms button", has_text="ran out")).to_have_count(5)
    expect(offline.get_by_role("button", name="Next free link")).to_be_disabled()


def test_keyboard_returns_to_its_line(offline: Page) -> None:
    offline.set_viewport_size({"width": 390, "height": 300})
    row = offline.locator("#rooms button", has_text="=1+1")
    row.focus()
    left_at = offline.evaluate("window.scrollY")
    offline.keyboard.press("Enter")
    expect(offline.get_by_role("heading", name="=1+1")).to_be_focused()
    offline.get_by_role("button", name="Back to the list").press("Enter")
    expect(row).to_be_focused()
    assert left_at > 0 and offline.evaluate("window.scrollY") == left_at

    other = offline.context.new_page()
    other.goto(offline.url)
    open_room(other, "Boris")
    other.get_by_role("button", name="Handed out", exact=True).click()
    offline.bring_to_front()
    expect(offline.get_by_text("1 of 5 handed out")).to_be_visible()
    expect(row).to_be_focused()

    offline.get_by_role("button", name="Next free link").press("Enter")
    offline.get_by_role("button", name="Handed out", exact=True).press("Enter")
    expect(offline.get_by_role("button", name="Next free link")).to_be_focused()


def test_browser_that_keeps_nothing_says_so(offline: Page) -> None:
    offline.add_init_script("Storage.prototype.setItem = () => { throw new Error('full') }")
    offline.reload()
    expect(offline.get_by_text("This browser does not keep your ticks")).to_be_visible()
    open_room(offline, "Boris")
    offline.get_by_role("button", name="Handed out", exact=True).click()
    expect(offline.get_by_text("1 of 5 handed out")).to_be_visible()
