"""Which rooms need a person, and why."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.aseed.models import (
    ACTIVE,
    CANCELLED,
    COMPLETED,
)
from services.journal.records import RoomRecord
from services.participants import Participant
from services.rooms.entry import Entry
from services.rooms.flags import Flag, flagged
from tests.entries import CHECK
from tests.study import NOW, completed, entry, room

BERLIN = ZoneInfo("Europe/Berlin")


def flags(*listed: Entry, settled: set[tuple[str, str]] | None = None) -> dict[str, tuple[Flag, ...]]:
    return flagged(listed, NOW, settled or set())


def test_unused_link_of_the_last_day_is_flagged() -> None:
    soon: dict[str, Any] = {"expires_at": NOW + timedelta(hours=23)}
    listed = entry("a", **soon), entry("b", status=ACTIVE, **soon), entry("c", expires_at=NOW + timedelta(hours=25))
    assert flags(*listed) == {"a": (Flag.EXPIRING,)}


def test_short_interview_is_flagged_until_replaced() -> None:
    replaced = Entry(completed("c", 1).room, "Coffee", 1, known=RoomRecord("c", replaced_by="d"), check=CHECK)
    assert flags(completed("a", 5.9), completed("b", 6.1), replaced) == {"a": (Flag.DROPPED,)}


def test_other_person_than_expected_is_flagged() -> None:
    person = Participant(label="Anna", email="anna@example.org")
    listed = (
        entry("a", person, status=ACTIVE, respondent_email="Anna@Example.org "),
        entry("b", person, status=ACTIVE, respondent_email="ben@example.org"),
        entry("c", Participant(label="Carl"), status=ACTIVE, respondent_email="carl@example.org"),
    )
    assert flags(*listed) == {"b": (Flag.OTHER_PERSON,)}


def test_same_email_is_flagged_in_both_rooms() -> None:
    joined: dict[str, Any] = {"status": ACTIVE, "respondent_email": "anna@example.org"}
    elsewhere = entry("c", project_id="another", **joined)
    assert flags(entry("a", **joined), entry("b", **joined), elsewhere) == {
        "a": (Flag.SAME_EMAIL,),
        "b": (Flag.SAME_EMAIL,),
    }


def test_two_spellings_of_a_domain_are_one_address() -> None:
    person = Participant(label="Anna", email="anna@почта.рф")
    first = entry("a", person, status=ACTIVE, respondent_email="anna@xn--80a1acny.xn--p1ai")
    assert flags(first) == {}
    second = entry("b", status=ACTIVE, respondent_email="Anna@Почта.рф")
    assert flags(first, second) == {"a": (Flag.SAME_EMAIL,), "b": (Flag.SAME_EMAIL,)}


def test_replacement_is_not_a_second_join() -> None:
    joined: dict[str, Any] = {"status": COMPLETED, "respondent_email": "anna@example.org"}
    old = Entry(room("a", **joined), "Coffee", 1, known=RoomRecord("a", replaced_by="b"), check=CHECK)
    assert flags(old, entry("b", known=RoomRecord("b", replaces="a"), **joined)) == {}


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://evil.example/interview/a", "https://u:p@app.aseed.ai/"]
)
def test_improper_link_is_flagged_while_active(url: str) -> None:
    assert flags(entry("a", url=url), entry("b", url=url, status=CANCELLED)) == {"a": (Flag.BAD_LINK,)}


def test_replaced_link_that_works_has_one_flag() -> None:
    known = RoomRecord("a", replaced_by="b")
    person = Participant(label="Anna", email="anna@example.org")
    assert flags(entry("a", person, known)) == {"a": (Flag.STILL_OPEN,)}
    joined: dict[str, Any] = {"status": ACTIVE, "respondent_email": "ben@example.org"}
    assert flags(entry("a", person, known, **joined)) == {}


def test_settled_flag_does_not_come_back() -> None:
    soon = entry("a", expires_at=NOW + timedelta(hours=3))
    assert flags(soon, settled={("a", Flag.EXPIRING)}) == {}
