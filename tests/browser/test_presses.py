"""A press counts although the page moves while the finger is down."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.steps import open_files

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
