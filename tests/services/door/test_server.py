"""The pages of a door over a real socket: only a press lets in, one visitor gets one room, and no page holds a link."""

import logging
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from services.door.connection import DoorConnection
from services.door.pages import FILES
from services.door.pin import pin_of_day
from services.door.server import LONGEST_BODY, door_routes
from services.headers import UNUSED
from services.journal.database import JournalError
from services.journal.door.records import Door, VisitState
from services.settings import Settings
from tests.servers import free_port, serving
from tests.services.door.fair import Fair
from tests.services.door.visitor import Page, Visitor, doors

TEXTS = {
    "en": {"name": "City fair", "welcome": "Hello", "consent": "It is recorded.", "contact": "Anna, 12345"},
    "ru": {"name": "Ярмарка", "welcome": "Привет", "consent": "Идёт запись."},
}
QUESTION = {
    "texts": {"en": "Coffee?", "ru": "Кофе?"},
    "answers": [{"texts": {"en": "Yes", "ru": "Да"}}, {"texts": {"en": "No", "ru": "Нет"}, "lets_in": False}],
}
PROLIFIC = {
    "kind": "prolific",
    "kept": ["STUDY_ID"],
    "return_address": "https://app.prolific.com/submissions/complete?cc={code}",
    "done_code": "DONE1",
    "screened_code": "SCREENED1",
}
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


@pytest.fixture
def address(at: Fair) -> Iterator[str]:
    with doors(at) as opened:
        yield opened


def entered(address: str, door: Door, **fields: Any) -> Visitor:  # noqa: ANN401 - of a form
    """A visitor who is in."""
    visitor = Visitor(address, door)
    answer = visitor.enter(**fields)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/door/{door.code}/ticket?lang=en")
    return visitor


def is_untouched(at: Fair, door: Door) -> bool:
    """Whether the door has no visit, and its pool is whole."""
    _, figures = at.journal.doors.now_and_figures(door)
    return figures.came == 0 and figures.free == len(at.connection.client().rooms(at.project_id))


# What opens a link


def test_previews_and_crawlers_spend_nothing(at: Fair, address: str) -> None:
    door = at.door(2, texts=TEXTS, questions=[QUESTION])
    for agent in ("TelegramBot (like TwitterBot)", "Mozilla/5.0 (compatible; Googlebot/2.1)", "Barracuda"):
        visitor = Visitor(address, door, **{"User-Agent": agent})
        visitor.http.head(f"/door/{door.code}")
        seen, left = set[str](), {f"/door/{door.code}"}
        while left:
            path = left.pop()
            seen.add(path)
            answer = visitor.http.get(path)
            if answer.headers.get("Content-Type", "").startswith("text/html"):
                left |= {each for each in Page(answer).addresses if each.startswith("/")} - seen
        assert {f"/door/{door.code}/enter", f"/door/{door.code}?lang=ru"} <= seen
        for method, end in product(("GET", "HEAD"), ("/ticket", "/claim", "/next", "/enter")):
            assert visitor.http.request(method, f"/door/{door.code}{end}").status_code in (303, 405)
    assert is_untouched(at, door)


def test_unknown_code_is_told_of(address: str) -> None:
    for code in ("nowhere", "a" * 50, "%00", ".."):
        answer = httpx.get(f"{address}/door/{code}", trust_env=False)
        assert answer.status_code == 404
    assert "This address leads nowhere" in Page(httpx.get(f"{address}/door/nowhere", trust_env=False)).text
    assert httpx.post(f"{address}/door/nowhere/claim", trust_env=False).status_code == 404


# The way to a room


def test_visitor_gets_one_room_however_often_pressed(at: Fair, address: str) -> None:
    door = at.door(3, texts=TEXTS)
    visitor = entered(address, door, consent="yes")
    token = visitor.ticket().token
    # At once, as when a button is pressed twice.
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: visitor.post("/claim", token), range(8)))
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    visit = at.journal.visits.all(door)[0]
    assert answers[0].headers["Location"] == f"{at.address}/interview/{at.token(visit)}"
    assert visitor.claim().headers["Location"] == answers[0].headers["Location"]
    assert "open in another tab" in visitor.ticket().text
    # The door itself leads back to the ticket.
    assert visitor.get().headers["Location"] == f"/door/{door.code}/ticket?lang=en"


def test_no_page_log_or_address_holds_a_link(at: Fair, address: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    door = at.door(2, panel=PROLIFIC)
    visitor = Visitor(address, door)
    visitor.enter({"PROLIFIC_PID": "5f3ecanary"})
    link = visitor.claim().headers["Location"]
    visit = at.journal.visits.all(door)[0]
    at.interview(door, visit, minutes=9)
    at.watch().look()
    visitor.ticket()
    secrets = (at.token(at.visit(door, visit)), door.secret, visit.key)
    for answer in visitor.answers:
        told = f"{answer.text}{answer.request.url}"
        headers = " ".join(value for name, value in answer.headers.items() if name not in ("location", "set-cookie"))
        assert not [each for each in secrets if each in told + headers]
    assert [answer.headers.get("Location") for answer in visitor.answers].count(link) == 1
    own = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(("services", "uvicorn")))
    assert not [each for each in (*secrets, "5f3ecanary") if each in own]


def test_what_is_missing_is_told_beside_its_field(at: Fair, address: str) -> None:
    door = at.door(1, texts=TEXTS, questions=[QUESTION], asks_pin=True, asks_email=True)
    visitor = Visitor(address, door)
    answer = visitor.enter(email="anna at", pin="12", consent="yes", question0="7")
    assert answer.status_code == 422
    page = Page(answer)
    for told in ("Choose an answer.", "This is no email address.", "This is not the PIN of today."):
        assert told in page.text
    fields = {field["name"]: field for field in page.all("input")}
    assert (fields["email"]["value"], fields["pin"]["value"]) == ("anna at", "12")
    assert "checked" in fields["consent"] and fields["email"]["aria-invalid"] == "true"
    assert "email-problem" in str(fields["email"]["aria-describedby"])
    now, _ = at.journal.doors.now_and_figures(door)
    right: dict[str, Any] = {
        "email": "anna@example.org",
        "pin": pin_of_day(door, datetime.fromtimestamp(now, UTC)),
        "question0": "0",
    }
    assert "You can take part only if you agree." in Page(visitor.post("/enter", page.token, **right)).text
    assert at.journal.visits.all(door) == []
    assert visitor.post("/enter", page.token, **right, consent="yes").status_code == 303
    assert at.journal.visits.all(door)[0].state == VisitState.ENTERED


def test_address_of_another_device_is_refused(at: Fair, address: str) -> None:
    door = at.door(1, asks_email=True)
    entered(address, door, email="anna@example.org")
    answer = Visitor(address, door).enter(email="ANNA@example.org")
    assert answer.status_code == 422 and "has been used on another device" in Page(answer).text


def test_changed_consent_is_to_be_read_again(at: Fair, address: str) -> None:
    door = at.door(1, texts=TEXTS)
    visitor = Visitor(address, door)
    token = Page(visitor.get()).token
    changed = {**TEXTS, "en": {**TEXTS["en"], "consent": "Something else."}}
    at.journal.doors.change(at.whose, door.id, door.settings.model_validate({"texts": changed}))
    answer = visitor.post("/enter", token, consent="yes")
    page = Page(answer)
    assert answer.status_code == 422 and "The text has changed" in page.text and "Something else." in page.text
    assert not [field for field in page.all("input") if "checked" in field]
    assert visitor.post("/enter", page.token, consent="yes").status_code == 303
    assert at.journal.visits.all(door)[0].version == 2


# Forgery


@pytest.mark.parametrize("path", ["/enter", "/claim", "/next"])
def test_forged_and_foreign_presses_do_nothing(at: Fair, address: str, path: str) -> None:
    door, other = at.door(2), at.door()
    visitor = entered(address, door)
    mine = visitor.ticket().token
    stranger = Visitor(address, door)
    theirs = Page(stranger.get()).token
    elsewhere = Visitor(address, other)
    refused = [
        # The token of another device, of another door, made up, cut, and none.
        visitor.post(path, theirs),
        visitor.post(path, Page(elsewhere.get()).token),
        visitor.post(path, mine[:-1] + ("A" if mine[-1] != "A" else "B")),
        visitor.post(path, mine[:10]),
        visitor.post(path, ""),
        # From another page.
        visitor.post(path, mine, {"Sec-Fetch-Site": "cross-site"}),
        visitor.post(path, mine, {"Sec-Fetch-Site": "same-site"}),
        visitor.post(path, mine, {"Origin": "https://evil.example"}),
        # Replayed without the cookie, and with another one.
        httpx.post(f"{address}/door/{door.code}{path}", data={"form": mine}, trust_env=False),
        httpx.post(
            f"{address}/door/{door.code}{path}",
            data={"form": mine},
            headers={"Cookie": f"door_{door.code}=made-up.{'A' * 27}"},
            trust_env=False,
        ),
        stranger.post(path, mine),
    ]
    assert {answer.status_code for answer in refused} == {403}
    assert [visit.state for visit in at.journal.visits.all(door)] == [VisitState.ENTERED]
    _, figures = at.journal.doors.now_and_figures(door)
    assert figures.free == 2


def test_old_page_asks_for_another_press(at: Fair, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    door = at.door(1)
    visitor = Visitor(address, door)
    token = Page(visitor.get()).token
    monkeypatch.setattr("services.door.devices.FORM_SECONDS", -1)
    answer = visitor.post("/enter", token)
    monkeypatch.undo()
    assert answer.status_code == 422 and "Press once more." in Page(answer).text
    assert visitor.post("/enter", Page(answer).token).status_code == 303


def test_old_ticket_asks_for_another_press(at: Fair, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    door = at.door(1)
    visitor = entered(address, door)
    token = visitor.ticket().token
    monkeypatch.setattr("services.door.devices.FORM_SECONDS", -1)
    page = Page(visitor.post("/claim", token))
    monkeypatch.undo()
    assert "Press once more to go on." in page.text
    assert not [form for form in page.all("form") if form.get("data-again")]
    assert visitor.post("/claim", page.token).headers["Location"].startswith(f"{at.address}/interview/")


def test_too_many_presses_are_turned_away(at: Fair, address: str) -> None:
    door = at.door(1)
    visitor = Visitor(address, door)
    token = Page(visitor.get()).token
    answers = [visitor.post("/next", token) for _ in range(41)]
    assert answers[-1].status_code == 429 and answers[-1].headers["Retry-After"] == "60"
    # The other devices behind the address go on.
    assert entered(address, door)


def test_wrong_pins_are_limited(at: Fair, address: str) -> None:
    door = at.door(1, asks_pin=True)
    now, _ = at.journal.doors.now_and_figures(door)
    pin = pin_of_day(door, datetime.fromtimestamp(now, UTC))
    wrong = "0000" if pin != "0000" else "1111"
    visitor = Visitor(address, door)
    token = Page(visitor.get()).token
    told = [Page(visitor.post("/enter", token, pin=wrong)).text for _ in range(11)]
    assert "not the PIN of today" in told[9] and "wrong too often" in told[10]
    assert "wrong too often" in Page(visitor.post("/enter", token, pin=pin)).text
    # Another device knows it.
    assert entered(address, door, pin=pin)


def test_long_bodies_are_refused(at: Fair, address: str) -> None:
    door = at.door(1)
    visitor = Visitor(address, door)
    assert visitor.post("/enter", "x" * (LONGEST_BODY + 1)).status_code == 413
    many: dict[str, Any] = {f"field{number}": "" for number in range(99)}
    assert visitor.post("/enter", Page(visitor.get()).token, **many).status_code == 403


# States


def test_each_state_of_a_door_has_a_page(at: Fair, address: str) -> None:
    now = datetime.now(UTC)
    closed, paused, full, today = at.door(2), at.door(), at.door(most=1), at.door(most_a_day=1)
    at.journal.doors.close(at.whose, closed.id)
    at.journal.doors.pause(at.whose, paused.id, paused=True)
    for door in (full, today):
        at.journal.visits.claim(door, at.visitor(door, "another").key)
    closed_days = {"days": [(now.weekday() + 3) % 7], "since": "10:00", "until": "12:00"}
    expected = {
        closed.code: "These interviews are over",
        paused.code: "A short pause",
        full.code: "All places are taken",
        today.code: "All places of today are taken It opens on",
        at.door(opens=now + timedelta(days=2)).code: "Not open yet It opens on",
        at.door(hours=closed_days, zone="Europe/Berlin").code: "Closed at this hour It opens on",
        at.door(closes=now - timedelta(days=1)).code: "These interviews are over",
    }
    for code, told in expected.items():
        answer = httpx.get(f"{address}/door/{code}", trust_env=False)
        assert answer.status_code == 200 and told in Page(answer).text
        assert not Page(answer).all("form")


def test_shut_door_lets_no_one_in(at: Fair, address: str) -> None:
    door = at.door(1)
    late, inside = Visitor(address, door), entered(address, door)
    token = Page(late.get()).token
    at.journal.doors.pause(at.whose, door.id, paused=True)
    assert "A short pause" in Page(late.post("/enter", token)).text
    assert "A short pause" in inside.ticket().text and "Open my interview" not in inside.ticket().text
    answer = inside.post("/claim", inside.ticket().token)
    assert answer.status_code == 409 and "A short pause" in Page(answer).text
    assert len(at.journal.visits.all(door)) == 1


def test_door_without_a_token_says_so(at: Fair) -> None:
    door = at.door(1)
    unconnected = Settings.model_validate({"ASEED_BASE_URL": "https://app.aseed.ai/custdev"})
    other = Settings.model_validate({"ASEED_API_TOKEN": "sandbox-other"})
    for settings in (unconnected, other):
        with (
            closing(DoorConnection(settings, at.journal, at.address)) as connection,
            serving(Starlette(routes=door_routes(at.journal, connection))) as address,
        ):
            answer = Visitor(address, door).get()
        assert "No interviews are possible at the moment" in Page(answer).text


def followed(at: Fair, door: Door, visitor: Visitor, minutes: float | None) -> Page:
    """The ticket after an interview of so many minutes, or in the middle of it."""
    visitor.claim()
    at.interview(door, at.journal.visits.all(door)[0], minutes)
    at.watch().look()
    return visitor.ticket()


def test_ticket_follows_the_interview(at: Fair, address: str) -> None:
    door = at.door(2)
    visitor = entered(address, door)
    assert "You are in" in visitor.ticket().text
    assert "Your interview is going on" in followed(at, door, visitor, None).text
    visit = at.journal.visits.all(door)[0]
    at.ahead.append(timedelta(minutes=9))
    at.store.leave(at.token(visit))
    at.watch().look()
    done = visitor.ticket()
    assert "Your interview is complete." in done.text and visit.code in done.text
    assert not done.all("button") or "Open" not in done.text


def test_ticket_tells_only_what_has_changed(at: Fair, address: str) -> None:
    door = at.door(2)
    visitor = entered(address, door)
    first = visitor.get("/ticket", part="1")
    path = f"/door/{door.code}/ticket?part=1"
    assert "<html" not in first.text and "You are in" in first.text
    same = visitor.http.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    visitor.claim()
    other = visitor.http.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200 and "open in another tab" in other.text


def test_visitor_who_was_cut_off_goes_on(at: Fair, address: str) -> None:
    door = at.door(3, replacements=1)
    visitor = entered(address, door)
    assert "Your interview was cut off" in followed(at, door, visitor, 0).text
    assert "ended after a moment" in followed(at, door, visitor, 0).text


def test_visitor_who_was_late_gets_another_room(at: Fair, address: str) -> None:
    door = at.door(1)
    visitor = entered(address, door)
    visitor.claim()
    room = str(at.journal.visits.all(door)[0].room_id)
    at.journal.hand_outs.recall(at.whose, room)
    at.journal.visits.take_back(door)
    assert "Your room was given back" in visitor.ticket().text
    assert visitor.claim().status_code == 303


def test_dry_pool_has_a_page_that_waits(at: Fair, address: str) -> None:
    door = at.door()
    visitor = entered(address, door)
    page = Page(visitor.claim())
    assert "The next room is being prepared" in page.text
    assert next(form for form in page.all("form") if form.get("data-again"))["action"] == f"/door/{door.code}/claim"
    at.rooms(1)
    at.watch().look()
    assert visitor.post("/claim", page.token).headers["Location"].startswith(f"{at.address}/interview/")


def test_silent_aseed_is_asked_again(at: Fair) -> None:
    door = at.door(1)
    nowhere = f"http://127.0.0.1:{free_port()}"
    with (
        closing(DoorConnection(Settings.model_validate({}), at.journal, nowhere)) as silent,
        serving(Starlette(routes=door_routes(at.journal, silent))) as address,
    ):
        answer = entered(address, door).claim()
    assert answer.status_code == 503 and "One moment" in Page(answer).text
    assert at.journal.visits.all(door)[0].state == VisitState.CLAIMED


def test_crowd_is_told_to_wait(at: Fair, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = entered(address, at.door(1))
    token = visitor.ticket().token
    monkeypatch.setattr("services.door.server.MOST_WAITING", 0)
    answer = visitor.post("/claim", token)
    monkeypatch.undo()
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert "Many people are arriving" in Page(answer).text
    assert visitor.post("/claim", Page(answer).token).status_code == 303


def test_journal_that_is_away_has_a_page(at: Fair, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: str) -> Door:
        raise JournalError("away")

    door = at.door(1)
    monkeypatch.setattr(at.journal.doors, "find", away)
    answer = Visitor(address, door).get()
    assert answer.status_code == 503 and "One moment" in Page(answer).text


def test_device_goes_to_the_next_person(at: Fair, address: str) -> None:
    door = at.door(2, one_a_device=False)
    visitor = entered(address, door)
    token = visitor.ticket().token
    visitor.claim()
    # Not while a room is in the hands of this one.
    assert visitor.post("/next", token).headers["Location"].endswith("/ticket?lang=en")
    followed(at, door, visitor, 9)
    assert visitor.post("/next", token).headers["Location"] == f"/door/{door.code}?lang=en"
    assert visitor.enter().status_code == 303
    assert [visit.state for visit in at.journal.visits.all(door)] == [VisitState.DONE, VisitState.ENTERED]


# Panels


def test_panel_id_comes_from_the_address_alone(at: Fair, address: str) -> None:
    door = at.door(2, panel=PROLIFIC)
    without = Visitor(address, door)
    assert "Open the study from Prolific" in Page(without.get()).text
    for odd in ("x" * 101, "a\x07b", "  "):
        assert "Open the study from Prolific" in Page(without.get(PROLIFIC_PID=odd)).text
    visitor = Visitor(address, door)
    visitor.enter({"PROLIFIC_PID": "5f3e", "STUDY_ID": "s1", "OTHER": "o"}, PROLIFIC_PID="forged", panel_id="forged")
    [visit] = at.journal.visits.all(door)
    assert (visit.panel_id, visit.parameters) == ("5f3e", {"STUDY_ID": "s1"})
    # The same person comes from another device, and goes on there.
    other = Visitor(address, door)
    assert other.enter({"PROLIFIC_PID": " 5f3e "}).status_code == 303
    assert len(at.journal.visits.all(door)) == 1 and "You are in" in other.ticket().text


def test_panel_is_told_the_outcome(at: Fair, address: str) -> None:
    door = at.door(2, panel=PROLIFIC, questions=[QUESTION])
    visitor = Visitor(address, door)
    visitor.enter({"PROLIFIC_PID": "5f3e"}, question0="0")
    links = {link.get("href") for link in followed(at, door, visitor, 9).all("a")}
    assert "https://app.prolific.com/submissions/complete?cc=DONE1" in links
    screened = Visitor(address, door)
    screened.enter({"PROLIFIC_PID": "6a"}, question0="1")
    page = screened.ticket()
    assert "https://app.prolific.com/submissions/complete?cc=SCREENED1" in {link.get("href") for link in page.all("a")}


def test_other_panel_gets_its_id_back(at: Fair, address: str) -> None:
    panel = {"kind": "other", "id_parameter": "rid", "return_address": "https://panel.example/end?id={id}"}
    door = at.door(2, panel=panel, questions=[QUESTION])
    visitor = Visitor(address, door)
    visitor.enter({"rid": "a b&c"}, question0="1")
    page = visitor.ticket()
    assert "https://panel.example/end?id=a%20b%26c" in {link.get("href") for link in page.all("a")}
    assert at.journal.visits.all(door)[0].panel_id == ""


# What every page has


def test_every_page_keeps_strangers_apart(at: Fair, address: str) -> None:
    door = at.door(1, texts=TEXTS)
    visitor = entered(address, door, consent="yes")
    visitor.ticket()
    visitor.get("/ticket", part="1")
    visitor.claim()
    for answer in (*visitor.answers, httpx.get(f"{address}/door/nowhere", trust_env=False)):
        headers = answer.headers
        assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex")
        assert headers["Referrer-Policy"] == "no-referrer"
        policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert policy["form-action"].split()[0] == "'self'"
        allowed = {part for part in headers["Permissions-Policy"].split(", ") if not part.endswith("=()")}
        assert allowed == {"microphone=(self)"} and len(headers["Permissions-Policy"].split(", ")) == len(UNUSED)
    cookie = visitor.answers[0].headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))


def test_cookie_is_bound_to_a_secure_host(at: Fair, address: str) -> None:
    door = at.door(1)
    answer = Visitor(address, door, **{"X-Forwarded-Proto": "https"}).get()
    assert (
        answer.headers["Set-Cookie"].startswith(f"__Host-door_{door.code}=")
        and "Secure" in answer.headers["Set-Cookie"]
    )
    assert answer.headers["Strict-Transport-Security"]


def test_pages_are_small_and_keep_to_themselves(at: Fair, address: str) -> None:
    long = {"name": "n" * 80, "welcome": "w" * 4000, "consent": "c" * 4000, "contact": "c" * 80}
    answers = [{"texts": {"en": "a" * 80, "ru": "б" * 80}}] * 12
    question = {"texts": {"en": "q" * 80, "ru": "в" * 80}, "answers": answers}
    door = at.door(1, texts={"en": long, "ru": long}, questions=[question] * 5, asks_email=True, asks_pin=True)
    files = sum(file.stat().st_size for file in FILES.iterdir())
    welcome = Visitor(address, door).get(lang="ru")
    ticket = Visitor(address, at.door(1, texts=TEXTS))
    ticket.enter(lang="ru", consent="yes")
    for answer in (welcome, ticket.get("/ticket", lang="ru")):
        assert len(answer.content) + files < 50_000
        own = (f"/door/{door.code}", "/door/", "data:,")
        assert all(each.startswith(own) for each in Page(answer).addresses)
    for name in ("door.css", "door.js"):
        path = next(each for each in Page(welcome).addresses if name in each)
        assert httpx.get(f"{address}{path}", trust_env=False).headers["Cache-Control"] == "max-age=604800"


def test_visitor_reads_one_language(at: Fair, address: str) -> None:
    door = at.door(2, texts={**TEXTS, "de": {"name": "Messe"}}, questions=[QUESTION])
    asked: list[tuple[dict[str, Any], str, str]] = [
        ({"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.5"}, "", "Ярмарка"),
        ({"Accept-Language": "fr"}, "", "City fair"),
        ({"Accept-Language": "fr"}, "ru", "Ярмарка"),
        ({"Accept-Language": "de"}, "", "Messe"),
    ]
    for headers, chosen, name in asked:
        page = Page(Visitor(address, door, **headers).get(**({"lang": chosen} if chosen else {})))
        assert name in page.text
        # English is ours where we do not speak the language.
        assert ("Что понадобится" in page.text) == (name == "Ярмарка")
    visitor = Visitor(address, door, **{"Accept-Language": "ru"})
    page = Page(visitor.get())
    answer = visitor.post("/enter", page.token, lang="ru")
    assert "Выберите ответ." in Page(answer).text
    visitor.post("/enter", page.token, lang="ru", question0="0", consent="yes")
    assert at.journal.visits.all(door)[0].language == "ru"
    for text in (visitor.ticket().text, Page(visitor.claim()).text):
        assert not re.search("[a-z]{3,}", re.sub("English|Deutsch|Русский", "", text))


def test_in_app_browsers_are_told_to_open_another(at: Fair, address: str) -> None:
    door = at.door(1, panel=PROLIFIC)
    visitor = Visitor(address, door, **{"User-Agent": "Mozilla/5.0 (iPhone) Instagram 300.0"})
    answer = visitor.get(PROLIFIC_PID="5f3e")
    page = Page(answer)
    assert "This page is open inside Instagram" in page.text
    assert f"{address}/door/{door.code}?PROLIFIC_PID=5f3e" in {field.get("value") for field in page.all("input")}
