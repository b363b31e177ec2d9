"""Batches in a real browser: lists of people, a closed tab, a double click, a token that dies."""

import csv
import io
import re
from pathlib import Path

import pytest
from openpyxl import Workbook
from playwright.sync_api import BrowserContext, Download, Locator, Page, expect

from tests.browser.service import Service, service
from tests.browser.steps import (
    READY,
    choose_project,
    choose_take_away,
    create,
    create_button,
    fill_number,
    links,
    open_buttons,
    open_create,
    open_newest_batch,
    result_heading,
    take_away,
)
from tests.servers import eventually, killed_dashboard, running_dashboard

PEOPLE = [(f"Участница {number} Ёжикова", f"person{number}@example.org", f"P-{number:03}") for number in range(1, 251)]
FEW = PEOPLE[:30]
"""Enough where it is about the letters of a file: the many take three calls."""


def xlsx() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["ФИО", "Эл. почта", "Код участника"])
    for person in PEOPLE:
        sheet.append(person)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def semicolons() -> bytes:
    rows = ["ФИО;Эл. почта;Код участника", *(";".join(person) for person in FEW)]
    return "\r\n".join(rows).encode("cp1251")


def upload(page: Page, name: str, content: bytes) -> None:
    page.get_by_text("A list of people").click()
    page.locator(".st-key-roster_file input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )


@pytest.mark.parametrize(
    ("name", "content", "people"),
    [("участники.xlsx", xlsx(), PEOPLE), ("участники.csv", semicolons(), FEW)],
    ids=["xlsx", "cp1251"],
)
def test_people_get_labelled_rooms_once(
    aseed: Service, connected: str, page: Page, name: str, content: bytes, people: list[tuple[str, str, str]]
) -> None:
    count = len(people)
    project = aseed.new_project()
    open_create(page, connected)
    choose_project(page, project["name"])
    upload(page, name, content)
    if name.endswith(".csv"):
        right = page.locator("[data-testid=stVerticalBlock]", has_text="Участница 1 Ёжикова").last
        right.get_by_role("button", name=re.compile("windows-1251")).click()
    expect(page.get_by_text(f"{count} people: one room each.")).to_be_visible()
    expect(create_button(page)).to_contain_text(f"Create {count} rooms")
    create_button(page).dblclick()
    expect(result_heading(page, count)).to_be_visible()
    assert len(aseed.rooms_of(project["id"])) == count

    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    file = Path(download.value.path()).read_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file, newline="")))
    assert [(row["label"], row["email"], row["external_id"]) for row in rows] == people
    labels = {row["access_token"]: row["display_name"] for row in aseed.rooms_of(project["id"])}
    assert [labels[row["link"].rpartition("/")[2]] for row in rows] == [label for label, _, _ in people]
    expect(page.get_by_role("row", name=re.compile("^1 "))).to_contain_text("Участница 1 Ёжикова")


def test_batch_survives_its_closed_tab(aseed: Service, connected: str, page: Page, context: BrowserContext) -> None:
    before, aseed.allowed = aseed.rooms, 1
    open_create(page, connected)
    choose_project(page)
    fill_number(page, "count", 300)
    expect(create_button(page)).to_contain_text("Create 300 rooms")
    create_button(page).click()
    expect(page.get_by_test_id("stProgress").get_by_text("Creating 300 rooms: 100 are there")).to_be_visible()
    expect(page.get_by_text("1 of 3 calls done")).to_be_visible()
    expect(page.get_by_role("button", name="Stop creating")).to_be_visible()
    here = page.url
    page.close()
    aseed.allowed = 2
    eventually(lambda: aseed.rooms == before + 200)

    again = context.new_page()
    again.goto(here)
    expect(again.get_by_test_id("stProgress").get_by_text("Creating 300 rooms: 200 are there")).to_be_visible()
    aseed.allowed = 3
    expect(result_heading(again, 300)).to_be_visible()
    assert aseed.rooms == before + 300

    open_newest_batch(again)
    expect(again.get_by_role("button", name="Copy all 300 links")).to_be_visible()


def test_stopped_batch_keeps_its_rooms(aseed: Service, unconnected: str, page: Page) -> None:
    before, aseed.allowed = aseed.rooms, 1
    page.goto(f"{unconnected}/settings")
    paste_token(page, "first")
    page.get_by_role("link", name="Create").click()
    choose_project(page)
    fill_number(page, "count", 300)
    expect(create_button(page)).to_contain_text("Create 300 rooms")
    create_button(page).click()
    # The second call is on its way, and held: what it brings is kept, and a third is not sent.
    eventually(lambda: aseed.received == 2)
    page.get_by_role("button", name="Stop creating").click()
    expect(page.get_by_role("button", name="Stopping…")).to_be_disabled()
    aseed.allowed = 2
    expect(page.get_by_text("You asked for 300, and 200 came.")).to_be_visible()
    assert aseed.rooms == before + 200


def test_new_token_finishes_parked_batch(aseed: Service, unconnected: str, page: Page) -> None:
    before, aseed.allowed = aseed.rooms, 1
    page.goto(f"{unconnected}/settings")
    paste_token(page, "first")
    page.get_by_role("link", name="Create").click()
    choose_project(page)
    fill_number(page, "count", 250)
    expect(create_button(page)).to_contain_text("Create 250 rooms")
    create_button(page).click()
    expect(page.get_by_test_id("stProgress").get_by_text("Creating 250 rooms: 100 are there")).to_be_visible()
    aseed.tokens = {"second"}
    aseed.allowed = float("inf")
    expect(page.get_by_text("Aseed no longer accepts the API token.").first).to_be_visible()
    expect(page.get_by_role("heading", name="100 of 250 rooms")).to_be_visible()
    assert aseed.rooms == before + 100

    page.get_by_role("link", name="Settings", exact=True).click()
    page.get_by_role("button", name="Disconnect").click()
    paste_token(page, "second")
    eventually(lambda: aseed.rooms == before + 250)
    page.get_by_role("link", name="Create").click()
    expect(result_heading(page, 250)).to_be_visible()
    assert aseed.rooms == before + 250


def test_file_says_what_pasted_token_sees(aseed: Service, unconnected: str, page: Page) -> None:
    page.goto(f"{unconnected}/settings")
    paste_token(page, "first")
    page.get_by_role("link", name="Create").click()
    choose_project(page)
    create(page, 2)
    aseed.store.join(links(page)[0].rsplit("/", 1)[1], "first@example.org")
    page.get_by_role("button", name="Look now").click()
    expect(page.get_by_role("row", name=re.compile("^1 "))).to_contain_text("In interview")
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    file = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = csv.DictReader(io.StringIO(file, newline=""))
    assert [row["status"] for row in rows] == ["active", "pending"]


def test_every_fast_press_gives_its_file(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    choose_project(page)
    create(page, 45)
    page.get_by_role("button", name="Codes", exact=True).click()
    choose_take_away(page, "Files")
    given: list[Download] = []
    page.on("download", lambda download: given.append(download))
    labels = ["CSV", "Excel", "Links only", "Mail merge"]
    buttons = [take_away(page).get_by_role("button", name=label, exact=True) for label in labels]
    for button in buttons:
        expect(button).to_be_visible()
    for button in buttons:
        button.click()

    def are_given() -> bool:
        page.wait_for_timeout(10)
        names = [each.suggested_filename for each in given]
        return all(any(label.replace(" ", "-") in name for name in names) for label in labels)

    eventually(are_given)
    for button in buttons:
        expect(button).to_have_attribute("aria-busy", "false")
    assert len(given) == len(labels)


def test_killed_server_completes_its_batch_exactly(tmp_path: Path, page: Page) -> None:
    with service(tmp_path) as aseed:
        settings = aseed.settings("first") | {"ROOMS_CALLS_AT_ONCE": "1", "ROOMS_LOST_ANSWER_SECONDS": "1"}
        before, aseed.allowed = aseed.rooms, 1
        with killed_dashboard(tmp_path, **settings) as address:
            open_create(page, address)
            choose_project(page)
            fill_number(page, "count", 300)
            expect(create_button(page)).to_contain_text("Create 300 rooms")
            create_button(page).click()
            expect(page.get_by_test_id("stProgress").get_by_text("Creating 300 rooms: 100 are there")).to_be_visible()
            eventually(lambda: aseed.received == 2)
        # The service did not notice, and still creates the rooms of the second call.
        aseed.allowed = float("inf")
        eventually(lambda: aseed.rooms == before + 200)
        with running_dashboard(tmp_path, **settings) as address:
            page.goto(f"{address}/batches")
            expect(page.get_by_text("Interrupted: needs you")).to_be_visible()
            open_buttons(page).click()
            # That of the opened batch: the list before it has one, too.
            page.locator(".st-key-resume button").click()
            expect(page.get_by_role("button", name="Copy all 300 links")).to_be_visible()
            expect(page.get_by_text("Complete")).to_be_visible()
        assert aseed.rooms == before + 300


def test_other_tab_sees_busy_project(aseed: Service, connected: str, page: Page, context: BrowserContext) -> None:
    aseed.allowed = 0
    open_create(page, connected)
    choose_project(page)
    expect(create_button(page)).to_contain_text("Create 1 room")
    create_button(page).click()
    expect(page.get_by_test_id("stProgress").get_by_text("Creating 1 room: 0 are there")).to_be_visible()
    other = context.new_page()
    open_create(other, connected)
    choose_project(other)
    expect(create_button(other)).to_be_disabled()
    expect(other.get_by_test_id("stProgress").get_by_text("Creating 1 room: 0 are there")).to_be_visible()
    aseed.allowed = 1
    expect(create_button(other)).to_be_enabled()
    expect(result_heading(page, 1)).to_be_visible()


def test_batch_is_renamed_and_repeated(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    choose_project(page)
    page.get_by_role("radio", name="45").click()
    expect(page.locator(".st-key-plan")).to_contain_text("45 min")
    create(page, 2)
    open_newest_batch(page)
    page.get_by_role("button", name="Rename").click()
    field = page.get_by_role("textbox", name="Name of this batch")
    field.fill("Week 3 [pilot]")
    field.press("Enter")
    expect(page.get_by_role("heading", name="Week 3 [pilot]")).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Repeat with these settings").click()
    expect(page.locator(".st-key-plan")).to_contain_text(READY)
    expect(page.locator(".st-key-plan")).to_contain_text("45 min")
    expect(create_button(page)).to_contain_text("Create 2 rooms")


def row(page: Page, words: str) -> Locator:
    """The batch in the list that has these words."""
    return page.locator("[class*=st-key-batch_]", has_text=words)


def places(page: Page, *rows: Locator) -> list[str]:
    """Where these rows lie, however far the page is scrolled, once its drawing has come to rest."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.evaluate("() => document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(done)))")
    top = page.get_by_role("heading", name="Batches").bounding_box()
    found = [row.bounding_box() for row in rows]
    assert top is not None
    return [f"{box['y'] - top['y']:.1f}, {box['height']:.1f} high" if box else "hidden" for box in found]


def create_in_new_project(aseed: Service, page: Page, address: str, count: int) -> str:
    """Press Create for so many rooms in a new project; gives its name."""
    name: str = aseed.new_project()["name"]
    open_create(page, address)
    choose_project(page, name)
    fill_number(page, "count", count)
    expect(create_button(page)).to_contain_text(f"Create {count} rooms")
    create_button(page).click()
    return name


@pytest.mark.parametrize("width", [1280, 390])
def test_rows_stay_while_their_batches_move(aseed: Service, connected: str, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    earlier = create_in_new_project(aseed, page, connected, 2)
    expect(result_heading(page, 2)).to_be_visible()
    there, aseed.allowed = aseed.rooms, aseed.received + 1
    name = create_in_new_project(aseed, page, connected, 250)
    eventually(lambda: aseed.rooms == there + 100)
    page.goto(f"{connected}/batches")
    moving, below = row(page, name), row(page, earlier)
    expect(moving).to_contain_text("Creating rooms · 100 of 250 rooms")
    expect(below).to_contain_text("Complete · 2 rooms")
    before = places(page, moving, below)

    aseed.tokens, aseed.allowed = set(), float("inf")
    expect(moving).to_contain_text("Paused: needs you · 100 of 250 rooms")
    expect(moving).to_contain_text("Aseed no longer accepts the API token. Paste a new token in Settings")
    eventually(lambda: places(page, moving, below) == before)
    aseed.tokens = {"first"}
    moving.get_by_role("button", name="Resume").click()
    expect(moving).to_contain_text("Complete · 250 rooms")
    expect(moving.get_by_role("button", name="Resume")).to_be_hidden()
    eventually(lambda: places(page, moving, below) == before)


def test_batches_are_found_with_a_finger(aseed: Service, connected: str, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    names = [create_in_new_project(aseed, page, connected, 2) for _ in range(2)]
    expect(result_heading(page, 2)).to_be_visible()
    page.goto(f"{connected}/batches")
    expect(row(page, names[1])).to_contain_text("Complete · 2 rooms")
    for button in page.locator("[class*=st-key-batch_] button:visible, .st-key-batches_stage button").all():
        box = button.bounding_box()
        assert box is not None and min(box["width"], box["height"]) >= 44
    search = page.get_by_role("textbox", name="Search")
    search.fill(names[0].lower())
    search.press("Enter")
    expect(row(page, names[1])).to_be_hidden()
    page.get_by_role("radio", name="Stopped").or_(page.get_by_role("button", name="Stopped")).click()
    expect(page.get_by_text("No batch is like that.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"state=stopped"))
    page.reload()
    expect(page.get_by_text("batches are shown")).to_be_visible()
    page.get_by_role("button", name="Show all batches").click()
    expect(row(page, names[1])).to_be_visible()
    expect(page).not_to_have_url(re.compile("state="))


def paste_token(page: Page, token: str) -> None:
    page.locator(".st-key-token input").fill(token)
    page.get_by_role("button", name="Use this token").click()
    expect(page.get_by_text("It works:")).to_be_visible()
