"""The page behind a link: it says what it is, lets one respondent in, and keeps the link to itself."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.aseed.models import (
    ACTIVE,
    CANCELLED,
    COMPLETED,
    EXPIRED,
    PENDING,
    CreateProjectRequest,
    CreateRoomsRequest,
    InterviewRoomResponse,
    UpdateProjectRequest,
)
from services.sandbox import interview
from services.sandbox.database import Row
from services.sandbox.store import Store
from tests.conftest import Clock

TEMPLATES = Path(interview.__file__).parent / "templates"
SCRIPT = "<script>alert('1')</script>"
ANNA, BEN = "anna@example.com", "ben@example.com"

Invite = Callable[..., str]


class Page(HTMLParser):
    """What a browser would make of an answer: its elements, and its text."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._texts: list[str] = []
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8", answer.text
        self.feed(answer.text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self._texts.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self._texts).split())

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def until(self) -> str | None:
        """When the countdown is over, or None where no countdown runs."""
        return next((attributes["data-until"] for _, attributes in self.elements if "data-until" in attributes), None)


@pytest.fixture
def http(sandbox: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=sandbox, trust_env=False) as made:
        yield made


@pytest.fixture
def account(store: Store) -> str:
    return store.account("sandbox")


@pytest.fixture
def invite(store: Store, account: str) -> Invite:
    """Makes a room of a project of that name, and gives the path of its link."""

    def make(name: str = "Tea & milk", **values: object) -> str:
        project = store.create_project(
            account, CreateProjectRequest(name=name, research_goals="Why tea.", interview_guide="1. Why tea?")
        )
        (room,) = store.create_rooms(
            account, CreateRoomsRequest.model_validate({"project_id": project["id"], **values})
        )
        return f"/interview/{room['access_token']}"

    return make


@pytest.fixture
def room(store: Store, account: str) -> Callable[[str], Row]:
    """The room behind the path of a link."""

    def find(link: str) -> Row:
        return next(room for room in store.rooms(account) if link.endswith(room["access_token"]))

    return find


def test_link_opens_page_about_its_interview(http: httpx.Client, invite: Invite, clock: Clock) -> None:
    link = invite(max_duration_minutes=45, language="English", topics_for_respondent="Tea, and\nmilk & sugar")
    answer = http.get(link)
    page = Page(answer)
    assert answer.status_code == 200
    assert page.all("html") == [{"lang": "en"}]
    for said in (
        "Tea & milk",
        "Up to 45 minutes",
        "Language: English",
        "What we will talk about Tea, and milk & sugar",
        "Valid until 2026-03-08 12:00 UTC",
        "Your email",
    ):
        assert said in page.text
    assert page.all("time") == [{"datetime": (clock.now + timedelta(days=7)).isoformat()}]
    assert page.all("meta")[0] == {"charset": "utf-8"}


def test_page_says_that_it_is_a_rehearsal(http: httpx.Client, invite: Invite) -> None:
    link = invite()
    for answer in (http.get(link), http.post(link, data={"email": ANNA}), http.get("/interview/never-was")):
        assert "Rehearsal: there is no voice behind this link. Nothing is recorded." in Page(answer).text


def test_missing_details_are_not_on_the_page(http: httpx.Client, invite: Invite) -> None:
    text = Page(http.get(invite())).text
    assert "Language" not in text and "talk about" not in text and "None" not in text


def test_opening_a_link_does_not_start_the_interview(
    http: httpx.Client, invite: Invite, room: Callable[[str], Row]
) -> None:
    link = invite()
    before = room(link)
    page = Page(http.get(link))
    assert room(link) == before and before["status"] == PENDING
    assert page.until is None
    (form,) = page.all("form")
    assert (form["method"], form.get("action")) == ("post", None)
    assert [field["name"] for field in page.all("input")] == ["email"]


def test_texts_of_people_are_never_markup(http: httpx.Client, invite: Invite) -> None:
    link = invite(f"Tea {SCRIPT}", topics_for_respondent=f"{SCRIPT}<img src=x onerror=alert(1)>", language=SCRIPT)
    typed = f'"><img src=x>{SCRIPT}'
    for answer in (http.get(link), http.post(link, data={"email": typed}), http.post(link, data={"email": ANNA})):
        page = Page(answer)
        assert "<script>alert" not in answer.text and "<img" not in answer.text
        assert len(page.all("script")) == 1 and not page.all("img")
        assert f"Tea {SCRIPT}" in page.text and f"{SCRIPT}<img src=x onerror=alert(1)>" in page.text
        assert f"Language: {SCRIPT}" in page.text
    assert [field["value"] for field in Page(http.post(link, data={"email": typed})).all("input")] == [typed]


def test_every_answer_keeps_the_link_to_itself(http: httpx.Client, invite: Invite) -> None:
    link, started, unknown = invite(), invite(), "/interview/never-was"
    started_page = http.post(started, data={"email": ANNA})
    answers = {
        "invitation": (http.get(link), 200),
        "no address": (http.post(link, data={"email": "anna"}), 422),
        "no form": (http.post(link), 422),
        "started": (started_page, 200),
        "going on": (http.get(started), 200),
        "another respondent": (http.post(started, data={"email": BEN}), 409),
        "ended": (http.post(f"{started}/leave"), 303),
        "finished": (http.get(started), 200),
        "too late": (http.post(started, data={"email": ANNA}), 409),
        "unknown": (http.get(unknown), 404),
        "unknown, joined": (http.post(unknown, data={"email": ANNA}), 404),
        "unknown, left": (http.post(f"{unknown}/leave"), 404),
    }
    for name, (answer, status) in answers.items():
        assert answer.status_code == status, name
        assert answer.headers["Referrer-Policy"] == "no-referrer", name
        assert answer.headers["Cache-Control"] == "no-store", name
        policy = dict(part.split(maxsplit=1) for part in answer.headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'", name
        assert set(policy.values()) <= {"'none'", "'self'"}, name


def test_page_follows_its_own_security_policy(http: httpx.Client, invite: Invite) -> None:
    link = invite()
    for answer in (http.get(link), http.post(link, data={"email": ANNA}), http.get("/interview/never-was")):
        page = Page(answer)
        attributes = {name for _, attributes in page.elements for name in attributes}
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        assert not page.all("style")
        (style,) = [found["href"] for found in page.all("link")]
        (script,) = [found["src"] for found in page.all("script")]
        for path, kind in ((style, "text/css"), (script, "javascript")):
            assert path and path.startswith("/interview/files/")
            file = http.get(path)
            assert file.status_code == 200 and file.text
            assert kind in file.headers["Content-Type"]


def test_nothing_is_fetched_from_elsewhere() -> None:
    files = [path for path in TEMPLATES.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {".html", ".css", ".js"}
    for path in files:
        assert not re.search(r"https?:|//\S|url\(|@import|\bimport\b|fetch\(", path.read_text(), re.IGNORECASE), path


def test_an_address_starts_the_interview_and_its_countdown(
    http: httpx.Client, invite: Invite, room: Callable[[str], Row], clock: Clock
) -> None:
    link = invite(max_duration_minutes=45)
    answer = http.post(link, data={"email": f" {ANNA} "})
    page = Page(answer)
    assert answer.status_code == 200
    assert page.until == (clock.now + timedelta(minutes=45)).isoformat()
    assert "You are in the interview." in page.text
    assert "It ends by itself at 12:45 UTC" in page.text
    assert page.all("input") == []
    assert [form["action"] for form in page.all("form")] == [f"{link}/leave"]
    assert page.text.endswith("End the interview") and len(page.all("button")) == 1
    assert (room(link)["status"], room(link)["respondent_email"]) == (ACTIVE, ANNA)


def test_invalid_email_is_kept_with_a_reason(http: httpx.Client, invite: Invite, room: Callable[[str], Row]) -> None:
    link = invite()
    for typed in ("anna", "anna@", "anna@example", "@example.com", "a b@example.com", "a" * 400 + "@example.com", ""):
        answer = http.post(link, data={"email": typed})
        page = Page(answer)
        (field,) = page.all("input")
        assert (answer.status_code, field["value"], field["aria-invalid"]) == (422, typed, "true")
        assert "problem" in (field["aria-describedby"] or "").split(), typed
        assert [found["role"] for found in page.all("p") if found.get("id") == "problem"] == ["alert"], typed
        assert "That does not look like an email address." in page.text, typed
        assert page.until is None, typed
        assert room(link)["status"] == PENDING, typed


def test_form_without_email_is_answered_with_page(
    http: httpx.Client, invite: Invite, room: Callable[[str], Row]
) -> None:
    link = invite()
    for answer in (
        http.post(link),
        http.post(link, data={"name": "Anna"}),
        http.post(link, json={"email": ANNA}),
        http.post(link, content=b"\xff\xfe%%%", headers={"Content-Type": "application/x-www-form-urlencoded"}),
    ):
        assert answer.status_code == 422
        page = Page(answer)
        assert "That does not look like an email address." in page.text
        assert len(page.all("input")) == 1
    assert room(link)["status"] == PENDING


def test_other_respondent_does_not_learn_who_joined(
    http: httpx.Client, invite: Invite, room: Callable[[str], Row]
) -> None:
    link = invite()
    http.post(link, data={"email": ANNA})
    answer = http.post(link, data={"email": BEN})
    page = Page(answer)
    assert answer.status_code == 409
    assert "A person is already in this interview." in page.text
    assert [field["value"] for field in page.all("input")] == [BEN]
    assert page.until is None
    assert ANNA not in answer.text and ANNA not in http.get(link).text
    assert room(link)["respondent_email"] == ANNA


def test_returning_respondent_keeps_the_same_countdown(http: httpx.Client, invite: Invite, clock: Clock) -> None:
    link = invite()
    started = Page(http.post(link, data={"email": ANNA}))
    clock.advance(minutes=10)
    again = Page(http.get(link))
    assert "Were you cut off? Enter the same email to come back." in again.text
    assert again.text.endswith("Come back") and again.until is None
    back = http.post(link, data={"email": ANNA.upper()})
    assert back.status_code == 200
    assert Page(back).until == started.until == (clock.now + timedelta(minutes=20)).isoformat()


def test_the_end_button_finishes_the_interview(
    http: httpx.Client, invite: Invite, room: Callable[[str], Row], clock: Clock
) -> None:
    link = invite()
    (form,) = Page(http.post(link, data={"email": ANNA})).all("form")
    clock.advance(minutes=5)
    ended = http.post(f"{form['action']}")
    assert (ended.status_code, ended.headers["Location"]) == (303, link)
    finished = Page(http.get(ended.headers["Location"]))
    assert "This interview is finished. Thank you for taking part!" in finished.text
    assert not finished.all("form") and finished.until is None
    assert (room(link)["status"], room(link)["finished_at"]) == (COMPLETED, "2026-03-01T12:05:00.000000Z")

    twice = http.post(f"{form['action']}")
    assert (twice.status_code, twice.headers["Location"]) == (303, link)
    assert room(link)["finished_at"] == "2026-03-01T12:05:00.000000Z"


def test_the_timer_finishes_the_interview(http: httpx.Client, invite: Invite, clock: Clock) -> None:
    link = invite()
    http.post(link, data={"email": ANNA})
    clock.advance(minutes=30)
    answer = http.post(link, data={"email": ANNA})
    assert answer.status_code == 409
    assert "This interview is finished." in Page(answer).text
    assert "This interview is finished." in Page(http.get(link)).text


@pytest.mark.parametrize(
    ("status", "english", "russian"),
    [
        (COMPLETED, "This interview is finished.", "Интервью завершено."),
        (EXPIRED, "This link has expired.", "Срок ссылки истёк."),
        (CANCELLED, "This link was cancelled.", "Ссылка отменена."),
    ],
)
def test_finished_link_lets_no_one_in(
    http: httpx.Client,
    store: Store,
    account: str,
    invite: Invite,
    room: Callable[[str], Row],
    clock: Clock,
    status: str,
    english: str,
    russian: str,
) -> None:
    for language, said in ((None, english), ("Russian", russian)):
        link = invite(language=language)
        if status == CANCELLED:
            store.cancel_room(account, UUID(room(link)["id"]))
        elif status == EXPIRED:
            clock.advance(days=7)
        else:
            http.post(link, data={"email": ANNA})
            http.post(f"{link}/leave")
        for answer, code in ((http.get(link), 200), (http.post(link, data={"email": ANNA}), 409)):
            page = Page(answer)
            assert answer.status_code == code
            assert said in page.text and "Tea & milk" in page.text
            assert not page.all("form") and page.until is None
            assert ANNA not in answer.text
        assert room(link)["status"] == status


def test_unknown_link_is_not_repeated(http: httpx.Client) -> None:
    for path in ("/interview/never-was", "/interview/%3Cb%3Enever-was"):
        for answer in (http.get(path), http.post(path, data={"email": ANNA}), http.post(f"{path}/leave")):
            page = Page(answer)
            assert answer.status_code == 404
            assert "This link leads nowhere." in page.text
            assert not page.all("form")
            assert "never-was" not in answer.text


def test_russian_room_has_russian_pages(http: httpx.Client, invite: Invite) -> None:
    link = invite("Чай и кофе", language="Russian", topics_for_respondent="О чае")
    started = http.post(link, data={"email": ANNA})
    steps = [
        (http.get(invite("Чай и кофе", language="Russian", topics_for_respondent="О чае")), "До 30 минут", "Начать"),
        (http.post(invite(language="Russian"), data={"email": "anna"}), "Это не похоже на адрес почты.", "Начать"),
        (started, "Вы в интервью.", "Закончить интервью"),
        (http.get(link), "Связь прервалась?", "Вернуться"),
        (http.post(link, data={"email": BEN}), "В этом интервью уже кто-то есть.", "Вернуться"),
    ]
    for answer, said, button in steps:
        page = Page(answer)
        assert page.all("html") == [{"lang": "ru"}]
        assert "Репетиция: за этой ссылкой нет голоса. Ничего не записывается." in page.text
        assert said in page.text and page.text.endswith(button)


def test_a_room_in_any_other_language_speaks_english(http: httpx.Client, invite: Invite) -> None:
    for language in (None, "English", "Klingon"):
        page = Page(http.get(invite(language=language)))
        assert page.all("html") == [{"lang": "en"}], language
        assert not re.search("[а-яё]", page.text, re.IGNORECASE), language


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        ("ru-RU,ru;q=0.9,en-US;q=0.8", "ru"),
        ("de-DE, de;q=0.9, en;q=0.7, ru;q=0.8", "ru"),
        ("en-GB,en;q=0.9,ru;q=0.8", "en"),
        ("de", "en"),
        ("ru;q=0", "en"),
        ("ru;q=much, *", "en"),
        ("," * 5000 + "ru", "en"),
    ],
)
def test_browser_decides_where_the_room_does_not(
    http: httpx.Client, invite: Invite, accepted: str, spoken: str
) -> None:
    for link in (invite(), invite(language="German"), "/interview/never-was"):
        assert Page(http.get(link, headers={"Accept-Language": accepted})).all("html") == [{"lang": spoken}]


def test_room_language_wins_over_the_browser(http: httpx.Client, invite: Invite) -> None:
    english = http.get(invite(language="English"), headers={"Accept-Language": "ru"})
    russian = http.get(invite(language="Russian"), headers={"Accept-Language": "en"})
    assert [Page(answer).all("html") for answer in (english, russian)] == [[{"lang": "en"}], [{"lang": "ru"}]]


@pytest.mark.parametrize(
    ("minutes", "english", "russian"),
    [(1, "Up to 1 minute", "До 1 минуты"), (11, "Up to 11 minutes", "До 11 минут"), (21, "Up to 21 m", "До 21 минуты")],
)
def test_duration_is_told_in_the_right_form(
    http: httpx.Client, invite: Invite, minutes: int, english: str, russian: str
) -> None:
    for language, said in ((None, english), ("Russian", russian)):
        assert said in Page(http.get(invite(language=language, max_duration_minutes=minutes))).text


def test_link_from_api_opens_its_room(http: httpx.Client, sandbox: str, store: Store, account: str) -> None:
    project = next(project for project in store.projects(account) if project["interview_guide"])
    answer = http.post(
        "/custdev/api/interviews/rooms",
        json={"project_id": project["id"]},
        headers={"Authorization": "Bearer sandbox"},
    )
    (made,) = map(InterviewRoomResponse.model_validate, answer.json()["rooms"])
    assert made.url.startswith(sandbox)
    opened = http.get(made.url)
    assert opened.status_code == 200
    assert project["name"] in Page(opened).text


def test_ending_before_start_returns_to_invitation(http: httpx.Client, invite: Invite) -> None:
    link = invite()
    answer = http.post(f"{link}/leave", follow_redirects=True)
    assert answer.url.path == link and Page(answer).all("input")


@pytest.mark.parametrize(
    ("language", "said"), [(None, "This interview is not ready yet."), ("Russian", "Интервью ещё не готово.")]
)
def test_project_without_guide_is_not_ready(
    http: httpx.Client, invite: Invite, store: Store, account: str, language: str | None, said: str
) -> None:
    link = invite(language=language)
    project = UUID(store.projects(account)[-1]["id"])
    store.update_project(account, project, UpdateProjectRequest(interview_guide=""))
    answer = http.post(link, data={"email": ANNA})
    assert answer.status_code == 409 and said in Page(answer).text


def test_odd_requests_do_not_leak_the_link(http: httpx.Client, invite: Invite) -> None:
    link = invite()
    odd = [http.put(link), http.get(f"{link}/leave"), http.get(f"{link}/"), http.get(f"{link}/more")]
    for answer in (*odd, http.get("/interview/"), http.head(link)):
        assert (answer.headers["Referrer-Policy"], answer.headers["Cache-Control"]) == ("no-referrer", "no-store")
        assert "location" not in answer.headers


@pytest.mark.parametrize(
    "body",
    [{"files": {"email": ("a.txt", b"x")}}, {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}],
)
def test_malformed_form_is_answered_with_page(http: httpx.Client, invite: Invite, body: dict[str, Any]) -> None:
    answer = http.post(invite(), **body)
    assert answer.status_code == 422 and "does not look like an email" in Page(answer).text
