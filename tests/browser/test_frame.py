"""The frame around every page, and how soon what a person came for is in sight."""

import re
from functools import partial

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import OpenContext
from tests.browser.service import Service
from tests.browser.steps import choose_option
from tests.servers import eventually

PAGES = ("Create", "Links", "Desk", "Doors", "Batches", "Settings")

REACHED = """() => {
  const kinds = "[data-testid=stTopNavLink], [data-testid=stTopNavSection]";
  const ways = document.querySelectorAll(`[data-testid=stHeader] :is(${kinds})`);
  const isHit = (way) => {
    const { left, right, top, bottom } = way.getBoundingClientRect();
    return [left + 2, right - 2].every((x) => way.contains(document.elementFromPoint(x, (top + bottom) / 2)));
  };
  return [...ways].filter(isHit).map((way) => way.innerText.trim().split("\\n").at(-1));
}"""
"""The names of the pages in the header that a press would meet, from end to end."""


@pytest.fixture
def phone(open_context: OpenContext) -> Page:
    context: BrowserContext = open_context(viewport={"width": 390, "height": 844}, has_touch=True, locale="en-GB")
    return context.new_page()


def bottom(page: Page, selector: str) -> float:
    """Where the first of some elements ends, in pixels from the top of the screen, before anybody scrolls."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def test_one_header_of_56_pixels_holds_everything(aseed: Service, connected: str, page: Page) -> None:
    project = aseed.new_project()
    page.goto(connected)
    choose_option(page, "project", project["name"])
    header = page.get_by_test_id("stHeader")
    box = header.bounding_box()
    assert box is not None and box["height"] <= 56
    shown = [page.get_by_role("combobox", name="Project"), page.locator(".st-key-mode button")]
    shown += [header.get_by_role("link", name=name) for name in PAGES]
    for element in shown:
        place = element.bounding_box()
        assert place is not None and place["y"] + place["height"] <= 56
    page.locator(".st-key-mode button").click()
    expect(page.get_by_text("Aseed at 127.0.0.1")).to_be_visible()


def test_every_page_is_reached_at_each_width(connected: str, page: Page) -> None:
    page.goto(f"{connected}/links")
    expect(page.get_by_role("combobox", name="Project")).to_be_visible()
    for width in (1280, 1100, 900, 768):
        page.set_viewport_size({"width": width, "height": 800})
        # Those that have no room are in a menu: such as "2 more".
        eventually(lambda: sum(int(name.split()[0]) if "more" in name else 1 for name in page.evaluate(REACHED)) == 6)
    page.get_by_test_id("stTopNavSection").click()
    page.get_by_role("menuitem", name="Settings").click()
    expect(page).to_have_title("Settings · Interview rooms")


def test_chosen_project_stays_over_pages_and_reload(aseed: Service, connected: str, page: Page) -> None:
    project = aseed.new_project()
    page.goto(connected)
    choose_option(page, "project", project["name"])
    for name in ("Links", "Desk", "Doors", "Batches", "Settings", "Create"):
        page.get_by_test_id("stHeader").get_by_role("link", name=name).click()
        expect(page).to_have_title(f"{name} · Interview rooms")
        # Each page says it in its address, once it is drawn.
        expect(page).to_have_url(re.compile(f"study={project['id']}"))
    page.reload()
    expect(page.get_by_role("combobox", name="Project")).to_have_value(project["name"])


def test_first_room_of_links_is_above_the_fold(aseed: Service, connected: str, page: Page) -> None:
    project = aseed.new_project()["id"]
    aseed.new_rooms(project, 30)
    page.goto(f"{connected}/links?study={project}&every=0")
    expect(page.locator(".st-key-study_table tr.room")).to_have_count(25)
    assert bottom(page, ".st-key-study_table tr.room") <= 800


def test_first_room_of_links_is_near_on_phone(aseed: Service, connected: str, phone: Page) -> None:
    project = aseed.new_project()["id"]
    aseed.new_rooms(project, 30)
    phone.goto(f"{connected}/links?study={project}&every=0")
    expect(phone.locator(".st-key-study_table tr.room")).to_have_count(25)
    assert bottom(phone, ".st-key-study_table tr.room") <= 1.5 * 844


def lies_at_foot(link: Locator) -> bool:
    """Whether it is there, and large enough for a finger; until the page has its style it is not."""
    box = link.bounding_box()
    return box is not None and box["height"] >= 44 and box["y"] + box["height"] >= 800


def test_pages_lie_at_a_phones_foot(connected: str, phone: Page) -> None:
    phone.goto(connected)
    foot = phone.locator(".st-key-foot")
    for name in ("Links", "Desk", "Doors", "Batches", "Settings", "Create"):
        link = foot.get_by_role("link", name=name)
        eventually(partial(lies_at_foot, link))
        link.tap()
        expect(phone).to_have_title(f"{name} · Interview rooms")
    expect(phone.get_by_test_id("stHeader").get_by_role("link")).to_have_count(0)
