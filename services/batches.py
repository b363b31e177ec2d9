"""Creating rooms outside the page's script: a batch is one press of Create, and it runs once.

A page only submits and watches: its script may be rerun or stopped at any line, and a second press of the same intent
must not pay twice. So each intent has a nonce, made before the press, and a nonce starts one call, ever.
"""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Lock, Thread

from services.aseed.client import AseedClient
from services.aseed.errors import AseedError, NotReached, OutcomeUnknown
from services.aseed.models import CreateRoomsRequest, InterviewRoomResponse, ProjectResponse

KEPT = 500
"""How many batches the process remembers; the rooms themselves are Aseed's to keep."""


@dataclass
class Batch:
    """One press of Create: what was asked for, and what came of it.

    account: whose batch it is; nobody else is shown its links. rooms: what came, complete or not.
    error: why it is not complete, if it is not. made: when Create was pressed.
    seconds: how long it has been running, or ran.
    """

    nonce: str
    account: str
    project: ProjectResponse
    request: CreateRoomsRequest
    rooms: tuple[InterviewRoomResponse, ...] = ()
    error: AseedError | None = None
    done: bool = False
    made: datetime = field(default_factory=lambda: datetime.now(UTC))
    _started: float = field(default_factory=time.monotonic)
    _ended: float = 0

    @property
    def seconds(self) -> float:
        return (self._ended or time.monotonic()) - self._started

    def run(self, client: AseedClient) -> None:
        """Make the call. Whatever happens is written down before `done` is."""
        try:
            self.rooms = tuple(client.create_rooms(self.request))
        except OutcomeUnknown as error:
            self.rooms, self.error = error.rooms, error
        except AseedError as error:
            self.error = error
        except Exception:
            self.error = OutcomeUnknown("Something of ours broke while Aseed was answering.")
            raise
        finally:
            self._ended = time.monotonic()
            self.done = True


class Batches:
    """The batches of this process, shared by every session."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Batch] = {}
        self._lock = Lock()

    def start(self, nonce: str, client: AseedClient, project: ProjectResponse, request: CreateRoomsRequest) -> Batch:
        """Start the batch of this intent, or give the one that was started already."""
        key = (client.account, nonce)
        with self._lock:
            if known := self._known.get(key):
                return known
            batch = self._known[key] = Batch(nonce, client.account, project, request)
            self._forget_the_oldest()
        # A daemon: a server that shuts down does not wait a minute for an answer.
        thread = Thread(target=batch.run, args=(client,), name="batch", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            batch.error, batch.done = NotReached("This machine has no room for another call just now."), True
        return batch

    def find(self, nonce: str, account: str) -> Batch | None:
        """The batch of this intent, for its own account only."""
        return self._known.get((account, nonce))

    def was_pressed(self, nonce: str) -> bool:
        """Whether there is a batch of this intent, in whichever account; which one is not told."""
        return any(known == nonce for _, known in tuple(self._known))

    def _forget_the_oldest(self) -> None:
        done = [key for key, batch in self._known.items() if batch.done]
        for key in done[: max(0, len(self._known) - KEPT)]:
            del self._known[key]
