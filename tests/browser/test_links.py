"""Links in a real browser: a study with rooms in every state is followed, managed and taken away."""

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Download, Locator, Page, expect

from services.sandbox.database import Row
from tests.browser.service import Service
from tests.browser.steps import choose_option, choose_take_away, open_files, take_away
from tests.browser.wire import HeldLine
from tests.servers import eventually

PENDING = 45


@dataclass
class Study:
    """A project with many pending rooms, and a dashboard in front of it."""

    aseed: Service
    address: str
    project_id: str

    def rooms(self) -> dict[str, Row]:
        """The project's rooms by label."""
        return {room["display_name"] or room["id"]: room for room in self.aseed.rooms_of(self.project_id)}

    def token(self, label: str) -> str:
        return str(self.rooms()[label]["access_token"])

    def page_of(self, page: Page) -> Page:
        page.goto(f"{self.address}/links?study={self.project_id}&every=5")
        expect(page.get_by_role("heading", name="Links")).to_be_visible()
        expect(rows(page).first).to_be_visible()
        return page


@pytest.fixture
def study(aseed: Service, connected: str) -> Study:
    project = aseed.new_project()["id"]
    for number, room in enumerate(aseed.new_rooms(project, PENDING), start=1):
        aseed.update(room["id"], display_name=f"Person-{number:02}")
    return Study(aseed, connected, project)


def rows(page: Page) -> Locator:
    return page.locator(".st-key-study_table tr.room")


def row(page: Page, label: str) -> Locator:
    return rows(page).filter(has_text=label)


def find(page: Page, text: str) -> None:
    field = page.locator(".st-key-find input")
    field.fill(text)
    field.press("Enter")


def open_take_away(page: Page, count: int) -> None:
    expect(page.get_by_text(f"{count} rooms in view")).to_be_visible()
    open_files(page)


def change_them(page: Page, what: str) -> Locator:
    page.get_by_role("button", name=what).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def test_status_moves_by_itself_and_tab_survives_reload(study: Study, page: Page) -> None:
    study.page_of(page)
    find(page, "Person-07")
    expect(row(page, "Person-07").locator(".pill")).to_have_text("Not started")
    link = row(page, "Person-07").locator(".link").inner_text()
    token = study.token("Person-07")
    assert link.endswith(token)
    study.aseed.store.join(token, "seven@example.org")
    expect(row(page, "Person-07").locator(".pill")).to_have_text("In interview")
    expect(row(page, "Person-07")).to_contain_text("joined as seven@example.org")
    study.aseed.store.leave(token)
    expect(page.get_by_text("No room here is like that.")).to_be_visible()
    page.get_by_role("radio", name="Completed (1)").click()
    expect(row(page, "Person-07").locator(".pill")).to_have_text("Done")
    # The view is in the address, and survives a reload.
    page.reload()
    expect(row(page, "Person-07").locator(".pill")).to_have_text("Done")


def test_many_links_are_extended_and_others_cancelled(study: Study, page: Page) -> None:
    study.page_of(page)
    find(page, "Person")
    expect(page.get_by_text(f"{PENDING} rooms in view")).to_be_visible()
    dialog = change_them(page, "Extend…")
    dialog.get_by_role("button", name=f"Extend {PENDING} rooms").click()
    expect(page.get_by_text(f"Extending: {PENDING} of {PENDING} rooms done.")).to_be_visible()
    later = datetime.now(UTC) + timedelta(days=6, hours=12)
    ends = [datetime.fromisoformat(room["expires_at"]) for name, room in study.rooms().items() if "Person" in name]
    assert len(ends) == PENDING and all(end > later for end in ends)

    for number in (1, 2):
        row(page, f"Person-{number:02}").get_by_role("checkbox").check()
        expect(page.get_by_text(f"{number} room{'s' * (number > 1)} chosen")).to_be_visible()
    # Ticks that were taken back are gone on both sides.
    page.get_by_role("button", name="Choose none").click()
    expect(page.get_by_text(f"{PENDING} rooms in view")).to_be_visible()
    for number in (1, 2):
        box = row(page, f"Person-{number:02}").get_by_role("checkbox")
        # The words may come a moment before the table: until then the box has its old tick, and a new one is none.
        expect(box).not_to_be_checked()
        box.check()
    expect(page.get_by_text("2 rooms chosen")).to_be_visible()
    dialog = change_them(page, "Cancel…")
    expect(dialog.get_by_text("This cannot be undone.")).to_be_visible()
    dialog.get_by_role("button", name="Cancel 2 rooms").click()
    expect(page.get_by_text("Cancelling: 2 of 2 rooms done.")).to_be_visible()
    statuses = {name: room["status"] for name, room in study.rooms().items()}
    assert [statuses[f"Person-{number:02}"] for number in (1, 2, 3)] == ["cancelled", "cancelled", "pending"]
    expect(page.get_by_text(f"{PENDING - 2} rooms in view")).to_be_visible()


def test_chosen_rooms_are_replaced_after_one_question(study: Study, page: Page) -> None:
    study.page_of(page)
    find(page, "Person")
    for number in (1, 2, 3):
        row(page, f"Person-{number:02}").get_by_role("checkbox").check()
    expect(page.get_by_text("3 rooms chosen")).to_be_visible()
    dialog = change_them(page, "Replace…")
    expect(dialog.get_by_text("which reserves tokens")).to_be_visible()
    dialog.get_by_role("button", name="Replace 3 rooms").dblclick()
    expect(page.get_by_text("3 rooms are there as replacements:")).to_be_visible()
    made = Counter(room["status"] for room in study.aseed.rooms_of(study.project_id))
    assert made == {"pending": PENDING, "cancelled": 3}


def test_one_room_is_changed_and_has_history(study: Study, page: Page) -> None:
    study.page_of(page)
    find(page, "Person-03")
    page.get_by_role("button", name="Manage Person-03").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("img.code")).to_be_visible()
    dialog.get_by_role("textbox", name="Label").fill("Ксения Ё.")
    dialog.get_by_role("textbox", name="Topics shown to the respondent").fill("Mornings")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    find(page, "ксения")
    expect(row(page, "Ксения Ё.")).to_be_visible()
    room = study.rooms()["Ксения Ё."]
    assert room["topics_for_respondent"] == "Mornings"
    page.get_by_role("button", name="Manage Ксения Ё.").click()
    page.get_by_role("dialog").get_by_text("History", exact=True).click()
    expect(page.get_by_role("dialog").get_by_text("renamed")).to_be_visible()


def test_refused_change_keeps_dialog_and_typed_text(study: Study, page: Page) -> None:
    study.page_of(page)
    find(page, "Person-04")
    page.get_by_role("button", name="Manage Person-04").click()
    dialog = page.get_by_role("dialog")
    field = dialog.get_by_role("textbox", name="Label")
    field.fill("Another person")
    study.aseed.store.join(study.token("Person-04"), "four@example.org")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("It was not changed.")).to_be_visible()
    expect(field).to_have_value("Another person")


def test_dropped_interview_is_replaced_once(aseed: Service, connected: str, page: Page) -> None:
    # The first of the demonstration projects has such an interview.
    study = Study(aseed, connected, aseed.store.projects(aseed.account)[0]["id"])
    study.page_of(page)
    before = len(aseed.rooms_of(study.project_id))
    page.get_by_role("button", name="1 room needs you").click()
    flag = page.locator("[class*=st-key-flag_dropped]").filter(has_text="Ben, pilot")
    expect(flag).to_contain_text("4 of 30 minutes.")
    flag.get_by_role("button", name="Replace").dblclick()
    expect(page.get_by_text("The replacement is there:")).to_be_visible()
    assert len(aseed.rooms_of(study.project_id)) == before + 1
    find(page, "Ben, pilot")
    expect(row(page, "Ben, pilot").locator(".pill")).to_have_text("Not started")
    expect(row(page, "a replacement")).to_be_visible()
    page.get_by_role("button", name="Manage Ben, pilot").click()
    page.get_by_role("dialog").get_by_text("History", exact=True).click()
    expect(page.get_by_role("dialog").get_by_text(re.compile("replaces room"))).to_be_visible()


def test_labels_come_from_corrected_links_file(study: Study, page: Page) -> None:
    study.page_of(page)
    find(page, "Person-1")
    open_take_away(page, 10)
    with page.expect_download() as download:
        take_away(page).get_by_role("button", name="CSV", exact=True).click()
    page.keyboard.press("Escape")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    table = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(table) == 10
    corrected = text.replace("Person-1", "Участник 1")
    dialog = change_them(page, "Say whom they are for…")
    dialog.locator("input[type=file]").set_input_files(
        {"name": "links.csv", "mimeType": "text/csv", "buffer": corrected.encode("utf-8-sig")}
    )
    dialog.get_by_role("button", name="Change 10 rooms").click()
    expect(page.get_by_text("Relabelling: 10 of 10 rooms done.")).to_be_visible()
    assert {f"Участник 1{digit}" for digit in range(10)} <= set(study.rooms())


def test_press_during_redraw_gives_its_file(study: Study, page: Page) -> None:
    line = HeldLine(page)
    study.page_of(page)
    find(page, "Person-2")
    open_take_away(page, 10)
    button = take_away(page).get_by_role("button", name="CSV", exact=True)
    expect(button).to_be_visible()
    with_ids = take_away(page).get_by_text("With room ids")
    line.hold()
    with_ids.click()
    # The server has drawn the dialog again, and the browser does not know of it yet.
    eventually(lambda: line.holds("new_session") and line.holds("script_finished"))
    button.click()
    with page.expect_download() as download:
        line.release()
    assert "Person-20" in Path(download.value.path()).read_text(encoding="utf-8-sig")
    # Later drawings give nothing by themselves.
    again: list[Download] = []
    page.on("download", lambda download: again.append(download))
    line.hold()
    with_ids.click()
    eventually(lambda: line.holds("script_finished"))
    line.release()
    expect(button).to_have_attribute("aria-busy", "false")
    assert not again


def test_cards_of_selection_scan_to_their_links(study: Study, page: Page) -> None:
    study.page_of(page)
    find(page, "Person-0")
    open_take_away(page, 9)
    choose_take_away(page, "Cards")
    page.get_by_role("button", name="Make the PDF").click()
    expect(page.get_by_text("9 cards on 1 page.")).to_be_visible()
    preview = page.locator("[data-testid=stImage] img")
    expect(preview).to_have_count(1)
    expect(preview.last).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the PDF").click()
    with pypdfium2.PdfDocument(Path(download.value.path()).read_bytes()) as pdf:
        picture: Image.Image = pdf[0].render(scale=150 / 72).to_pil()
    scanned = {code.text.rsplit("/", 1)[1] for code in zxingcpp.read_barcodes(picture)}
    assert scanned == {study.token(f"Person-0{number}") for number in range(1, 10)}


def test_codes_and_messages_are_taken_away(study: Study, page: Page) -> None:
    study.page_of(page)
    find(page, "Person-2")
    open_take_away(page, 10)
    choose_take_away(page, "Codes")
    with page.expect_download() as download:
        page.get_by_role("button", name="Codes as PNG").click()
    with ZipFile(download.value.path()) as pack:
        pictures = [name for name in pack.namelist() if name.endswith(".png")]
        assert len(pictures) == 10 and "links.csv" in pack.namelist()
        code = zxingcpp.read_barcodes(Image.open(io.BytesIO(pack.read(pictures[0]))))[0].text
    assert code.rsplit("/", 1)[1] in {study.token(f"Person-2{digit}") for digit in range(10)}

    choose_take_away(page, "Messages")
    message = page.get_by_role("textbox", name="Message")
    message.fill("Dear {label}, please open {link} and {nonsense}.")
    message.blur()
    expect(page.get_by_text("{nonsense} is no field.")).to_be_visible()
    message.fill("Dear {label}, please open {link}")
    message.blur()
    expect(page.locator(".st-key-message_preview_links")).to_contain_text("Dear Person-2")
    with page.expect_download() as download:
        page.get_by_role("button", name="Mail merge with these messages").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert [line["message"][:13] for line in csv.DictReader(io.StringIO(text, newline=""))] == ["Dear Person-2"] * 10


def test_last_state_stays_while_aseed_is_gone(study: Study, page: Page) -> None:
    study.page_of(page)
    find(page, "Person-05")
    expect(row(page, "Person-05")).to_be_visible()
    study.aseed.tokens = {"second"}
    expect(page.get_by_text("This is how the rooms were at")).to_be_visible()
    study.aseed.tokens = {"first"}
    expect(page.get_by_text("This is how the rooms were at")).to_be_hidden()
    eventually(lambda: row(page, "Person-05").count() == 1)


def test_filters_stay_when_the_language_changes(study: Study, page: Page) -> None:
    study.page_of(page)
    page.get_by_role("button", name="Filters").click()
    choose_option(page, "status", "Not started")
    page.keyboard.press("Escape")
    choose_option(page, "within", "7 days")
    page.keyboard.press("Escape")
    page.locator(".st-key-mode button").click()
    choose_option(page, "page_language", "Русский")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Ссылки")).to_be_visible()
    filters = page.get_by_role("button", name="Фильтры (2)")
    filters.click()
    expect(page.locator(".st-key-status")).to_contain_text("Не начато")
    expect(page.locator(".st-key-within").get_by_role("combobox")).to_have_value("7 дней")
    # A press after it tells the server once more what the browser has.
    page.locator(".st-key-every").get_by_role("radio", name="Выкл.").click()
    expect(page.locator(".st-key-every").get_by_role("radio", name="Выкл.")).to_be_checked()
    expect(page).to_have_url(re.compile(r"every=0"))
    expect(filters).to_be_visible()
    expect(page.locator(".st-key-status")).to_contain_text("Не начато")
