"""Rooms that a door creates by itself: through the engine of batches, each time once, and up to a cap of tokens."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.aseed.client import AseedClient
from services.batches.engine import Engine
from services.batches.plan import plan
from services.journal.batches import Busy
from services.journal.door.fills import Fill
from services.journal.door.records import Door, DoorFigures, Filling, VisitState
from services.journal.door.visits import seen_through
from services.journal.records import Batch, NewBatch

PAUSE = timedelta(minutes=15)
"""How long a door waits after rooms were not created, before it tries again."""


@dataclass(frozen=True)
class Filler:
    """Fills doors up. engine: which creates rooms. client: with the token that pays for them."""

    engine: Engine
    client: AseedClient

    def fill(self, door: Door, figures: DoorFigures) -> None:
        """Has rooms created where fewer are free than the door is to keep.

        Raises services.aseed.errors.AseedError and JournalError; it may be called again then, and by any process.
        """
        filling = door.settings.filling
        if filling is None:
            return
        like = self.engine.journal.batches.find(filling.like_batch, seen_through(door))
        last = next(iter(self.engine.journal.fills.all(door)), None)
        if like is None or self._is_at_work(door, last):
            return
        if last is None or last.batch_id is not None:
            price = self.client.interview_config().tokens_for(like.settings.max_duration_minutes)
            count = missing(filling, door.settings.most, figures, price)
            last = self.engine.journal.fills.begin(door, last, count, count * price) if count > 0 else None
        if last is not None:
            self._start(door, last, like)

    def _is_at_work(self, door: Door, last: Fill | None) -> bool:
        """Whether the rooms of the last time are still to come, or just did not come."""
        if last is None or last.batch_id is None:
            return False
        batch = self.engine.journal.batches.find(last.batch_id, seen_through(door))
        if batch is None or not batch.over:
            return batch is not None
        return batch.rooms < batch.wanted and datetime.now(UTC) - last.at < PAUSE

    def _start(self, door: Door, fill: Fill, like: Batch) -> None:
        new = NewBatch(
            # One time is one press, ever: a process that starts it again finds the batch of the first.
            nonce=f"door {door.code} {fill.number}",
            account=self.client.account,
            service=self.client.service,
            project_id=door.project_id,
            project_name=like.project_name,
            settings=like.settings,
            calls=plan([like.settings] * fill.rooms),
        )
        try:
            batch = self.engine.start(new, self.client)
        except Busy:
            # Another batch creates rooms in the project: this one comes after it.
            return
        self.engine.journal.fills.begun(door, fill.number, batch.id)


def missing(filling: Filling, most: int | None, figures: DoorFigures, price: int) -> int:
    """How many rooms are to be created, so that the door has what it is to keep for who waits and who comes.

    most: how many visitors get a room at most. price: tokens of one room.
    """
    waiting = figures.at(VisitState.ENTERED, VisitState.RETURNED, VisitState.LOST)
    wanted = max(filling.keep_free, min(waiting, 100)) - figures.free
    if most is not None:
        wanted = min(wanted, most - figures.got_room - figures.free)
    return min(wanted, 100, (filling.most_tokens - figures.spent) // max(price, 1))
