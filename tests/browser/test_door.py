"""A visitor's way through a door in a real browser: by keyboard alone, on a phone and wide, in both languages."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Self

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from services.aseed.models import CreateRoomsRequest
from services.door.connection import DoorConnection
from services.journal.door.records import Door, DoorSettings
from services.journal.journal import Journal
from services.settings import Settings
from tests.browser import axe
from tests.browser.conftest import OpenContext
from tests.servers import running_dashboard

TEXTS = {
    "en": {"name": "City fair", "welcome": "Hello", "consent": "It is recorded.", "contact": "Anna, 12345"},
    "ru": {"name": "Ярмарка", "welcome": "Привет", "consent": "Идёт запись.", "contact": "Анна, 12345"},
}
QUESTION = {
    "texts": {"en": "Do you drink coffee?", "ru": "Вы пьёте кофе?"},
    "answers": [{"texts": {"en": "Yes", "ru": "Да"}}, {"texts": {"en": "No", "ru": "Нет"}, "lets_in": False}],
}

REFUSES = """() => {
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
}"""


@dataclass
class Stand:
    """A dashboard on its sandbox, whose doors are open at its address."""

    address: str
    journal: Journal
    connection: DoorConnection
    project_id: str

    @classmethod
    def opened(cls, address: str, journal: Journal, connection: DoorConnection) -> Self:
        """A project of its own, so that no other test takes its rooms."""
        study = {"name": "Study", "research_goals": "Goals", "interview_guide": "Guide"}
        sandbox = {"Authorization": "Bearer sandbox"}
        made = httpx.post(f"{address}/custdev/projects/create", json=study, headers=sandbox, trust_env=False)
        return cls(address, journal, connection, made.json()["id"])

    def rooms(self, count: int) -> None:
        wanted = CreateRoomsRequest.model_validate({"project_id": self.project_id, "count": count})
        self.connection.client().create_rooms(wanted)
        self.connection.reception().desk.fill(self.project_id)

    def door(self, **how: object) -> Door:
        """A door whose interviews count however short they are."""
        settings = DoorSettings.model_validate({"texts": TEXTS, "cut_off_minutes": 0, **how})
        whose = self.connection.reception().desk.visibility
        return self.journal.doors.make(whose, self.project_id, settings)

    def at(self, door: Door) -> str:
        return f"{self.address}/door/{door.code}"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Journal, DoorConnection]]:
    data = tmp_path_factory.mktemp("doors")
    with running_dashboard(data, ASEED_BASE_URL="", ASEED_API_TOKEN="") as address, ExitStack() as stack:
        journal = Journal(f"sqlite:///{data / 'journal.sqlite3'}")
        stack.callback(journal.close)
        connection = DoorConnection(Settings.model_validate({}), journal, address)
        stack.callback(connection.close)
        yield address, journal, connection


@pytest.fixture
def stand(opened: tuple[str, Journal, DoorConnection]) -> Stand:
    return Stand.opened(*opened)


def press_on(page: Page, selector: str, key: str) -> None:
    """Moves to an element by the Tab key alone, and presses a key there."""
    for _ in range(40):
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            page.keyboard.press(key)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} cannot be reached by keyboard")


def is_sound(page: Page) -> bool:
    """Whether axe finds nothing, and the page fits its width."""
    assert axe.findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.evaluate(axe.TWINS) == []
    return True


def opened_by(page: Page, context: BrowserContext, key: str = "Enter") -> Page:
    with context.expect_page() as opened:
        press_on(page, "#open", key)
    return opened.value


def test_visitor_goes_through_by_keyboard_alone(stand: Stand, open_context: OpenContext) -> None:
    stand.rooms(1)
    door = stand.door(questions=[QUESTION], asks_email=True)
    context = open_context(viewport={"width": 390, "height": 844}, locale="ru-RU")
    page = context.new_page()
    page.goto(stand.at(door), wait_until="networkidle")
    # A crawler that runs scripts has done so much.
    assert stand.journal.visits.all(door) == []
    press_on(page, "button", "Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    # The first field with a mistake has the focus.
    assert page.evaluate("document.activeElement.name") == "question0"
    assert is_sound(page)
    page.keyboard.press("Space")
    press_on(page, "[name=email]", "Home")
    page.keyboard.type("anna@example.org")
    press_on(page, "[name=consent]", "Space")
    press_on(page, "button", "Enter")
    expect(page.get_by_role("heading", name="Всё готово")).to_be_visible()
    press_on(page, "#check", "Enter")
    expect(page.locator("#heard")).to_have_text("Вас слышно. Можно открывать интервью.")
    assert is_sound(page)
    room = opened_by(page, context)
    expect(room).to_have_url(f"{stand.address}/interview/{room.url.rpartition('/')[2]}")
    expect(page.get_by_role("heading", name="открыто в другой вкладке")).to_be_visible()
    # The focus stays, whatever the page shows now.
    assert page.evaluate("document.activeElement.id") == "open"
    room.get_by_role("textbox").fill("anna@example.org")
    room.get_by_role("button", name="Начать").or_(room.get_by_role("button", name="Start")).click()
    expect(page.get_by_role("heading", name="Ваше интервью идёт")).to_be_visible()
    room.locator("button.end").click()
    expect(page.get_by_role("heading", name="Спасибо!")).to_be_visible()
    [visit] = stand.journal.visits.all(door)
    expect(page.locator("output.code")).to_have_text(visit.code)
    assert is_sound(page)


def test_visitor_waits_for_a_room_and_network(stand: Stand, open_context: OpenContext) -> None:
    door = stand.door()
    context = open_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    page = context.new_page()
    page.add_init_script(f"({REFUSES})()")
    page.goto(stand.at(door))
    page.get_by_role("link", name="Русский").click()
    expect(page.get_by_role("heading", name="Ярмарка")).to_be_visible()
    page.get_by_role("link", name="English").click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()
    page.get_by_role("button", name="Check the microphone").click()
    expect(page.locator("#heard")).to_contain_text("The browser may not use the microphone.")
    context.set_offline(True)
    expect(page.get_by_text("No connection.")).to_be_visible()
    assert is_sound(page)
    context.set_offline(False)
    expect(page.get_by_text("No connection.")).to_be_hidden()
    room = opened_by(page, context)
    expect(room.get_by_role("heading", name="The next room is being prepared")).to_be_visible()
    assert is_sound(room)
    stand.rooms(1)
    # By itself: nothing is pressed.
    room.wait_for_url("**/interview/*")
    expect(page.get_by_role("heading", name="Your interview is open in another tab")).to_be_visible()
