"""A rush of visitors on both databases: each gets one room, no room goes to two, and none is lost."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from services.journal.desk.records import HandOutState
from services.journal.door.records import VisitState
from tests.journals import empty_journal
from tests.postgres import fresh_database
from tests.servers import eventually
from tests.services.door.fair import Fair, fair
from tests.services.door.rush import Rush, Served, served_alone

LEFT = 10
"""Rooms that are left in the end."""


@pytest.fixture(params=["sqlite", "postgresql"])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Fair, list[Served]]]:
    """A fair, and the processes that serve its door: one on a file, two on a server."""
    with ExitStack() as stack:
        count, journal = 1, empty_journal(tmp_path)
        if request.param == "postgresql":
            count, journal = 2, stack.enter_context(fresh_database(request.getfixturevalue("postgres")))
        at = stack.enter_context(fair(tmp_path, journal))
        yield at, stack.enter_context(served_alone(count, tmp_path, at.address, journal))


def test_each_visitor_of_a_rush_gets_one_room(served: tuple[Fair, list[Served]], pytestconfig: pytest.Config) -> None:
    at, processes = served
    visitors: int = pytestconfig.getoption("--visitors")
    at_first = 3 * visitors // 4
    door = at.door(at_first)
    rush = Rush(door, processes)

    def meanwhile() -> None:
        # Once a part of them has a room, a process is killed, and comes back.
        eventually(lambda: len(rush.seconds) > at_first // 3)
        processes[0].kill()
        processes[0].start()
        # The pool runs dry, and fills up.
        eventually(lambda: at.journal.doors.now_and_figures(door)[1].free == 0)
        at.rooms(visitors - at_first + LEFT)
        at.reception.desk.fill(at.project_id)

    rush.run(visitors, meanwhile)
    links = [next(iter(led)) for led in rush.links.values() if len(led) == 1]
    assert len(set(links)) == len(links) == visitors
    visits = at.journal.visits.all(door)
    assert len(visits) == visitors and {visit.state for visit in visits} == {VisitState.CLAIMED}
    assert len({visit.room_id for visit in visits}) == visitors
    at.reception.desk.fill(at.project_id)
    out = at.journal.hand_outs.out(at.whose, at.project_id)
    assert {each.room_id for each in out} == {visit.room_id for visit in visits}
    assert {each.state for each in out} == {HandOutState.SHOWN}
    assert at.journal.doors.now_and_figures(door)[1].free == LEFT
