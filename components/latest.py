"""The rooms of a batch as Aseed last described them: their statuses move while somebody is looking."""

import time
from dataclasses import dataclass, field
from datetime import datetime

import streamlit as st

from components import session
from services.aseed.errors import AseedError
from services.aseed.models import InterviewRoomResponse
from services.batches import Batch

REFRESH_SECONDS = 10
"""How old a status may get before Aseed is asked again."""


@dataclass
class Latest:
    """A batch's rooms as they were at a moment; one object for as long as the batch is on show.

    stale: whether the last try to ask again failed. asked: when that was, by the monotonic clock.
    """

    nonce: str
    rooms: tuple[InterviewRoomResponse, ...]
    moment: datetime
    stale: bool = False
    asked: float = field(default_factory=time.monotonic)


def latest(batch: Batch) -> Latest:
    """The batch's rooms, in its order, not much older than REFRESH_SECONDS; the last ones known where Aseed fails."""
    known: Latest | None = st.session_state.get("latest")
    if known is None or known.nonce != batch.nonce:
        known = st.session_state["latest"] = Latest(batch.nonce, batch.rooms, datetime.now(session.viewer_zone()))
    # A second less: the browser's tick may come a little early, and would then be wasted.
    elif time.monotonic() - known.asked >= REFRESH_SECONDS - 1:
        _ask(batch, known)
    return known


def ask_now() -> None:
    """Let the next `latest` ask, however young the statuses are."""
    if known := st.session_state.get("latest"):
        known.asked = 0.0


def _ask(batch: Batch, known: Latest) -> None:
    known.asked = time.monotonic()
    try:
        now = {room.id: room for room in session.client().rooms(batch.project.id)}
    except AseedError:
        known.stale = True
        return
    # A link that was handed over stays what it was, whatever is said of its room later.
    known.rooms = tuple(now.get(room.id, room).model_copy(update={"url": room.url}) for room in known.rooms)
    known.moment, known.stale = datetime.now(session.viewer_zone()), False
