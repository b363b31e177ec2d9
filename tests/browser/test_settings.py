"""The Settings page in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from services.sandbox.store import Store
from tests.browser.steps import choose_project, create
from tests.servers import running_dashboard


def open_settings(page: Page, address: str) -> None:
    page.goto(f"{address}/settings")
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()


def test_connection_can_be_tried(dashboard: str, page: Page) -> None:
    open_settings(page, dashboard)
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_text("It works:")).to_be_visible()


def test_impossible_token_is_refused_and_kept(dashboard: str, page: Page) -> None:
    open_settings(page, dashboard)
    page.locator(".st-key-token input").fill("two words")
    page.get_by_role("button", name="Use this token").click()
    expect(page.get_by_text("That is no API token")).to_be_visible()
    expect(page.locator(".st-key-token input")).to_have_value("two words")


def test_pasted_token_can_be_dropped(dashboard: str, page: Page) -> None:
    open_settings(page, dashboard)
    page.locator(".st-key-token input").fill("sandbox-of-my-own")
    page.get_by_role("button", name="Use this token").click()
    expect(page.get_by_text("uses a token that you pasted")).to_be_visible()
    assert "sandbox-of-my-own" not in page.content()
    page.get_by_role("button", name="Disconnect").click()
    expect(page.locator(".st-key-token input")).to_have_value("")


def test_sandbox_is_reset_after_second_yes(dashboard: str, data: Path, page: Page) -> None:
    store, token = Store(data / "sandbox.sqlite3"), "sandbox-to-reset"
    open_settings(page, dashboard)
    page.locator(".st-key-token input").fill(token)
    page.get_by_role("button", name="Use this token").click()
    expect(page.get_by_text("It works:")).to_be_visible()
    page.get_by_role("link", name="Create").click()
    choose_project(page)
    create(page, 3)
    made = len(store.rooms(store.account(token)))
    page.get_by_role("link", name="Settings").click()
    page.get_by_role("button", name="Reset the sandbox").click()
    page.get_by_role("button", name="Keep everything").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert len(store.rooms(store.account(token))) == made
    page.get_by_role("button", name="Reset the sandbox").click()
    page.get_by_role("button", name="Delete and start over").click()
    expect(page.get_by_text("The sandbox is as new.")).to_be_visible()
    assert len(store.rooms(store.account(token))) == made - 3


@pytest.fixture(scope="module")
def refused(dashboard: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dashboard whose token is refused."""
    settings = {"ASEED_BASE_URL": f"{dashboard}/custdev", "ASEED_API_TOKEN": "expired"}
    with running_dashboard(tmp_path_factory.mktemp("refused"), **settings) as address:
        yield address


@pytest.mark.parametrize("path", ["/", "/settings"])
def test_refused_token_never_falls_back_to_sandbox(refused: str, page: Page, path: str) -> None:
    page.goto(f"{refused}{path}")
    if path == "/settings":
        page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_text("Aseed no longer accepts the API token.")).to_be_visible()
    expect(page.get_by_role("link", name="Open Settings")).to_be_visible()
    expect(page.locator(".stException")).to_have_count(0)
    expect(page.get_by_text("Sandbox: rehearsal")).to_have_count(0)
