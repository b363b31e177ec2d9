"""The desk in real browsers: each link is shown to one person, also when the network or a device fails."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, ViewportSize, expect
from pyzbar import pyzbar

from services.sandbox.database import Row
from tests.browser.conftest import OpenContext
from tests.browser.service import Service
from tests.browser.steps import choose_option, choose_pool, open_desk, start_desk
from tests.browser.wire import wire
from tests.servers import eventually

TABLET: ViewportSize = {"width": 768, "height": 1024}
LYING: ViewportSize = {"width": 1024, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}


@dataclass
class Fair:
    """A project with pending rooms, and a dashboard in front of it. ids: its rooms in the order of their creation."""

    aseed: Service
    address: str
    project_id: str
    project: str
    ids: list[str]

    def rooms(self) -> dict[str, Row]:
        """The rooms that were made for this test, by link."""
        found = {room["id"]: room for room in self.aseed.rooms_of(self.project_id)}
        return {f"{self.aseed.address}/interview/{found[each]['access_token']}": found[each] for each in self.ids}

    def join(self, link: str, email: str = "respondent@example.org") -> None:
        self.aseed.store.join(link.rsplit("/", 1)[1], email)

    def update(self, number: int, **change: object) -> None:
        self.aseed.update(self.ids[number], **change)

    def open(self, page: Page) -> None:
        """Open the page Desk, with every pending room of the project."""
        open_desk(page, self.address, self.project)

    def start(self, page: Page, name: str, how: str = "") -> None:
        self.open(page)
        start_desk(page, name, how)


MakeFair = Callable[..., Fair]
"""Makes so many rooms, as the API's fields say."""


@pytest.fixture
def make(aseed: Service, connected: str) -> MakeFair:
    def make_fair(count: int, **settings: object) -> Fair:
        project = aseed.new_project()
        made = aseed.new_rooms(project["id"], count, **settings)
        return Fair(aseed, connected, project["id"], project["name"], [room["id"] for room in made])

    return make_fair


@pytest.fixture
def devices(open_context: OpenContext) -> list[Page]:
    """Two tablets, and a laptop."""
    # Where it is about noon, so that the day does not end meanwhile.
    hours = datetime.now(UTC).hour - 12
    zone = f"Etc/GMT{hours:+}" if hours else "Etc/GMT"
    return [open_context(viewport=size, timezone_id=zone).new_page() for size in (TABLET, LYING, LAPTOP)]


def code(page: Page) -> Locator:
    return page.locator("img.code")


def shown(page: Page) -> str:
    """The link on show."""
    expect(code(page)).to_be_visible()
    return page.locator(".screen .link").inner_text()


MIDDLES = """buttons => buttons.map(button => {
  const box = button.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
})"""
"""Where the middles of buttons are; none where they are gone by now."""


def hold(page: Page, name: str, until: Locator) -> None:
    """Hold a button until it has done what it does, or the screen has done it by itself."""
    button = page.get_by_role("button", name=name)
    expect(button.or_(until).first).to_be_visible()
    for x, y in button.evaluate_all(MIDDLES):
        page.mouse.move(x, y)
        page.mouse.down()
    expect(until).to_be_visible()
    page.mouse.up()


def staff(page: Page) -> Locator:
    panel = page.get_by_role("dialog", name="For staff")
    hold(page, "Staff", panel)
    return panel


def moves_on(page: Page, before: str) -> None:
    expect(page.locator(".screen .link", has_text=before)).to_have_count(0)


def test_two_desks_show_every_link_once(make: MakeFair, devices: list[Page], pytestconfig: pytest.Config) -> None:
    first, second, laptop = devices
    turns = int(pytestconfig.getoption("turns"))
    fair = make(2 * turns)
    fair.start(first, "Desk A")
    fair.start(second, "Desk B")
    seen: list[str] = []
    given_back = shown(first)
    staff(first).get_by_role("button", name="Not taken").click()
    moves_on(first, given_back)
    for turn in range(turns):
        links = [shown(first), shown(second)]
        seen += links
        if turn % 4:
            for page in (first, second):
                staff(page).get_by_role("button", name="Given on paper").click()
        else:
            for number, link in enumerate(links):
                fair.join(link, f"person-{turn}-{number}@example.org")
            for page in (first, second):
                hold(page, "Hold for the next code", code(page).or_(page.get_by_text("All links are handed out")))
        for page, link in zip((first, second), links, strict=True):
            moves_on(page, link)
    for page in (first, second):
        expect(page.get_by_text("All links are handed out")).to_be_visible()
    assert sorted(seen) == sorted(fair.rooms())
    # What was given back came again, once, at the end of the pool.
    assert seen.count(given_back) == 1 and given_back in seen[-2:]

    fair.open(laptop)
    expect(laptop.get_by_text("No link is left to hand out here.")).to_be_visible()
    laptop.get_by_role("tab", name="All desks").click()
    begun = 2 * len(range(0, turns, 4))
    expect(laptop.get_by_text(f"{begun} in session")).to_be_visible()
    expect(laptop.get_by_text(f"{2 * turns - begun} given, not started")).to_be_visible()


def test_swipe_back_stays_until_staff_end_desk(make: MakeFair, devices: list[Page]) -> None:
    tablet = devices[0]
    fair = make(3)
    tablet.goto(f"{fair.address}/links?study={fair.project_id}")
    expect(tablet.get_by_text("3 rooms in view")).to_be_visible()
    tablet.get_by_role("link", name="Desk", exact=True).click()
    choose_pool(tablet, fair.project)
    start_desk(tablet, "Desk A")
    link = shown(tablet)
    other = tablet.get_by_role("heading", name="Links").or_(tablet.get_by_role("textbox", name="Name of this desk"))
    # Streamlit leaves the fields of the form in the page until the run that took them away has ended.
    expect(other).to_have_count(0)
    for _ in range(4):
        tablet.go_back()
        tablet.wait_for_url(re.compile("/desk.*desk=on"))
        assert shown(tablet) == link and other.count() == 0
    tablet.reload()
    assert shown(tablet) == link
    staff(tablet).get_by_role("button", name="End this desk").click()
    expect(tablet.get_by_role("textbox", name="Name of this desk")).to_be_visible()
    tablet.get_by_role("link", name="Links", exact=True).click()
    expect(tablet.get_by_role("heading", name="Links")).to_be_visible()


def test_code_stays_without_network_or_aseed(make: MakeFair, devices: list[Page]) -> None:
    tablet = devices[0]
    fair = make(3)
    with wire(fair.address) as line:
        open_desk(tablet, line.address, fair.project)
        start_desk(tablet, "Desk A")
        link = shown(tablet)
        line.cut()
        expect(tablet.get_by_text("No connection. The code stays as it is")).to_be_visible()
        assert shown(tablet) == link
        line.mend()
        expect(tablet.get_by_text("No connection.")).to_be_hidden()
        assert shown(tablet) == link
        fair.aseed.is_down = True
        expect(tablet.get_by_text("This code stays as it is.")).to_be_visible()
        tablet.reload()
        # There is no news of it: it is the same link.
        expect(tablet.locator(".trouble")).to_be_visible()
        fair.aseed.is_down = False
        expect(tablet.locator(".trouble")).to_be_hidden()
        assert shown(tablet) == link
        fair.join(link)
        expect(tablet.get_by_text("Your interview has begun")).to_be_visible()
        moves_on(tablet, link)
        assert shown(tablet) != link
        # In another window of the same browser it goes on only when a person wants that, and then only there.
        other = tablet.context.new_page()
        other.goto(f"{line.address}/desk")
        other.get_by_role("button", name="Go on").click()
        expect(tablet.get_by_text("This desk is open in another window")).to_be_visible()
        assert shown(other) in fair.rooms()
        # The staff end it, and what was on show goes back.
        staff(other).get_by_role("button", name="End this desk").click()
        expect(other.get_by_role("button", name="Start")).to_be_visible()
        expect(other.get_by_text("2 links are ready.")).to_be_visible()


def test_code_scans_on_every_screen_and_stays(make: MakeFair, devices: list[Page]) -> None:
    tablet = devices[0]
    fair = make(2, language="Russian")
    fair.update(0, display_name="Анна Ёлкина")
    fair.update(1, display_name="Boris")
    fair.start(tablet, "Desk A", "The next free one")
    link = shown(tablet)
    for size in (TABLET, LYING, PHONE):
        tablet.set_viewport_size(size)
        expect(code(tablet)).to_be_in_viewport(ratio=1)
        for text in ("До 30 минут", "Разрешите доступ к микрофону", "Служебный код", "Анна Ёлкина"):
            expect(tablet.get_by_text(text)).to_be_in_viewport(ratio=1)
        picture = Image.open(io.BytesIO(tablet.screenshot()))
        assert [each.text for each in zxingcpp.read_barcodes(picture)] == [link]
        assert [each.data.decode() for each in pyzbar.decode(picture)] == [link]
        # A code of a tenth of the distance is read: this much is 10 cm on a tablet.
        box = code(tablet).bounding_box()
        assert box is not None and box["width"] > (550 if size["width"] > 700 else 350)
    # A visitor who taps everywhere gets nowhere.
    tablet.set_viewport_size(TABLET)
    for x in range(20, 768, 60):
        for y in range(20, 1024, 60):
            tablet.mouse.click(x, y)
    tablet.keyboard.press("Escape")
    expect(tablet.get_by_role("dialog")).to_have_count(0)
    expect(tablet.get_by_role("navigation")).to_be_hidden()
    assert shown(tablet) == link


def test_by_name_each_person_gets_own_link(make: MakeFair, devices: list[Page]) -> None:
    tablet = devices[0]
    fair = make(4)
    for number, name in enumerate(("Anna", "Boris", "Clara")):
        fair.update(number, display_name=name)
    fair.start(tablet, "Desk A")
    expect(tablet.get_by_role("heading", name="Who is next?")).to_be_visible()
    choose_option(tablet, "desk_person", "Boris", exact=True)
    tablet.get_by_role("button", name="Show the code").click()
    boris = shown(tablet)
    assert fair.rooms()[boris]["display_name"] == "Boris"
    staff(tablet).get_by_role("button", name="Given on paper").click()
    expect(tablet.get_by_text("2 of 3 are waiting")).to_be_visible()
    choose_option(tablet, "desk_person", "Boris · has it", exact=True)
    expect(tablet.get_by_text("Boris has this link since")).to_be_visible()
    expect(tablet.get_by_role("button", name="Show the code")).to_be_disabled()

    tablet.get_by_text("A person who is not on the list").click()
    expect(tablet.get_by_text("1 free link is left.")).to_be_visible()
    whom = tablet.get_by_role("textbox", name="Name or number")
    whom.fill("Дмитрий")
    whom.press("Enter")
    tablet.get_by_role("button", name="Show a free link's code").click()
    free = shown(tablet)
    expect(tablet.locator(".screen h1")).to_have_text("Дмитрий")
    eventually(lambda: fair.rooms()[free]["display_name"] == "Дмитрий")
    panel = staff(tablet)
    panel.get_by_label("Who is it for?").fill("Dmitri")
    panel.get_by_role("button", name="Save").click()
    expect(tablet.locator(".screen h1")).to_have_text("Dmitri")
    eventually(lambda: fair.rooms()[free]["display_name"] == "Dmitri")


OPEN = """panel => new Promise(done => {
  panel.querySelector("summary").click();
  const look = () => {
    const button = panel.querySelector("[data-testid=stButton] button");
    const box = button?.getBoundingClientRect();
    if (!box?.width) return requestAnimationFrame(look);
    done(button.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)));
  };
  requestAnimationFrame(look);
})"""
"""Opens a panel; whether its button is under a finger as soon as it is drawn."""


def test_panel_opens_at_once_under_a_finger(make: MakeFair, devices: list[Page]) -> None:
    tablet, fair = devices[0], make(2)
    fair.start(tablet, "Desk A", "By name")
    panel = tablet.locator("[data-testid=stExpander]", has_text="A person who is not on the list")
    expect(panel).to_be_visible()
    # While it slid open, a press went to what lay below: "End this desk".
    assert panel.evaluate(OPEN)


def test_panel_stays_open_when_links_are_taken(make: MakeFair, devices: list[Page]) -> None:
    first, second, _ = devices
    fair = make(2)
    fair.start(first, "Desk A", "By name")
    first.get_by_text("A person who is not on the list").click()
    expect(first.get_by_text("2 free links are left.")).to_be_visible()
    fair.start(second, "Desk B", "The next free one")
    shown(second)
    whom = first.get_by_role("textbox", name="Name or number")
    whom.fill("Zoe")
    whom.press("Enter")
    expect(first.get_by_text("1 free link is left.")).to_be_visible()
    expect(whom).to_have_value("Zoe")


def test_overview_calls_back_extends_and_replaces(make: MakeFair, devices: list[Page]) -> None:
    tablet, _, laptop = devices
    fair = make(4)
    soon = datetime.now(UTC) + timedelta(minutes=50)
    for number in range(4):
        fair.update(number, display_name=f"P-{number}", expires_at=soon.isoformat())
    fair.start(tablet, "Desk A")
    expect(tablet.get_by_role("heading", name="Who is next?")).to_be_visible()
    choose_option(tablet, "desk_person", "P-1", exact=True)
    tablet.get_by_role("button", name="Show the code").click()
    shown(tablet)
    fair.open(laptop)
    laptop.get_by_role("tab", name="All desks").click()
    expect(laptop.get_by_text("Desk A shows P-1")).to_be_visible()

    expect(laptop.get_by_text("4 links run out before the day here ends.")).to_be_visible()
    laptop.get_by_role("button", name="Extend them all").click()
    expect(laptop.get_by_text("Extending: 4 of 4 rooms done.")).to_be_visible()
    assert all(datetime.fromisoformat(each["expires_at"]) > soon for each in fair.rooms().values())
    expect(laptop.get_by_text("before the day here ends")).to_be_hidden()

    laptop.get_by_role("button", name="Manage P-1").click()
    laptop.get_by_role("button", name="Call it back").click()
    expect(tablet.get_by_text("The link that was on show was called back.")).to_be_visible()
    choose_option(tablet, "desk_person", "P-2", exact=True)
    tablet.get_by_role("button", name="Show the code").click()
    second = shown(tablet)
    staff(tablet).get_by_role("button", name="Given on paper").click()

    laptop.get_by_role("button", name="Manage P-2").click()
    laptop.get_by_role("button", name="Extend by 24 hours").click()
    tomorrow = datetime.now(UTC) + timedelta(hours=20)
    eventually(lambda: datetime.fromisoformat(fair.rooms()[second]["expires_at"]) > tomorrow)
    laptop.get_by_role("button", name="Manage P-2").click()
    laptop.get_by_role("button", name="Replace with a new link").click()
    expect(laptop.get_by_text("The replacement is there")).to_be_visible()
    eventually(lambda: fair.rooms()[second]["status"] == "cancelled")
    eventually(lambda: len(fair.aseed.rooms_of(fair.project_id, "pending")) == 4)


def test_pack_is_ticked_offline_and_entered(
    tmp_path: Path, make: MakeFair, devices: list[Page], open_context: OpenContext
) -> None:
    laptop = devices[2]
    fair = make(5)
    fair.open(laptop)
    laptop.get_by_role("tab", name="Without a network").click()
    laptop.get_by_role("button", name="Make the pack").click()
    expect(laptop.get_by_text("Say for which place the pack is.")).to_be_visible()
    laptop.get_by_role("textbox", name="Place").fill("Clinic")
    laptop.get_by_role("spinbutton", name="Links").fill("3")
    laptop.get_by_role("spinbutton", name="Links").press("Enter")
    laptop.get_by_role("button", name="Make the pack").dblclick()
    expect(laptop.get_by_text("3 links · 0 handed out")).to_have_count(1)
    with laptop.expect_download() as downloading:
        laptop.get_by_role("button", name="Download the pack").click()
    downloading.value.save_as(tmp_path / "pack.html")

    # No desk gives what is in it.
    fair.start(devices[0], "Desk A")
    assert list(fair.rooms()).index(shown(devices[0])) == 3

    context = open_context(offline=True)
    away = context.new_page()
    away.goto((tmp_path / "pack.html").as_uri())
    away.get_by_label("Who hands out").fill("Olga")
    for _ in range(2):
        away.get_by_role("button", name="Next free link").click()
        away.get_by_role("button", name="Handed out", exact=True).click()
    expect(away.get_by_text("2 of 3 handed out")).to_be_visible()
    with away.expect_download() as ticks:
        away.get_by_role("button", name="Download the ticks").click()
    ticks.value.save_as(tmp_path / "ticks.csv")

    fair.join(list(fair.rooms())[2])
    laptop.locator("input[type=file]").set_input_files(tmp_path / "ticks.csv")
    expect(laptop.get_by_text("2 hand-outs in this file.")).to_be_visible()
    expect(laptop.get_by_text("No. 3: active at Aseed, and not ticked")).to_be_visible()
    laptop.get_by_role("tab", name="All desks").click()
    expect(laptop.get_by_text("Clinic, Olga (pack)")).to_have_count(2)
    laptop.get_by_role("tab", name="Without a network").click()
    expect(laptop.get_by_text("3 links · 2 handed out")).to_be_visible()
    laptop.get_by_role("button", name="Return the rest to the pool").click()
    laptop.get_by_role("button", name="Return them").click()
    expect(laptop.get_by_text("2 handed out")).to_be_hidden()
