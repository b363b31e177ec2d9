"""A process that runs a batch and is killed: by itself at a named moment, or by its parent at any.

The moment is named by three words: `before`, `commit` (the method's transaction is to be committed, and is not any
more) or `after`; a method such as `Run.claim`; and which of its calls. At `stop` it stands still after the call, as a
laptop does whose lid is closed, until its parent lets it go on.
"""

import itertools
import os
import signal
import threading
from contextlib import closing
from dataclasses import replace
from multiprocessing.synchronize import Event

from pydantic import SecretStr
from sqlalchemy import Connection, Engine, event

from services.aseed.client import AseedClient, Connections
from services.aseed.models import RoomSettings
from services.batches.engine import Engine as BatchEngine
from services.batches.pace import Pace
from services.batches.plan import Order
from services.journal.batches import Batches
from services.journal.journal import Journal
from services.journal.records import Batch, NewBatch
from services.journal.run import Run
from services.journal.visibility import Visibility
from services.participants import Participant
from tests.servers import eventually

TOKEN = SecretStr("sandbox")

PEOPLE = tuple(Participant(label=f"Person {number}", max_duration_minutes=20 + number % 7) for number in range(1, 15))
"""Seven lengths of the interview, so that there are seven calls, of two rooms each."""

PACE = Pace(unknown_wait=0.1, second_look=0.05, look_again=600)
"""Short, because the test that kills makes sure that the sandbox has done what it was asked by then."""

BEAT, SILENT = 0.5, 3600
"""Seconds between two signs of life; and of a process that gives none."""


def press(client: AseedClient, project_id: str, nonce: str) -> NewBatch:
    """The press of Create that every process makes, whether it was made before or not."""
    order = Order(RoomSettings(), len(PEOPLE), PEOPLE)
    return NewBatch(nonce, client.account, client.service, project_id, "Study", order.form, order.calls, PEOPLE)


def run_to_its_end(batches: BatchEngine, client: AseedClient, new: NewBatch) -> Batch:
    """Press Create, and resume the batch whenever no process runs it, until it is over."""
    batch = batches.start(new, client)

    def is_over() -> bool:
        nonlocal batch
        found = batches.journal.batches.find(batch.id, Visibility(new.service, new.account))
        assert found is not None
        assert found.over or found.working or found.interrupted, f"{found.state}: {found.problem}"
        if found.interrupted:
            batches.resume(found, client)
        batch = found
        return found.over

    eventually(is_over)
    return batch


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_at(when: str, method: str, number: int) -> None:
    """Have this process killed at a call of a method, in whichever thread."""
    owner = {kind.__name__: kind for kind in (Batches, Run, AseedClient)}[method.split(".")[0]]
    name = method.split(".")[1]
    original = getattr(owner, name)
    calls, this_thread = itertools.count(1), threading.local()

    def deadly(*arguments: object, **named: object) -> object:
        if next(calls) != number:
            return original(*arguments, **named)
        if when == "before":
            die()
        this_thread.dies = when == "commit"
        result = original(*arguments, **named)
        if when == "stop":
            os.kill(os.getpid(), signal.SIGSTOP)
        else:
            die()
        return result

    @event.listens_for(Engine, "commit")
    def _before_commit(_: Connection) -> None:
        if getattr(this_thread, "dies", False):
            die()

    setattr(owner, name, deadly)


def main(ready: Event, url: str, sandbox: str, project_id: str, nonce: str, *moment: str) -> None:
    """Press Create and work on its batch, to the end or to the moment of this process's death.

    ready: set before Create is pressed.
    url, sandbox: the addresses of the journal and of the sandbox.
    """
    if moment:
        when, method, number = moment
        die_at(when, method, int(number))
    with Connections(trust_env=False) as connections, closing(Journal(url)) as journal:
        client = AseedClient(f"{sandbox}/custdev", TOKEN, connections)
        # What stands still must have no half request out, and no lock on the journal: others would wait for the rest.
        stops = moment[:1] == ("stop",)
        pace, beat = (replace(PACE, calls_at_once=1), SILENT) if stops else (PACE, BEAT)
        with closing(BatchEngine(journal, pace, beat)) as batches:
            ready.set()
            run_to_its_end(batches, client, press(client, project_id, nonce))
