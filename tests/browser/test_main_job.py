"""The main job in a real browser: from opening the page to a respondent in session."""

import base64
import csv
import io
import re
from pathlib import Path
from urllib.parse import urlsplit

import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect
from pydantic import SecretStr

from services.aseed.client import AseedClient, Connections
from services.aseed.models import CreateProjectRequest
from tests.browser.conftest import OpenContext
from tests.browser.steps import (
    READY,
    choose_project,
    create,
    create_button,
    fill_number,
    links,
    open_create,
    result_heading,
)
from tests.servers import running_dashboard


def sandbox_client(address: str, connections: Connections) -> AseedClient:
    """The account that the dashboard itself uses."""
    return AseedClient(f"{address}/custdev", SecretStr("sandbox"), connections)


def test_empty_page_to_respondent_in_session(dashboard: str, data: Path, page: Page, context: BrowserContext) -> None:
    open_create(page, dashboard)
    expect(page.get_by_text("Sandbox: rehearsal, links lead nowhere real")).to_be_visible()
    choose_project(page)
    topics = page.locator(".st-key-topics_for_respondent textarea")
    topics.fill("Your mornings\n\nCoffee outside")
    topics.blur()
    expect(page.locator(".st-key-topics_preview")).to_contain_text("Your mornings\nCoffee outside")
    create(page, 3)

    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").click()
    assert re.fullmatch(r"Morning-coffee-routines_\d{4}-\d\d-\d\d_\d{4}_\w+\.csv", download.value.suggested_filename)
    file = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file, newline="")))
    assert [row["link"] for row in rows] == links(page)
    assert {row["timezone"] for row in rows} == {"Europe/Berlin"}

    respondent = context.new_page()
    respondent.goto(rows[0]["link"])
    expect(respondent.get_by_role("heading", name=READY)).to_be_visible()
    expect(respondent.get_by_text("Coffee outside")).to_be_visible()
    respondent.get_by_label("Your email").fill("respondent@example.com")
    respondent.get_by_role("button", name="Start").click()
    expect(respondent.locator("[data-until]")).to_have_text(re.compile(r"^(30:00|29:\d\d)$"))

    # No person touches the dashboard: it looks again by itself.
    expect(page.get_by_role("row", name=re.compile("^1 "))).to_contain_text("active")
    respondent.get_by_role("button", name="End the interview").click()
    expect(respondent.get_by_text("This interview is finished.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^1 "))).to_contain_text("completed")

    log = (data / "dashboard.log").read_text()
    assert "You can now view" in log
    assert not [row["link"] for row in rows if row["link"].rsplit("/", 1)[1] in log]


def test_every_code_on_page_reads_to_link(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    choose_project(page)
    create(page, 14)
    wanted = links(page)
    page.get_by_role("tab", name="QR codes").click()
    cards = page.locator("figure.card")
    expect(cards).to_have_count(12)
    for number in range(12):
        card = cards.nth(number)
        card.scroll_into_view_if_needed()
        shot = Image.open(io.BytesIO(card.screenshot()))
        assert [code.text for code in zxingcpp.read_barcodes(shot)] == [wanted[number]]
        png = card.get_by_role("link", name="PNG").get_attribute("href") or ""
        image = Image.open(io.BytesIO(base64.b64decode(png.split(",")[1])))
        assert zxingcpp.read_barcodes(image)[0].text == wanted[number]

    page.get_by_role("tabpanel", name="QR codes").get_by_role("button", name="Page 2").click()
    expect(cards).to_have_count(2)
    page.get_by_role("button", name="Show the QR code of link 13 large").click()
    large = page.locator("dialog.large")
    expect(large).to_be_visible()
    code = zxingcpp.read_barcodes(Image.open(io.BytesIO(large.screenshot())))[0]
    assert code.text == wanted[12]
    width = code.position.top_right.x - code.position.top_left.x
    assert width > 350, "large enough to scan across a table"
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()

    with page.expect_download() as download:
        cards.first.get_by_role("link", name="SVG").click()
    assert re.fullmatch(r"Morning-coffee-routines_.*_013\.svg", download.value.suggested_filename)


def test_three_presses_at_once_pay_once(dashboard: str, page: Page, connections: Connections) -> None:
    aseed = sandbox_client(dashboard, connections)
    before = len(aseed.rooms())
    open_create(page, dashboard)
    choose_project(page)
    fill_number(page, "count", 2)
    expect(create_button(page)).to_contain_text("Create 2 rooms")
    create_button(page).evaluate("button => { button.click(); button.click(); button.click(); }")
    expect(result_heading(page, 2)).to_be_visible()
    expect(create_button(page)).to_be_enabled()
    assert len(aseed.rooms()) == before + 2


def test_double_click_pays_once(dashboard: str, page: Page, connections: Connections) -> None:
    aseed = sandbox_client(dashboard, connections)
    before = len(aseed.rooms())
    open_create(page, dashboard)
    choose_project(page)
    expect(create_button(page)).to_contain_text("Create 1 room")
    create_button(page).dblclick()
    expect(result_heading(page, 1)).to_be_visible()
    expect(create_button(page)).to_be_enabled()
    assert len(aseed.rooms()) == before + 1
    create_button(page).click()
    expect(create_button(page)).to_be_disabled()
    expect(create_button(page)).to_be_enabled()
    assert len(aseed.rooms()) == before + 2, "the next press creates rooms of its own"


def test_number_typed_before_press_counts(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    choose_project(page)
    page.locator(".st-key-count input").fill("4")
    create_button(page).click()
    expect(result_heading(page, 4)).to_be_visible()


def test_values_and_result_survive_leaving_and_reload(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    choose_project(page)
    page.get_by_role("radio", name="45").click()
    expect(page.locator(".st-key-plan")).to_contain_text("45 min")
    create(page, 2)
    made = links(page)

    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Connection")).to_be_visible()
    page.get_by_role("link", name="Create").click()
    expect(result_heading(page, 2)).to_be_visible()
    assert links(page) == made
    expect(page.locator(".st-key-count input")).to_have_value("2")
    expect(page.locator(".st-key-max_duration_minutes input")).to_have_value("45")
    expect(page.locator(".st-key-plan")).to_contain_text(READY)

    page.reload()
    expect(result_heading(page, 2)).to_be_visible()
    assert links(page) == made
    assert not any(urlsplit(link).path.rsplit("/", 1)[1] in page.url for link in made)


def test_reload_after_press_finds_its_rooms(dashboard: str, page: Page, connections: Connections) -> None:
    aseed = sandbox_client(dashboard, connections)
    before = len(aseed.rooms())
    open_create(page, dashboard)
    choose_project(page)
    expect(create_button(page)).to_contain_text("Create 1 room")
    create_button(page).click(no_wait_after=True)
    page.reload()
    expect(result_heading(page, 1)).to_be_visible()
    assert len(aseed.rooms()) == before + 1

    page.get_by_role("link", name="Settings").click()
    expect(page.get_by_role("heading", name="Connection")).to_be_visible()
    page.reload()
    page.get_by_role("link", name="Create").click()
    expect(result_heading(page, 1)).to_be_visible()


def test_links_are_copied_exactly(dashboard: str, page: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_create(page, dashboard)
    choose_project(page)
    create(page, 3)
    made = links(page)
    page.get_by_role("button", name="Copy all 3 links").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "\n".join(made)
    page.get_by_role("button", name="Copy link 2").click()
    page.wait_for_function("wanted => navigator.clipboard.readText().then(text => text === wanted)", arg=made[1])


def test_other_device_gets_its_address_and_copies(dashboard: str, page: Page) -> None:
    """Plain HTTP under a network name: no clipboard API there, and the link must lead back by that name."""
    port = urlsplit(dashboard).port
    open_create(page, f"http://desk.example:{port}")
    choose_project(page)
    create(page, 1)
    (link,) = links(page)
    assert link.startswith(f"http://desk.example:{port}/interview/")
    assert page.evaluate("navigator.clipboard === undefined")
    page.get_by_role("button", name="Copy the link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    page.goto(link)
    expect(page.get_by_role("heading", name=READY)).to_be_visible()


def test_setting_fixes_address_of_links(tmp_path: Path, page: Page) -> None:
    with running_dashboard(tmp_path, SANDBOX_PUBLIC_URL="https://rehearsal.example.org") as address:
        open_create(page, address)
        choose_project(page)
        create(page, 1)
        assert links(page)[0].startswith("https://rehearsal.example.org/interview/")


def test_deep_link_on_cold_server_has_frame(tmp_path: Path, page: Page) -> None:
    with running_dashboard(tmp_path) as address:
        page.goto(f"{address}/settings")
        expect(page.get_by_text("Sandbox: rehearsal")).to_be_visible()
        expect(page.get_by_role("link", name="Create")).to_be_visible()
        expect(page).to_have_title("Settings · Interview rooms")


def test_hostile_project_name_is_plain_text(dashboard: str, page: Page, connections: Connections) -> None:
    name = "![x](http://127.0.0.1:9/x.png) <b>=1+1"
    sandbox_client(dashboard, connections).create_project(
        CreateProjectRequest(name=name, research_goals="Goals", interview_guide="Guide")
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_create(page, dashboard)
    page.locator(".st-key-project input").click()
    page.get_by_role("option", name="=1+1").last.click()
    expect(page.locator(".st-key-plan")).to_contain_text("1 room for")
    # The word joiners that keep it from coming alive cannot be seen.
    assert name in page.locator(".st-key-plan").inner_text().replace("\u2060", "")
    create(page, 1)
    expect(page.locator("h2 img, h2 b, .st-key-plan img, .st-key-plan b")).to_have_count(0)
    assert not [url for url in asked if "127.0.0.1:9/" in url]


def test_project_without_guide_says_why(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    choose_project(page, "Clinic waiting rooms")
    expect(page.get_by_text("This project has no interview guide.")).to_be_visible()
    expect(page.get_by_text("does not know what to ask")).to_be_visible()
    expect(create_button(page)).to_be_disabled()


def test_closed_project_is_behind_toggle(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    page.locator(".st-key-project input").click()
    expect(page.get_by_role("option", name=READY)).to_be_visible()
    expect(page.get_by_role("option", name="Concept test")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_text("Show closed projects").click()
    choose_project(page, "Concept test")
    expect(page.get_by_text("This project is closed.")).to_be_visible()


def test_number_out_of_bounds_is_explained(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    choose_project(page)
    fill_number(page, "count", 50_000)
    expect(page.get_by_text("from 1 to 10000")).to_be_visible()
    expect(page.locator(".st-key-count input")).to_have_value("50000")
    expect(create_button(page)).to_be_disabled()


def test_any_voice_and_language_may_be_typed(dashboard: str, page: Page, connections: Connections) -> None:
    open_create(page, dashboard)
    choose_project(page)
    for key, value in (("voice", "nova-2"), ("language", "Deutsch")):
        field = page.locator(f".st-key-{key} input")
        field.click()
        field.fill(value)
        field.press("Enter")
        expect(field).to_have_value(value)
    create(page, 1)
    newest = sandbox_client(dashboard, connections).rooms()[0]
    assert (newest.voice, newest.language, newest.realtime_provider) == ("nova-2", "German", None)


def test_voices_of_earlier_rooms_are_offered(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    choose_project(page)
    page.locator(".st-key-voice input").click()
    expect(page.get_by_role("option", name="marin")).to_be_visible()


def test_nothing_overflows_on_a_phone(dashboard: str, open_context: OpenContext) -> None:
    page = open_context(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    open_create(page, dashboard)
    expect(create_button(page)).to_be_in_viewport()
    choose_project(page)
    expect(create_button(page)).to_be_in_viewport()
    create(page, 2)
    for tab in ("Links", "QR codes"):
        page.get_by_role("tab", name=tab).click()
        assert page.evaluate("document.querySelector('.stMain').scrollWidth <= window.innerWidth")
