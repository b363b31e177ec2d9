"""A batch at work: how far it is, what it waits for, and the way to stop it."""

import streamlit as st

from components.elements.words import counted, rooms_in_words, time_in_words
from components.elements.writing import writing
from components.state import connection, press, process, visibility, whole_page
from services.journal.records import Batch, State
from services.trust import literal

POLL_SECONDS = 0.5
"""How often the browser asks how far a batch is."""

_PART = "progress"
"""The part of the page that is drawn by itself while a batch moves (components.state.whole_page)."""


def batch_progress(batch: Batch) -> None:
    """The progress of a batch, which moves by itself; the whole page is drawn again when the batch stops moving."""
    whole_page.includes(_PART)

    def watch() -> None:
        _draw(batch.id)

    # Its name is the press's own: what a browser asked while it still showed an earlier batch is not an answer to this
    # one, and must not let a second press through.
    watch.__qualname__ = f"watch {batch.nonce}"
    st.fragment(watch, run_every=POLL_SECONDS)()


def _draw(batch_id: int) -> None:
    asked_by_browser = not whole_page.draws(_PART)
    batch = process.journal().batches.find(batch_id, visibility.current())
    if asked_by_browser and (batch is None or press.is_settling(batch) or not batch.working):
        if press.is_settling(batch):
            press.settle()
        st.rerun()
    if batch is not None:
        show_progress(batch)


def show_progress(batch: Batch) -> None:
    """How far the batch is, as it stands."""
    st.progress(_share(batch), _headline(batch))
    st.caption(_figures(batch))
    if batch.working and not batch.over and batch.state != State.LABELLING:
        st.button(
            "Stopping…" if batch.cancelling else "Stop creating",
            key=f"stop_{batch.id}",
            icon=":material/stop_circle:",
            disabled=batch.cancelling,
            help="No further rooms are created. Those that exist stay, and are kept here.",
            on_click=_stop,
            args=(batch,),
        )


def _stop(batch: Batch) -> None:
    with writing("The batch could not be stopped."):
        process.engine().cancel(batch, connection.client())


def _share(batch: Batch) -> float:
    """Rooms and labels count alike: both are one call to Aseed away from being done."""
    return min(1.0, (batch.rooms + batch.labels_set + batch.labels_failed) / max(1, batch.wanted + batch.labels))


def _headline(batch: Batch) -> str:
    if batch.state == State.WAITING:
        return f"An answer of Aseed's was lost. Looking for its rooms in {time_in_words(batch.wait_seconds or 0)}"
    if batch.state == State.LABELLING:
        return f"Setting labels: {batch.labels_set:,} of {batch.labels:,}"
    if batch.wait_seconds and batch.wait_seconds > 0:
        return f"Aseed asks us to wait for {time_in_words(batch.wait_seconds)}"
    return f"Creating {rooms_in_words(batch.wanted)}: {batch.rooms:,} are there"


def _figures(batch: Batch) -> str:
    calls = counted(batch.calls, "call", "calls")
    parts = [literal(batch.project_name), f"{batch.calls_done} of {calls} done", time_in_words(batch.work_seconds)]
    if batch.labels:
        parts.insert(2, f"{batch.labels_set:,} of {batch.labels:,} labels set")
    if 0 < batch.rooms < batch.wanted and batch.state == State.CREATING:
        left = batch.work_seconds / batch.rooms * (batch.wanted - batch.rooms)
        parts.append(f"about {time_in_words(left)} left")
    if batch.lost and batch.state != State.WAITING:
        parts.append(f"{counted(batch.lost, 'lost answer', 'lost answers')} to look into")
    return " · ".join(parts) + ". You may close this page: it goes on."
