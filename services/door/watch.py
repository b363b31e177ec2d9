"""The one look for all tickets: what has become of visitors' rooms, by one question to Aseed for many of them."""

import logging
import time
from collections.abc import Sequence

from services.aseed.errors import AseedError
from services.aseed.models import ACTIVE, PENDING
from services.background import BackgroundRunner
from services.door.connection import DoorConnection
from services.door.filling import Filler
from services.door.reception import Reception
from services.door.releasing import release
from services.journal.database import JournalError
from services.journal.door.records import Door, DoorFigures, Visit, VisitState
from services.journal.journal import Journal

log = logging.getLogger(__name__)

LOOK_EVERY = 4.0
"""Seconds between two looks at the rooms of a door's visitors, by all processes together."""

ONE_BY_ONE = 3
"""Up to so many rooms are asked about by their own calls; more by the list of the project."""

FEW = 20
"""With fewer rooms in its pool, a door looks whether others were created."""

FILL_EVERY = 20.0
"""Seconds between two such looks of this process."""

RELEASE_EVERY = 60.0
"""Seconds between two looks of this process whether a project has its completed interviews."""

FORGET_AFTER = 86_400.0
"""Seconds after which address and id of a visitor are forgotten who got no room."""


class Watch:
    """Looks after doors. filler: None where no rooms are to be created."""

    def __init__(
        self, journal: Journal, connection: DoorConnection, filler: Filler | None, every: float = LOOK_EVERY
    ) -> None:
        self._journal, self._connection, self._filler, self._every = journal, connection, filler, every
        # When each project was last looked at, by the monotonic clock.
        self._filled: dict[str, float] = {}
        self._released: dict[str, float] = {}
        self._background = BackgroundRunner("door")

    def start(self) -> None:
        """Looks again and again from now on, in a thread."""
        self._background.start(self._again_and_again, person="")

    def close(self) -> None:
        self._background.close(0)

    def _again_and_again(self) -> None:
        while not self._background.stop.wait(self._every):
            try:
                self.look()
            except JournalError as error:
                log.error("Doors could not be looked after: %s", error)

    def look(self) -> None:
        """Looks once. Raises JournalError."""
        reception = self._connection.reception()
        ours = [door for door in self._journal.visits.turn_to_look(self._every) if reception.knows(door)]
        for door in ours:
            try:
                self._follow(reception, door)
            except AseedError as error:
                log.error("The visitors of door %s could not be followed: %s", door.code, error)
        for door, figures in self._journal.fills.open_doors():
            try:
                if reception.knows(door):
                    self._supply(reception, door, figures)
                    self._release(reception, door)
            except AseedError as error:
                log.error("Door %s could not be supplied with rooms: %s", door.code, error)

    def _follow(self, reception: Reception, door: Door) -> None:
        watched = [visit for visit in self._journal.visits.watched(door) if visit.room_id]
        for visit in _moved(reception, door, watched):
            reception.look(door, str(visit.room_id))
        # Only once Aseed has said that these interviews have not begun.
        self._journal.visits.take_back(door)
        self._journal.visits.forget_waiting(door, FORGET_AFTER)

    def _release(self, reception: Reception, door: Door) -> None:
        """Cancels what is left, where the door is set up so; a project is looked at once in RELEASE_EVERY."""
        if door.settings.releases_tokens and self._is_due(self._released, door.project_id, RELEASE_EVERY):
            release(reception.desk, door.project_id)

    def _is_due(self, last: dict[str, float], project_id: str, every: float) -> bool:
        if time.monotonic() - last.get(project_id, -every) < every:
            return False
        last[project_id] = time.monotonic()
        return True

    def _supply(self, reception: Reception, door: Door, figures: DoorFigures) -> None:
        if figures.free < FEW and self._is_due(self._filled, door.project_id, FILL_EVERY):
            reception.desk.fill(door.project_id)
            _, figures = self._journal.doors.now_and_figures(door)
        if self._filler is not None:
            self._filler.fill(door, figures)


def _moved(reception: Reception, door: Door, watched: Sequence[Visit]) -> Sequence[Visit]:
    """The visitors about whose rooms Aseed is to be asked by their own calls."""
    if len(watched) <= ONE_BY_ONE:
        return watched
    statuses = {room.id: room.status for room in reception.desk.client.rooms(door.project_id)}
    expected = {VisitState.CLAIMED: PENDING, VisitState.STARTED: ACTIVE}
    return [visit for visit in watched if statuses.get(str(visit.room_id)) != expected[visit.state]]
