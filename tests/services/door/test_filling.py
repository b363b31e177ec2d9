"""A door creates rooms through the engine of batches, once each time, and never for more than its cap of tokens."""

import pytest

from services.aseed.models import RoomSettings
from services.batches.plan import plan
from services.door.filling import missing
from services.journal.door.records import Door, DoorFigures, Filling, VisitState
from services.journal.records import NewBatch
from services.link import Link
from tests.servers import eventually
from tests.services.door.fair import Fair

MINUTES = 30


def settled(at: Fair) -> None:
    """Waits until no batch creates rooms in the project."""
    eventually(lambda: at.journal.batches.unresolved("sandbox", at.project_id, at.whose) is None)


def filled(at: Fair, **how: object) -> Door:
    """A door that keeps two rooms free, before a batch of one room."""
    like, client = RoomSettings(max_duration_minutes=MINUTES, language="English"), at.connection.client()
    new = NewBatch("press", client.account, client.service, at.project_id, "Study", like, plan([like]))
    batch = at.engine.start(new, client)
    settled(at)
    filling = {"like_batch": batch.id, "keep_free": 2, "most_tokens": 10**6, **how}
    door = at.door(batch_id=batch.id, filling=filling)
    at.reception.desk.fill(at.project_id)
    return door


def look(at: Fair) -> None:
    """One look, until what it began has ended, and the pool has its rooms."""
    at.watch().look()
    settled(at)
    at.reception.desk.fill(at.project_id)


def test_door_fills_up_like_its_batch(at: Fair) -> None:
    door = filled(at)
    for _ in range(2):
        look(at)
    [fill] = at.journal.fills.all(door)
    assert (fill.rooms, fill.number) == (1, 1)
    rooms = at.connection.client().rooms(at.project_id)
    assert [room.language for room in rooms].count("English") == 2
    for device in ("a", "b"):
        assert isinstance(at.reception.room_for(door, at.visitor(door, device)), Link)


def test_fill_that_was_broken_off_goes_on_once(at: Fair) -> None:
    door = filled(at)
    before = len(at.connection.client().rooms(at.project_id))
    # Killed between the line in the journal and the batch.
    assert at.journal.fills.begin(door, None, 1, 1)
    for _ in range(3):
        look(at)
    assert len(at.connection.client().rooms(at.project_id)) == before + 1


def test_fill_stops_at_the_cap_of_tokens(at: Fair) -> None:
    price = at.connection.client().interview_config().tokens_for(MINUTES)
    door = filled(at, keep_free=5, most_tokens=2 * price)
    for _ in range(2):
        look(at)
    [fill] = at.journal.fills.all(door)
    assert (fill.rooms, fill.tokens) == (2, 2 * price)


def test_paused_door_creates_nothing(at: Fair) -> None:
    door = filled(at)
    at.journal.doors.pause(at.whose, door.id, paused=True)
    look(at)
    assert at.journal.fills.all(door) == []


def figures(free: int = 0, waiting: int = 0, got_room: int = 0, spent: int = 0) -> DoorFigures:
    return DoorFigures({VisitState.ENTERED: waiting}, 0, got_room, free, spent)


@pytest.mark.parametrize(
    ("now", "most", "expected"),
    [
        (figures(), None, 5),
        (figures(free=2), None, 3),
        (figures(free=5), None, 0),
        (figures(waiting=30), None, 30),
        (figures(waiting=500), None, 100),
        (figures(got_room=38), 40, 2),
        (figures(free=1, got_room=38), 40, 1),
        (figures(spent=1995), None, 0),
        (figures(spent=1980), None, 2),
    ],
)
def test_door_creates_no_more_than_it_needs(now: DoorFigures, most: int | None, expected: int) -> None:
    filling = Filling(like_batch=1, keep_free=5, most_tokens=2000)
    assert missing(filling, most, now, price=10) == expected
