"""A batch at work: how far it is, what it waits for, and the way to stop it."""

from collections.abc import Callable

import streamlit as st

from components.elements.live import say_live
from components.elements.words import rooms_in_words, time_in_words
from components.elements.writing import writing
from components.state import connection, press, process, visibility, whole_page
from services.journal.records import Batch, State
from services.texts.speech import _, ngettext, number
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
    st.progress(_share(batch), headline(batch))
    say_live(headline(batch), f"batch_{batch.id}")
    st.caption(_figures(batch))
    if batch.working and not batch.over and batch.state != State.LABELLING:
        stop_button(batch, f"stop_{batch.id}")


def stop_button(batch: Batch, key: str, *, quiet: bool = False, first: Callable[[], None] | None = None) -> None:
    """A button that stops a batch at work.

    quiet: whether it looks like text, on one line.
    first: what its press does before.
    """
    st.button(
        _("Stopping…") if batch.cancelling else _("Stop creating"),
        key=key,
        icon=":material/stop_circle:",
        type="tertiary" if quiet else "secondary",
        wrap=not quiet,
        disabled=batch.cancelling,
        help=_("No further rooms are created. Those that exist stay, and are kept here."),
        on_click=_stop,
        args=(batch, first),
    )


def _stop(batch: Batch, first: Callable[[], None] | None) -> None:
    if first:
        first()
    with writing(_("The batch could not be stopped.")):
        process.engine().cancel(batch, connection.client())


def _share(batch: Batch) -> float:
    """Rooms and labels count alike: both are one call to Aseed away from being done."""
    return min(1.0, (batch.rooms + batch.labels_set + batch.labels_failed) / max(1, batch.wanted + batch.labels))


def headline(batch: Batch) -> str:
    """What a batch at work does just now, or waits for."""
    if batch.state == State.WAITING:
        wait = time_in_words(batch.wait_seconds or 0)
        return _("An answer of Aseed's was lost. Looking for its rooms in {time}", time=wait)
    if batch.state == State.LABELLING:
        return _("Setting labels: {done} of {all}", done=number(batch.labels_set), all=number(batch.labels))
    if batch.wait_seconds and batch.wait_seconds > 0:
        return _("Aseed asks us to wait for {time}", time=time_in_words(batch.wait_seconds))
    return _("Creating {rooms}: {count} are there", rooms=rooms_in_words(batch.wanted), count=number(batch.rooms))


def _figures(batch: Batch) -> str:
    calls = ngettext("{done} of {count} call done", "{done} of {count} calls done", batch.calls, done=batch.calls_done)
    parts = [literal(batch.project_name), calls, time_in_words(batch.work_seconds)]
    if batch.labels:
        labels = _("{done} of {all} labels set", done=number(batch.labels_set), all=number(batch.labels))
        parts.insert(2, labels)
    if 0 < batch.rooms < batch.wanted and batch.state == State.CREATING:
        left = batch.work_seconds / batch.rooms * (batch.wanted - batch.rooms)
        parts.append(_("about {time} left", time=time_in_words(left)))
    if batch.lost and batch.state != State.WAITING:
        parts.append(ngettext("{count} lost answer to look into", "{count} lost answers to look into", batch.lost))
    return _("{figures}. You may close this page: it goes on.", figures=" · ".join(parts))
