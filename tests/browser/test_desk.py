"""The desk in real browsers: links are held towards people, each link to one of them, whatever happens meanwhile."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from pyzbar import pyzbar

from services.aseed.models import CreateRoomsRequest, UpdateRoomRequest
from services.sandbox.store import Row
from tests.browser.service import Service, service
from tests.browser.steps import READY, choose_option, choose_pool, open_desk, start_desk
from tests.browser.wire import wire
from tests.servers import eventually, running_dashboard

TABLET: ViewportSize = {"width": 768, "height": 1024}
LYING: ViewportSize = {"width": 1024, "height": 768}
PHONE: ViewportSize = {"width": 390, "height": 844}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}


@dataclass
class Fair:
    """A project with pending rooms, and a dashboard in front of it."""

    aseed: Service
    address: str
    project_id: str
    ids: list[str]

    @property
    def account(self) -> str:
        return self.aseed.store.account("sandbox")

    def rooms(self) -> dict[str, Row]:
        """The rooms that were made for this test, by link."""
        found = {room["id"]: room for room in self.aseed.store.rooms(self.account, UUID(self.project_id))}
        return {f"{self.aseed.address}/interview/{found[each]['access_token']}": found[each] for each in self.ids}

    def join(self, link: str, email: str = "somebody@example.org") -> None:
        self.aseed.store.join(link.rsplit("/", 1)[1], email)

    def update(self, number: int, **change: object) -> None:
        self.aseed.store.update_room(self.account, UUID(self.ids[number]), UpdateRoomRequest.model_validate(change))


@contextmanager
def a_fair(folder: Path, count: int, **settings: object) -> Iterator[Fair]:
    with (
        service(folder) as aseed,
        running_dashboard(folder, ASEED_BASE_URL=f"{aseed.address}/custdev", ASEED_API_TOKEN="first") as address,
    ):
        account = aseed.store.account("sandbox")
        project = next(each["id"] for each in aseed.store.projects(account) if each["name"] == READY)
        for room in aseed.store.rooms(account, UUID(project), "pending"):
            aseed.store.cancel_room(account, UUID(room["id"]))
        wanted = CreateRoomsRequest.model_validate({"project_id": project, "count": count, **settings})
        made = aseed.store.create_rooms(account, wanted)
        yield Fair(aseed, address, project, [room["id"] for room in made])


@pytest.fixture
def devices(browser: Browser) -> Iterator[list[Page]]:
    """Two tablets, and a laptop."""
    # Where it is about noon, so that the day does not end meanwhile.
    hours = datetime.now(UTC).hour - 12
    zone = f"Etc/GMT{hours:+}" if hours else "Etc/GMT"
    contexts = [browser.new_context(viewport=size, timezone_id=zone) for size in (TABLET, LYING, LAPTOP)]
    yield [context.new_page() for context in contexts]
    for context in contexts:
        context.close()


def start(page: Page, address: str, name: str, how: str = "") -> None:
    open_desk(page, address)
    start_desk(page, name, how)


def code(page: Page) -> Locator:
    return page.locator("img.code")


def shown(page: Page) -> str:
    """The link on show."""
    expect(code(page)).to_be_visible()
    return page.locator(".screen .link").inner_text()


def hold(page: Page, name: str, until: Locator) -> None:
    """Hold a button until it has done what it does."""
    button = page.get_by_role("button", name=name)
    expect(button).to_be_visible()
    box = button.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    expect(until).to_be_visible()
    page.mouse.up()


def staff(page: Page) -> Locator:
    panel = page.get_by_role("dialog", name="For staff")
    hold(page, "Staff", panel)
    return panel


def moves_on(page: Page, before: str) -> None:
    expect(page.locator(".screen .link", has_text=before)).to_have_count(0)


def test_two_desks_empty_a_pool_side_by_side_and_show_every_link_once(tmp_path: Path, devices: list[Page]) -> None:
    first, second, laptop = devices
    with a_fair(tmp_path, 30) as fair:
        start(first, fair.address, "Desk A")
        start(second, fair.address, "Desk B")
        seen: list[str] = []
        given_back = shown(first)
        staff(first).get_by_role("button", name="Not taken").click()
        moves_on(first, given_back)
        for turn in range(15):
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

        open_desk(laptop, fair.address)
        expect(laptop.get_by_text("No link is left to hand out here.")).to_be_visible()
        laptop.get_by_role("tab", name="All desks").click()
        expect(laptop.get_by_text("8 in session")).to_be_visible()
        expect(laptop.get_by_text("22 given, not started")).to_be_visible()


def test_a_swipe_back_shows_no_other_page_until_staff_end_the_desk(tmp_path: Path, devices: list[Page]) -> None:
    tablet = devices[0]
    with a_fair(tmp_path, 3) as fair:
        tablet.goto(f"{fair.address}/links")
        expect(tablet.get_by_text("3 rooms in view")).to_be_visible()
        tablet.get_by_role("link", name="Desk", exact=True).click()
        choose_pool(tablet)
        start_desk(tablet, "Desk A")
        link = shown(tablet)
        other = tablet.get_by_role("heading", name="Links").or_(tablet.get_by_role("textbox", name="Name of this desk"))
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


def test_the_code_stays_when_the_network_or_aseed_is_lost_and_a_reload_comes_back_to_it(
    tmp_path: Path, devices: list[Page]
) -> None:
    tablet = devices[0]
    with a_fair(tmp_path, 3) as fair, wire(fair.address) as line:
        start(tablet, line.address, "Desk A")
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
        # Nothing is known of it that would be new: it is the same link.
        expect(tablet.locator(".trouble")).to_be_visible()
        fair.aseed.is_down = False
        expect(tablet.locator(".trouble")).to_be_hidden()
        assert shown(tablet) == link
        fair.join(link)
        expect(tablet.get_by_text("Your interview has begun")).to_be_visible()
        moves_on(tablet, link)
        assert shown(tablet) != link
        # In another window of the same browser it goes on only where somebody wants that, and then only there.
        other = tablet.context.new_page()
        other.goto(f"{line.address}/desk")
        other.get_by_role("button", name="Go on").click()
        expect(tablet.get_by_text("This desk is open in another window")).to_be_visible()
        assert shown(other) in fair.rooms()
        # The staff end it, and what was on show goes back.
        staff(other).get_by_role("button", name="End this desk").click()
        expect(other.get_by_role("button", name="Start")).to_be_visible()
        expect(other.get_by_text("2 links are ready.")).to_be_visible()


def test_a_code_scans_from_the_screen_of_every_size_and_nothing_leads_to_another(
    tmp_path: Path, devices: list[Page]
) -> None:
    tablet = devices[0]
    with a_fair(tmp_path, 2, language="Russian") as fair:
        fair.update(0, display_name="Анна Ёлкина")
        fair.update(1, display_name="Boris")
        start(tablet, fair.address, "Desk A", "The next free one")
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


def test_by_name_each_person_gets_their_own_link_and_a_stranger_a_free_one(tmp_path: Path, devices: list[Page]) -> None:
    tablet = devices[0]
    with a_fair(tmp_path, 4) as fair:
        for number, name in enumerate(("Anna", "Boris", "Clara")):
            fair.update(number, display_name=name)
        start(tablet, fair.address, "Desk A")
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

        tablet.get_by_text("Somebody who is not on the list (1 free link)").click()
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


def test_whoever_looks_after_the_desks_calls_back_extends_and_replaces(tmp_path: Path, devices: list[Page]) -> None:
    tablet, _, laptop = devices
    with a_fair(tmp_path, 4) as fair:
        soon = datetime.now(UTC) + timedelta(minutes=50)
        for number in range(4):
            fair.update(number, display_name=f"P-{number}", expires_at=soon.isoformat())
        start(tablet, fair.address, "Desk A")
        expect(tablet.get_by_role("heading", name="Who is next?")).to_be_visible()
        choose_option(tablet, "desk_person", "P-1", exact=True)
        tablet.get_by_role("button", name="Show the code").click()
        shown(tablet)
        open_desk(laptop, fair.address)
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
        eventually(lambda: len(fair.aseed.store.rooms(fair.account, UUID(fair.project_id), "pending")) == 4)


def test_a_pack_is_taken_along_ticked_without_a_network_and_entered(
    tmp_path: Path, devices: list[Page], browser: Browser
) -> None:
    laptop = devices[2]
    with a_fair(tmp_path, 5) as fair:
        open_desk(laptop, fair.address)
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
        start(devices[0], fair.address, "Desk A")
        assert list(fair.rooms()).index(shown(devices[0])) == 3

        context = browser.new_context(offline=True, accept_downloads=True)
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
        context.close()

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
