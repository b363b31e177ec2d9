"""Rooms as a researcher follows them: grouped as the vendor does, found, counted, flagged where a person is needed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.aseed.models import (
    ACTIVE,
    CANCELLED,
    COMPLETED,
    EXPIRED,
    PENDING,
    InterviewConfigResponse,
    InterviewRoomResponse,
)
from services.journal.records import RoomRecord
from services.participants import Participant
from services.rooms.entry import Entry, Tab, entries
from services.rooms.figures import figures
from services.rooms.flags import Flag, flagged
from services.rooms.view import View, seen
from tests.entries import CHECK

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


def room(name: str = "a", **changes: Any) -> InterviewRoomResponse:  # noqa: ANN401 - any field of a room
    described = {
        "id": name,
        "project_id": "p",
        "access_token": "t",
        "url": f"https://app.aseed.ai/interview/{name}",
        "room_name": f"interview-{name}",
        "max_duration_minutes": 30,
        "status": PENDING,
        "created_at": NOW - timedelta(days=3),
        "expires_at": NOW + timedelta(days=4),
        "created_by": "me",
        **changes,
    }
    return InterviewRoomResponse.model_validate(described)


def entry(
    name: str = "a",
    participant: Participant | None = None,
    known: RoomRecord | None = None,
    **changes: Any,  # noqa: ANN401 - any field of a room
) -> Entry:
    return Entry(room(name, **changes), "Coffee", 1, participant or Participant(), known, CHECK)


def completed(name: str = "a", minutes: float = 20, **changes: Any) -> Entry:  # noqa: ANN401 - any field of a room
    ended: dict[str, Any] = {"finished_at": NOW, **changes}
    return entry(name, status=COMPLETED, started_at=ended["finished_at"] - timedelta(minutes=minutes), **ended)


def flags(*listed: Entry, settled: set[tuple[str, str]] | None = None) -> dict[str, tuple[Flag, ...]]:
    return flagged(listed, NOW, settled or set())


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
def test_rooms_are_grouped_as_the_vendor_does_and_an_unknown_status_stays_in_sight(status: str, tab: Tab) -> None:
    assert entry(status=status).tab == tab


def test_rooms_come_newest_first_with_what_the_journal_knows_of_them() -> None:
    older, newer = room("a", created_at=NOW - timedelta(days=2)), room("b", created_at=NOW)
    known = {"a": RoomRecord("a", 7, "Week 3", 12, "https://app.aseed.ai/interview/a", Participant(label="Anna"))}
    made = entries([older, newer], known, {"p": "Coffee"}, CHECK)
    assert [(one.id, one.number, one.label, one.batch_name) for one in made] == [
        ("b", 2, "", ""),
        ("a", 12, "Anna", "Week 3"),
    ]
    assert {one.project_name for one in made} == {"Coffee"}


def test_the_newest_batch_comes_first_and_its_rooms_in_the_order_of_its_list() -> None:
    known = {name: RoomRecord(name, batch, "", place) for name, batch, place in (("a", 1, 1), ("c", 2, 2), ("d", 2, 1))}
    moments = {"a": NOW - timedelta(hours=3), "b": NOW - timedelta(hours=2), "c": NOW - timedelta(hours=1), "d": NOW}
    made = entries([room(name, created_at=moment) for name, moment in moments.items()], known, {}, CHECK)
    assert [(one.id, one.number) for one in made] == [("d", 1), ("c", 2), ("b", 2), ("a", 1)]


def test_a_link_that_was_handed_over_stays_what_it_was() -> None:
    known = RoomRecord("a", link="https://app.aseed.ai/interview/first")
    assert entry(known=known, url="https://evil.example/").link.text == "https://app.aseed.ai/interview/first"


@pytest.mark.parametrize("text", ["анна", "ANNA", "anna@example.org", "P-007", "interview-a", "p-007 example"])
def test_a_room_is_found_by_anything_that_tells_it_from_others(text: str) -> None:
    known_as = entry("a", Participant(label="Анна Anna", email="anna@example.org", external_id="P-007"))
    found = seen([known_as, entry("b")], View(text=text), NOW, {})
    assert [one.id for one in found] == ["a"]


def test_a_room_is_found_by_its_staff_code() -> None:
    listed = [entry(str(number)) for number in range(50)]
    assert seen(listed, View(text=listed[17].staff_code.lower()), NOW, {}) == [listed[17]]


def test_a_view_is_narrowed_by_tab_status_batch_expiry_and_flag() -> None:
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
    assert ["".join(one.id for one in seen(listed, view, NOW, marked)) for view in views] == [
        "c", "c", "a", "a", "ab", "a", "abc",
    ]  # fmt: skip


def test_figures_count_rooms_time_days_and_tokens() -> None:
    listed = [
        entry("a"),
        entry("b", status=ACTIVE),
        completed("c", 20),
        completed("d", 10, finished_at=NOW - timedelta(days=2)),
        entry("e", status=EXPIRED),
        entry("f", status=CANCELLED),
    ]
    told = figures(listed, InterviewConfigResponse(tokens_per_30_min=40), BERLIN)
    assert (told.completed, told.median_minutes) == (2, 15)
    assert told.completion_rate == 2 / 5
    assert told.completed_on == {date(2026, 3, 8): 1, date(2026, 3, 9): 0, date(2026, 3, 10): 1}
    assert (told.reserved, told.spent, told.releasable) == (80, 80, 40)


def test_days_are_those_of_the_viewer() -> None:
    late = completed("a", finished_at=datetime(2026, 3, 9, 23, 30, tzinfo=UTC))
    assert figures([late], None, BERLIN).completed_on == {date(2026, 3, 10): 1}


def test_without_rooms_there_are_no_rates() -> None:
    told = figures([], None, BERLIN)
    assert (told.completion_rate, told.median_minutes, told.completed_on) == (None, None, {})


def test_a_link_that_runs_out_within_a_day_and_was_not_used_is_flagged() -> None:
    soon: dict[str, Any] = {"expires_at": NOW + timedelta(hours=23)}
    listed = entry("a", **soon), entry("b", status=ACTIVE, **soon), entry("c", expires_at=NOW + timedelta(hours=25))
    assert flags(*listed) == {"a": (Flag.EXPIRING,)}


def test_an_interview_of_under_a_fifth_of_its_time_is_flagged_until_it_is_replaced() -> None:
    replaced = Entry(completed("c", 1).room, "Coffee", 1, known=RoomRecord("c", replaced_by="d"), check=CHECK)
    assert flags(completed("a", 5.9), completed("b", 6.1), replaced) == {"a": (Flag.DROPPED,)}


def test_somebody_else_than_the_person_on_the_roster_is_flagged() -> None:
    person = Participant(label="Anna", email="anna@example.org")
    listed = (
        entry("a", person, status=ACTIVE, respondent_email="Anna@Example.org "),
        entry("b", person, status=ACTIVE, respondent_email="ben@example.org"),
        entry("c", Participant(label="Carl"), status=ACTIVE, respondent_email="carl@example.org"),
    )
    assert flags(*listed) == {"b": (Flag.OTHER_PERSON,)}


def test_one_email_in_two_rooms_of_a_project_is_flagged_in_both() -> None:
    joined: dict[str, Any] = {"status": ACTIVE, "respondent_email": "anna@example.org"}
    elsewhere = entry("c", project_id="another", **joined)
    assert flags(entry("a", **joined), entry("b", **joined), elsewhere) == {
        "a": (Flag.SAME_EMAIL,),
        "b": (Flag.SAME_EMAIL,),
    }


def test_whoever_came_back_by_a_replacement_is_not_flagged_as_two() -> None:
    joined: dict[str, Any] = {"status": COMPLETED, "respondent_email": "anna@example.org"}
    old = Entry(room("a", **joined), "Coffee", 1, known=RoomRecord("a", replaced_by="b"), check=CHECK)
    assert flags(old, entry("b", known=RoomRecord("b", replaces="a"), **joined)) == {}


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "https://evil.example/interview/a", "https://u:p@app.aseed.ai/"]
)
def test_a_url_that_is_no_link_is_flagged_while_it_could_be_handed_out(url: str) -> None:
    assert flags(entry("a", url=url), entry("b", url=url, status=CANCELLED)) == {"a": (Flag.BAD_LINK,)}


def test_a_replaced_link_that_still_works_is_flagged_and_no_longer_as_anybody_elses() -> None:
    known = RoomRecord("a", replaced_by="b")
    person = Participant(label="Anna", email="anna@example.org")
    assert flags(entry("a", person, known)) == {"a": (Flag.STILL_OPEN,)}
    joined: dict[str, Any] = {"status": ACTIVE, "respondent_email": "ben@example.org"}
    assert flags(entry("a", person, known, **joined)) == {}


def test_what_somebody_has_settled_is_not_flagged_again() -> None:
    soon = entry("a", expires_at=NOW + timedelta(hours=3))
    assert flags(soon, settled={("a", Flag.EXPIRING)}) == {}


@given(st.text())
def test_a_staff_code_is_short_plain_and_always_the_same(name: str) -> None:
    code = entry(name).staff_code
    assert len(code) == 7 and code[3] == "-" and not set(code) & set("ILOU")
    assert code == entry(name).staff_code
