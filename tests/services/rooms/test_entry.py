"""One room with everything that is known of it: its tab, its place, its link, its staff code."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.aseed.models import (
    ACTIVE,
    CANCELLED,
    COMPLETED,
    EXPIRED,
    PENDING,
)
from services.journal.records import RoomRecord
from services.participants import Participant
from services.rooms.entry import Tab, entries
from tests.entries import CHECK
from tests.study import NOW, entry, room


@pytest.mark.parametrize(
    ("status", "tab"),
    [
        (PENDING, Tab.ACTIVE),
        (ACTIVE, Tab.ACTIVE),
        (COMPLETED, Tab.COMPLETED),
        (EXPIRED, Tab.ARCHIVED),
        (CANCELLED, Tab.ARCHIVED),
        ("paused", Tab.ACTIVE),
    ],
)
def test_unknown_status_stays_visible_under_active(status: str, tab: Tab) -> None:
    assert entry(status=status).tab == tab


def test_rooms_come_newest_first_with_their_record() -> None:
    older, newer = room("a", created_at=NOW - timedelta(days=2)), room("b", created_at=NOW)
    known = {"a": RoomRecord("a", 7, "Week 3", 12, "https://app.aseed.ai/interview/a", Participant(label="Anna"))}
    made = entries([older, newer], known, {"p": "Coffee"}, CHECK)
    assert [(one.id, one.number, one.label, one.batch_name) for one in made] == [
        ("b", 2, "", ""),
        ("a", 12, "Anna", "Week 3"),
    ]
    assert {one.project_name for one in made} == {"Coffee"}


def test_newest_batch_comes_first_in_its_order() -> None:
    known = {name: RoomRecord(name, batch, "", place) for name, batch, place in (("a", 1, 1), ("c", 2, 2), ("d", 2, 1))}
    moments = {"a": NOW - timedelta(hours=3), "b": NOW - timedelta(hours=2), "c": NOW - timedelta(hours=1), "d": NOW}
    made = entries([room(name, created_at=moment) for name, moment in moments.items()], known, {}, CHECK)
    assert [(one.id, one.number) for one in made] == [("d", 1), ("c", 2), ("b", 2), ("a", 1)]


def test_handed_over_link_never_changes() -> None:
    known = RoomRecord("a", link="https://app.aseed.ai/interview/first")
    assert entry(known=known, url="https://evil.example/").link.text == "https://app.aseed.ai/interview/first"


@given(st.text())
def test_staff_code_is_short_plain_and_stable(name: str) -> None:
    code = entry(name).staff_code
    assert len(code) == 7 and code[3] == "-" and not set(code) & set("ILOU")
    assert code == entry(name).staff_code
