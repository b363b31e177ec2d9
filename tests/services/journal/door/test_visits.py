"""Visitors of doors on both databases: each gets one room, no room goes to two, and nothing is given past a limit."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from services.aseed.models import ACTIVE, CANCELLED, COMPLETED, EXPIRED
from services.journal.database import Database
from services.journal.desk.records import HandOutState, How
from services.journal.door.records import Claimed, Door, DoorState, VisitState
from services.journal.door.visits import NoRoom, PersonTaken
from services.journal.door_tables import door_visits
from services.journal.journal import Journal
from tests.services.journal.desks import MINE, PROJECT, history, offer, room, state, station
from tests.services.journal.door.visitors import claimed, door, settings, told, visitor

BEGAN = datetime(2026, 6, 1, 12, tzinfo=UTC)

AGES = [
    {
        "texts": {"en": "How old are you?"},
        "answers": [
            {"texts": {"en": "Under 18"}, "lets_in": False},
            {"texts": {"en": "18 to 34"}, "quota": 1},
            {"texts": {"en": "35 or more"}},
        ],
    }
]


def why(journal: Journal, at: Door, key: str) -> object:
    found = journal.visits.claim(at, key)
    assert isinstance(found, NoRoom)
    return found.why


def test_visitor_keeps_one_room_however_often_they_ask(journal: Journal) -> None:
    at = door(journal, "a", "b")
    visit = visitor(journal, at)
    first = claimed(journal, at, visit)
    again = claimed(journal, at, visit)
    assert (first.room_id, first.is_new) == ("a", True)
    assert (again.room_id, again.is_new) == ("a", False)
    assert state(journal, "b") == HandOutState.FREE
    assert history(journal, "a") == ["claimed at the door City fair"]


def test_device_that_enters_twice_is_one_visit(journal: Journal) -> None:
    at = door(journal, "a", "b")
    assert visitor(journal, at, "phone").id == visitor(journal, at, "phone").id
    assert visitor(journal, at, "other").id != visitor(journal, at, "phone").id


def test_two_doors_know_a_device_each(journal: Journal) -> None:
    one, other = door(journal, "a"), door(journal, "a")
    assert visitor(journal, one, "phone").id != visitor(journal, other, "phone").id


@pytest.mark.parametrize("times", [1, 4])
def test_many_at_once_get_a_room_each(database: str, journal: Journal, times: int) -> None:
    names = [f"r{number:02}" for number in range(20)]
    at = door(journal, *names)
    visits = [visitor(journal, at) for _ in range(25)]
    desks = [journal.stations.open(MINE, station(f"Desk {number}")) for number in range(2)]
    with closing(Journal(database)) as replica, ThreadPoolExecutor(8) as pool:
        asked = [(each, place) for place in range(times) for each in visits]
        found = pool.map(lambda ask: (journal, replica)[ask[1] % 2].visits.claim(at, ask[0].key), asked)
        at_desks = [held.room_id for desk in desks if (held := journal.hand_outs.claim(MINE, desk))]
        rooms: dict[int, str] = {}
        for (visit, _), got in zip(asked, found, strict=True):
            if isinstance(got, Claimed):
                assert rooms.setdefault(visit.id, got.room_id) == got.room_id
    assert sorted([*rooms.values(), *at_desks]) == names


def test_double_press_enters_once(database: str, journal: Journal) -> None:
    at = door(journal, "a", questions=AGES)
    with closing(Journal(database)) as replica, ThreadPoolExecutor(8) as pool:
        opened = (journal, replica)
        ids = set(pool.map(lambda n: visitor(opened[n % 2], at, "phone", answers=(2,)).id, range(16)))
    assert len(ids) == 1


def test_rooms_of_certain_people_reach_no_visitor(journal: Journal) -> None:
    journal.hand_outs.offer(MINE, PROJECT, [offer("anna", label="Anna")])
    at = journal.doors.make(MINE, PROJECT, settings())
    assert why(journal, at, visitor(journal, at).key) is None


def test_door_of_a_batch_gives_its_rooms_alone(journal: Journal) -> None:
    journal.hand_outs.offer(MINE, PROJECT, [offer("a", batch=1), offer("b", batch=2)])
    at = journal.doors.make(MINE, PROJECT, settings(batch_id=2))
    assert claimed(journal, at, visitor(journal, at)).room_id == "b"
    assert why(journal, at, visitor(journal, at).key) is None


def test_rooms_that_a_door_created_are_its_own(journal: Journal) -> None:
    journal.hand_outs.offer(MINE, PROJECT, [offer("a", batch=1), offer("b", batch=2), offer("c", batch=3)])
    at = journal.doors.make(MINE, PROJECT, settings(batch_id=2, filling={"like_batch": 2, "most_tokens": 9}))
    fill = journal.fills.begin(at, None, 1, 1)
    assert fill is not None
    journal.fills.begun(at, fill.number, 3)
    assert [claimed(journal, at, visitor(journal, at)).room_id for _ in range(2)] == ["b", "c"]
    assert why(journal, at, visitor(journal, at).key) is None


def test_paused_door_lets_no_one_further(journal: Journal) -> None:
    at = door(journal, "a", "b")
    visit, with_room = visitor(journal, at), visitor(journal, at)
    room_id = claimed(journal, at, with_room).room_id
    journal.doors.pause(MINE, at.id, paused=True)
    assert why(journal, at, visit.key) == DoorState.PAUSED
    # Who has a room goes on with it.
    assert claimed(journal, at, with_room).room_id == room_id
    journal.doors.pause(MINE, at.id, paused=False)
    assert claimed(journal, at, visit).is_new


@pytest.mark.parametrize(
    ("how", "expected"), [({"most": 2}, DoorState.FULL), ({"most_a_day": 2}, DoorState.FULL_TODAY)]
)
def test_limit_holds_when_many_ask_at_once(
    database: str, journal: Journal, how: dict[str, int], expected: DoorState
) -> None:
    at = door(journal, *(f"r{number}" for number in range(9)), **how)
    keys = [visitor(journal, at).key for _ in range(9)]
    with closing(Journal(database)) as replica, ThreadPoolExecutor(9) as pool:
        opened = (journal, replica)
        found = list(pool.map(lambda n: opened[n % 2].visits.claim(at, keys[n]), range(9)))
    assert sum(isinstance(each, Claimed) for each in found) == 2
    assert {each.why for each in found if isinstance(each, NoRoom)} == {expected}


def test_answer_that_screens_out_does_at_once(journal: Journal) -> None:
    at = door(journal, "a", questions=AGES)
    visit = visitor(journal, at, answers=(0,), email="a@example.org", person="digest")
    assert visit.state == VisitState.SCREENED_OUT
    assert why(journal, at, visit.key) == VisitState.SCREENED_OUT


def test_quota_of_an_answer_holds_at_the_claim(journal: Journal) -> None:
    at = door(journal, "a", "b", "c", questions=AGES)
    first, second = (visitor(journal, at, answers=(1,)) for _ in range(2))
    claimed(journal, at, first)
    assert why(journal, at, second.key) == VisitState.QUOTA_FULL
    assert visitor(journal, at, answers=(1,)).state == VisitState.QUOTA_FULL
    assert visitor(journal, at, answers=(2,)).state == VisitState.ENTERED
    assert journal.doors.quotas(at) == {(0, 1): 1}


def test_person_of_a_panel_may_change_the_device(journal: Journal) -> None:
    at = door(journal, "a", "b")
    first = visitor(journal, at, "phone", person="digest", panel_id="P1")
    room_id = claimed(journal, at, first).room_id
    again = visitor(journal, at, "laptop", person="digest", panel_id="P1")
    assert again.id == first.id and claimed(journal, at, again).room_id == room_id
    assert journal.visits.find(at, "phone") is None


def test_address_that_another_device_gave_is_refused(journal: Journal) -> None:
    at = door(journal, "a", "b")
    visitor(journal, at, "phone", person="digest", email="a@example.org")
    with pytest.raises(PersonTaken):
        visitor(journal, at, "laptop", person="digest", email="a@example.org")


def test_panel_id_and_address_move_to_the_room(journal: Journal, tables: Database) -> None:
    at = door(journal, "a")
    claimed(journal, at, visitor(journal, at, person="d", panel_id="P1", email="p1@example.org"))
    known = journal.rooms.known(MINE, PROJECT)["a"].participant
    assert known is not None and (known.external_id, known.email) == ("P1", "p1@example.org")
    with tables.reading() as db:
        assert db.execute(select(door_visits.c.email, door_visits.c.panel_id)).all() == [("", "")]


def late(tables: Database, minutes: float) -> None:
    with tables.writing() as db:
        db.execute(update(door_visits).values(claimed_at=tables.now - 60 * minutes))


def test_room_that_is_not_begun_returns_last(journal: Journal, tables: Database) -> None:
    at = door(journal, "a", "b", minutes_to_start=10)
    visit = visitor(journal, at, person="d", panel_id="P1")
    claimed(journal, at, visit)
    late(tables, 9)
    assert journal.visits.take_back(at) == 0
    late(tables, 11)
    assert journal.visits.take_back(at) == 1
    back = journal.visits.find(at, visit.device)
    assert back is not None and (back.state, back.room_id, back.panel_id) == (VisitState.RETURNED, None, "P1")
    assert history(journal, "a")[-1] == "not begun in time by a visitor of the door City fair, and returned"
    assert journal.rooms.known(MINE, PROJECT).get("a") is None
    assert claimed(journal, at, visitor(journal, at)).room_id == "b"
    # The visitor may come again, and is known again.
    assert claimed(journal, at, visit).room_id == "a"
    assert journal.rooms.known(MINE, PROJECT)["a"].participant is not None


def test_room_whose_interview_began_is_not_taken_back(journal: Journal, tables: Database) -> None:
    at = door(journal, "a")
    visit = visitor(journal, at)
    claimed(journal, at, visit)
    followed = told(journal, at, room("a", ACTIVE).model_copy(update={"started_at": BEGAN}))
    assert followed is not None and (followed.state, followed.started) == (VisitState.STARTED, BEGAN)
    late(tables, 99)
    assert journal.visits.take_back(at) == 0
    given = journal.hand_outs.find(MINE, "a")
    assert given is not None and (given.state, given.how) == (HandOutState.GIVEN, How.DOOR)


@pytest.mark.parametrize(("minutes", "expected"), [(1, VisitState.CUT_OFF), (5, VisitState.DONE)])
def test_interview_that_ended_at_once_was_cut_off(journal: Journal, minutes: int, expected: VisitState) -> None:
    at = door(journal, "a", cut_off_minutes=2)
    claimed(journal, at, visitor(journal, at))
    ended = {"started_at": BEGAN, "finished_at": BEGAN + timedelta(minutes=minutes)}
    followed = told(journal, at, room("a", COMPLETED).model_copy(update=ended))
    assert followed is not None and followed.state == expected


def test_visitor_cut_off_gets_allowed_rooms_alone(journal: Journal) -> None:
    at = door(journal, "a", "b", "c", "d", cut_off_minutes=2, replacements=1)
    visit = visitor(journal, at, person="d", panel_id="P1")
    at_once = {"started_at": BEGAN, "finished_at": BEGAN + timedelta(seconds=1)}
    for name in ("a", "b"):
        assert claimed(journal, at, visit).room_id == name
        told(journal, at, room(name, COMPLETED).model_copy(update=at_once))
    assert why(journal, at, visit.key) == VisitState.CUT_OFF
    assert journal.visits.allow(MINE, at.id, visit.id)
    assert claimed(journal, at, visit).room_id == "c"
    known = journal.rooms.known(MINE, PROJECT)
    people = [known[name].participant for name in "abc"]
    assert [person.external_id for person in people if person] == ["P1"] * 3
    assert journal.doors.now_and_figures(at)[1].got_room == 1


@pytest.mark.parametrize("status", [CANCELLED, EXPIRED, "a new one"])
def test_room_that_is_of_no_use_is_replaced(journal: Journal, status: str) -> None:
    at = door(journal, "a", "b", most=1)
    visit = visitor(journal, at, person="d", panel_id="P1")
    assert isinstance(journal.visits.claim(at, visit.key), Claimed)
    # Aseed is asked before the visitor gets the link.
    journal.hand_outs.record_status(MINE, "a", room("a", status))
    assert claimed(journal, at, visit).room_id == "b"
    known = journal.rooms.known(MINE, PROJECT)
    assert "a" not in known and known["b"].participant is not None


def test_room_that_staff_called_back_returns(journal: Journal) -> None:
    at = door(journal, "a", "b")
    visit = visitor(journal, at)
    claimed(journal, at, visit)
    assert journal.hand_outs.recall(MINE, "a")
    # There is no screen that a person could have looked at.
    assert not journal.hand_outs.return_recalled(MINE, "a")
    assert why(journal, at, visit.key) is None
    assert journal.visits.take_back(at) == 1
    assert history(journal, "a")[-1] == "taken from a visitor of the door City fair, and returned"
    assert claimed(journal, at, visit).room_id == "b"


def test_one_process_looks_for_all(database: str, journal: Journal) -> None:
    at = door(journal, "a")
    assert journal.visits.turn_to_look(0) == []
    claimed(journal, at, visitor(journal, at))
    with closing(Journal(database)) as replica, ThreadPoolExecutor(8) as pool:
        opened = (journal, replica)
        looked = pool.map(lambda n: [each.id for each in opened[n % 2].visits.turn_to_look(60)], range(16))
        assert sum(map(len, looked)) == 1


def test_waiting_visitors_are_forgotten_in_time(journal: Journal) -> None:
    at = door(journal)
    visitor(journal, at, person="d", panel_id="P1", email="p1@example.org")
    journal.visits.forget_waiting(at, 3600)
    assert [visit.panel_id for visit in journal.visits.all(at)] == ["P1"]
    journal.visits.forget_waiting(at, -1)
    assert [visit.panel_id for visit in journal.visits.all(at)] == [""]


def test_reset_of_the_sandbox_forgets_doors(journal: Journal, tables: Database) -> None:
    at = door(journal, "a", questions=AGES)
    claimed(journal, at, visitor(journal, at, answers=(2,)))
    journal.forget(MINE)
    assert journal.doors.find(at.code) is None
    with tables.reading() as db:
        assert db.execute(select(func.count()).select_from(door_visits)).scalar_one() == 0
