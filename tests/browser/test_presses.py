"""A press counts although the page moves while the finger is down."""

import pytest
from playwright.sync_api import FloatRect, Locator, Page, expect

from tests.browser.service import Service
from tests.browser.steps import choose_project, create, create_more, open_create, open_files, result_heading, take_away

MOVE = "distance => { document.body.style.transform = `translateY(-${distance}px)`; }"
"""Moves the page up under the pointer, as a list does that shrinks, or a result that scrolls into view."""


def press(page: Page, button: Locator) -> FloatRect:
    """Puts the finger on a button, leaves it there, and returns where the button is."""
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    return box


@pytest.mark.parametrize("name", ["CSV", "Excel", "Links only", "Mail merge"])
def test_press_gives_a_file_although_its_button_moves(dashboard: str, page: Page, name: str) -> None:
    page.goto(f"{dashboard}/links?every=0")
    expect(page.locator(".st-key-study_table tr.room").first).to_be_visible()
    open_files(page)
    button = take_away(page).get_by_role("button", name=name, exact=True)
    before = press(page, button)
    page.evaluate(MOVE, 120)
    moved = button.bounding_box()
    assert moved is not None and moved["y"] < before["y"] - before["height"]
    with page.expect_download():
        page.mouse.up()


def test_press_counts_while_list_is_filtered(aseed: Service, connected: str, page: Page) -> None:
    project = aseed.new_project()["id"]
    for number, room in enumerate(aseed.new_rooms(project, 12)):
        aseed.update(room["id"], display_name=f"Person-{number}")
    page.goto(f"{connected}/links?study={project}&every=0")
    # The field takes what was typed once it is left, which the press does.
    page.locator(".st-key-find input").fill("Person-1")
    press(page, page.get_by_role("button", name="Manage Person-1", exact=True))
    expect(page.get_by_text("3 rooms in view")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.mouse.up()
    expect(page.get_by_role("dialog").get_by_role("textbox", name="Label")).to_have_value("Person-1")
    expect(page.locator(".st-key-study_table tr.room")).to_have_count(3)


def test_press_counts_while_status_changes(aseed: Service, connected: str, page: Page) -> None:
    project = aseed.new_project()["id"]
    first, _ = aseed.new_rooms(project, 2)
    aseed.update(first["id"], display_name="Anna")
    page.goto(f"{connected}/links?study={project}&every=5")
    status = page.locator(".st-key-study_table tr.room").filter(has_text="Anna").locator(".pill")
    press(page, page.get_by_role("button", name="Manage Anna"))
    aseed.store.join(first["access_token"], "anna@example.org")
    expect(page.locator(".st-key-funnel")).to_contain_text("1 In interview")
    page.mouse.up()
    expect(page.get_by_role("dialog").get_by_text("Only a room that has not started can be changed.")).to_be_visible()
    expect(status).to_have_text("In interview")


def test_result_that_is_shown_again_is_in_sight(dashboard: str, page: Page) -> None:
    page.set_viewport_size({"width": 1000, "height": 500})
    open_create(page, dashboard)
    choose_project(page)
    create(page, 30)
    create_more(page)
    # From far down the form.
    page.locator("[data-testid=stMain]").evaluate("area => area.scrollTo(0, area.scrollHeight)")
    page.get_by_role("button", name="Show", exact=True).evaluate("button => button.click()")
    expect(result_heading(page, 30)).to_be_in_viewport()
