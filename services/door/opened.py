"""Doors as one process serves them: its journal, the way to Aseed, the engine that creates rooms, and the look."""

from starlette.routing import BaseRoute

from services import background
from services.batches.engine import Engine
from services.batches.pace import Pace
from services.door.connection import DoorConnection
from services.door.filling import Filler
from services.door.server import door_routes
from services.door.watch import Watch
from services.journal.journal import Journal
from services.settings import Settings


class OpenedDoors:
    """Opens the journal when it is made, and looks after doors from `start` on, until the process ends.

    sandbox: where the sandbox answers, where the deployment rehearses. carries_sandbox: whether this process serves it,
    at the address of the doors. Raises services.journal.database.JournalError.
    """

    def __init__(self, deployment: Settings, sandbox: str, *, carries_sandbox: bool) -> None:
        self._deployment = deployment
        self._journal = Journal(deployment.journal_url)
        self._connection = DoorConnection(deployment, self._journal, sandbox)
        self.routes: list[BaseRoute] = door_routes(
            self._journal, self._connection, carries_sandbox=carries_sandbox, public_url=deployment.door_url
        )

    def start(self) -> None:
        """Looks after visitors and rooms from now on; without a token of the deployment's, when no door works, not."""
        background.at_end(self._journal.close)
        background.at_end(self._connection.close)
        if self._connection.is_there:
            ours = self._deployment
            engine = Engine(self._journal, Pace(ours.calls_at_once, ours.lost_answer_seconds))
            background.at_end(engine.close)
            watch = Watch(self._journal, self._connection, Filler(engine, self._connection.client()))
            background.at_end(watch.close)
            watch.start()
