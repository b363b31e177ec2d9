"""Many rooms at once: those that were ticked, else all of the view. Extend, cancel, say whom they are for."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, time

import streamlit as st

from components.elements import jobs
from components.elements.jobs import extensions
from components.elements.moments import FIRST_DAY, LAST_DAY, moment_of, problem_of
from components.elements.problems import show_beside
from components.elements.sheet_file import read_or_ask
from components.elements.words import bullets, counted, rooms_in_words
from components.links.attention import EXTENSION
from components.links.table import choose_none, chosen_ids
from components.state import dialogs, viewer
from services.aseed.models import UpdateRoomRequest
from services.changes.task import Task
from services.participants import Participant
from services.rooms.entry import Entry
from services.roster.matching import Damage, Matched, match
from services.roster.reading import UPLOADS
from services.roster.sheet import RosterError
from services.trust import literal

CHANGES = {"extend": "Extend…", "cancel": "Cancel…", "relabel": "Say whom they are for…"}
"""What can be done with many, by the name of the dialog."""

ROOMS_NAMED = 3
"""How many rooms are named before something is done to all."""

ROWS_LISTED = 8
"""How many rows of a file are shown; the rest is counted."""


def selected(view: Sequence[Entry]) -> list[Entry]:
    """The ticked rooms of a view; all of it where no room at all is ticked."""
    chosen = chosen_ids()
    return [entry for entry in view if entry.id in chosen] if chosen else list(view)


def bulk_bar(view: Sequence[Entry]) -> None:
    """Shows how many rooms the next press is about, and what it may do."""
    chosen, about = chosen_ids(), selected(view)
    with st.container(horizontal=True, vertical_alignment="center", key="bulk"):
        hidden = f", {len(chosen) - len(about):,} more outside this view" if len(chosen) > len(about) else ""
        words = (
            f"**{rooms_in_words(len(about))}** chosen{hidden}" if chosen else f"**{rooms_in_words(len(view))}** in view"
        )
        st.markdown(words, width="content")
        if chosen:
            st.button("Choose none", key="choose_none", type="tertiary", icon=":material/close:", on_click=choose_none)
        st.menu_button(
            "Change them",
            list(CHANGES),
            format_func=CHANGES.__getitem__,
            key="change_many",
            icon=":material/edit:",
            disabled=not about,
            on_click=_want,
        )


def _want() -> None:
    if name := st.session_state["change_many"]:
        dialogs.want(name)


@st.dialog("Extend links", on_dismiss="rerun")
def extend_dialog(entries: Sequence[Entry]) -> None:
    """Extends every pending link until a chosen moment."""
    pending, zone = [entry for entry in entries if entry.is_pending], viewer.zone()
    _about(pending, entries, "Only pending links can be extended.")
    now = datetime.now(zone)
    day, hour = st.columns(2)
    date = day.date_input(
        "Until", (now + EXTENSION).date(), FIRST_DAY, LAST_DAY, key="extend_day", format="DD.MM.YYYY", required=True
    )
    with day:
        beside = st.container()
    clock = hour.time_input(f"at ({zone.key})", time(23, 45), key="extend_time")
    moment = moment_of(date, clock, zone)
    problem = problem_of(moment, now)
    with beside:
        show_beside(problem)
    shorter = sum(bool(entry.room.expires_at and entry.room.expires_at > moment) for entry in pending)
    if shorter and not problem:
        st.warning(f"{counted(shorter, 'link works', 'links work')} longer than that today, and would be shortened.")
    label = f"Extend {rooms_in_words(len(pending))}"
    pressed = st.button(label, type="primary", key="extend_now", disabled=not pending or problem is not None)
    # What was typed just before the press counts, although the button could still be pressed then.
    if pressed and not problem:
        _start(extensions(pending, moment), "Extending")


@st.dialog("Cancel links", on_dismiss="rerun")
def cancel_dialog(entries: Sequence[Entry]) -> None:
    """Cancels every pending link, after one question."""
    pending = [entry for entry in entries if entry.is_pending]
    projects = ", ".join(sorted({entry.project_name for entry in pending if entry.project_name}))
    st.caption(literal(projects))
    _about(pending, entries, "Only pending links are cancelled here; an interview that has begun goes on.")
    st.markdown("Their links stop working and their tokens are released. **This cannot be undone.**")
    label = f"Cancel {rooms_in_words(len(pending))}"
    if st.button(label, type="primary", key="cancel_now", disabled=not pending, icon=":material/block:"):
        _start([jobs.cancellation(entry) for entry in pending], "Cancelling")


@st.dialog("Say whom rooms are for", width="medium", on_dismiss="rerun")
def relabel_dialog(entries: Sequence[Entry]) -> None:
    """Takes labels, emails and external IDs from a file, and shows what would change before it does."""
    st.markdown(
        "Upload a list with a `link` or `external_id` column, such as the CSV that you download here, with the "
        "labels, emails or IDs corrected. What is blank stays as it is."
    )
    file = st.file_uploader("A spreadsheet, CSV or text", type=UPLOADS, key="relabel_file")
    if file is None:
        return
    key = f"relabel_damaged_{file.file_id}"
    try:
        take_damaged = bool(st.session_state.get(key))
        matched = _matched(file.getvalue(), file.name, entries, take_damaged)
    except RosterError as error:
        st.error(f"**This list cannot be used.** {literal(str(error))}", icon=":material/error:")
        return
    if matched is None:
        return
    _report(matched)
    if matched.damaged and not matched.problems:
        _ask_about_damage(matched.damaged, key)
    if st.button(
        f"Change {rooms_in_words(len(matched.people))}",
        type="primary",
        key="relabel_now",
        disabled=not matched.people,
    ):
        _start(relabelings(entries, matched.people), "Relabelling")


def relabelings(entries: Sequence[Entry], people: Mapping[str, Participant]) -> list[Task]:
    """The changes that make rooms be for these people, by room id; Aseed renames only what is pending."""
    tasks = []
    for entry in entries:
        if person := people.get(entry.id):
            renames = entry.is_pending and person.label and person.label != entry.room.display_name
            change = UpdateRoomRequest(display_name=person.label) if renames else UpdateRoomRequest()
            tasks.append(jobs.task(entry, change, "said whom it is for", person))
    return tasks


def _matched(content: bytes, name: str, entries: Sequence[Entry], take_damaged: bool) -> Matched | None:
    """The file's rows by the rooms they are about; None while its charset is to be chosen. Raises RosterError."""
    sheet = read_or_ask(content, name, "relabel")
    if sheet is None:
        return None
    participants = {
        entry.id: Participant(
            label=entry.label, email=entry.participant.email, external_id=entry.participant.external_id
        )
        for entry in entries
    }
    times = Counter(entry.link.text for entry in entries)
    links = {entry.link.text: entry.id for entry in entries if times[entry.link.text] == 1}
    return match(sheet, participants, links, take_damaged=take_damaged)


def _report(matched: Matched) -> None:
    if matched.problems:
        listed = bullets(matched.problems, lambda note: f"Row {note.row}: {literal(note.message)}", ROWS_LISTED)
        st.error(f"**Correct these rows first.**\n\n{listed}", icon=":material/error:")
        return
    if matched.people:
        st.success(f"{rooms_in_words(len(matched.people))} would change.", icon=":material/group:")
        shown = list(matched.people.values())[:ROWS_LISTED]
        table = [{"Label": each.label, "Email": each.email, "External ID": each.external_id} for each in shown]
        st.dataframe(table, hide_index=True, width="stretch")
    else:
        st.info("Nothing would change.", icon=":material/info:")
    if matched.same:
        st.caption(f"{counted(matched.same, 'row says', 'rows say')} what is known already.")
    if matched.unknown:
        rows = ", ".join(map(str, matched.unknown[:ROWS_LISTED])) + ("…" if len(matched.unknown) > ROWS_LISTED else "")
        are = counted(len(matched.unknown), "row is", "rows are")
        st.warning(f"{are} about no room of this view, and left out: {rows}.")


def _ask_about_damage(damaged: Sequence[Damage], key: str) -> None:
    """Shows what a spreadsheet seems to have changed beside what is known, and takes it only at a press."""
    names_rooms = any(damage.names_room for damage in damaged)
    st.warning(
        f"**A spreadsheet seems to have changed {counted(len(damaged), 'value', 'values')}**, such as 007 to 7. "
        + ("Rows with such an ID are left out." if names_rooms else "What is known here stays.")
        + " To avoid this, import such columns as text.",
        icon=":material/history:",
    )
    table = [
        {"Row": each.row, "Column": each.column, "Known here": each.known, "In the file": each.read} for each in damaged
    ]
    st.dataframe(table, hide_index=True, width="stretch")
    st.checkbox("These rows are about these rooms" if names_rooms else "Take them as they are in the file", key=key)


def _start(tasks: Sequence[Task], what: str) -> None:
    """Starts a change, takes the ticks back, as they are not meant for the next one, and closes the dialog."""
    jobs.start(tasks, what)
    choose_none()
    st.rerun()


def _about(pending: Sequence[Entry], entries: Sequence[Entry], why: str) -> None:
    others = len(entries) - len(pending)
    left = f" {counted(others, 'other room is', 'other rooms are')} left as they are: {why}" if others else ""
    if not pending:
        st.markdown(f"None of these is pending. {why}")
        return
    names = ", ".join(literal(entry.name) for entry in pending[:ROOMS_NAMED])
    more = f" and {len(pending) - ROOMS_NAMED:,} more" if len(pending) > ROOMS_NAMED else ""
    which = "the ticked ones" if chosen_ids() else "all in view, on every page of the table"
    st.markdown(f"**{rooms_in_words(len(pending))}**, {which}: {names}{more}.{left}")
