"""Signing in at a real provider, in a real browser: who comes in, who does not, and how it ends."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, decode_signed_value

from tests.browser.axe import findings
from tests.browser.conftest import OpenContext
from tests.browser.steps import expect_door, sign_in, sign_out
from tests.provider import COOKIE_SECRET, Provider, login_address
from tests.servers import running_dashboard

USER = "_streamlit_user"


def _person(email: str, **claims: object) -> dict[str, object]:
    return {"email": email, "email_verified": True, **claims}


PEOPLE = {
    "anna": _person("anna@example.org"),
    "capitals": _person("Anna@EXAMPLE.org"),
    "colleague": _person("colleague@example.org"),
    "claims": _person("claims@other.org", groups=["staff", "researcher"]),
    "outsider": _person("outsider@other.org"),
    "unverified": {"email": "anna@example.org", "email_verified": False},
}


def shown(email: str) -> str:
    """An address as pages have it: a mark that is not seen keeps browsers from making a link of it."""
    return email.replace("@", "@\u2060")


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    made = Provider(PEOPLE)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dashboard's, with its log."""
    return tmp_path_factory.mktemp("guarded")


@pytest.fixture(scope="module")
def guarded(provider: Provider, folder: Path) -> Iterator[str]:
    """A dashboard on the sandbox that has people sign in."""
    rules = {"ROOMS_ADMINS": "anna@example.org", "ROOMS_VIEWERS": "@example.org", "ROOMS_ROLE_CLAIM": "groups"}
    settings = provider.settings(folder, ROOMS_LOG="json", **rules)
    with running_dashboard(folder, ASEED_BASE_URL="", ASEED_API_TOKEN="", **settings) as at:
        yield at


def enter(page: Page, address: str) -> None:
    page.goto(login_address(address))
    page.get_by_role("button", name="anna", exact=True).click()
    expect(page.locator(".st-key-mode button")).to_be_visible()


def cookie_of(context: BrowserContext) -> str:
    return next(each["value"] for each in context.cookies() if each["name"] == USER)


@pytest.fixture
def context(context: BrowserContext) -> BrowserContext:
    """A browser that waits for no style sheet of the provider's, which lies elsewhere."""
    context.route(lambda address: "//127.0.0.1" not in address, lambda route: route.abort())
    return context


def test_deep_link_survives_on_a_cold_server(guarded: str, page: Page) -> None:
    page.goto(f"{guarded}/batches?state=over&project=%D1%84")
    expect_door(page)
    assert findings(page) == []
    sign_in(page, "anna")
    expect(page.get_by_role("heading", name="Batches")).to_be_visible()
    assert page.url.startswith(f"{guarded}/batches?") and "state=over" in page.url


def test_known_people_come_in(guarded: str, page: Page) -> None:
    for name, email, role in (
        ("anna", "anna@example.org", "admin"),
        ("capitals", "anna@example.org", "admin"),
        ("colleague", "colleague@example.org", "viewer"),
        ("claims", "claims@other.org", "researcher"),
    ):
        page.goto(login_address(guarded))
        page.get_by_role("button", name=name, exact=True).click()
        page.locator(".st-key-mode button").click()
        expect(page.get_by_text(f"Signed in as {shown(email)} ({role})")).to_be_visible()


def test_log_knows_people_by_their_keys(guarded: str, page: Page, folder: Path) -> None:
    enter(page, guarded)
    lines = [json.loads(line) for line in (folder / "dashboard.log").read_text().splitlines() if line.startswith("{")]
    keys = {line["person"] for line in lines if line["event"] == "aseed.call" and "person" in line}
    assert keys and all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)
    assert "@" not in "".join(str(line) for line in lines)


def test_others_are_told_why_not(guarded: str, page: Page) -> None:
    page.goto(guarded)
    sign_in(page, "outsider")
    expect(page.get_by_text(shown("outsider@other.org"))).to_contain_text("Ask the person who runs this dashboard.")
    expect_door(page, "Sign in as another person")
    assert findings(page) == []
    sign_in(page, "unverified", "Sign in as another person")
    expect(page.get_by_text("does not vouch")).to_contain_text(shown("anna@example.org"))
    expect_door(page, "Sign in as another person")
    sign_in(page, "anna", "Sign in as another person")
    expect(page.locator(".st-key-mode button")).to_be_visible()


def test_link_elsewhere_is_not_followed(guarded: str, page: Page, context: BrowserContext) -> None:
    context.add_cookies([{"name": "rooms_wanted", "value": "%2F%2Fevil.example%2F", "url": guarded}])
    enter(page, guarded)
    assert page.url.startswith(guarded)


def test_signing_out_ends_every_tab_and_copy(guarded: str, context: BrowserContext, open_context: OpenContext) -> None:
    first, second = context.new_page(), context.new_page()
    enter(first, guarded)
    second.goto(f"{guarded}/settings")
    expect(second.get_by_role("heading", name="Settings", exact=True)).to_be_visible()
    copied = cookie_of(context)
    sign_out(first)
    expect_door(second)
    thief = open_context()
    thief.add_cookies([{"name": USER, "value": copied, "url": guarded}])
    page = thief.new_page()
    page.goto(guarded)
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    expect_door(page)
    # A new sign-in of the same person is another one.
    enter(first, guarded)


def test_old_sign_in_is_over(guarded: str, page: Page, context: BrowserContext) -> None:
    enter(page, guarded)
    claims = json.loads(decode_signed_value(COOKIE_SECRET, USER, cookie_of(context).encode()) or b"{}")
    claims["iat"] -= 12 * 3600 + 1
    aged = create_signed_value(COOKIE_SECRET, USER, json.dumps(claims)).decode()
    context.add_cookies([{"name": USER, "value": aged, "url": guarded}])
    page.reload()
    expect(page.get_by_text(f"Your sign-in as {shown('anna@example.org')} is over")).to_be_visible()
    expect_door(page)


def test_refusal_at_the_provider_is_told(guarded: str, page: Page) -> None:
    page.goto(f"{guarded}/desk")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Deny").click()
    expect(page.get_by_text("You were not signed in")).to_be_visible()
    expect_door(page)
    assert page.url == f"{guarded}/desk"


def test_silent_provider_is_told_and_tried_again(guarded: str, page: Page, provider: Provider) -> None:
    page.goto(f"{guarded}/links")
    provider.stop()
    try:
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_text("The sign-in service did not answer as it should.")).to_be_visible()
        expect(page).to_have_url(re.compile("/links$"))
    finally:
        provider.start()
    sign_in(page, "anna")
    expect(page.get_by_role("heading", name="Links")).to_be_visible()
