"""Doors on both databases: changed, paused and closed by those who may, and filled up to a cap, once each time."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from pydantic import ValidationError

from services.journal.door.opening import opens_next, state_of
from services.journal.door.records import DoorState
from services.journal.journal import Journal
from services.journal.visibility import Visibility
from services.people.acting import NotAllowed, Person
from services.people.roles import RIGHTS, Right, Role
from tests.services.journal.desks import MINE, OTHER_PROJECT, PROJECT, SERVICE
from tests.services.journal.door.visitors import door, settings, visitor

MONDAY = datetime(2026, 6, 1, 12, tzinfo=UTC)
STRANGER = Visibility(SERVICE, "another", frozenset({OTHER_PROJECT}))
WEEKDAYS = {"days": [0, 1, 2, 3, 4], "since": "09:00", "until": "18:00"}
NIGHT = {"days": [0], "since": "22:00", "until": "02:00"}


def test_door_is_found_by_its_code(journal: Journal) -> None:
    at = door(journal)
    assert journal.doors.find(at.code) == at
    assert journal.doors.find("nothing") is None
    assert journal.doors.all(MINE, PROJECT) == [at]
    assert journal.doors.all(STRANGER, PROJECT) == []


def test_changed_text_is_a_new_version(journal: Journal) -> None:
    at = door(journal)
    same = journal.doors.change(MINE, at.id, settings(most=3))
    assert same is not None and same.version == 1 and same.settings.most == 3
    other = journal.doors.change(MINE, at.id, settings(texts={"en": {"name": "City fair", "consent": "Yes."}}))
    assert other is not None and other.version == 2
    assert [texts["en"]["consent"] for texts in journal.doors.texts(at.id).values()] == ["I agree.", "Yes."]


def test_version_has_its_moment(journal: Journal) -> None:
    at = door(journal)
    journal.doors.change(MINE, at.id, settings(texts={"en": {"name": "City fair", "consent": "Yes."}}))
    first, second = journal.doors.versions(at.id).items()
    assert (first[0], second[0]) == (1, 2) and abs(first[1] - at.made) < timedelta(seconds=1) and first[1] <= second[1]


def test_answers_are_told_by_visit(journal: Journal) -> None:
    question = {"texts": {"en": "Which?"}, "answers": [{"texts": {"en": "One"}}, {"texts": {"en": "Other"}}]}
    at, other = (door(journal, questions=[question, question]) for _ in range(2))
    one, none = visitor(journal, at, answers=(1, 0)), door(journal)
    visitor(journal, other, answers=(0, 0))
    visitor(journal, none)
    assert journal.doors.answers(at) == {one.id: {0: 1, 1: 0}}
    assert journal.doors.answers(none) == {}


def test_stranger_changes_no_door(journal: Journal) -> None:
    at = door(journal)
    assert journal.doors.change(STRANGER, at.id, settings(most=3)) is None
    journal.doors.pause(STRANGER, at.id, paused=True)
    journal.doors.close(STRANGER, at.id)
    assert journal.doors.find(at.code) == at


@pytest.mark.parametrize(
    ("how", "now", "expected"),
    [
        ({}, MONDAY, DoorState.OPEN),
        ({"opens": MONDAY + timedelta(hours=1)}, MONDAY, DoorState.EARLY),
        ({"closes": MONDAY}, MONDAY, DoorState.CLOSED),
        ({"hours": WEEKDAYS}, MONDAY, DoorState.OPEN),
        ({"hours": WEEKDAYS}, MONDAY.replace(hour=18), DoorState.OUT_OF_HOURS),
        ({"hours": WEEKDAYS}, MONDAY - timedelta(days=1), DoorState.OUT_OF_HOURS),
        ({"hours": WEEKDAYS, "zone": "Asia/Tokyo"}, MONDAY, DoorState.OUT_OF_HOURS),
        ({"hours": NIGHT}, MONDAY.replace(hour=23), DoorState.OPEN),
        ({"hours": NIGHT}, MONDAY.replace(day=2, hour=1), DoorState.OPEN),
        ({"hours": NIGHT}, MONDAY.replace(hour=1), DoorState.OUT_OF_HOURS),
        ({"most": 5}, MONDAY, DoorState.FULL),
        ({"most_a_day": 2}, MONDAY, DoorState.FULL_TODAY),
    ],
)
def test_door_lets_in_by_its_days_and_limits(
    journal: Journal, how: dict[str, object], now: datetime, expected: DoorState
) -> None:
    assert state_of(door(journal, **how), now, got_room=5, today=2) == expected


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, None),
        ({"opens": MONDAY + timedelta(days=3)}, MONDAY + timedelta(days=3)),
        ({"hours": {**WEEKDAYS, "since": "13:00"}}, MONDAY.replace(hour=13)),
        ({"hours": {**WEEKDAYS, "until": "10:00"}}, MONDAY.replace(day=2, hour=9)),
        ({"hours": {**WEEKDAYS, "days": [0], "until": "10:00"}}, MONDAY.replace(day=8, hour=9)),
        ({"hours": {**WEEKDAYS, "until": "10:00"}, "closes": MONDAY.replace(hour=20)}, None),
        ({"hours": WEEKDAYS, "opens": MONDAY.replace(day=6)}, MONDAY.replace(day=8, hour=9)),
    ],
)
def test_shut_door_says_when_it_opens_next(how: dict[str, object], expected: datetime | None) -> None:
    assert opens_next(settings(**how), MONDAY) == expected


def test_hours_follow_the_clock_through_summer_time() -> None:
    its = settings(hours={**WEEKDAYS, "days": [6], "until": "10:00"}, zone="Europe/Berlin")
    # On this Sunday the clocks go forward: nine o'clock is seven by UTC.
    assert opens_next(its, datetime(2026, 3, 28, 12, tzinfo=UTC)) == datetime(2026, 3, 29, 7, tzinfo=UTC)


def test_two_processes_fill_a_door_once(database: str, journal: Journal) -> None:
    at = door(journal, filling={"like_batch": 1, "most_tokens": 25})
    with closing(Journal(database)) as replica, ThreadPoolExecutor(8) as pool:
        opened = (journal, replica)
        begun = list(pool.map(lambda n: opened[n % 2].fills.begin(at, None, 5, 10), range(16)))
    assert sum(each is not None for each in begun) == 1
    [first] = journal.fills.all(at)
    second = journal.fills.begin(at, first, 5, 10)
    assert second is not None and second.number == 2
    # The cap is what all of them may cost.
    assert journal.fills.begin(at, second, 3, 6) is None
    assert journal.doors.now_and_figures(at)[1].spent == 20


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../../etc/passwd", "/etc/passwd", "Europe", "A\0B", "x" * 5000])
def test_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(ValidationError, match="is not a time zone"):
        settings(zone=zone)


def test_filling_door_takes_right_to_create(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    fills = settings(filling={"like_batch": 1, "most_tokens": 25})
    at = journal.doors.make(MINE, PROJECT, fills)
    rights = {**RIGHTS, Role.RESEARCHER: RIGHTS[Role.RESEARCHER] - {Right.CREATE}}
    monkeypatch.setattr("services.people.acting.RIGHTS", rights)
    anna = Person("1", "anna@example.org", Role.RESEARCHER)
    monkeypatch.setattr("services.people.acting.current", lambda: anna)
    with pytest.raises(NotAllowed):
        journal.doors.make(MINE, PROJECT, fills)
    with pytest.raises(NotAllowed):
        journal.doors.change(MINE, at.id, settings(filling={"like_batch": 1, "most_tokens": 50}))
    # What it creates already may stay, or end.
    assert journal.doors.change(MINE, at.id, settings(filling=fills.filling, most=3))
    assert journal.doors.change(MINE, at.id, settings())


def test_names_of_doors_are_told_by_code(journal: Journal) -> None:
    at = door(journal)
    assert journal.doors.names(MINE) == {at.code: "City fair"}
    assert journal.doors.names(STRANGER) == {}
