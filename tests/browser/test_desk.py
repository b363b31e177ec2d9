"""The desk in real browsers: each link is shown to one person, also when the network or a device fails."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator, Page, ViewportSize, expect
from pyzbar import pyzbar

from components.desk.words import State
from components.state.language import COOKIE
from services.sandbox.database import Row
from tests.browser.conftest import OpenContext
from tests.browser.service import Service
from tests.browser.steps import choose_option, choose_pool, open_desk, start_desk
from tests.browser.wire import wire
from tests.servers import eventually, running_dashboard

TABLET: ViewportSize = {"width": 768, "height": 1024}
LYING: ViewportSize = {"width": 1024, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
ZOOMED: ViewportSize = {"width": 640, "height": 400}
"""A laptop's page at 200 %."""
NARROW: ViewportSize = {"width": 320, "height": 568}
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
  button.scrollIntoView({ block: "nearest" });
  const box = button.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
})"""
"""Where the middles of buttons are; none where they are gone by now."""


def hold(page: Page, name: str, until: Locator) -> None:
    """Hold a button until it has done what it does, or the screen has done it by itself."""
    # On the page before, other buttons may have such a name.
    button = page.locator(".screen").get_by_role("button", name=name)
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
    expect(laptop.get_by_text(f"{begun} In interview")).to_be_visible()
    expect(laptop.get_by_text(f"{2 * turns - begun} Not started")).to_be_visible()


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
    for size in (TABLET, LYING, PHONE, ZOOMED):
        tablet.set_viewport_size(size)
        expect(code(tablet)).to_be_in_viewport(ratio=1)
        for text in (
            "До 30 минут",
            "Разрешите доступ к микрофону",
            "Приготовьте свой email",
            "Служебный код",
            "Анна Ёлкина",
        ):
            expect(tablet.get_by_text(text)).to_be_in_viewport(ratio=1)
        for name in ("English", "Русский", "Staff"):
            expect(tablet.get_by_role("button", name=name)).to_be_in_viewport(ratio=1)
        picture = Image.open(io.BytesIO(tablet.screenshot()))
        assert [each.text for each in zxingcpp.read_barcodes(picture)] == [link]
        assert [each.data.decode() for each in pyzbar.decode(picture)] == [link]
        # A code of a tenth of the distance is read: this much is 10 cm on a tablet.
        box = code(tablet).bounding_box()
        least = 550 if size["width"] > 700 else 350 if size == PHONE else 280
        assert box is not None and box["width"] > least
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
    expect(tablet.locator(".screen .whom")).to_have_text("Дмитрий")
    eventually(lambda: fair.rooms()[free]["display_name"] == "Дмитрий")
    panel = staff(tablet)
    panel.get_by_label("Who is it for?").fill("Dmitri")
    panel.get_by_role("button", name="Save").click()
    expect(tablet.locator(".screen .whom")).to_have_text("Dmitri")
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
    expect(laptop.get_by_text("No. 3: In interview at Aseed, and not ticked")).to_be_visible()
    laptop.get_by_role("tab", name="All desks").click()
    expect(laptop.get_by_text("Clinic, Olga (pack)")).to_have_count(2)
    laptop.get_by_role("tab", name="Without a network").click()
    expect(laptop.get_by_text("3 links · 2 handed out")).to_be_visible()
    laptop.get_by_role("button", name="Return the rest to the pool").click()
    laptop.get_by_role("button", name="Return them").click()
    expect(laptop.get_by_text("2 handed out")).to_be_hidden()


FOCUSED = """() => {
  let at = document.activeElement;
  while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (at === document.body) return "the browser";
  return at.closest("dialog") ? "dialog " + at.textContent : at.dataset.testid ?? at.textContent;
}"""
"""What has the focus: its text, after "dialog" where it is in one; Streamlit's name for it; or the browser's window."""


def focused(page: Page) -> str:
    return str(page.evaluate(FOCUSED))


def test_staff_sheet_opens_by_keyboard(make: MakeFair, devices: list[Page]) -> None:
    tablet, fair = devices[0], make(2)
    fair.start(tablet, "Desk A", "The next free one")
    link = shown(tablet)
    assert tablet.locator("main").count() == 1 and tablet.locator("main main").count() == 0
    # Start is gone, and the screen is read from its beginning.
    eventually(lambda: focused(tablet) == f"An interview about {fair.project}")
    for expected in ("English", "Русский", "Staff"):
        tablet.keyboard.press("Tab")
        assert focused(tablet) == expected
    asked = tablet.get_by_role("alertdialog", name="Are you staff of this desk?")
    tablet.keyboard.press("Enter")
    assert focused(tablet) == "dialog No"
    tablet.keyboard.press("Enter")
    expect(asked).to_be_hidden()
    assert focused(tablet) == "Staff"
    tablet.keyboard.press("Space")
    tablet.keyboard.press("Tab")
    tablet.keyboard.press("Enter")
    sheet = tablet.get_by_role("dialog", name="For staff")
    expect(sheet).to_be_visible()
    seen = []
    for _ in range(12):
        seen.append(focused(tablet))
        tablet.keyboard.press("Tab")
    # The last is followed by the browser's own window, and that by the first.
    assert {each for each in seen if not each.startswith("dialog")} <= {"the browser"}, seen
    assert {"dialog Close", "dialog Save", "dialog Given on paper", "dialog End this desk"} <= set(seen)
    tablet.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    assert focused(tablet) == "Staff" and shown(tablet) == link
    # A key that is held opens it, and presses nothing in it.
    tablet.keyboard.down("Enter")
    expect(sheet).to_be_visible()
    tablet.keyboard.down("Enter")
    tablet.keyboard.up("Enter")
    expect(sheet).to_be_visible()
    sheet.get_by_role("button", name="End this desk").click()
    expect(tablet.get_by_role("button", name="Start")).to_be_visible()
    eventually(lambda: focused(tablet) == "stMain")
    start_desk(tablet, "Desk B", "By name")
    expect(tablet.get_by_role("heading", name="Who is next?")).to_be_visible()
    eventually(lambda: focused(tablet) == "stMain")


HELD = """button => {
  const { transform, transitionTimingFunction } = getComputedStyle(button, "::after");
  return [new DOMMatrix(transform).a, transitionTimingFunction];
}"""
"""How far a button that is held has got, from 0 to 1, and how it moves there."""


def test_held_button_shows_how_far(make: MakeFair, devices: list[Page]) -> None:
    tablet, fair = devices[0], make(1)
    fair.start(tablet, "Desk A", "The next free one")
    shown(tablet)
    button = tablet.get_by_role("button", name="Staff")
    assert button.evaluate(HELD)[0] == 0
    tablet.emulate_media(reduced_motion="reduce")
    button.hover()
    tablet.mouse.down()
    far, moves = button.evaluate(HELD)
    assert 0 < far <= 1 and moves.startswith("steps(4")
    tablet.mouse.up()
    # Held too short, or pressed by a switch: it asks, and a press beside the question is an answer, too.
    asked = tablet.get_by_role("alertdialog")
    expect(asked.or_(tablet.get_by_role("dialog", name="For staff")).first).to_be_visible()
    tablet.keyboard.press("Escape")
    expect(asked).to_be_hidden()
    button.evaluate("button => button.click()")
    expect(asked).to_be_visible()
    tablet.mouse.click(20, 20)
    expect(asked).to_be_hidden()
    assert button.evaluate(HELD)[0] == 0


def test_visitor_changes_language_without_the_server(make: MakeFair, devices: list[Page]) -> None:
    tablet, fair = devices[0], make(2)
    fair.open(tablet)
    about = tablet.get_by_role("textbox", name="Visitors read")
    expect(about).to_have_value(fair.project)
    about.fill(" your  mornings ")
    about.press("Enter")
    start_desk(tablet, "Desk A", "The next free one")
    link, band = shown(tablet), tablet.locator(".band")
    expect(tablet.get_by_role("heading", name="An interview about your mornings")).to_be_visible()
    expect(tablet.get_by_text("Up to 30 minutes")).to_be_visible()
    expect(band).to_have_text("Ready")
    tablet.context.set_offline(True)
    russian, english = (tablet.get_by_role("button", name=name, exact=True) for name in ("Русский", "English"))
    russian.click()
    expect(tablet.get_by_role("heading", name="Интервью на тему «your mornings»")).to_be_visible()
    expect(tablet.get_by_text("Разрешите доступ к микрофону")).to_be_visible()
    expect(russian).to_have_attribute("aria-pressed", "true")
    expect(english).to_have_attribute("aria-pressed", "false")
    assert focused(tablet) == "Русский"
    expect(band).to_have_text("Нет связи")
    tablet.context.set_offline(False)
    expect(band).to_have_text("Готово")
    fair.join(link)
    # Its person reads on in Russian, and the next one finds the desk as it was.
    expect(tablet.get_by_role("heading", name="Интервью началось")).to_be_visible()
    expect(band).to_have_text("Идёт интервью")
    hold(tablet, "Hold for the next code", code(tablet))
    expect(tablet.get_by_text("Allow the microphone")).to_be_visible()
    expect(english).to_have_attribute("aria-pressed", "true")


def test_screen_left_alone_forgets_its_visitor(make: MakeFair, devices: list[Page]) -> None:
    tablet, fair = devices[0], make(1)
    tablet.clock.install()
    fair.start(tablet, "Desk A", "The next free one")
    shown(tablet)
    tablet.get_by_role("button", name="Русский").click()
    sheet = staff(tablet)
    expect(tablet.get_by_text("Разрешите доступ к микрофону")).to_be_visible()
    tablet.clock.fast_forward(95_000)
    expect(sheet).to_be_hidden()
    expect(tablet.get_by_text("Allow the microphone")).to_be_visible()


CONTRASTS = """screen => {
  const light = text => {
    const [r, g, b] = text.match(/[\\d.]+/g).map(each => each / 255)
      .map(each => each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const band = screen.querySelector(".band"), found = {};
  for (const state of STATES) {
    screen.dataset.state = state;
    const { color, backgroundColor } = getComputedStyle(band);
    const [low, high] = [light(color), light(backgroundColor)].sort((a, b) => a - b);
    found[state] = [backgroundColor, (high + 0.05) / (low + 0.05)];
  }
  return found;
}"""
"""The colour of each state, and how its word stands out from it."""


def test_state_is_read_from_three_metres(make: MakeFair, devices: list[Page]) -> None:
    tablet, fair = devices[0], make(3)
    fair.open(tablet)
    tablet.get_by_text("Show the next code as soon as").click()
    start_desk(tablet, "Desk A", "The next free one")
    band = tablet.locator(".band")
    expect(band).to_have_text("Paused")
    hold(tablet, "Hold to show the next code", code(tablet))
    expect(band).to_have_text("Ready")
    expect(band).to_have_role("status")
    # Half of its size is the height of its letters: 10 angular minutes at 3 m, on a tablet of 150 mm.
    size = band.evaluate("band => parseFloat(getComputedStyle(band, '::first-line').fontSize)")
    assert size / 2 * 150 / TABLET["width"] > 6.5
    staff(tablet).get_by_role("button", name="Given on paper").click()
    expect(band).to_have_text("Given")
    expect(tablet.locator(".bar").get_by_text("1 handed out · 2 left")).to_be_visible()
    # A person who cannot hold shows the next one with two presses.
    tablet.get_by_role("button", name="Hold to show the next code").click()
    tablet.get_by_role("button", name="Show it").click()
    fair.join(shown(tablet))
    expect(band).to_have_text("In interview")
    found = tablet.locator(".screen").evaluate(CONTRASTS.replace("STATES", str(list(get_args(State)))))
    assert all(contrast >= 4.5 for _, contrast in found.values())
    assert len({found[state][0] for state in ("ready", "begun", "given", "unreachable", "staff", "paused")}) == 6


def test_staff_read_the_language_of_the_page(make: MakeFair, devices: list[Page]) -> None:
    tablet, fair = devices[0], make(1)
    fair.start(tablet, "Desk A", "The next free one")
    link, title = shown(tablet), tablet.locator(".screen h1")
    tablet.context.add_cookies([{"name": COOKIE, "value": "ru", "url": fair.address}])
    tablet.reload()
    assert shown(tablet) == link
    sheet = tablet.get_by_role("dialog", name="Для сотрудников")
    hold(tablet, "Сотрудникам", sheet)
    expect(sheet.get_by_text("выдано 0 · осталось 0")).to_be_visible()
    sheet.get_by_role("button", name="Закрыть", exact=True).click()
    # Visitors read the language of their room.
    expect(title).to_contain_text("An interview about")
    fair.join(link)
    expect(title).to_have_text("Your interview has begun")
    expect(title).to_have_text("Все ссылки выданы")
    expect(tablet.locator(".stage")).to_have_attribute("lang", "ru")
    expect(tablet.locator(".screen .band")).to_have_text("Ссылок нет")


def test_desk_fits_narrow_screens_and_fingers(make: MakeFair, devices: list[Page]) -> None:
    tablet, fair = devices[0], make(1)
    fair.start(tablet, "Desk A", "The next free one")
    link, screen = shown(tablet), tablet.locator(".screen")
    tablet.set_viewport_size(NARROW)
    tablet.emulate_media(forced_colors="active")
    assert screen.evaluate("screen => screen.scrollWidth <= screen.clientWidth")
    code(tablet).scroll_into_view_if_needed()
    picture = Image.open(io.BytesIO(tablet.screenshot()))
    assert [each.text for each in zxingcpp.read_barcodes(picture)] == [link]
    colours = [
        tablet.get_by_role("button", name=name).evaluate("button => getComputedStyle(button).backgroundColor")
        for name in ("English", "Русский")
    ]
    assert colours[0] != colours[1]
    panel = staff(tablet)
    for part in (*screen.locator("button:visible").all(), *panel.locator("button:visible, label:visible").all()):
        box = part.bounding_box()
        assert box is not None and box["height"] >= 44 and box["width"] >= 44
    assert panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth")
    panel.get_by_role("button", name="End this desk").scroll_into_view_if_needed()
    expect(panel.get_by_role("button", name="End this desk")).to_be_in_viewport(ratio=1)


COUNT_LOCKS = """
window.locks = [];
const ask = WakeLock.prototype.request;
WakeLock.prototype.request = async function (...kind) {
  const lock = await ask.apply(this, kind);
  window.locks.push(lock);
  return lock;
};
"""
"""Keeps every lock by which the browser leaves the screen on."""

LOCKS = "() => window.locks.map(lock => !lock.released)"


def test_tablet_stays_on_while_desk_shows(make: MakeFair, open_context: OpenContext) -> None:
    context, fair = open_context(viewport=TABLET, permissions=["screen-wake-lock"]), make(1)
    tablet = context.new_page()
    tablet.add_init_script(COUNT_LOCKS)
    fair.start(tablet, "Desk A", "The next free one")
    panel = staff(tablet)
    expect(panel.get_by_text("The tablet stays on")).to_be_visible()
    # As the browser does when the page is hidden.
    tablet.evaluate("() => window.locks[0].release()")
    expect(panel.get_by_text("The tablet may switch off")).to_contain_text("Auto-Lock")
    tablet.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(panel.get_by_text("The tablet stays on")).to_be_visible()
    assert tablet.evaluate(LOCKS) == [False, True]
    panel.get_by_role("button", name="End this desk").click()
    expect(tablet.get_by_role("button", name="Start")).to_be_visible()
    eventually(lambda: not any(tablet.evaluate(LOCKS)))


def test_plain_address_says_what_to_set(devices: list[Page], tmp_path: Path) -> None:
    tablet = devices[0]
    # The sandbox may be reached by every name: here by that of another machine.
    with running_dashboard(tmp_path, ASEED_BASE_URL="", ASEED_API_TOKEN="") as address:
        open_desk(tablet, f"http://desk.example:{urlsplit(address).port}")
        start_desk(tablet, "Desk A", "The next free one")
        said = staff(tablet).get_by_text("only for an address that begins with https")
        expect(said).to_contain_text("the screen's timeout to “Never”")


COUNT_SIGNALS = """
window.signals = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.signals.push("tone");
  return start.apply(this, when);
};
Navigator.prototype.vibrate = function (pattern) {
  window.signals.push("buzz");
  return true;
};
"""
"""Notes the tones of the browser's sound, which has no other trace here, and what would shake a tablet."""


def test_signal_tells_that_interview_begins(make: MakeFair, devices: list[Page]) -> None:
    tablet, fair = devices[0], make(4)
    tablet.add_init_script(COUNT_SIGNALS)
    fair.start(tablet, "Desk A", "The next free one")

    def signals() -> list[str]:
        return list(tablet.evaluate("() => window.signals"))

    def begin() -> None:
        fair.join(shown(tablet))
        expect(tablet.locator(".band")).to_have_text("In interview")

    begin()
    assert signals() == []
    hold(tablet, "Hold for the next code", code(tablet))
    panel = staff(tablet)
    panel.get_by_label("Sound").check()
    # As a sample.
    eventually(lambda: signals() == ["tone"] * 2)
    tablet.keyboard.press("Escape")
    begin()
    eventually(lambda: signals() == ["tone"] * 4)
    tablet.reload()
    shown(tablet)
    # The browser is silent until the page is touched, and the screen says so.
    hint = tablet.get_by_text("Touch the screen once")
    expect(hint).to_be_visible()
    tablet.locator(".head").click()
    expect(hint).to_be_hidden()
    panel = staff(tablet)
    expect(panel.get_by_label("Sound")).to_be_checked()
    panel.get_by_label("Vibration").check()
    eventually(lambda: signals() == ["buzz"])
    tablet.keyboard.press("Escape")
    begin()
    eventually(lambda: signals() == ["buzz"] * 2)
