"""A fair: a sandbox on a real socket, a project with rooms in it, and a door before them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from starlette.applications import Starlette

from services.aseed.models import MAX_ROOMS_PER_CALL, CreateProjectRequest, CreateRoomsRequest, InterviewRoomResponse
from services.batches.engine import Engine
from services.batches.pace import Pace
from services.door.connection import DoorConnection
from services.door.filling import Filler
from services.door.reception import Reception
from services.door.watch import Watch
from services.journal.door.records import Door, DoorSettings, NewVisit, Visit
from services.journal.journal import Journal
from services.journal.visibility import Visibility
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from services.settings import Settings
from tests.servers import serving


@dataclass
class Fair:
    """A project, and the way of its doors to the sandbox at an address. ahead: how far the sandbox's clock is ahead."""

    store: Store
    journal: Journal
    connection: DoorConnection
    engine: Engine
    address: str
    project_id: str
    ahead: list[timedelta]

    @property
    def reception(self) -> Reception:
        return self.connection.reception()

    @property
    def whose(self) -> Visibility:
        return self.reception.desk.visibility

    def rooms(self, count: int) -> list[InterviewRoomResponse]:
        """Creates rooms past the journal, as another program would."""
        made: list[InterviewRoomResponse] = []
        while len(made) < count:
            some = min(count - len(made), MAX_ROOMS_PER_CALL)
            request = CreateRoomsRequest(project_id=UUID(self.project_id), count=some)
            made += self.connection.client().create_rooms(request)
        return made

    def door(self, rooms: int = 0, **how: object) -> Door:
        """A door before so many rooms."""
        if rooms:
            self.rooms(rooms)
            self.reception.desk.fill(self.project_id)
        settings = DoorSettings.model_validate({"texts": {"en": {"name": "City fair"}}, **how})
        return self.journal.doors.make(self.whose, self.project_id, settings)

    def visitor(self, door: Door, device: str, **who: object) -> Visit:
        return self.journal.visits.enter(door, NewVisit(device, "en", door.version, **who))  # type: ignore[arg-type] # of any field

    def visit(self, door: Door, visit: Visit) -> Visit:
        """The visit as it is now."""
        found = self.journal.visits.find(door, visit.device)
        assert found is not None
        return found

    def token(self, visit: Visit) -> str:
        """What opens the visitor's room."""
        assert visit.room_id is not None
        return str(self.store.room(self.store.account("sandbox"), UUID(visit.room_id))["access_token"])

    def interview(self, door: Door, visit: Visit, minutes: float | None = None) -> None:
        """The visitor joins; the interview ends after so many minutes, or goes on."""
        token = self.token(self.visit(door, visit))
        self.store.join(token, f"{visit.device}@example.org")
        if minutes is not None:
            self.advance(minutes)
            self.store.leave(token)

    def advance(self, minutes: float) -> None:
        """Puts the sandbox's clock forward."""
        self.ahead.append(timedelta(minutes=minutes))

    def watch(self) -> Watch:
        """The look for all tickets, which looks when it is told to."""
        return Watch(self.journal, self.connection, Filler(self.engine, self.connection.client()), every=0)


@contextmanager
def fair(folder: Path, journal_url: str) -> Iterator[Fair]:
    with ExitStack() as stack:
        ahead: list[timedelta] = []
        store = Store(folder / "sandbox.sqlite3", now=lambda: datetime.now(UTC) + sum(ahead, timedelta()))
        address = stack.enter_context(serving(Starlette(routes=sandbox_routes(store))))
        journal = Journal(journal_url)
        stack.callback(journal.close)
        engine = Engine(journal, Pace())
        stack.callback(engine.close)
        connection = DoorConnection(Settings.model_validate({}), journal, address)
        stack.callback(connection.close)
        study = CreateProjectRequest(name="Study", research_goals="Goals", interview_guide="Guide")
        project = store.create_project(store.account("sandbox"), study)["id"]
        yield Fair(store, journal, connection, engine, address, project, ahead)
