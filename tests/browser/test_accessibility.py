"""Every page and every dialog, read by axe-core: nothing serious is found, in the light and in the dark scheme."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from services.export.offline.page import offline_pack
from services.participants import Participant
from tests.browser.axe import TWINS, findings
from tests.browser.steps import (
    READY,
    choose_option,
    choose_project,
    create,
    links,
    open_buttons,
    open_create,
    open_desk,
    open_newest_batch,
    start_desk,
)
from tests.browser.streamlit_faults import FAULTS
from tests.entries import BERLIN, entry
from tests.servers import PATIENCE


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """One page for all: each test goes to its own address."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, timezone_id="Europe/Berlin", locale="en-GB")
    context.set_default_timeout(PATIENCE * 1000)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def made(dashboard: str, page: Page) -> str:
    """The address of a dashboard with three rooms."""
    open_create(page, dashboard)
    choose_project(page)
    create(page, 3)
    return dashboard


def check(page: Page, place: str) -> None:
    """Hold a place, as it is on show, against axe-core: it finds Streamlit's known faults there, and nothing else."""
    found = findings(page)
    # A row gets its name once our script has seen it.
    page.wait_for_function(f"() => ({TWINS})().length === 0")
    known = [fault for fault in FAULTS if place in fault.places]
    ours = [each for each in found if not any(fault.is_seen_in(each) for fault in known)]
    assert not ours, "\n\n".join(f"{place}: {each.rule}\n{each.element}\n{each.html}\n{each.why}" for each in ours)
    gone = [fault for fault in known if not any(fault.is_seen_in(each) for each in found)]
    assert not gone, f"{place}: Streamlit has mended this, so it is to be listed no longer: {gone}"


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def test_create_before_a_press(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    check(page, "create, empty")
    choose_project(page)
    topics = page.locator(".st-key-topics_for_respondent textarea")
    topics.fill("Your mornings")
    topics.blur()
    expect(page.locator(".st-key-topics_preview")).to_be_visible()
    check(page, "create, filled in")
    page.get_by_text("A list of people").click()
    page.get_by_text("Paste", exact=True).click()
    area = page.locator(".st-key-roster_text textarea")
    area.fill("name\temail\nAnna K.\tanna@example.org\nBoris\tboris at example")
    area.blur()
    expect(page.locator(".st-key-people [data-testid=stAlert]")).to_be_visible()
    check(page, "create, list of people")


def test_result_and_codes(made: str, page: Page) -> None:
    open_create(page, made)
    choose_project(page)
    create(page, 2)
    links(page)
    check(page, "result")
    page.get_by_role("button", name="Show the QR code of link 1 large").click()
    expect(page.locator("dialog.large")).to_be_visible()
    check(page, "large code")


def open_links(page: Page, address: str) -> None:
    page.goto(f"{address}/links")
    choose_option(page, "project", READY)
    expect(page.locator(".st-key-study_table tr.room").first).to_be_visible()


def test_links_and_what_is_taken_away(made: str, page: Page) -> None:
    open_links(page, made)
    check(page, "links")
    page.get_by_role("button", name="Take away").click()
    expect(dialog(page).get_by_role("button", name="Links only")).to_be_visible()
    check(page, "files")
    dialog(page).get_by_role("radio", name="Codes").click()
    expect(page.locator(".st-key-code_preview_links img")).to_be_visible()
    check(page, "codes")
    dialog(page).get_by_role("radio", name="Cards").click()
    page.get_by_role("button", name="Make the PDF").click()
    expect(page.locator("[data-testid=stImage] img").last).to_be_visible()
    check(page, "cards")
    dialog(page).get_by_role("radio", name="Messages").click()
    expect(page.locator(".st-key-message_preview_links")).to_be_visible()
    check(page, "messages")


def test_panels_of_links(made: str, page: Page) -> None:
    open_links(page, made)
    page.get_by_role("button", name="Figures").click()
    expect(page.get_by_text("tokens spent")).to_be_visible()
    check(page, "figures")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Filters").click()
    expect(page.get_by_text("Link runs out within")).to_be_visible()
    check(page, "filters")


def test_dialogs_of_links(made: str, page: Page) -> None:
    open_links(page, made)
    page.locator(".st-key-study_table button.more").first.click()
    expect(dialog(page).locator("img.code")).to_be_visible()
    check(page, "dialog of a room")
    dialog(page).get_by_role("button", name="Close").click()
    for name, place in (("Extend…", "extend"), ("Cancel…", "cancel"), ("Say whom they are for…", "relabel")):
        expect(dialog(page)).to_have_count(0)
        page.get_by_role("button", name=name).click()
        expect(dialog(page)).to_be_visible()
        check(page, f"dialog to {place}")
        dialog(page).get_by_role("button", name="Close").click()


def test_doors_their_form_and_wallboard(made: str, page: Page) -> None:
    page.goto(f"{made}/doors")
    choose_option(page, "project", READY)
    expect(page.get_by_role("button", name="Open a door")).to_be_visible()
    check(page, "doors, none")
    page.get_by_role("button", name="Open a door").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("City library")
    for part in ("What visitors read", "When it is open", "Who may come in", "Questions before the interview"):
        page.get_by_text(part, exact=True).click()
    page.get_by_role("button", name="Add a question").click()
    expect(page.get_by_role("textbox", name="Answer 3")).to_be_visible()
    check(page, "door, form")
    page.get_by_role("button", name="Open the door").click()
    expect(page.get_by_role("button", name="Wallboard")).to_be_visible()
    check(page, "doors")
    page.get_by_role("button", name="Wallboard").click()
    expect(page.locator("img.code")).to_be_visible()
    check(page, "wallboard")


def test_batches_and_one_of_them(made: str, page: Page) -> None:
    page.goto(f"{made}/batches")
    expect(open_buttons(page).first).to_be_visible()
    check(page, "batches")
    open_newest_batch(page)
    links(page)
    check(page, "one batch")


def test_desk_and_its_screen(made: str, page: Page) -> None:
    open_desk(page, made)
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    check(page, "desk, setup")
    page.get_by_role("tab", name="Without a network").click()
    expect(page.get_by_role("button", name="Make the pack")).to_be_visible()
    check(page, "desk, packs")
    page.get_by_role("tab", name="Hand out here").click()
    start_desk(page, "Accessible", "The next free one")
    expect(page.locator("img.code")).to_be_visible()
    check(page, "desk, screen")
    open_desk(page, made)
    page.get_by_role("tab", name="All desks").click()
    expect(page.get_by_role("button", name="Manage").first).to_be_visible()
    check(page, "desk, overview")
    page.get_by_role("button", name="Manage").first.click()
    expect(dialog(page).get_by_role("button", name="Call it back")).to_be_visible()
    check(page, "dialog of a hand-out")


def test_audit(made: str, page: Page) -> None:
    page.goto(f"{made}/audit")
    expect(page.locator("tr.line").first).to_be_visible()
    page.get_by_text("Keep a proof elsewhere").click()
    expect(page.get_by_label("Compare with one that you kept")).to_be_visible()
    check(page, "audit")


def test_settings_and_its_question(dashboard: str, page: Page) -> None:
    page.goto(f"{dashboard}/settings")
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_text("It works:")).to_be_visible()
    check(page, "settings")
    page.get_by_role("button", name="Reset the sandbox").click()
    expect(page.get_by_role("button", name="Keep everything")).to_be_visible()
    check(page, "dialog to reset")


def test_pages_of_the_respondent(made: str, page: Page) -> None:
    open_links(page, made)
    page.goto(page.locator(".st-key-study_table td .link").first.inner_text())
    expect(page.get_by_label("Your email")).to_be_visible()
    check(page, "invitation")
    page.get_by_label("Your email").fill("respondent@example.com")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("[data-until]")).to_be_visible()
    check(page, "interview")


def test_offline_pack(page: Page, tmp_path: Path) -> None:
    soon = datetime.now(UTC) + timedelta(days=3)
    entries = [entry(1, Participant(label="Anna"), expires_at=soon), entry(2, Participant(label="Boris"))]
    file = tmp_path / "pack.html"
    file.write_bytes(offline_pack(entries, pack_id="pack", title="Coffee", station="Clinic", zone=BERLIN))
    page.goto(file.as_uri())
    expect(page.get_by_text("0 of 2 handed out")).to_be_visible()
    check(page, "pack")
    page.locator("#rooms button", has_text="Anna").click()
    expect(page.locator("#card svg")).to_be_visible()
    check(page, "card of a pack")
