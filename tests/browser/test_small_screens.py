"""Narrow screens, such as at 400 % zoom, and fingers: no page scrolls sideways, and what is pressed is large enough."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenContext
from tests.browser.steps import (
    READY,
    choose_option,
    choose_project,
    create,
    links,
    open_buttons,
    open_create,
    open_desk,
)
from tests.servers import PATIENCE

NARROW = 320
"""Pixels: what a screen of 1280 has left at 400 % zoom (WCAG 2.2, 1.4.10)."""

FINGER = 44
"""Pixels, each way."""

SIDEWAYS = """() => [document.scrollingElement, ...document.querySelectorAll(".stApp, [data-testid=stMain]")]
  .map((area) => area.scrollWidth - area.clientWidth)
  .filter((more) => more > 0)"""
"""By how much the areas of the page are wider than what is seen of them."""

SMALL = """(least) => {
  const within = (root) => [...root.querySelectorAll("*")].flatMap((each) =>
    each.shadowRoot ? within(each.shadowRoot) : [each]);
  const pressed = "button:not([tabindex='-1']):not([aria-label^='Help']), a[href], summary, [role=tab], [role=radio]";
  return within(document.querySelector("[data-testid=stMain]"))
    .filter((each) => each.matches(pressed) && each.checkVisibility() && each.getBoundingClientRect().height)
    .filter((each) => !each.closest("p, [data-testid=stHeaderActionElements]"))
    .map((each) => [each.ariaLabel || each.innerText, each.getBoundingClientRect()])
    .filter(([, box]) => box.height < least - 0.5 || box.width < least - 0.5)
    .map(([name, box]) => `${name}: ${Math.round(box.width)} x ${Math.round(box.height)}`);
}"""
"""What is too small for a finger; a link within a sentence, and the sign that only explains, may be."""


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": NARROW, "height": 640}, has_touch=True, is_mobile=True, locale="en-GB"
    )
    context.set_default_timeout(PATIENCE * 1000)
    yield context.new_page()
    context.close()


def fits(page: Page) -> None:
    assert page.evaluate(SIDEWAYS) == []
    assert page.evaluate(SMALL, FINGER) == []


def test_create_and_its_result_fit_a_phone(dashboard: str, phone: Page) -> None:
    open_create(phone, dashboard)
    choose_project(phone)
    fits(phone)
    create(phone, 2)
    links(phone)
    fits(phone)


def test_other_pages_fit_a_phone(dashboard: str, phone: Page) -> None:
    phone.goto(f"{dashboard}/links")
    choose_option(phone, "project", READY)
    expect(phone.locator(".st-key-study_table tr.room").first).to_be_visible()
    fits(phone)
    phone.goto(f"{dashboard}/batches")
    expect(open_buttons(phone).first).to_be_visible()
    fits(phone)
    open_desk(phone, dashboard)
    expect(phone.get_by_role("button", name="Start")).to_be_visible()
    fits(phone)


def test_doors_and_their_form_fit_a_phone(dashboard: str, phone: Page) -> None:
    phone.goto(f"{dashboard}/doors")
    choose_option(phone, "project", READY)
    phone.get_by_role("button", name="Open a door").click()
    phone.get_by_role("textbox", name="Name", exact=True).fill("City library")
    phone.get_by_text("When it is open", exact=True).click()
    phone.get_by_text("Questions before the interview", exact=True).click()
    phone.get_by_role("button", name="Add a question").click()
    expect(phone.get_by_role("textbox", name="Answer 3")).to_be_visible()
    fits(phone)
    phone.get_by_role("button", name="Open the door").click()
    expect(phone.get_by_role("button", name="Wallboard")).to_be_visible()
    fits(phone)
    phone.goto(f"{dashboard}/settings")
    expect(phone.get_by_role("button", name="Test the connection")).to_be_visible()
    fits(phone)
    phone.goto(f"{dashboard}/audit")
    expect(phone.get_by_role("heading", name="Audit")).to_be_visible()
    fits(phone)


def test_longer_words_of_russian_fit_a_phone(dashboard: str, open_context: OpenContext) -> None:
    phone = open_context(viewport={"width": NARROW, "height": 640}, has_touch=True, is_mobile=True, locale="ru-RU")
    page = phone.new_page()
    page.goto(dashboard)
    choose_project(page)
    fits(page)
    for name in ("links", "batches", "desk", "settings", "audit"):
        page.goto(f"{dashboard}/{name}")
        expect(page.locator("html")).to_have_attribute("lang", "ru")
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        fits(page)


ZOOMED = {"width": 640, "height": 400}
"""What a screen of 1280 x 800 has left at 200 % zoom (WCAG 2.2, 1.4.4)."""

FLAT = """() => {
  const within = (root) => [...root.querySelectorAll("*")].flatMap((each) =>
    each.shadowRoot ? within(each.shadowRoot) : [each]);
  const isBare = (each) => getComputedStyle(each).borderTopStyle === "none" || !each.clientTop;
  const ours = within(document).filter((each) => each.getRootNode() instanceof ShadowRoot);
  return ours.filter((each) => each.matches("button:not(:has(svg))") && each.checkVisibility() && isBare(each))
    .map((each) => each.ariaLabel || each.innerText);
}"""
"""Our components' buttons that are told by their ground alone, which forced colours take away, and not by a picture."""


def test_pages_keep_their_parts_at_double_zoom(dashboard: str, open_context: OpenContext) -> None:
    page = open_context(viewport=ZOOMED, device_scale_factor=2, locale="en-GB").new_page()
    open_create(page, dashboard)
    choose_project(page)
    create(page, 2)
    for name in ("", "links", "doors", "batches", "settings", "audit"):
        page.goto(f"{dashboard}/{name}")
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        assert page.evaluate(SIDEWAYS) == []
        assert page.get_by_role("heading").first.bounding_box() is not None


def test_buttons_have_edges_in_forced_colours(dashboard: str, open_context: OpenContext) -> None:
    page = open_context(forced_colors="active", locale="en-GB").new_page()
    open_create(page, dashboard)
    choose_project(page)
    create(page, 2)
    links(page)
    assert page.evaluate(FLAT) == []
    page.goto(f"{dashboard}/links")
    choose_option(page, "project", READY)
    expect(page.locator(".st-key-study_table tr.room").first).to_be_visible()
    assert page.evaluate(FLAT) == []
