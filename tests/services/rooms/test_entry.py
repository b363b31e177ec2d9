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
from services.rooms.view import View, matching
from services.texts.speech import speaking
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


def test_one_link_in_two_rooms_belongs_to_neither() -> None:
    same = {"access_token": "t-a", "url": "https://app.aseed.ai/interview/other"}
    made = entries([room("a"), room("b", **same), room("c"), room("c")], {}, {}, CHECK)
    assert {one.id: one.link.is_proper for one in made} == {"a": False, "b": False, "c": True}
    assert {one.link.text for one in made if one.id != "c"} == {""}
    # The room is still found by what its link was, which leads to no one's interview on a page of rooms.
    assert [one.id for one in matching(made, View(text="interview/other"), NOW, {})] == ["b"]


def test_kept_link_counts_beside_the_told_one() -> None:
    known = {"a": RoomRecord("a", link="https://app.aseed.ai/interview/b")}
    made = entries([room("a"), room("b")], known, {}, CHECK)
    assert not any(one.link.is_proper for one in made)


def test_conflict_with_a_room_elsewhere_is_known() -> None:
    (made,) = entries([room("a")], {"a": RoomRecord("a", shares_link=True)}, {}, CHECK)
    assert made.shares_link and made.link.why_not == "another room has the same link"


def test_own_answer_wins_over_what_a_list_tells() -> None:
    own = RoomRecord("b", link="https://app.aseed.ai/interview/own", has_own_link=True)
    made = entries([room("a"), room("b", url=room("a").url)], {"b": own}, {}, CHECK)
    assert {one.id: one.link.text for one in made} == {"a": room("a").url, "b": own.link}
    # Nor does the list's link count where the room's own one is not proper.
    evil = RoomRecord("b", link="https://evil.example/", has_own_link=True)
    assert not entry("b", known=evil).link.is_proper


@given(st.text())
def test_staff_code_is_short_plain_and_stable(name: str) -> None:
    code = entry(name).staff_code
    assert len(code) == 7 and code[3] == "-" and not set(code) & set("ILOU")
    assert code == entry(name).staff_code


def test_room_without_a_name_is_numbered() -> None:
    unnamed = entry(display_name=None)
    assert unnamed.name == f"Room {unnamed.number}"
    with speaking("ru"):
        assert unnamed.name == f"Комната {unnamed.number}"
