"""Visitors get rooms that Aseed calls pending, and one look follows all of them."""

from contextlib import closing
from dataclasses import replace

import pytest

from services.aseed.errors import NotReached
from services.door.connection import DoorConnection
from services.door.reception import Unclear
from services.door.watch import ONE_BY_ONE
from services.journal.door.records import Door, Visit, VisitState
from services.journal.door.visits import NoRoom
from services.link import Link
from services.settings import Settings
from tests.servers import free_port
from tests.services.door.fair import Fair


def linked(at: Fair, door: Door, visit: Visit) -> str:
    link = at.reception.room_for(door, visit)
    assert isinstance(link, Link)
    return link.target


def test_visitor_gets_the_same_link_again(at: Fair) -> None:
    door = at.door(2)
    visit = at.visitor(door, "phone")
    link = linked(at, door, visit)
    assert link == f"{at.address}/interview/{at.token(at.visit(door, visit))}"
    assert linked(at, door, visit) == link
    assert linked(at, door, at.visitor(door, "other")) != link


def test_visitor_comes_back_to_a_begun_interview(at: Fair) -> None:
    door = at.door(2)
    visit = at.visitor(door, "phone")
    link = linked(at, door, visit)
    at.interview(door, visit)
    assert linked(at, door, visit) == link
    assert at.visit(door, visit).state == VisitState.STARTED


def test_room_that_was_cancelled_meanwhile_is_given_to_no_one(at: Fair) -> None:
    door = at.door(3)
    for room in at.connection.client().rooms(at.project_id)[-2:]:
        at.connection.client().cancel_room(room.id)
    # The pool knows nothing of it.
    visit = at.visitor(door, "phone")
    assert linked(at, door, visit)
    kept = at.visit(door, visit).room_id
    assert kept and at.connection.client().room(kept).status == "pending"


def test_link_stays_back_while_aseed_is_silent(at: Fair) -> None:
    door = at.door(1)
    visit = at.visitor(door, "phone")
    with closing(DoorConnection(Settings.model_validate({}), at.journal, f"http://127.0.0.1:{free_port()}")) as silent:
        got = silent.reception().room_for(door, visit)
    assert isinstance(got, Unclear) and isinstance(got.error, NotReached)
    assert at.visit(door, visit).state == VisitState.CLAIMED
    assert linked(at, door, visit)


def test_dry_pool_lets_visitors_wait_until_rooms_come(at: Fair) -> None:
    door = at.door()
    visit = at.visitor(door, "phone")
    assert at.reception.room_for(door, visit) == NoRoom()
    at.rooms(1)
    at.watch().look()
    assert linked(at, door, visit)


@pytest.mark.parametrize("count", [1, ONE_BY_ONE + 2])
def test_one_look_follows_all_visitors(at: Fair, count: int) -> None:
    door = at.door(count, cut_off_minutes=2)
    visits = [at.visitor(door, f"phone{number}") for number in range(count)]
    for visit in visits:
        linked(at, door, visit)
    watch = at.watch()
    watch.look()
    assert {at.visit(door, visit).state for visit in visits} == {VisitState.CLAIMED}
    at.interview(door, visits[0])
    watch.look()
    assert at.visit(door, visits[0]).state == VisitState.STARTED
    for visit in visits:
        at.interview(door, visit, minutes=9)
    watch.look()
    assert {at.visit(door, visit).state for visit in visits} == {VisitState.DONE}


def test_visitor_who_was_cut_off_gets_another_room(at: Fair) -> None:
    door = at.door(2, cut_off_minutes=2, replacements=1)
    visit = at.visitor(door, "phone")
    first = linked(at, door, visit)
    at.interview(door, visit, minutes=0)
    # Asked by the visitor, before the look.
    assert at.reception.room_for(door, visit) == NoRoom(VisitState.CUT_OFF)
    assert linked(at, door, visit) != first


def test_completed_interview_has_no_link_any_more(at: Fair) -> None:
    door = at.door(2)
    visit = at.visitor(door, "phone")
    linked(at, door, visit)
    at.interview(door, visit, minutes=9)
    assert at.reception.room_for(door, visit) == NoRoom(VisitState.DONE)


def test_door_of_another_account_is_left_alone(at: Fair) -> None:
    door = at.door(1)
    assert at.reception.knows(door)
    assert not at.reception.knows(replace(door, account="another"))
