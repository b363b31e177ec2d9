"""Changes of rooms, and the replacement of one, while they are under way and when they are over."""

import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial

import streamlit as st

from components.elements.download import download
from components.elements.exported import Exported
from components.elements.history import CANCELLED, works_until
from components.elements.live import say_live
from components.elements.problems import explain
from components.elements.progress import show_progress
from components.elements.words import rooms_in_words
from components.elements.writing import writing
from components.state import connection, jobs, process, viewer, visibility, whole_page
from components.state.links import look_again
from services.aseed.models import UpdateRoomRequest
from services.changes.job import Job
from services.changes.task import Outcome, Result, Task
from services.export.delimited import csv_file
from services.journal.deeds import Export
from services.journal.records import Batch, State
from services.participants import Participant
from services.rooms.entry import UNNAMED, Entry
from services.settings import ROOT
from services.texts.catalogues import SOURCE
from services.texts.kept import Kept, said
from services.texts.speech import N_, _, ngettext, number, speaking
from services.trust import as_cell, literal

_PART = "jobs"
"""The part of the page that is drawn by itself while something is under way (components.state.whole_page)."""

POLL_SECONDS = 0.5
"""How often the browser asks how far the changes are."""

AT_ONCE_SECONDS = 20.0
"""How long a dialog waits for the change of one room."""

FAILURES_LISTED = 50
"""How many rooms that were not changed are listed; the rest is counted."""

RESULT_WORDS = {
    Result.REFUSED: N_("refused"),
    Result.UNCERTAIN: N_("not certain"),
    Result.NOT_TRIED: N_("not tried"),
}

NOTHING_CHANGED = N_("Nothing was changed.")

EXTENDING, CANCELLING, RELABELLING = N_("Extending"), N_("Cancelling"), N_("Relabelling")
"""What changes do, as it is kept."""


def task(entry: Entry, change: UpdateRoomRequest, what: str, person: Participant | None = None) -> Task:
    """The change of one room.

    what: the line of its history (components.elements.history).
    person: whom the room is for from now on; None where that stays.
    """
    return Task(entry.id, entry.room.project_id, _kept_name(entry), change, what, person)


def cancellation(entry: Entry) -> Task:
    """The cancellation of one room, which is made only while its status is the one that is shown."""
    return Task(entry.id, entry.room.project_id, _kept_name(entry), None, CANCELLED, seen_as=entry.room.status)


def _kept_name(entry: Entry) -> str:
    """The room's name as files have it."""
    with speaking(SOURCE):
        return entry.name


def extensions(found: Sequence[Entry], until: datetime) -> list[Task]:
    """The changes that extend those of the links that are pending."""
    return [task(entry, UpdateRoomRequest(expires_at=until), works_until(until)) for entry in found if entry.is_pending]


def start(tasks: Sequence[Task], what: str) -> None:
    """Starts a change of many rooms, which the page then follows.

    what: what the change does, such as EXTENDING.
    """
    if (running := _job()) and not running.over:
        st.toast(_("The last change is not finished yet. Try again when it is."), icon=":material/hourglass:")
        return
    with writing(_(NOTHING_CHANGED)):
        job_id = process.changes().start(tasks, connection.client(), visibility.current())
        jobs.current().job = (job_id, what)
    whole_page.ask()


def is_busy() -> bool:
    """Whether rooms are being changed or replaced for this session just now."""
    job, replacement = _job(), _replacement()
    return (job is not None and not job.over) or (replacement is not None and replacement.working)


def change_now(task: Task) -> Outcome | None:
    """Changes one room and waits for the outcome; None where there is none after AT_ONCE_SECONDS.

    Raises JournalError.
    """
    job_id = process.changes().start([task], connection.client(), visibility.current())
    deadline = time.monotonic() + AT_ONCE_SECONDS
    while time.monotonic() < deadline:
        job = process.changes().job(job_id)
        if job and job.over:
            look_again()
            return job.outcomes[0]
        time.sleep(0.02)
    return None


def watch_replacement(batch: Batch) -> None:
    """Has the page follow a replacement."""
    jobs.current().replacement = batch.id
    whole_page.ask()


def show_jobs() -> None:
    """Shows what this session has under way, and then its outcome."""
    job, replacement = _job(), _replacement()
    if is_busy():
        whole_page.includes(_PART)
        _watch()
        return
    if job:
        _show_outcomes(job)
    if replacement:
        _show_replacement(replacement)


@st.fragment(run_every=POLL_SECONDS)
def _watch() -> None:
    job, replacement = _job(), _replacement()
    if not whole_page.draws(_PART) and not is_busy():
        look_again()
        st.rerun()
    if job and not job.over:
        done = len(job.outcomes)
        how_far = _(
            "{activity}: {done} of {rooms}",
            activity=_(_activity()),
            done=number(done),
            rooms=rooms_in_words(job.total),
        )
        st.progress(done / job.total, how_far)
        say_live(how_far, "job")
        stop = process.changes().stop
        st.button(_("Stop"), key="stop_job", icon=":material/stop_circle:", on_click=stop, args=(job.id,))
    if replacement and replacement.working:
        show_progress(replacement)


def _job() -> Job | None:
    kept = jobs.current().job
    return process.changes().job(kept[0]) if kept else None


def _activity() -> str:
    """What the change under way does, as it is kept, such as EXTENDING."""
    kept = jobs.current().job
    return kept[1] if kept else ""


def _replacement() -> Batch | None:
    kept = jobs.current().replacement
    return process.journal().batches.find(kept, visibility.current()) if kept else None


def _show_outcomes(job: Job) -> None:
    activity = _activity()
    failed = [outcome for outcome in job.outcomes if not outcome.succeeded]
    came = _(
        "**{activity}: {done} of {rooms} done.**",
        activity=_(activity),
        done=number(job.succeeded),
        rooms=rooms_in_words(job.total),
    )
    if not failed:
        st.success(came, icon=":material/check_circle:")
    else:
        what_failed = ngettext(
            "{count} room was not changed. Doing the same again is safe: what is done stays as it is.",
            "{count} rooms were not changed. Doing the same again is safe: what is done stays as it is.",
            len(failed),
        )
        st.warning(f"{came} {what_failed}", icon=":material/warning:")
        with st.expander(_("What was not changed, and why"), expanded=len(failed) <= 5):
            st.text("\n".join(_failure_line(outcome) for outcome in failed[:FAILURES_LISTED]))
            if len(failed) > FAILURES_LISTED:
                st.caption(ngettext("and {count} more", "and {count} more", len(failed) - FAILURES_LISTED))
    download(_("What became of each room"), partial(_outcomes, job), activity, "csv", "job_outcomes", quiet=True)
    st.button(_("Close"), key="close_job", type="tertiary", icon=":material/close:", on_click=_forget_job)


def _outcomes(job: Job) -> Exported:
    """The outcome of each room, as CSV."""
    tasks = [outcome.task for outcome in job.outcomes]
    content = csv_file(
        {
            "label": [as_cell(task.label) for task in tasks],
            "result": [str(outcome.result) for outcome in job.outcomes],
            "why": [as_cell(outcome.words) for outcome in job.outcomes],
        },
        viewer.delimiter(),
    )
    return Exported(Export.OUTCOMES, content, [task.room_id for task in tasks], [task.project_id for task in tasks])


def _failure_line(outcome: Outcome) -> str:
    result = _(RESULT_WORDS[outcome.result]) if outcome.result in RESULT_WORDS else outcome.result
    return f"{_name(outcome.task.label)}: {result}. {said(outcome.words)}"


def _name(kept: str) -> str:
    """A room's name as the page has it."""
    number = (Kept(UNNAMED).values(kept) or {}).get("number", "")
    return _(UNNAMED, number=number) if number.isdecimal() else kept


def _show_replacement(batch: Batch) -> None:
    if batch.state == State.DONE:
        there = (
            _("**The replacement is there:** it is the newest room under Active.")
            if batch.wanted == 1
            else _("**{rooms} are there as replacements:** the newest under Active.", rooms=rooms_in_words(batch.rooms))
        )
        st.success(there, icon=":material/check_circle:")
    elif batch.over and batch.problem:
        explain(batch.problem).show(done=batch.rooms)
    else:
        waits = _("**The replacement for {project} waits for you.**", project=literal(batch.project_name))
        st.warning(waits, icon=":material/warning:")
        st.page_link(str(ROOT / "pages" / "batches.py"), label=_("Open Batches"), icon=":material/stacks:")
    st.button(
        _("Close"), key="close_replacement", type="tertiary", icon=":material/close:", on_click=_forget_replacement
    )


def _forget_job() -> None:
    jobs.current().job = None


def _forget_replacement() -> None:
    jobs.current().replacement = None
