"""Which rooms a search and its filters show."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from services.aseed.models import (
    COMPLETED,
)
from services.journal.records import RoomRecord
from services.participants import Participant
from services.rooms.entry import Entry, Tab
from services.rooms.flags import Flag
from services.rooms.view import View, matching
from tests.folding_texts import SAME
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


@pytest.mark.parametrize("text", ["K7M-4QX", "k7m 4qx", "k7m4qx", "K7M–4QX"])
def test_staff_code_is_found_however_written(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Entry, "staff_code", "K7M-4QX")
    assert matching([entry("a")], View(text=text), NOW, {}) and not matching(
        [entry("a")], View(text="k7m 4qy"), NOW, {}
    )


@pytest.mark.parametrize(("stored", "typed"), SAME)
def test_label_is_found_as_people_type_it(stored: str, typed: str) -> None:
    listed = [entry("a", Participant(label=stored)), entry("b", Participant(label="Zz"))]
    assert matching(listed, View(text=typed), NOW, {}) == listed[:1]


@pytest.mark.parametrize("stored", ["+49 170 1234567", "+49-170-1234567", "+491701234567", "+49 (170) 123 45 67"])
@pytest.mark.parametrize("typed", ["+49 170 1234567", "49-170-123-45-67", "491701234567", "170 1234567"])
def test_number_is_found_whatever_parts_it(stored: str, typed: str) -> None:
    listed = [entry("a", Participant(external_id=stored)), entry("b", Participant(external_id="+49 170 7654321"))]
    assert matching(listed, View(text=typed), NOW, {}) == listed[:1]


@pytest.mark.parametrize("stored", ["anna@müller.example", "anna@XN--Mller-kva.example", "Anna@mu\u0308ller.example"])
@pytest.mark.parametrize("typed", ["anna@müller.example", "xn--mller-kva.example", "anna@muller", "@MÜLLER.example"])
def test_email_is_found_by_either_domain(stored: str, typed: str) -> None:
    listed = [entry("a", Participant(email=stored)), entry("b", Participant(email="anna@mueller.example"))]
    assert matching(listed, View(text=typed), NOW, {}) == listed[:1]
    joined = [entry("a", respondent_email=stored), entry("b")]
    assert matching(joined, View(text=typed), NOW, {}) == joined[:1]


def test_signs_alone_leave_nothing_out() -> None:
    listed = [entry("a"), entry("b")]
    assert matching(listed, View(text=" - ’ "), NOW, {}) == listed


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
