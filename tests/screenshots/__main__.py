"""Takes a picture of every page, wide and phone, light and dark, for a person to look at.

python -m tests.screenshots FOLDER [SCENE…]   every picture, or those of some scenes, into FOLDER
python -m tests.screenshots --readme           only the README's

With --language CODE before it all, the dashboard speaks that language: ru, one of LANGUAGES_FOLDER, or eo, which is
then the pseudo-language of tests.catalogues. A scene whose steps are not found in that language is named at the end.
"""

import io
import itertools
import os
import secrets
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

from openpyxl import Workbook
from playwright.sync_api import Browser, Error, Locator, Page, expect, sync_playwright

from services.texts.catalogues import languages
from tests.browser.conftest import FLAGS
from tests.browser.service import Service, service
from tests.browser.steps import (
    READY,
    choose_option,
    choose_project,
    choose_take_away,
    create,
    create_button,
    fill_number,
    links,
    open_buttons,
    open_create,
    open_desk,
    open_files,
    result_heading,
    start_desk,
)
from tests.catalogues import PSEUDO, write_pseudo
from tests.screenshots.spoken import Spoken, steps_in
from tests.servers import running_dashboard

README = Path(__file__).with_name("create.png")

SIZES = {"wide": (1280, 800), "tablet": (768, 1024), "phone": (390, 844)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

ENGLISH = "en-GB"

PATIENCE_IN_OTHERS = 15_000
"""Milliseconds for which a step in another language waits, whose text may not be found."""

Scene = Callable[[Page, str], None]
Scheme = Literal["light", "dark"]


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


def result_of_one(page: Page, address: str) -> None:
    filled_form(page, address)
    create(page, 1)
    links(page)


def result_of_many(page: Page, address: str) -> None:
    filled_form(page, address)
    create(page, 250)
    links(page)


def form_again(page: Page, address: str) -> None:
    result(page, address)
    page.get_by_role("button", name="Create more").click()
    expect(page.get_by_text("Last batch: 14 rooms")).to_be_visible()


def files(page: Page, address: str) -> None:
    result(page, address)
    page.get_by_role("button", name="Codes", exact=True).click()
    choose_take_away(page, "Files")
    expect(page.locator(".st-key-file_preview_batch")).to_be_visible()


def codes(page: Page, address: str) -> None:
    result(page, address)
    page.get_by_role("button", name="Codes", exact=True).click()
    expect(page.locator(".st-key-code_preview_batch img")).to_be_visible()


def first_card(page: Page, address: str) -> None:
    result(page, address)
    page.get_by_role("button", name="Print", exact=True).click()
    expect(page.locator(".st-key-card_preview_batch img")).to_be_visible()


def large_code(page: Page, address: str) -> None:
    result(page, address)
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
    expect(open_buttons(page).first).to_be_visible()


def one_batch(page: Page, address: str) -> None:
    batches(page, address)
    open_buttons(page).first.click()
    links(page)


def followed(page: Page, address: str) -> None:
    result(page, address)
    page.goto(f"{address}/links")
    choose_option(page, "project", READY)
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
    open_files(page)


def cards(page: Page, address: str) -> None:
    taken_away(page, address)
    choose_take_away(page, "Cards")
    page.get_by_role("button", name="Make the PDF").click()
    picture = page.locator("[data-testid=stImage] img").last
    expect(picture).to_be_visible()
    picture.scroll_into_view_if_needed()


def messages(page: Page, address: str) -> None:
    taken_away(page, address)
    choose_take_away(page, "Messages")
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


def no_doors(page: Page, address: str) -> None:
    open_doors(page, address)
    expect(new_door(page)).to_be_visible()


def door_form(page: Page, address: str) -> None:
    no_doors(page, address)
    new_door(page).click()
    page.get_by_role("textbox", name="Name", exact=True).fill("City library, in spring")
    expect(page.get_by_text("Questions before the interview")).to_be_visible()


def door_form_opened(page: Page, address: str) -> None:
    door_form(page, address)
    for part in ("When it is open", "Who may come in", "Questions before the interview", "Visitors from a panel"):
        page.get_by_text(part, exact=True).click()
    page.get_by_text("Ask for an email address").click()
    page.get_by_text("Another panel", exact=True).click()
    expect(page.get_by_role("textbox", name="Parameter that tells people apart")).to_be_visible()
    page.get_by_role("button", name="Add a question").click()
    expect(page.get_by_role("textbox", name="Answer 3")).to_be_visible()
    to_the_top(page.get_by_text("Who may come in", exact=True))


def door(page: Page, address: str) -> None:
    result(page, address)
    door_form(page, address)
    page.get_by_text("Who may come in", exact=True).click()
    page.get_by_text("Ask for the PIN of the day").click()
    page.get_by_role("button", name="Open the door").click()
    expect(page.get_by_role("button", name="Wallboard").first).to_be_visible()


def wallboard(page: Page, address: str) -> None:
    door(page, address)
    page.get_by_role("button", name="Wallboard").first.click()
    expect(page.locator("img.code")).to_be_visible()


def door_poster(page: Page, address: str) -> None:
    door(page, address)
    page.get_by_role("button", name="Poster and files").first.click()
    expect(page.get_by_role("tab", name="Poster", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Download the PDF")).to_be_visible()


def open_doors(page: Page, address: str) -> None:
    page.goto(f"{address}/doors")
    expect(page.get_by_role("heading", name="Doors", exact=True)).to_be_visible()
    choose_option(page, "project", READY)


def new_door(page: Page) -> Locator:
    """The button for the first door of a project, or for a further one."""
    return page.locator(".st-key-open_door button")


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
    expect(page.get_by_test_id("stProgress").get_by_text("Creating 300 rooms: 100 are there")).to_be_visible()


def parked(page: Page, address: str, aseed: Service) -> None:
    at_work(page, address, aseed)
    aseed.tokens, aseed.allowed = set(), float("inf")
    expect(page.get_by_role("heading", name="100 of 300 rooms")).to_be_visible()


def parked_in_list(page: Page, address: str, aseed: Service) -> None:
    parked(page, address, aseed)
    page.goto(f"{address}/batches")
    expect(page.get_by_text("Paused: needs you")).to_be_visible()


def settings(page: Page, address: str) -> None:
    page.goto(f"{address}/settings")
    page.get_by_role("button", name="Test the connection").click()
    expect(page.get_by_text("It works:")).to_be_visible()


def person_held(page: Page, address: str) -> None:
    list_of_people(page, address)
    create_button(page).click()
    expect(result_heading(page, 2)).to_be_visible()
    page.goto(f"{address}/settings")
    page.get_by_role("textbox", name="Email, name or code").fill("anna@example.org")
    page.get_by_role("button", name="Look up").click()
    withdraw = page.get_by_role("button", name="Withdraw…")
    withdraw.scroll_into_view_if_needed()
    expect(withdraw).to_be_visible()


def person_asked_about(page: Page, address: str) -> None:
    person_held(page, address)
    page.get_by_role("button", name="Withdraw…").click()
    expect(page.get_by_role("button", name="Keep everything")).to_be_visible()


def person_withdrawn(page: Page, address: str) -> None:
    person_asked_about(page, address)
    page.get_by_role("button", name="Withdraw", exact=True).click()
    receipt = page.get_by_role("button", name="Download the receipt")
    expect(receipt).to_be_visible()
    receipt.scroll_into_view_if_needed()


def audit(page: Page, address: str) -> None:
    taken_away(page, address)
    page.goto(f"{address}/audit")
    expect(page.locator("tr.line").first).to_be_visible()


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
    result_of_one,
    result_of_many,
    form_again,
    files,
    codes,
    first_card,
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
    no_doors,
    door_form,
    door_form_opened,
    door,
    door_poster,
    wallboard,
    settings,
    person_held,
    person_asked_about,
    person_withdrawn,
    audit,
    invitation,
    in_session,
)


STEERED = (at_work, parked, parked_in_list)
"""What happens only with an Aseed that fails on request."""


@dataclass(frozen=True)
class Camera:
    """What takes the pictures of scenes.

    language: of the browser.
    failed: the scenes whose steps did not lead to their end, each with why.
    """

    browser: Browser
    language: str
    failed: dict[str, str] = field(default_factory=dict)

    def take(self, scene: Scene, name: str, address: str, size: str, scheme: Scheme, file: Path) -> None:
        width, height = SIZES[size]
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            timezone_id="Europe/Berlin",
            locale=self.language,
        )
        page = context.new_page()
        try:
            scene(page, address)
        except (Error, AssertionError) as error:
            if self.language == ENGLISH:
                raise
            # In another language, a step may look for a text that it does not find; the picture shows how far it came.
            self.failed[name] = str(error).strip().splitlines()[0]
        # The one wait that is not for a condition: pictures are for eyes, and transitions have no end to ask for.
        page.wait_for_timeout(2000)
        page.screenshot(path=file)
        context.close()

    def take_all(self, scene: Scene, name: str, address: str, folder: Path) -> None:
        """Every size and scheme; of a scene that fails, one."""
        for size, scheme in itertools.product(SIZES, SCHEMES):
            if name not in self.failed:
                self.take(scene, name, address, size, scheme, folder / f"{name}_{size}_{scheme}.png")


def main() -> None:
    asked, language = sys.argv[1:], ENGLISH
    if asked[:1] == ["--language"] and len(asked) > 1:
        language, asked = asked[1], asked[2:]
    if not asked:
        sys.exit(__doc__)
    with (
        tempfile.TemporaryDirectory() as data,
        spoken(language, Path(data) / "languages"),
        running_dashboard(Path(data), ASEED_BASE_URL="", ASEED_API_TOKEN="") as address,
        sync_playwright() as playwright,
    ):
        chosen = os.environ.get("TEST_BROWSER") or None
        camera = Camera(playwright.chromium.launch(executable_path=chosen, args=FLAGS), language)
        if asked[0] == "--readme":
            camera.take(filled_form, "readme", address, "wide", "light", README)
            return
        take_scenes(camera, address, Path(asked[0]), asked[1:])
    if camera.failed:
        sys.exit("\n".join(f"{name}: {why}" for name, why in camera.failed.items()))


def take_scenes(camera: Camera, address: str, folder: Path, named: list[str]) -> None:
    """Takes the scenes that are named, or all, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for scene in (scene for scene in SCENES if not named or scene.__name__ in named):
        camera.take_all(scene, scene.__name__, address, folder)
    for steered in (steered for steered in STEERED if not named or steered.__name__ in named):
        for size, scheme in itertools.product(SIZES, SCHEMES):
            name = steered.__name__
            with steered_dashboard() as (where, aseed):
                scene = partial(steered, aseed=aseed)
                camera.take(scene, name, where, size, scheme, folder / f"{name}_{size}_{scheme}.png")


@contextmanager
def spoken(language: str, folder: Path) -> Iterator[None]:
    """Has the steps look for texts in a language. folder: where the pseudo-language is written to."""
    if language == ENGLISH:
        yield
        return
    if language == PSEUDO and not os.environ.get("LANGUAGES_FOLDER"):
        write_pseudo(folder)
        os.environ["LANGUAGES_FOLDER"] = str(folder)
    more = os.environ.get("LANGUAGES_FOLDER")
    file = languages(Path(more) if more else None).get(language)
    if file is None:
        sys.exit(f"No catalogue of {language} is known.")
    expect.set_options(timeout=PATIENCE_IN_OTHERS)
    with steps_in(Spoken(file)):
        yield


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
