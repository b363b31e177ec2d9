"""A press counts although the page moves while the finger is down."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import choose_project, create_button, fill_number, open_create, open_files

MOVE = "distance => { document.body.style.transform = `translateY(-${distance}px)`; }"
"""Moves the page up under the pointer, as a list does that shrinks, or a result that scrolls into view."""


@pytest.mark.parametrize("name", ["CSV", "Excel", "Links only", "Mail merge"])
def test_press_gives_a_file_although_its_button_moves(dashboard: str, page: Page, name: str) -> None:
    page.goto(f"{dashboard}/links?every=0")
    expect(page.locator(".st-key-study_table tr.room").first).to_be_visible()
    open_files(page)
    button = page.get_by_role("button", name=name, exact=True)
    button.scroll_into_view_if_needed()
    before = button.bounding_box()
    assert before is not None
    page.mouse.move(before["x"] + before["width"] / 2, before["y"] + before["height"] / 2)
    page.mouse.down()
    page.evaluate(MOVE, 120)
    moved = button.bounding_box()
    assert moved is not None and moved["y"] < before["y"] - before["height"]
    with page.expect_download():
        page.mouse.up()


SCROLLS = """() => {
  const area = document.querySelector("[data-testid=stMain]");
  const moved = window.lastTop !== undefined && window.lastTop !== area.scrollTop;
  window.lastTop = area.scrollTop;
  return moved;
}"""
"""Whether the page has scrolled since the last frame."""

SETTLES = """() => {
  const area = document.querySelector("[data-testid=stMain]");
  const before = area.scrollTop;
  return new Promise(resolve => setTimeout(() => resolve(Math.abs(area.scrollTop - before)), 1000));
}"""
"""How far the page scrolls within the next second."""


def test_scroll_to_result_stops_under_a_finger(dashboard: str, page: Page) -> None:
    page.set_viewport_size({"width": 1000, "height": 500})
    open_create(page, dashboard)
    choose_project(page)
    fill_number(page, "count", 30)
    expect(create_button(page)).to_contain_text("Create 30 rooms")
    create_button(page).click()
    expect(page.locator(".st-key-arrive")).to_be_attached()
    page.wait_for_function(SCROLLS, polling="raf")
    page.mouse.down()
    moved = page.evaluate(SETTLES)
    page.mouse.up()
    assert moved <= 1
