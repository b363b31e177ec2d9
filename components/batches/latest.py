"""The rooms of a batch as Aseed last described them: their statuses move while somebody is looking."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import streamlit as st

from components.state import connection, viewer
from services.aseed.errors import AseedError
from services.aseed.models import PENDING, InterviewRoomResponse
from services.journal.records import Batch, KeptRoom

REFRESH_SECONDS = 10
"""How old a status may get before Aseed is asked again."""

REST = 20
"""After a list that took long, how many times as long Aseed is left alone: a project may hold 10,000 rooms."""


@dataclass
class Latest:
    """What Aseed last said; one object for as long as the batch is on show.

    moved: the rooms that are no longer as they were created, by id. stale: whether the last try to ask again failed.
    asked and took: when that was, by the monotonic clock, and how many seconds.
    """

    batch_id: int
    moment: datetime
    moved: dict[str, InterviewRoomResponse] = field(default_factory=dict)
    stale: bool = False
    asked: float = field(default_factory=time.monotonic)
    took: float = 0

    def rooms(self, kept: Sequence[KeptRoom]) -> list[InterviewRoomResponse]:
        """The rooms as they are now."""
        # A link that was handed over stays what it was, whatever is said of its room later.
        return [self.moved.get(one.room.id, one.room).model_copy(update={"url": one.room.url}) for one in kept]


def latest(batch: Batch) -> Latest:
    """What Aseed says, not much older than REFRESH_SECONDS; what it said last where it fails."""
    known: Latest | None = st.session_state.get("latest")
    if known is None or known.batch_id != batch.id:
        known = st.session_state["latest"] = Latest(batch.id, datetime.now(viewer.zone()))
        # What was created this moment has not moved yet.
        if batch.ended is None or time.time() - batch.ended.timestamp() > REFRESH_SECONDS:
            _ask(batch, known)
    # A second less: the browser's tick may come a little early, and would then be wasted.
    elif time.monotonic() - known.asked >= max(REFRESH_SECONDS - 1, REST * known.took):
        _ask(batch, known)
    return known


def ask_now() -> None:
    """Let the next `latest` ask, however young the statuses are."""
    if known := st.session_state.get("latest"):
        known.asked, known.took = 0.0, 0.0


def _ask(batch: Batch, known: Latest) -> None:
    known.asked = time.monotonic()
    try:
        rooms = connection.client().rooms(batch.project_id)
    except AseedError:
        known.stale = True
        return
    finally:
        known.took = time.monotonic() - known.asked
    known.moved = {room.id: room for room in rooms if room.status != PENDING}
    known.moment, known.stale = datetime.now(viewer.zone()), False
