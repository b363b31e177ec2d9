"""Which rooms a search and its filters show."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from services.aseed.models import (
    COMPLETED,
)
from services.journal.records import RoomRecord
from services.participants import Participant
from services.rooms.entry import Tab
from services.rooms.flags import Flag
from services.rooms.view import View, matching
from tests.study import NOW, completed, entry

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("text", ["анна", "ANNA", "anna@example.org", "P-007", "interview-a", "p-007 example"])
def test_room_is_found_by_label_person_or_name(text: str) -> None:
    known_as = entry("a", Participant(label="Анна Anna", email="anna@example.org", external_id="P-007"))
    found = matching([known_as, entry("b")], View(text=text), NOW, {})
    assert [one.id for one in found] == ["a"]


def test_room_is_found_by_its_staff_code() -> None:
    listed = [entry(str(number)) for number in range(50)]
    assert matching(listed, View(text=listed[17].staff_code.lower()), NOW, {}) == [listed[17]]


def test_every_filter_narrows_a_view() -> None:
    soon = entry("a", known=RoomRecord("a", 7), expires_at=NOW + timedelta(hours=3))
    later = entry("b", expires_at=NOW + timedelta(days=3))
    done = completed("c")
    listed, marked = [soon, later, done], {"a": (Flag.EXPIRING,)}
    views = [
        View(tab=Tab.COMPLETED),
        View(statuses=frozenset({COMPLETED})),
        View(batch=7),
        View(expiring=24),
        View(expiring=24 * 7),
        View(flag=Flag.EXPIRING),
        View(),
    ]
    assert ["".join(one.id for one in matching(listed, view, NOW, marked)) for view in views] == [
        "c", "c", "a", "a", "ab", "a", "abc",
    ]  # fmt: skip
