"""The Settings page in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from services.sandbox.store import Store
from tests.browser.steps import choose_project, create, open_create
from tests.servers import running_dashboard


def open_settings(page: Page, address: str) -> None:
    page.goto(f"{address}/settings")
    expect(page.get_by_role("heading", name="Settings", exact=True)).to_be_visible()


def test_the_connection_can_be_tried(dashboard: str, page: Page) -> None:
    open_settings(page, dashboard)
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_text("It works:")).to_be_visible()


def test_a_token_that_cannot_be_one_is_refused_and_kept(dashboard: str, page: Page) -> None:
    open_settings(page, dashboard)
    page.locator(".st-key-token input").fill("two words")
    page.get_by_role("button", name="Use this token").click()
    expect(page.get_by_text("That is no API token")).to_be_visible()
    expect(page.locator(".st-key-token input")).to_have_value("two words")


def test_a_pasted_token_is_this_sessions_alone_and_can_be_dropped(dashboard: str, page: Page) -> None:
    open_settings(page, dashboard)
    page.locator(".st-key-token input").fill("sandbox-of-my-own")
    page.get_by_role("button", name="Use this token").click()
    expect(page.get_by_text("uses a token that you pasted")).to_be_visible()
    assert "sandbox-of-my-own" not in page.content()
    page.get_by_role("button", name="Disconnect").click()
    expect(page.locator(".st-key-token input")).to_have_value("")


def test_the_sandbox_is_reset_only_after_a_second_yes(tmp_path: Path, page: Page) -> None:
    with running_dashboard(tmp_path) as address:
        store = Store(tmp_path / "sandbox.sqlite3")
        open_create(page, address)
        choose_project(page)
        create(page, 3)
        made = len(store.rooms(store.account("sandbox")))
        page.get_by_role("link", name="Settings").click()
        page.get_by_role("button", name="Reset the sandbox").click()
        page.get_by_role("button", name="Keep everything").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        assert len(store.rooms(store.account("sandbox"))) == made
        page.get_by_role("button", name="Reset the sandbox").click()
        page.get_by_role("button", name="Delete and start over").click()
        expect(page.get_by_text("The sandbox is as new.")).to_be_visible()
        assert len(store.rooms(store.account("sandbox"))) == made - 3


@pytest.mark.parametrize("path", ["/", "/settings"])
def test_a_token_that_is_refused_says_so_and_never_falls_back_to_the_sandbox(
    dashboard: str, tmp_path: Path, page: Page, path: str
) -> None:
    with running_dashboard(tmp_path, ASEED_BASE_URL=f"{dashboard}/custdev", ASEED_API_TOKEN="expired") as address:
        page.goto(f"{address}{path}")
        if path == "/settings":
            page.get_by_role("button", name="Test the connection").click()
        expect(page.get_by_text("Aseed no longer accepts the API token.")).to_be_visible()
        expect(page.get_by_role("link", name="Open Settings")).to_be_visible()
        expect(page.locator(".stException")).to_have_count(0)
        expect(page.get_by_text("Sandbox: rehearsal")).to_have_count(0)
