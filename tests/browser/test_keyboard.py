"""The dashboard without a mouse: from opening it to a copied link and a downloaded file, and in and out of dialogs."""

import csv
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenContext
from tests.browser.steps import (
    READY,
    choose_option,
    choose_project,
    create,
    create_button,
    links,
    open_create,
    result_heading,
)
from tests.servers import eventually

FOCUSED = """() => {
  let place = document.activeElement;
  while (place?.shadowRoot?.activeElement) place = place.shadowRoot.activeElement;
  if (place === document.body || place?.role === "dialog") return "";
  return (place?.ariaLabel || place?.labels?.[0]?.innerText || place?.innerText || "");
}"""
"""The name of what has the focus, within components too; empty where nothing has it, or a whole dialog."""

LINE = """() => {
  let place = document.activeElement;
  while (place?.shadowRoot?.activeElement) place = place.shadowRoot.activeElement;
  const wide = (style) => (style.outlineStyle === "solid" ? parseFloat(style.outlineWidth) : 0);
  const frame = place.matches("input, textarea") && place.parentElement;
  return Math.max(wide(getComputedStyle(place)), frame ? wide(getComputedStyle(frame)) : 0);
}"""
"""How wide the line around what has the focus is, or around the field that it is in, in pixels."""

MOST_STOPS = 60

SKIP = "Skip to the main button"


def go_to(page: Page, name: str, key: str = "Tab") -> int:
    """Move on until what has a name has the focus; give how many stops that took. Each of them is seen."""
    passed: list[str] = []
    while len(passed) < MOST_STOPS:
        page.keyboard.press(key)
        # An icon's name comes before the words.
        focused = (str(page.evaluate(FOCUSED)).splitlines() or [""])[-1]
        passed.append(focused)
        # A page that has just been opened gets its style a moment after its words.
        eventually(lambda: not page.evaluate(FOCUSED) or page.evaluate(LINE) >= 2)
        if name == focused:
            return len(passed)
    raise AssertionError(f"{name!r} is not among {passed}")


def test_link_and_file_without_a_mouse(dashboard: str, open_context: OpenContext) -> None:
    context = open_context(
        locale="en-GB", timezone_id="Europe/Berlin", permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    open_create(page, dashboard)
    go_to(page, "Project")
    page.keyboard.type(READY)
    expect(page.get_by_role("option", name=READY)).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-plan")).to_contain_text(READY)
    go_to(page, "Rooms")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-create button")).to_contain_text("Create 2 rooms")
    go_to(page, "Create 2 rooms")
    page.keyboard.press("Enter")
    expect(result_heading(page, 2)).to_be_visible()
    shown = links(page)
    go_to(page, "CSV")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    rows = list(csv.DictReader(Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()))
    assert [row["link"] for row in rows] == shown
    go_to(page, "Copy link 2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()") == shown[1]


def test_main_button_of_a_page_is_near(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    choose_project(page)
    create(page, 2)
    page.goto(f"{dashboard}/links")
    expect(page.locator(".st-key-study_table tr.room").first).to_be_visible()
    before = go_to(page, SKIP)
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUSED).startswith("Copy the link of ")
    assert before + 1 <= 10
    page.get_by_role("link", name="Create").first.click()
    open_create(page, dashboard)
    choose_project(page)
    expect(create_button(page)).to_be_enabled()
    # From the top of the page, as after it was opened.
    page.evaluate("document.activeElement.blur()")
    before = go_to(page, SKIP)
    page.keyboard.press("Enter")
    expect(create_button(page)).to_be_focused()
    assert before + 1 <= 12


def test_dialog_gives_the_focus_back(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    choose_project(page)
    create(page, 2)
    page.goto(f"{dashboard}/links")
    choose_option(page, "project", READY)
    # Other batches have a first room, too, and then their names have numbers.
    button = page.get_by_role("button", name=re.compile("^Manage Room 1( |$)")).first
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("img.code")).to_be_visible()
    # Held: it goes round, and never to the page beneath.
    go_to(page, "Copy link")
    go_to(page, "Copy link")
    go_to(page, "Close")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(button).to_be_focused()
    extend = page.get_by_role("button", name="Extend…", exact=True)
    extend.focus()
    page.keyboard.press("Enter")
    expect(dialog).to_be_visible()
    go_to(page, "Close")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(extend).to_be_focused()
