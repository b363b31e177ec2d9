"""Takes a picture of every page, wide and phone, light and dark, for a person to look at.

python -m tests.screenshots FOLDER [SCENE…]   every picture, or those of some scenes, into FOLDER
python -m tests.screenshots --readme           only the README's
"""

import io
import itertools
import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Literal

from openpyxl import Workbook
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.browser.conftest import FLAGS
from tests.browser.service import Service, service
from tests.browser.steps import (
    READY,
    choose_option,
    choose_project,
    create,
    create_button,
    fill_number,
    links,
    open_create,
    open_desk,
    start_desk,
)
from tests.servers import running_dashboard

README = Path(__file__).with_name("create.png")

SIZES = {"wide": (1280, 800), "phone": (390, 844)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

Scene = Callable[[Page, str], None]


def empty_form(page: Page, address: str) -> None:
    open_create(page, address)


def filled_form(page: Page, address: str) -> None:
    open_create(page, address)
    choose_project(page)
    topics = page.locator(".st-key-topics_for_respondent textarea")
    topics.fill("Your mornings\nCoffee at home and outside")
    topics.blur()
    expect(page.locator(".st-key-topics_preview")).to_be_visible()


def result(page: Page, address: str) -> None:
    filled_form(page, address)
    create(page, 14)
    links(page)


def codes(page: Page, address: str) -> None:
    result(page, address)
    page.get_by_role("tab", name="QR codes").click()
    expect(page.locator("figure.card").first).to_be_visible()


def large_code(page: Page, address: str) -> None:
    codes(page, address)
    page.get_by_role("button", name="Show the QR code of link 1 large").click()
    expect(page.locator("dialog.large")).to_be_visible()


def not_ready(page: Page, address: str) -> None:
    open_create(page, address)
    choose_project(page, "Clinic waiting rooms")


def list_of_people(page: Page, address: str) -> None:
    open_create(page, address)
    choose_project(page)
    paste_people(page, "Anna K.\tanna@example.org\tEnglish\t30", "Борис Ёлкин\tboris@example.org\tрусский\t45")


def list_with_mistakes(page: Page, address: str) -> None:
    open_create(page, address)
    choose_project(page)
    paste_people(page, "Anna K.\tanna at example\tEnglish\t30", "Boris\tboris@example.org\trussian\tlong")


def list_from_workbook(page: Page, address: str) -> None:
    """Some sheets, of which one holds people, with a hidden row, a hidden column, and an address in a name."""
    book = Workbook()
    book.create_sheet("Read me", 0).append(["Fill in the second sheet."])
    people = book.create_sheet("Participants")
    people.append(["Panel, autumn"])
    people.append(["Name", "Email", "Participant ID", "Language", "Remark"])
    people.append(["Anna Keller (anna@example.org)", "anna@example.org", "P-001", "de-informal", "call first"])
    people.append(["Борис Ёлкин", "boris@example.org", "P-002", "русский", ""])
    people.append(["Carla Ruiz", "carla\u200b@example.org", "P-003", "Español", ""])
    people.append(["#N/A", "dan@example.org", "P-004", "English", ""])
    people.row_dimensions[4].hidden = True
    people.column_dimensions["C"].hidden = True
    book.create_sheet("Old list").append(["Name"])
    upload_people(page, address, "participants.xlsx", book)
    page.get_by_text("Use another sheet").click()
    to_the_top(page.get_by_text("Sheet: Participants"))


def remarks_on_list(page: Page, address: str) -> None:
    list_from_workbook(page, address)
    page.get_by_role("button", name="Take it too").first.click()
    expect(page.get_by_role("button", name="Leave it out")).to_be_visible()
    to_the_top(page.get_by_role("button", name="Leave it out"))


def list_of_unknown_columns(page: Page, address: str) -> None:
    book = Workbook()
    contacts = book.create_sheet("Contacts", 0)
    for row in (["Kto", "Kam"], ["Anna", "anna@example.org"], ["Bob", "bob@example.org"]):
        contacts.append(row)
    upload_people(page, address, "contacts.xlsx", book)
    to_the_top(page.get_by_text("Sheet: Contacts"))


def preset(page: Page, address: str) -> None:
    filled_form(page, address)
    page.get_by_role("button", name="Presets").click()
    page.get_by_role("textbox", name="Save the form's settings as").fill("Weekly, in English")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("button", name="Weekly, in English")).to_be_visible()


def batches(page: Page, address: str) -> None:
    result(page, address)
    page.goto(f"{address}/batches")
    expect(page.get_by_role("button", name="Open").first).to_be_visible()


def one_batch(page: Page, address: str) -> None:
    batches(page, address)
    page.get_by_role("button", name="Open").first.click()
    links(page)


def followed(page: Page, address: str) -> None:
    result(page, address)
    page.goto(f"{address}/links")
    choose_option(page, "study", READY)
    expect(page.locator(".st-key-study_table tr.room").first).to_be_visible()


def managed(page: Page, address: str) -> None:
    followed(page, address)
    page.locator(".st-key-study_table button.more").first.click()
    expect(page.get_by_role("dialog").locator("img.code")).to_be_visible()


def figures(page: Page, address: str) -> None:
    followed(page, address)
    page.get_by_role("button", name="Figures").click()
    expect(page.get_by_text("tokens spent")).to_be_visible()


def taken_away(page: Page, address: str) -> None:
    followed(page, address)
    page.locator(".st-key-take_away_links summary").click()
    expect(page.get_by_role("tab", name="Files")).to_be_visible()
    page.locator(".st-key-take_away_links").scroll_into_view_if_needed()


def cards(page: Page, address: str) -> None:
    taken_away(page, address)
    page.get_by_role("tab", name="Printed cards").click()
    page.get_by_role("button", name="Make the PDF").click()
    picture = page.locator("[data-testid=stImage] img").last
    expect(picture).to_be_visible()
    picture.scroll_into_view_if_needed()


def messages(page: Page, address: str) -> None:
    taken_away(page, address)
    page.get_by_role("tab", name="Messages").click()
    expect(page.locator(".st-key-message_preview_links")).to_be_visible()
    page.locator(".st-key-message_preview_links").scroll_into_view_if_needed()


def desk(page: Page, address: str) -> None:
    result(page, address)
    open_desk(page, address)
    expect(page.get_by_role("button", name="Start")).to_be_visible()


def desk_at_work(page: Page, address: str) -> None:
    desk(page, address)
    # No two desks of a project have one name.
    start_desk(page, f"Desk {secrets.token_hex(2)}", "The next free one")
    expect(page.locator("img.code")).to_be_visible()


def desk_for_staff(page: Page, address: str) -> None:
    desk_at_work(page, address)
    page.get_by_role("button", name="Staff").click(delay=1000)
    expect(page.get_by_role("dialog", name="For staff")).to_be_visible()


def desk_by_name(page: Page, address: str) -> None:
    desk(page, address)
    # No two desks of a project have one name.
    start_desk(page, f"Desk {secrets.token_hex(2)}", "By name")
    expect(page.get_by_role("heading", name="Who is next?")).to_be_visible()


def all_desks(page: Page, address: str) -> None:
    desk_at_work(page, address)
    open_desk(page, address)
    page.get_by_role("tab", name="All desks").click()
    expect(page.get_by_role("button", name="Manage").first).to_be_visible()


def desk_packs(page: Page, address: str) -> None:
    desk(page, address)
    page.get_by_role("tab", name="Without a network").click()
    page.get_by_role("textbox", name="Place").fill("Clinic, floor 2")
    page.get_by_role("spinbutton", name="Links").fill("5")
    page.get_by_role("spinbutton", name="Links").press("Enter")
    page.get_by_role("button", name="Make the pack").click()
    expect(page.get_by_text("5 links · 0 handed out").first).to_be_visible()


def paste_people(page: Page, *rows: str) -> None:
    page.get_by_text("A list of people").click()
    page.get_by_text("Paste", exact=True).click()
    area = page.locator(".st-key-roster_text textarea")
    area.fill("\n".join(["name\temail\tlanguage\tminutes", *rows]))
    area.blur()
    expect(page.locator(".st-key-people [data-testid=stAlert]")).to_be_visible()


def upload_people(page: Page, address: str, name: str, book: Workbook) -> None:
    open_create(page, address)
    choose_project(page)
    page.get_by_text("A list of people").click()
    file = io.BytesIO()
    book.save(file)
    page.locator(".st-key-roster_file input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": file.getvalue()}
    )
    expect(page.get_by_text("Columns", exact=True)).to_be_visible()


def to_the_top(place: Locator) -> None:
    place.evaluate("place => place.scrollIntoView()")


def at_work(page: Page, address: str, aseed: Service) -> None:
    aseed.allowed = aseed.received + 1
    open_create(page, address)
    choose_project(page)
    fill_number(page, "count", 300)
    expect(create_button(page)).to_contain_text("Create 300 rooms")
    create_button(page).click()
    expect(page.get_by_text("Creating 300 rooms: 100 are there")).to_be_visible()


def parked(page: Page, address: str, aseed: Service) -> None:
    at_work(page, address, aseed)
    aseed.tokens, aseed.allowed = set(), float("inf")
    expect(page.get_by_role("heading", name="100 of 300 rooms")).to_be_visible()


def settings(page: Page, address: str) -> None:
    page.goto(f"{address}/settings")
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_text("It works:")).to_be_visible()


def invitation(page: Page, address: str) -> None:
    result(page, address)
    page.goto(links(page)[0])


def in_session(page: Page, address: str) -> None:
    invitation(page, address)
    page.get_by_label("Your email").fill("respondent@example.com")
    page.get_by_role("button", name="Start").click()
    expect(page.locator("[data-until]")).to_be_visible()


SCENES: tuple[Scene, ...] = (
    empty_form,
    filled_form,
    result,
    codes,
    large_code,
    not_ready,
    list_of_people,
    list_with_mistakes,
    list_from_workbook,
    remarks_on_list,
    list_of_unknown_columns,
    preset,
    batches,
    one_batch,
    followed,
    managed,
    figures,
    taken_away,
    cards,
    messages,
    desk,
    desk_at_work,
    desk_for_staff,
    desk_by_name,
    all_desks,
    desk_packs,
    settings,
    invitation,
    in_session,
)


STEERED = (at_work, parked)
"""What happens only with an Aseed that fails on request."""


def take(
    browser: Browser,
    scene: Scene,
    address: str,
    size: str,
    scheme: Literal["light", "dark"],
    file: Path,
) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        timezone_id="Europe/Berlin",
        locale="en-GB",
    )
    page = context.new_page()
    scene(page, address)
    # The one wait that is not for a condition: pictures are for eyes, and transitions have no end to ask for.
    page.wait_for_timeout(2000)
    page.screenshot(path=file)
    context.close()


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    with (
        tempfile.TemporaryDirectory() as data,
        running_dashboard(Path(data), ASEED_BASE_URL="", ASEED_API_TOKEN="") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=os.environ.get("TEST_BROWSER") or None, args=FLAGS)
        if sys.argv[1] == "--readme":
            take(browser, filled_form, address, "wide", "light", README)
            return
        folder = Path(sys.argv[1])
        folder.mkdir(parents=True, exist_ok=True)
        named = sys.argv[2:]
        for scene in (scene for scene in SCENES if not named or scene.__name__ in named):
            for size, scheme in itertools.product(SIZES, SCHEMES):
                take(browser, scene, address, size, scheme, folder / f"{scene.__name__}_{size}_{scheme}.png")
        for steered in (steered for steered in STEERED if not named or steered.__name__ in named):
            for size, scheme in itertools.product(SIZES, SCHEMES):
                with steered_dashboard() as (where, aseed):
                    scene = partial(steered, aseed=aseed)
                    take(browser, scene, where, size, scheme, folder / f"{steered.__name__}_{size}_{scheme}.png")


@contextmanager
def steered_dashboard() -> Iterator[tuple[str, Service]]:
    with tempfile.TemporaryDirectory() as data, service(Path(data)) as aseed:
        at = f"{aseed.address}/custdev"
        with running_dashboard(
            Path(data), ASEED_BASE_URL=at, ASEED_API_TOKEN="first", ROOMS_CALLS_AT_ONCE="1"
        ) as where:
            yield where, aseed


if __name__ == "__main__":
    main()
