"""A press counts, whatever the page does while the finger is down: files come, and what costs money is done once."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.steps import choose_project, create, open_create

MOVE = """distance => {
    const inner = document.querySelector("[data-testid=stMain]");
    inner.scrollBy({ top: distance, behavior: "instant" });
}"""
"""Moves the page under the pointer, as a list above that grows does."""


def press(page: Page, button: Locator, distance: int) -> None:
    """Hold the button down with the mouse while the page moves, and let it go where it was pressed."""
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.evaluate(MOVE, distance)
    moved = button.bounding_box()
    assert moved is not None and abs(moved["y"] - box["y"]) > 40
    page.mouse.up()


@pytest.mark.parametrize("distance", [-120, 120])
def test_press_gives_a_file_although_the_button_moves(dashboard: str, page: Page, distance: int) -> None:
    open_create(page, dashboard)
    choose_project(page)
    create(page, 14)
    button = page.get_by_role("button", name="Download CSV")
    expect(button).to_be_visible()
    # Let the page come to rest after it has shown the result.
    page.wait_for_timeout(2000)
    with page.expect_download(timeout=10_000):
        press(page, button, distance)
