"""The rooms of a batch as Aseed last described them: their statuses move while a person is looking."""

import time
from datetime import datetime

from components.state import batches, connection, process, viewer, visibility
from components.state.batches import Latest
from services.aseed.errors import AseedError
from services.aseed.models import PENDING
from services.journal.database import JournalError
from services.journal.records import Batch

REFRESH_SECONDS = 10
"""How old a status may get before Aseed is asked again."""

REST = 20
"""After a list that took long, how many times as long Aseed is left alone: a project may hold 10,000 rooms."""


def latest(batch: Batch) -> Latest:
    """What Aseed says, not much older than REFRESH_SECONDS; what it said last where it fails."""
    known = batches.current().latest
    if known is None or known.batch_id != batch.id:
        known = Latest(batch.id, datetime.now(viewer.zone()))
        batches.current().latest = known
        # What was created this moment has not moved yet.
        if batch.ended is None or time.time() - batch.ended.timestamp() > REFRESH_SECONDS:
            _ask(batch, known)
    # A second less: the browser's tick may come a little early, and would then be wasted.
    elif time.monotonic() - known.asked >= max(REFRESH_SECONDS - 1, REST * known.took):
        _ask(batch, known)
    return known


def ask_now() -> None:
    """Lets the next `latest` ask, however young the statuses are."""
    if known := batches.current().latest:
        known.asked, known.took = 0.0, 0.0


def _ask(batch: Batch, known: Latest) -> None:
    known.asked = time.monotonic()
    try:
        rooms = connection.client().rooms(batch.project_id)
        process.journal().links.note_listed(visibility.current(), rooms)
    except (AseedError, JournalError):
        known.stale = True
        return
    finally:
        known.took = time.monotonic() - known.asked
    known.moved = {room.id: room for room in rooms if room.status != PENDING}
    known.moment, known.stale = datetime.now(viewer.zone()), False
