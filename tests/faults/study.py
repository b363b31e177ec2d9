"""A study in a fresh account of the sandbox: its project, the faulty proxy before it, and what a test asks of both."""

import json
import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import SecretStr

from services.aseed.client import AseedClient, Connections
from services.aseed.models import CreateProjectRequest, CreateRoomsRequest, RoomSettings
from services.batches.engine import Engine
from services.batches.pace import Pace
from services.batches.plan import Order
from services.journal.journal import Journal
from services.journal.records import Batch, NewBatch
from services.journal.visibility import Visibility
from services.participants import Participant
from services.sandbox.store import Store
from tests.faults.proxy import Decide, Fault, FaultyProxy, Request, faulty
from tests.servers import PATIENCE, eventually

QUICK = Pace(
    calls_at_once=1, unknown_wait=0.05, second_look=0.02, look_again=3600, pauses=(0.01, 0.01, 0.01), longest_wait=2
)
"""One call after the other, so that faults come in a known order, and waits that a test can afford."""


@dataclass(frozen=True)
class Study:
    """One project, and two ways to it. client: through the proxy. straight: past it, for a test that has to know.

    account: as the store names it.
    """

    store: Store
    proxy: FaultyProxy
    token: SecretStr
    client: AseedClient
    straight: AseedClient
    account: str
    project_id: str

    @property
    def form(self) -> RoomSettings:
        return RoomSettings()

    @property
    def visibility(self) -> Visibility:
        return Visibility(self.client.service, self.client.account)

    @property
    def creations(self) -> int:
        """How many calls to create rooms have left so far."""
        return len(self.proxy.log)

    def pressed(self, count: int = 0, people: Sequence[Participant] = (), **settings: object) -> NewBatch:
        """A press of Create."""
        form = self.form.model_copy(update=settings)
        order = Order(form, count, tuple(people))
        return NewBatch(
            nonce=secrets.token_hex(8),
            account=self.client.account,
            service=self.client.service,
            project_id=self.project_id,
            project_name="A study",
            settings=form,
            calls=order.calls,
            participants=order.people,
        )

    def rooms(self) -> list[dict[str, Any]]:
        """The rooms that the project really has: an own project, so there are none before the first batch."""
        return self.store.rooms(self.account, UUID(self.project_id))

    def elsewhere(self, **settings: object) -> set[str]:
        """Another person creates rooms in the project: one, or `count` of them. Their ids."""
        wanted = CreateRoomsRequest(project_id=UUID(self.project_id)).model_copy(update=settings)
        return {room["id"] for room in self.store.create_rooms(self.account, wanted)}

    def batch(self, journal: Journal, batch: Batch) -> Batch:
        """The batch as it stands now."""
        now = journal.batches.find(batch.id, self.visibility)
        assert now is not None
        return now

    def at_rest(self, journal: Journal, batch: Batch) -> Batch:
        """The batch once it is over, or waits for a person."""
        eventually(lambda: not self._moves(self.batch(journal, batch)))
        return self.batch(journal, batch)

    def _moves(self, batch: Batch) -> bool:
        # A sign of life that comes late, on a busy machine, makes no end of it.
        return batch.working or batch.interrupted

    def resumed(self, engine: Engine, batch: Batch, client: AseedClient | None = None) -> Batch:
        """The batch after Resume, once it is at rest again."""
        # It is parked a moment before it is let go.
        eventually(lambda: engine.resume(batch, client or self.client))
        return self.at_rest(engine.journal, batch)


StudyOf = Callable[..., AbstractContextManager[Study]]
EngineOf = Callable[..., Engine]


@contextmanager
def study(
    store: Store,
    sandbox: str,
    connections: Connections,
    decide: Decide,
    *,
    client: Callable[..., AseedClient] = AseedClient,
    **proxy_options: Any,  # noqa: ANN401 - those of `faulty`
) -> Iterator[Study]:
    """A study in an account of its own. client: the kind of client that goes through the proxy."""
    token = SecretStr(f"sandbox-{secrets.token_hex(8)}")
    straight = AseedClient(f"{sandbox}/custdev", token, connections)
    account = store.account(token.get_secret_value())
    ready = CreateProjectRequest(name="A study", research_goals="To know why.", interview_guide="1. Why?")
    project = store.create_project(account, ready)
    with faulty(sandbox, decide, **{"hold": PATIENCE, **proxy_options}) as proxy:
        through = client(f"{proxy.address}/custdev", token, connections, service=straight.service)
        yield Study(store, proxy, token, through, straight, account, project["id"])


def no_fault(_: Request) -> Fault:
    return Fault.NONE


def creations(*faults: Fault | Callable[[], Fault]) -> Decide:
    """The first creations have these faults, in this order; all else goes well. A function is called for its fault."""
    coming = list(reversed(faults))

    def decide(request: Request) -> Fault:
        if request.method != "POST" or not coming:
            return Fault.NONE
        fault = coming.pop()
        return fault if isinstance(fault, Fault) else fault()

    return decide


def refusing_address() -> str:
    """An address of this machine that refuses connections."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/custdev"


def kept_ids(journal: Journal, batch: Batch) -> list[str]:
    """The ids of the rooms that the journal holds of a batch."""
    return [kept.room.id for kept in journal.batches.rooms(batch.id)]


def exactly(count: int, it: Study, journal: Journal, batch_id: int) -> bool:
    """Whether the project has so many rooms, and the journal holds each of them once."""
    kept = [kept.room.id for kept in journal.batches.rooms(batch_id)]
    there = {room["id"] for room in it.rooms()}
    return len(kept) == len(there) == count and set(kept) == there


def asked_for(sent: list[Request]) -> list[int]:
    """How many rooms each creation asked for."""
    return [json.loads(request.body)["count"] for request in sent if request.method == "POST"]


def noting(decide: Decide, sent: list[Request]) -> Decide:
    """The same faults, while the requests are written down."""

    def decided(request: Request) -> Fault:
        sent.append(request)
        return decide(request)

    return decided
