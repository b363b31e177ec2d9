"""Rooms that are left are cancelled once a project has its interviews, and never one that a person has."""

from services.aseed.models import CANCELLED, PENDING
from services.journal.desk.records import Kind, Station
from services.journal.door.visits import NoRoom
from services.link import Link
from services.participants import Participant
from tests.services.door.fair import Fair


def reached(at: Fair, target: int = 1, *, releases_tokens: bool = True) -> tuple[Fair, list[str]]:
    """A project with one completed interview, and five rooms more: one is Anna's, one at a desk, one a visitor's."""
    door = at.door(6, releases_tokens=releases_tokens)
    first, second = at.visitor(door, "first"), at.visitor(door, "second")
    for visit in (first, second):
        assert isinstance(at.reception.room_for(door, visit), Link)
    at.interview(door, first, minutes=20)
    station = Station("key", Kind.DESK, at.project_id, "Desk")
    shown = at.reception.desk.next(station)
    pending = [room.id for room in at.connection.client().rooms(at.project_id, PENDING)]
    held = {shown and shown.room_id, at.visit(door, second).room_id}
    free = [room_id for room_id in pending if room_id not in held]
    at.journal.rooms.relabel(at.whose, at.project_id, {free[0]: Participant(label="Anna")})
    at.journal.rooms.set_target(at.whose, at.project_id, target)
    return at, free[1:]


def cancelled(at: Fair) -> set[str]:
    return {room.id for room in at.connection.client().rooms(at.project_id, CANCELLED)}


def test_reached_target_releases_what_is_left(at: Fair) -> None:
    _, left = reached(at)
    at.watch().look()
    assert cancelled(at) == set(left) and len(left) == 2
    door = at.journal.doors.all(at.whose, at.project_id)[0]
    assert at.reception.room_for(door, at.visitor(door, "third")) == NoRoom()


def test_target_that_is_not_reached_releases_nothing(at: Fair) -> None:
    reached(at, target=2)
    at.watch().look()
    assert cancelled(at) == set()


def test_door_without_the_setting_releases_nothing(at: Fair) -> None:
    reached(at, releases_tokens=False)
    at.watch().look()
    assert cancelled(at) == set()


def test_room_that_was_taken_meanwhile_stays(at: Fair) -> None:
    _, left = reached(at)
    door = at.journal.doors.all(at.whose, at.project_id)[0]
    visit = at.visitor(door, "third")
    assert isinstance(at.reception.room_for(door, visit), Link)
    taken = at.journal.hand_outs.take_out(at.whose, at.project_id, left)
    assert at.visit(door, visit).room_id not in taken and len(taken) == 1
