"""Rooms that are cancelled for their tokens: never one that a person may have."""

import pytest

from services.aseed.models import ACTIVE, CANCELLED, InterviewConfigResponse
from services.journal.records import RoomRecord
from services.participants import Participant
from services.rooms.entry import Entry
from services.rooms.left_over import left_over, tokens_of
from tests.study import completed, entry


def test_rooms_that_no_one_has_are_left() -> None:
    listed = [entry("a"), entry("b"), completed("c"), entry("d", status=ACTIVE), entry("e", status=CANCELLED)]
    assert [each.id for each in left_over(listed, {"b"})] == ["a"]


@pytest.mark.parametrize(
    "named",
    [
        entry("a", Participant(email="anna@example.com")),
        entry("a", Participant(external_id="P-1")),
        entry("a", display_name="Anna"),
        entry("a", known=RoomRecord("a", is_withdrawn=True, hides_names=True)),
    ],
)
def test_room_of_a_person_is_not_left(named: Entry) -> None:
    assert left_over([named], set()) == []


def test_tokens_come_back_by_length() -> None:
    price = InterviewConfigResponse(tokens_per_30_min=10)
    assert tokens_of([entry("a"), entry("b", max_duration_minutes=60)], price) == 30
