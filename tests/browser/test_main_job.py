"""The main job in a real browser: from opening the page to a respondent in session."""

import base64
import csv
import io
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pydantic import SecretStr

from services.aseed.client import AseedClient, Connections
from services.aseed.models import CreateProjectRequest
from tests.browser.conftest import OpenContext
from tests.browser.steps import (
    READY,
    choose_project,
    create,
    create_button,
    create_more,
    fill_number,
    links,
    open_create,
    result_heading,
    take_away,
    type_choice,
)
from tests.browser.wire import HeldLine
from tests.servers import eventually, running_dashboard


def sandbox_client(address: str, connections: Connections) -> AseedClient:
    """The account that the dashboard itself uses."""
    return AseedClient(f"{address}/custdev", SecretStr("sandbox"), connections)


def test_empty_page_to_respondent_in_session(dashboard: str, data: Path, page: Page, context: BrowserContext) -> None:
    open_create(page, dashboard)
    expect(page.get_by_text("Sandbox: rehearsal")).to_be_visible()
    choose_project(page)
    topics = page.locator(".st-key-topics_for_respondent textarea")
    topics.fill("Your mornings\n\nCoffee outside")
    topics.blur()
    expect(page.locator(".st-key-topics_preview")).to_contain_text("Your mornings\nCoffee outside")
    create(page, 3)

    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
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
    expect(page.get_by_role("row", name=re.compile("^1 "))).to_contain_text("In interview")
    respondent.get_by_role("button", name="End the interview").click()
    expect(respondent.get_by_text("This interview is finished.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("^1 "))).to_contain_text("Done")

    log = (data / "dashboard.log").read_text()
    assert "You can now view" in log
    assert not [row["link"] for row in rows if row["link"].rsplit("/", 1)[1] in log]


def test_every_code_on_page_reads_to_link(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    choose_project(page)
    create(page, 27)
    wanted = links(page)
    assert len(wanted) == 25
    page.get_by_role("button", name="Show the QR code of link 1 large").click()
    large = page.locator("dialog.large")
    for number, link in enumerate(wanted, start=1):
        expect(large.get_by_role("img", name=f"QR code of link {number}", exact=True)).to_be_visible()
        assert read_code(large.screenshot()).text == link
        if number < len(wanted):
            large.get_by_role("button", name="Next").click()
    expect(large.get_by_role("button", name="Next")).to_be_disabled()
    expect(large.get_by_role("button", name="Previous")).to_be_focused()
    page.keyboard.press("Escape")
    expect(large).to_be_hidden()
    expect(page.get_by_role("button", name="Show the QR code of link 1 large")).to_be_focused()

    page.get_by_role("button", name="Page 2").click()
    page.get_by_role("button", name="Show the QR code of link 27 large").click()
    code = read_code(large.screenshot())
    assert code.text == links(page)[1]
    width = code.position.top_right.x - code.position.top_left.x
    assert width > 350, "large enough to scan across a table"
    for kind in ("PNG", "SVG"):
        with page.expect_download() as download:
            large.get_by_role("link", name=kind).click()
        assert re.fullmatch(rf"Morning-coffee-routines_.*_027\.{kind.lower()}", download.value.suggested_filename)
        file = Path(download.value.path()).read_bytes()
        picture = file if kind == "PNG" else picture_of(page, file)
        assert read_code(picture).text == code.text


def read_code(picture: bytes) -> zxingcpp.Barcode:
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return code


def picture_of(page: Page, svg: bytes) -> bytes:
    """An SVG file as a browser of its own shows it."""
    shown = page.context.new_page()
    shown.set_viewport_size({"width": 600, "height": 600})
    shown.goto(f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}")
    picture = shown.screenshot()
    shown.close()
    return picture


def test_three_presses_at_once_pay_once(dashboard: str, page: Page, connections: Connections) -> None:
    aseed = sandbox_client(dashboard, connections)
    before = len(aseed.rooms())
    open_create(page, dashboard)
    choose_project(page)
    fill_number(page, "count", 2)
    expect(create_button(page)).to_contain_text("Create 2 rooms")
    create_button(page).evaluate("button => { button.click(); button.click(); button.click(); }")
    expect(result_heading(page, 2)).to_be_visible()
    create_more(page)
    assert len(aseed.rooms()) == before + 2


def test_double_click_pays_once(dashboard: str, page: Page, connections: Connections) -> None:
    aseed = sandbox_client(dashboard, connections)
    before = len(aseed.rooms())
    open_create(page, dashboard)
    choose_project(page)
    expect(create_button(page)).to_contain_text("Create 1 room")
    create_button(page).dblclick()
    expect(result_heading(page, 1)).to_be_visible()
    create_more(page)
    assert len(aseed.rooms()) == before + 1
    create_button(page).click()
    expect(result_heading(page, 1)).to_be_visible()
    create_more(page)
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
    create_more(page)
    expect(page.locator(".st-key-count input")).to_have_value("2")
    expect(page.locator(".st-key-max_duration_minutes input")).to_have_value("45")
    expect(page.locator(".st-key-plan")).to_contain_text(READY)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(result_heading(page, 2)).to_be_visible()
    assert links(page) == made
    create_more(page)

    page.reload()
    expect(result_heading(page, 2)).to_be_visible()
    assert links(page) == made
    assert not any(urlsplit(link).path.rsplit("/", 1)[1] in page.url for link in made)


def test_reload_after_press_finds_its_rooms(dashboard: str, page: Page, connections: Connections) -> None:
    aseed = sandbox_client(dashboard, connections)
    before = len(aseed.rooms())
    line = HeldLine(page)
    open_create(page, dashboard)
    choose_project(page)
    expect(create_button(page)).to_contain_text("Create 1 room")
    line.hold()
    create_button(page).click(no_wait_after=True)
    # Once it has arrived. A press that is lost on its way creates nothing.
    eventually(lambda: line.holds("delta") and len(aseed.rooms()) > before)
    line.release()
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
    expect(page.locator("h2 img, h2 b")).to_have_count(0)
    create_more(page)
    expect(page.locator(".st-key-plan img, .st-key-plan b")).to_have_count(0)
    assert not [url for url in asked if "127.0.0.1:9/" in url]


def test_project_without_guide_says_why(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    choose_project(page, "Clinic waiting rooms")
    expect(page.get_by_text("This project has no interview guide.")).to_be_visible()
    expect(page.get_by_text("does not know what to ask")).to_be_visible()
    expect(create_button(page)).to_be_disabled()


def test_closed_project_comes_last_and_says_so(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    page.locator(".st-key-project input").click()
    expect(page.get_by_role("option").last).to_have_text("Concept test, spring packaging (closed)")
    page.keyboard.press("Escape")
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
    for key, value, said in (("voice", "nova-2", "nova-2"), ("language", "Deutsch", "German")):
        type_choice(page, key, value, said)
        expect(page.locator(f".st-key-{key} input")).to_have_value(value)
    create(page, 1)
    newest = sandbox_client(dashboard, connections).rooms()[0]
    assert (newest.voice, newest.language, newest.realtime_provider) == ("nova-2", "German", None)


def test_voices_of_earlier_rooms_are_offered(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    choose_project(page)
    page.locator(".st-key-voice input").click()
    expect(page.get_by_role("option", name="marin")).to_be_visible()


FITS = "document.querySelector('.stMain').scrollWidth <= window.innerWidth"


def test_nothing_overflows_on_a_phone(dashboard: str, open_context: OpenContext) -> None:
    page = open_context(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    open_create(page, dashboard)
    expect(create_button(page)).to_be_in_viewport()
    choose_project(page)
    expect(create_button(page)).to_be_in_viewport()
    create(page, 2)
    assert page.evaluate(FITS)
    page.get_by_role("button", name="Show the QR code of link 1 large").click()
    large = page.locator("dialog.large")
    assert large.evaluate("dialog => dialog.scrollWidth <= dialog.clientWidth")
    large.get_by_role("button", name="Close").click()
    for name in ("Codes", "Print", "Messages"):
        page.get_by_role("button", name=name, exact=True).click()
        expect(take_away(page)).to_be_visible()
        assert page.evaluate(FITS)
        page.keyboard.press("Escape")
        expect(take_away(page)).to_be_hidden()


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(("width", "height", "fold"), [(1280, 800, 800), (390, 844, 844 * 1.5)])
def test_first_result_stands_above_the_fold(
    dashboard: str, page: Page, count: int, width: int, height: int, fold: float
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    open_create(page, dashboard)
    choose_project(page)
    create(page, count)
    links(page)
    for first in (page.locator(".st-key-rooms .link"), page.locator(".st-key-rooms svg.code")):
        assert bottom(first.first) < fold
    assert page.locator("[data-testid=stMain]").evaluate("area => area.scrollTop") == 0


def bottom(part: Locator) -> float:
    """Where it ends on the page, in pixels from the top of the window."""
    box = part.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


def test_button_is_gone_before_the_page_asks(dashboard: str, page: Page, connections: Connections) -> None:
    """The first look at the progress names the next press: no press of the last form may come after it."""
    aseed = sandbox_client(dashboard, connections)
    before = len(aseed.rooms())
    line = HeldLine(page)
    open_create(page, dashboard)
    choose_project(page)
    expect(create_button(page)).to_contain_text("Create 1 room")
    # The browser learns of the progress, and not that the page is whole: it keeps what is left of the page before.
    line.hold_from("script_finished")
    create_button(page).click(no_wait_after=True)
    eventually(lambda: line.holds("script_finished"))
    # On a slow machine the room is there before the page first looks, and no progress is left to be shown.
    expect(page.locator(".st-key-progress").or_(result_heading(page, 1)).first).to_be_visible()
    expect(create_button(page)).to_have_count(0)
    line.release()
    expect(result_heading(page, 1)).to_be_visible()
    assert len(aseed.rooms()) == before + 1


def test_actions_open_the_dialog_and_return_the_focus(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    choose_project(page)
    create(page, 3)
    for name, key in (("Codes", "code"), ("Print", "card"), ("Messages", "message")):
        button = page.get_by_role("button", name=name, exact=True)
        button.focus()
        page.keyboard.press("Enter")
        expect(take_away(page).get_by_text(f"3 rooms of {READY}")).to_be_visible()
        expect(take_away(page).locator(f".st-key-{key}_preview_batch")).to_be_visible()
        page.keyboard.press("Escape")
        expect(take_away(page)).to_be_hidden()
        expect(button).to_be_focused()


def test_batch_is_handed_out_at_its_desk(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    choose_project(page)
    create(page, 2)
    page.get_by_role("button", name="Hand out at a desk").click()
    expect(page.get_by_role("heading", name="Desk", exact=True)).to_be_visible()
    expect(page.get_by_text("2 links are ready.")).to_be_visible()


def test_uploaded_list_is_there_again(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    choose_project(page)
    page.get_by_text("A list of people").click()
    page.locator(".st-key-roster_file input[type=file]").set_input_files(
        {
            "name": "people.csv",
            "mimeType": "text/csv",
            "buffer": b"name,email\nAnna,anna@example.org\nBen,ben@example.org",
        }
    )
    expect(create_button(page)).to_contain_text("Create 2 rooms")
    type_choice(page, "voice", "nova-2")
    create_button(page).click()
    expect(result_heading(page, 2)).to_be_visible()
    create_more(page)
    expect(page.get_by_text("In use: people.csv")).to_be_visible()
    expect(page.locator(".st-key-voice input")).to_have_value("nova-2")
    # Later presses, which draw the form again, keep the list, too.
    page.get_by_role("radio", name="45").click()
    expect(page.locator(".st-key-plan")).to_contain_text("45 min")
    expect(create_button(page)).to_contain_text("Create 2 rooms")
    expect(page.get_by_text("In use: people.csv")).to_be_visible()
