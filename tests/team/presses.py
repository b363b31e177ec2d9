"""A press of Create at the steered Aseed, without a page, in this process or in another one.

    python -m tests.team.presses JOURNAL ASEED PROJECT NONCE VERB

VERB `start` presses Create and works on the batch, `resume` takes it up where it is let. Then it prints its own clock
and whether the batch is in its hands, and lives until its standard input is closed.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

from pydantic import SecretStr

from services.aseed.client import AseedClient, Connections
from services.aseed.models import RoomSettings
from services.batches.engine import Engine
from services.batches.pace import Pace
from services.batches.plan import Order
from services.journal.journal import Journal
from services.journal.records import Batch, NewBatch
from services.journal.visibility import Visibility
from tests.servers import eventually

PACE = Pace(calls_at_once=1, unknown_wait=0.2, second_look=0.1, look_again=3600, pauses=(0.1, 0.1, 0.1))
"""One call after the other, and lost ones are looked for soon."""

WANTED = 300
"""Rooms, of which 100 come with a call."""


def press(client: AseedClient, project_id: str, nonce: str) -> NewBatch:
    order = Order(RoomSettings(), WANTED)
    return NewBatch(nonce, client.account, client.service, project_id, "Study", order.form, order.calls, order.people)


@contextmanager
def dashboard(url: str, address: str) -> Iterator[tuple[Engine, AseedClient]]:
    """What a replica has of the journal at `url` and of the Aseed at `address`."""
    with (
        Connections(trust_env=False) as connections,
        closing(Journal(url)) as journal,
        closing(Engine(journal, PACE, beat=0.5)) as engine,
    ):
        yield engine, AseedClient(f"{address}/custdev", SecretStr("first"), connections)


def now(engine: Engine, batch: Batch) -> Batch:
    found = engine.journal.batches.find(batch.id, Visibility(batch.service, batch.account))
    assert found is not None
    return found


def at_rest(engine: Engine, batch: Batch) -> Batch:
    """The batch once it is over, or waits for a person."""
    eventually(lambda: not now(engine, batch).working)
    return now(engine, batch)


def main(url: str, address: str, project_id: str, nonce: str, verb: str) -> None:
    with dashboard(url, address) as (engine, client):
        batch = engine.start(press(client, project_id, nonce), client)
        has_it = verb == "start" or engine.resume(batch, client)
        sys.stdout.write(f"{time.time()} {has_it}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
