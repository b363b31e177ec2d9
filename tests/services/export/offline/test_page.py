"""The offline pack as a file: complete in itself, safe with any label, and small."""

import base64
import json
import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest

from services.export.offline.page import offline_pack
from services.participants import Participant
from services.rooms.entry import Entry
from services.texts.speech import speaking
from tests.entries import BERLIN, HOSTILE, ODD, entry


def page(*entries: Entry, title: str = "Coffee") -> str:
    made = offline_pack(entries, pack_id="pack", title=title, station="Clinic <2>", zone=BERLIN)
    return made.decode()


def data(text: str) -> dict[str, Any]:
    """What the script of a page reads."""
    (found,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    read: dict[str, Any] = json.loads(found)
    return read


def rooms(*entries: Entry) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = data(page(*entries))["rooms"]
    return kept


def test_page_loads_nothing() -> None:
    text = page(entry())
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy.startswith("default-src 'none'; ")
    for kind, tag in (("style", "<style>"), ("script", "<script>")):
        content = text.split(tag)[1].split(f"</{kind}>")[0]
        assert f"'sha256-{base64.b64encode(sha256(content.encode()).digest()).decode()}'" in policy
    assert not re.findall(r'(?:src|href)="', text)
    assert "{{" not in text.split('id="data"')[0]


@pytest.mark.parametrize(
    "label", [*HOSTILE, *ODD, "</script><img src=x onerror=alert(1)>", "<!--", "\u2028", "{{script}}"]
)
def test_label_is_only_text(label: str) -> None:
    text = page(entry(1, Participant(label=label)), entry(2))
    assert text.count("</script>") == page(entry(1), entry(2)).count("</script>")
    assert rooms(entry(1, Participant(label=label)))[0]["name"] == label


@pytest.mark.parametrize("title", ["{{data}}", "{{style}}", "</title><script>", "{{policy}}{{script}}"])
def test_any_project_name_leaves_the_page_whole(title: str) -> None:
    text, plain = page(entry(), title=title), page(entry())
    assert data(text) == {**data(plain), "title": title}
    assert text.split("<style>")[1].split('id="data"')[0] == plain.split("<style>")[1].split('id="data"')[0]


def test_unusable_rooms_are_left_out() -> None:
    found = rooms(entry(1, status="completed"), entry(2, url="javascript:alert(1)"), entry(3))
    assert [room["no"] for room in found] == [3]


def test_room_has_its_language_and_no_email() -> None:
    person = Participant(label="", email="anna@example.com", external_id="A-1")
    (room,) = rooms(entry(7, person, language="Russian"))
    assert (room["name"], room["minutes"], room["lang"]) == ("A-1", "До 30 минут", "ru")
    assert data(page(entry(7, person, language="Russian")))["steps"]["ru"][1] == "Разрешите доступ к микрофону"
    assert room["ends"] == datetime(2026, 11, 30, 21, 13, tzinfo=UTC).timestamp() * 1000
    assert "anna@example.com" not in page(entry(7, person))
    assert rooms(entry(8))[0]["name"] == "No. 8"


def test_staff_read_the_language_of_its_making() -> None:
    with speaking("ru"):
        text = page(entry(1))
    assert '<html lang="ru">' in text
    assert "Следующая свободная ссылка" in text and "Next free link" not in text
    assert data(text)["texts"]["Back to the list"] == "К списку"
    # What a visitor reads is in the room's language.
    assert data(text)["rooms"] == rooms(entry(1)) and data(text)["steps"].keys() == {"en"}
    assert '<html lang="en">' in page(entry(1))


def test_thousand_rooms_take_under_750_kilobytes() -> None:
    url = f"https://app.aseed.ai/interview/{'Ab3_' * 11}"
    people = (
        entry(number, Participant(label=f"Person {number}"), language="Russian", url=f"{url}{number:04}")
        for number in range(1000)
    )
    assert len(page(*people).encode()) < 750_000
