"""A page that Streamlit's own script takes away, and what a person sees in its place."""

from playwright.sync_api import Page, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.steps import choose_project, create, links, open_create, result_heading
from tests.browser.wire import HeldLine


def unfitting() -> bytes:
    """A message that has no place on any page, as where a busy server left out what comes before it."""
    message = ForwardMsg()
    message.delta.new_element.markdown.body = "-"
    message.metadata.delta_path.extend([0, 1000])
    sent: bytes = message.SerializeToString()
    return sent


def test_broken_page_comes_back_with_result(dashboard: str, page: Page) -> None:
    line = HeldLine(page)
    open_create(page, dashboard)
    choose_project(page)
    create(page, 2)
    made = links(page)
    with page.expect_navigation():
        line.tell(unfitting())
    expect(result_heading(page, 2)).to_be_visible()
    assert links(page) == made


def test_page_that_breaks_again_says_so(dashboard: str, page: Page) -> None:
    line = HeldLine(page)
    open_create(page, dashboard)
    expect(page.locator("#root[data-watched]")).to_be_attached()
    with page.expect_navigation():
        line.tell(unfitting())
    expect(page.locator("#root[data-watched]")).to_be_attached()
    expect(page.get_by_role("heading", name="Create interview rooms")).to_be_visible()
    line.tell(unfitting())
    expect(page.get_by_role("alert")).to_contain_text("This page broke, twice in a row.")
    page.get_by_role("button", name="Reload this page").click()
    expect(page.get_by_role("heading", name="Create interview rooms")).to_be_visible()
