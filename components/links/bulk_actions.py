"""Many rooms at once: those that were ticked, else all of the view. Extend, cancel, say whom they are for."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, time

import streamlit as st

from components.elements import jobs
from components.elements.copy_button import copy_button
from components.elements.history import WHOM_CHANGED
from components.elements.jobs import extensions
from components.elements.moments import FIRST_DAY, LAST_DAY, moment_of, problem_of
from components.elements.problems import show_beside
from components.elements.replace import COSTS, replace
from components.elements.sheet_file import read_or_ask
from components.elements.take_away.dialog import ask
from components.elements.words import bullets, rooms_in_words
from components.links.attention import EXTENSION
from components.links.table import choose_none, chosen_ids
from components.state import dialogs, viewer
from services.aseed.models import UpdateRoomRequest
from services.changes.task import Task
from services.participants import Participant
from services.rooms.entry import Entry, Tab
from services.roster.matching import Damage, Matched, match
from services.roster.people import RowProblem
from services.roster.reading import UPLOADS
from services.roster.sheet import RosterError
from services.texts.speech import N_, _, ngettext, number, pgettext
from services.trust import literal

CHANGES = {
    "extend": (N_("Extend…"), ":material/more_time:"),
    "cancel": (N_("Cancel…"), ":material/block:"),
    "relabel": (N_("Say whom they are for…"), ":material/badge:"),
}
"""What can be done with many, by the name of the dialog: what its button says and shows."""

ROOMS_NAMED = 3
"""How many rooms are named before something is done to all."""

ROWS_LISTED = 8
"""How many rows of a file are shown; the rest is counted."""


def selected(view: Sequence[Entry]) -> list[Entry]:
    """The ticked rooms of a view; all of it where no room at all is ticked."""
    chosen = chosen_ids()
    return [entry for entry in view if entry.id in chosen] if chosen else list(view)


def bulk_bar(view: Sequence[Entry]) -> None:
    """Shows how many rooms the next press is about, and what it may do; it stays in sight while rooms are chosen."""
    chosen, about = chosen_ids(), selected(view)
    with st.container(horizontal=True, vertical_alignment="center", key="bulk_chosen" if chosen else "bulk"):
        st.markdown(_how_many(view, about, len(chosen)), width="content")
        if chosen:
            _for_chosen(about)
        if about:
            # Not a menu of Streamlit's: the keyboard does not reach what is in it.
            for name, (label, icon) in CHANGES.items():
                key = f"change_{name}"
                st.button(_(label), key=key, icon=icon, on_click=dialogs.want, args=(name,), kwargs={"opener": key})
            away = pgettext("button", "Take away")
            st.button(away, key="take_away", icon=":material/ios_share:", on_click=ask, args=("take_away",))
        if chosen:
            none = _("Choose none")
            st.button(none, key="choose_none", type="tertiary", icon=":material/close:", on_click=choose_none)


def _how_many(view: Sequence[Entry], about: Sequence[Entry], chosen: int) -> str:
    """How many rooms the next press is about. chosen: how many are ticked, in this view and outside of it."""
    if not chosen:
        return _("**{rooms}** in view", rooms=rooms_in_words(len(view)))
    rooms, hidden = rooms_in_words(len(about)), chosen - len(about)
    if hidden > 0:
        return _("**{rooms}** chosen, {count} more outside this view", rooms=rooms, count=number(hidden))
    return _("**{rooms}** chosen", rooms=rooms)


def _for_chosen(about: Sequence[Entry]) -> None:
    """Offers what is done to chosen rooms without a further question."""
    usable = [entry.link.target for entry in about if entry.tab is Tab.ACTIVE and entry.link.is_proper]
    if usable:
        label = ngettext("Copy {count} link", "Copy {count} links", len(usable))
        copy_button(label, "\n".join(usable), "copy_chosen")
    if len(about) == 1 and not about[0].is_replaced:
        st.button(
            _("Replace"),
            key="replace_chosen",
            icon=":material/autorenew:",
            help=_(COSTS),
            on_click=replace,
            args=(about[0],),
        )
    elif len(about) > 1:
        st.button(
            _("Replace…"),
            key="change_replace",
            icon=":material/autorenew:",
            on_click=dialogs.want,
            args=("replace",),
            kwargs={"opener": "change_replace"},
        )


def extend_dialog(entries: Sequence[Entry]) -> None:
    """Extends every pending link until a chosen moment."""
    st.dialog(_("Extend links"), on_dismiss="rerun")(_extend)(entries)


def _extend(entries: Sequence[Entry]) -> None:
    pending, zone = [entry for entry in entries if entry.is_pending], viewer.zone()
    _about(pending, entries, _("Only rooms that have not started can be extended."))
    now = datetime.now(zone)
    day, hour = st.columns(2)
    date = day.date_input(
        _("Until"), (now + EXTENSION).date(), FIRST_DAY, LAST_DAY, key="extend_day", format="DD.MM.YYYY", required=True
    )
    with day:
        beside = st.container()
    clock = hour.time_input(_("at ({zone})", zone=zone.key), time(23, 45), key="extend_time")
    moment = moment_of(date, clock, zone)
    problem = problem_of(moment, now)
    with beside:
        show_beside(problem)
    shorter = sum(bool(entry.room.expires_at and entry.room.expires_at > moment) for entry in pending)
    if shorter and not problem:
        told = ngettext(
            "{count} link works longer than that today, and would be shortened.",
            "{count} links work longer than that today, and would be shortened.",
            shorter,
        )
        st.warning(told)
    label = _("Extend {rooms}", rooms=rooms_in_words(len(pending)))
    pressed = st.button(label, type="primary", key="extend_now", disabled=not pending or problem is not None)
    # What was typed just before the press counts, although the button could still be pressed then.
    if pressed and not problem:
        _start(extensions(pending, moment), jobs.EXTENDING)


def cancel_dialog(entries: Sequence[Entry]) -> None:
    """Cancels every pending link, after one question."""
    st.dialog(_("Cancel links"), on_dismiss="rerun")(_cancel)(entries)


def _cancel(entries: Sequence[Entry]) -> None:
    pending = [entry for entry in entries if entry.is_pending]
    projects = ", ".join(sorted({entry.project_name for entry in pending if entry.project_name}))
    st.caption(literal(projects))
    _about(
        pending, entries, _("Only rooms that have not started are cancelled here; an interview that has begun goes on.")
    )
    st.markdown(_("Their links stop working and their tokens are released. **This cannot be undone.**"))
    label = _("Cancel {rooms}", rooms=rooms_in_words(len(pending)))
    if st.button(label, type="primary", key="cancel_now", disabled=not pending, icon=":material/block:"):
        _start([jobs.cancellation(entry) for entry in pending], jobs.CANCELLING)


def relabel_dialog(entries: Sequence[Entry]) -> None:
    """Takes labels, emails and external IDs from a file, and shows what would change before it does."""
    st.dialog(_("Say whom rooms are for"), width="medium", on_dismiss="rerun")(_relabel)(entries)


def _relabel(entries: Sequence[Entry]) -> None:
    st.markdown(
        _(
            "Upload a list with a `link` or `external_id` column, such as the CSV that you download here, with the "
            "labels, emails or IDs corrected. What is blank stays as it is."
        )
    )
    file = st.file_uploader(_("A spreadsheet, CSV or text"), type=UPLOADS, key="relabel_file")
    if file is None:
        return
    key = f"relabel_damaged_{file.file_id}"
    try:
        take_damaged = bool(st.session_state.get(key))
        matched = _matched(file.getvalue(), file.name, entries, take_damaged)
    except RosterError as error:
        st.error(f"{_('**This list cannot be used.**')} {literal(str(error))}", icon=":material/error:")
        return
    if matched is None:
        return
    _report(matched)
    if matched.damaged and not matched.problems:
        _ask_about_damage(matched.damaged, key)
    if st.button(
        _("Change {rooms}", rooms=rooms_in_words(len(matched.people))),
        type="primary",
        key="relabel_now",
        disabled=not matched.people,
    ):
        _start(relabelings(entries, matched.people), jobs.RELABELLING)


def relabelings(entries: Sequence[Entry], people: Mapping[str, Participant]) -> list[Task]:
    """The changes that make rooms be for these people, by room id; Aseed renames only what is pending.

    Rooms of people who have withdrawn stay as they are: an older list would bring the name back.
    """
    tasks = []
    for entry in entries:
        if (person := people.get(entry.id)) and not entry.is_withdrawn:
            renames = entry.is_pending and person.label and person.label != entry.room.display_name
            change = UpdateRoomRequest(display_name=person.label) if renames else UpdateRoomRequest()
            tasks.append(jobs.task(entry, change, WHOM_CHANGED, person))
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
        listed = bullets(matched.problems, _problem_in_words, ROWS_LISTED)
        st.error(f"{_('**Correct these rows first.**')}\n\n{listed}", icon=":material/error:")
        return
    if matched.people:
        changing = ngettext("{count} room would change.", "{count} rooms would change.", len(matched.people))
        st.success(changing, icon=":material/group:")
        shown = list(matched.people.values())[:ROWS_LISTED]
        table = [{_("Label"): each.label, _("Email"): each.email, _("External ID"): each.external_id} for each in shown]
        st.dataframe(table, hide_index=True, width="stretch")
    else:
        st.info(_("Nothing would change."), icon=":material/info:")
    if matched.same:
        same = ngettext(
            "{count} row says what is known already.", "{count} rows say what is known already.", matched.same
        )
        st.caption(same)
    if matched.unknown:
        rows = ", ".join(map(str, matched.unknown[:ROWS_LISTED])) + ("…" if len(matched.unknown) > ROWS_LISTED else "")
        unknown = ngettext(
            "{count} row is about no room of this view, and left out: {rows}.",
            "{count} rows are about no room of this view, and left out: {rows}.",
            len(matched.unknown),
            rows=rows,
        )
        st.warning(unknown)


def _problem_in_words(note: RowProblem) -> str:
    return _("Row {number}: {problem}", number=note.row, problem=literal(note.message))


def _ask_about_damage(damaged: Sequence[Damage], key: str) -> None:
    """Shows what a spreadsheet seems to have changed beside what is known, and takes it only at a press."""
    names_rooms = any(damage.names_room for damage in damaged)
    told = ngettext(
        "**A spreadsheet seems to have changed {count} value**, such as 007 to 7.",
        "**A spreadsheet seems to have changed {count} values**, such as 007 to 7.",
        len(damaged),
    )
    stays = _("Rows with such an ID are left out.") if names_rooms else _("What is known here stays.")
    avoid = _("To avoid this, import such columns as text.")
    st.warning(f"{told} {stays} {avoid}", icon=":material/history:")
    table = [
        {
            pgettext("table", "Row"): each.row,
            _("Column"): each.column,
            _("Known here"): each.known,
            _("In the file"): each.read,
        }
        for each in damaged
    ]
    st.dataframe(table, hide_index=True, width="stretch")
    take = _("These rows are about these rooms") if names_rooms else _("Take them as they are in the file")
    st.checkbox(take, key=key)


def _start(tasks: Sequence[Task], what: str) -> None:
    """Starts a change, takes the ticks back, as they are not meant for the next one, and closes the dialog."""
    jobs.start(tasks, what)
    choose_none()
    st.rerun()


def _about(pending: Sequence[Entry], entries: Sequence[Entry], why: str) -> None:
    """Says which rooms a change is about, and why others are left as they are."""
    if not pending:
        st.markdown(f"{_('All of these have started or are over.')} {why}")
        return
    names, more = ", ".join(literal(entry.name) for entry in pending[:ROOMS_NAMED]), len(pending) - ROOMS_NAMED
    if more > 0:
        names = _("{names} and {count} more", names=names, count=number(more))
    rooms = rooms_in_words(len(pending))
    if chosen_ids():
        told = [_("**{rooms}**, the ticked ones: {names}.", rooms=rooms, names=names)]
    else:
        told = [_("**{rooms}**, all in view, on every page of the table: {names}.", rooms=rooms, names=names)]
    if others := len(entries) - len(pending):
        left = ngettext(
            "{count} other room is left as they are: {why}",
            "{count} other rooms are left as they are: {why}",
            others,
            why=why,
        )
        told.append(left)
    st.markdown(" ".join(told))
