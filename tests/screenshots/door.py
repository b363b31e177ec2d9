"""Takes a picture of every page that a visitor of a door sees, wide and phone, light and dark, for a person to look at.

python -m tests.screenshots.door FOLDER [SCENE…]   in English and in Russian, into FOLDER
"""

import itertools
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from services.door.watch import Watch
from services.journal.door.records import Door, VisitState
from tests.browser.conftest import FLAGS
from tests.journals import empty_journal
from tests.screenshots.__main__ import SCHEMES
from tests.services.door.fair import Fair, fair
from tests.services.door.visitor import doors

SIZES = {"wide": (1280, 800), "phone": (390, 844)}

WELCOME = {
    "en": "Thank you for coming to our stand.\nYou talk with an interviewer by voice, about your mornings.",
    "ru": "Спасибо, что подошли к нашему стенду.\nВы поговорите с интервьюером голосом о том, как проходит ваше утро.",
}
CONSENT = {
    "en": "The interview is recorded and written down for the study “Mornings”. You may stop at any time. Ask us, and "
    "everything that you have said is deleted.",
    "ru": "Интервью записывается и расшифровывается для исследования «Утро». Вы можете прекратить его в любой момент. "
    "По вашей просьбе всё сказанное будет удалено.",
}
TEXTS = {
    code: {"name": name, "welcome": WELCOME[code], "consent": CONSENT[code], "contact": "Anna, +49 30 1234567"}
    for code, name in {"en": "City fair: your mornings", "ru": "Городская ярмарка: ваше утро"}.items()
}
QUESTION = {
    "texts": {"en": "How often do you drink coffee?", "ru": "Как часто вы пьёте кофе?"},
    "answers": [
        {"texts": {"en": "Every day", "ru": "Каждый день"}},
        {"texts": {"en": "Now and then", "ru": "Иногда"}, "quota": 1},
        {"texts": {"en": "Never", "ru": "Никогда"}, "lets_in": False},
    ],
}
PROLIFIC = {
    "kind": "prolific",
    "return_address": "https://app.prolific.com/submissions/complete?cc={code}",
    "done_code": "C1A2B3",
    "screened_code": "SCREEN1",
}
TELEGRAM = "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/X; wv) AppleWebKit/537.36 Chrome/139.0 Telegram-Android/11"


class Stand:
    """A fair, the address of its doors, and a page in one language."""

    def __init__(self, at: Fair, address: str, page: Page, language: str) -> None:
        self.at, self.address, self.page, self.language = at, address, page, language

    def door(self, rooms: int = 3, **how: object) -> Door:
        return self.at.door(rooms, **{"texts": TEXTS, **how})

    def open(self, door: Door, query: str = "") -> Door:
        self.page.goto(f"{self.address}/door/{door.code}?lang={self.language}{query}")
        return door

    def enter(self, door: Door, query: str = "", answer: int | None = None) -> Door:
        self.open(door, query)
        if answer is not None:
            self.page.locator("input[type=radio]").nth(answer).check()
        self.page.locator("input[name=consent]").check()
        self.page.locator("main form button").click()
        self.page.wait_for_url("**/ticket**")
        return door

    def claim(self, door: Door) -> Door:
        with self.page.expect_popup() as opened:
            self.page.locator("#open").click()
        opened.value.wait_for_load_state()
        opened.value.close()
        return door

    def claim_here(self) -> None:
        """Has the page that comes of the press in this tab."""
        self.page.locator("#claim").evaluate("form => { form.removeAttribute('target'); form.submit(); }")
        self.page.locator(".notice, main form[data-again]").first.wait_for(state="attached")

    def become(self, door: Door, *states: VisitState, minutes: float | None = None) -> None:
        """The visitor joins, the interview ends or goes on, and the ticket follows."""
        [visit] = self.at.journal.visits.all(door)
        self.at.interview(door, visit, minutes)
        self.at.watch().look()
        assert self.at.journal.visits.all(door)[0].state in states
        self.page.reload()


def welcome(at: Stand) -> None:
    at.open(at.door(questions=[QUESTION], asks_pin=True, asks_email=True))


def welcome_with_mistakes(at: Stand) -> None:
    welcome(at)
    at.page.locator("input[name=email]").fill("anna at example")
    at.page.locator("input[name=pin]").fill("12345")
    at.page.locator("main form button").click()
    expect(at.page.locator(".summary")).to_be_visible()


def welcome_plain(at: Stand) -> None:
    at.open(at.door(texts={code: {"name": texts["name"]} for code, texts in TEXTS.items()}))


def welcome_in_app(at: Stand) -> None:
    at.page.set_extra_http_headers({"User-Agent": TELEGRAM})
    at.open(at.door())


def unknown(at: Stand) -> None:
    at.page.goto(f"{at.address}/door/nowhere")


def closed(at: Stand) -> None:
    door = at.door()
    at.at.journal.doors.close(at.at.whose, door.id)
    at.open(door)


def paused(at: Stand) -> None:
    door = at.door()
    at.at.journal.doors.pause(at.at.whose, door.id, paused=True)
    at.open(door)


def early(at: Stand) -> None:
    at.open(at.door(zone="Europe/Berlin", opens=datetime.now(UTC) + timedelta(days=2)))


def full_today(at: Stand) -> None:
    door = at.door(most_a_day=1, zone="Europe/Berlin")
    at.at.journal.visits.claim(door, at.at.visitor(door, "another").key)
    at.open(door)


def full(at: Stand) -> None:
    door = at.door(most=1)
    at.at.journal.visits.claim(door, at.at.visitor(door, "another").key)
    at.open(door)


def from_elsewhere(at: Stand) -> None:
    at.open(at.door(panel=PROLIFIC))


def ticket(at: Stand) -> None:
    at.enter(at.door())


def ticket_in_app(at: Stand) -> None:
    ticket(at)
    at.page.set_extra_http_headers({"User-Agent": TELEGRAM})
    at.page.reload()


def heard(at: Stand) -> None:
    ticket(at)
    at.page.locator("#check").click()
    expect(at.page.locator("#heard")).to_contain_text("We can hear you" if at.language == "en" else "слышно")


def waits_for_a_room(at: Stand) -> None:
    at.enter(at.door(0))
    at.claim_here()


def paused_ticket(at: Stand) -> None:
    door = at.enter(at.door())
    at.at.journal.doors.pause(at.at.whose, door.id, paused=True)
    at.page.reload()


def in_another_tab(at: Stand) -> None:
    at.claim(at.enter(at.door()))
    at.page.reload()


def going_on(at: Stand) -> None:
    at.become(at.claim(at.enter(at.door())), VisitState.STARTED)


def done(at: Stand) -> None:
    at.become(at.claim(at.enter(at.door())), VisitState.DONE, minutes=9)


def done_for_prolific(at: Stand) -> None:
    door = at.claim(at.enter(at.door(panel=PROLIFIC), "&PROLIFIC_PID=5f3e"))
    at.become(door, VisitState.DONE, minutes=9)


def done_on_a_tablet(at: Stand) -> None:
    at.become(at.claim(at.enter(at.door(one_a_device=False))), VisitState.DONE, minutes=9)


def cut_off(at: Stand) -> None:
    at.become(at.claim(at.enter(at.door(replacements=1))), VisitState.CUT_OFF, minutes=0)


def cut_off_for_good(at: Stand) -> None:
    at.become(at.claim(at.enter(at.door(replacements=0))), VisitState.CUT_OFF, minutes=0)


def given_back(at: Stand) -> None:
    door = at.claim(at.enter(at.door()))
    [visit] = at.at.journal.visits.all(door)
    at.at.journal.hand_outs.recall(at.at.whose, str(visit.room_id))
    at.at.journal.visits.take_back(door)
    at.page.reload()


def lost(at: Stand) -> None:
    door = at.claim(at.enter(at.door()))
    [visit] = at.at.journal.visits.all(door)
    at.at.connection.client().cancel_room(str(visit.room_id))
    Watch(at.at.journal, at.at.connection, None, every=0).look()
    at.page.reload()


def screened_out(at: Stand) -> None:
    at.enter(at.door(questions=[QUESTION], panel=PROLIFIC), "&PROLIFIC_PID=5f3e", answer=2)


def quota_full(at: Stand) -> None:
    door = at.door(questions=[QUESTION])
    at.at.journal.visits.claim(door, at.at.visitor(door, "another", answers=(1,)).key)
    at.enter(door, answer=1)


SCENES: tuple[Callable[[Stand], None], ...] = (
    welcome,
    welcome_with_mistakes,
    welcome_plain,
    welcome_in_app,
    unknown,
    closed,
    paused,
    early,
    full_today,
    full,
    from_elsewhere,
    ticket,
    ticket_in_app,
    heard,
    waits_for_a_room,
    paused_ticket,
    in_another_tab,
    going_on,
    done,
    done_for_prolific,
    done_on_a_tablet,
    cut_off,
    cut_off_for_good,
    given_back,
    lost,
    screened_out,
    quota_full,
)


def main() -> None:
    if not sys.argv[1:]:
        sys.exit(__doc__)
    folder, named = Path(sys.argv[1]), sys.argv[2:]
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chosen = os.environ.get("TEST_BROWSER") or None
        browser = playwright.chromium.launch(executable_path=chosen, args=FLAGS)
        for scene, language in itertools.product(SCENES, ("en", "ru")):
            if named and scene.__name__ not in named:
                continue
            with (
                tempfile.TemporaryDirectory() as data,
                fair(Path(data), empty_journal(Path(data))) as at,
                doors(at) as address,
                browser.new_context(locale=language, permissions=["microphone"]) as context,
            ):
                page = context.new_page()
                scene(Stand(at, address, page, language))
                for size, scheme in itertools.product(SIZES, SCHEMES):
                    width, height = SIZES[size]
                    page.set_viewport_size({"width": width, "height": height})
                    page.emulate_media(color_scheme=scheme)
                    page.screenshot(path=folder / f"{scene.__name__}_{language}_{size}_{scheme}.png", full_page=True)


if __name__ == "__main__":
    main()
