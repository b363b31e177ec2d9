"""One room: its code, its facts, what can be changed, and its history."""

import dataclasses
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypedDict

import streamlit as st

from components.elements.browser import component, data_url
from components.elements.facts import show_facts
from components.elements.history import BETWEEN, LENGTH_SET, RENAMED, TEXTS_CHANGED, line_in_words, works_until
from components.elements.jobs import NOTHING_CHANGED, cancellation, change_now, task
from components.elements.moments import FIRST_DAY, LAST_DAY, moment_of, problem_of
from components.elements.problems import links_are_hidden, show_beside
from components.elements.replace import COSTS, replace
from components.elements.words import status_in_full
from components.elements.writing import writing
from components.state import process, viewer, visibility
from services.aseed.models import ACTIVE, MAX_DURATION_MINUTES, MAX_LABEL_LENGTH, UpdateRoomRequest
from services.changes.task import Task
from services.export.codes import qr
from services.labels import problem_of as label_problem_of
from services.local_time import in_words, local
from services.rooms.entry import UNNAMED, Entry, Tab
from services.texts.kept import said
from services.texts.speech import _, ngettext, pgettext
from services.trust import literal

TEXTS = tuple(TEXTS_CHANGED)
"""What a pending room may have of its own, by the API's names; an empty text takes it back."""


class LargeCodeData(TypedDict):
    """What the large code shows (large_code.js)."""

    svg: str
    link: str
    number: int


def room_dialog(entry: Entry) -> None:
    """Opens the dialog."""
    st.dialog(literal(entry.name) or _(UNNAMED, number=entry.number), width="large", on_dismiss="rerun")(_content)(
        entry
    )


def _content(entry: Entry) -> None:
    if links_are_hidden():
        return
    # By its key the dialog lies beside the table on wide screens (components/page.css).
    with st.container(key="room"):
        code, facts = st.columns([2, 3], gap="large")
        with code:
            _code(entry)
        with facts:
            _facts(entry)
            if entry.is_pending and not entry.is_withdrawn:
                _form(entry)
            elif not entry.is_withdrawn:
                st.caption(_("Only a room that has not started can be changed."))
        with st.container(horizontal=True):
            _end(entry)
        with st.expander(_("History"), icon=":material/history:"):
            _history(entry)


def _code(entry: Entry) -> None:
    if entry.is_withdrawn:
        st.info(
            _(
                "**The person's data was withdrawn: the link is given to no one.** Cancel the room, so that no one "
                "joins by a link that is still around."
            ),
            icon=":material/person_off:",
        )
        return
    if entry.shares_link:
        st.error(
            _("**Another room has the same link: it is not handed out.** See above the table what to do."),
            icon=":material/link_off:",
        )
        return
    if not entry.link.is_proper:
        st.error(_("**Not a proper link of Aseed's: do not hand it out.**"), icon=":material/link_off:")
        st.text(entry.link.text)
        return
    data = LargeCodeData(
        svg=data_url("image/svg+xml", qr.svg(entry.link).encode()), link=entry.link.target, number=entry.number
    )
    component("links/large_code")(key="large_code", data=data)


def _facts(entry: Entry) -> None:
    room, zone, person = entry.room, viewer.zone(), entry.participant
    lines = [
        (_("Status"), status_in_full(room.status)),
        (_("Staff code"), entry.staff_code),
        (_("Email"), person.email),
        (_("External ID"), person.external_id),
        (pgettext("moment", "Handed out"), _handed_out(entry)),
        (_("Joined as"), room.respondent_email or ""),
        (_("Runs out"), in_words(room.expires_at, zone) if room.expires_at else pgettext("runs out", "never")),
        (_("Started"), in_words(room.started_at, zone) if room.started_at else ""),
        (pgettext("moment", "Finished"), in_words(room.finished_at, zone) if room.finished_at else ""),
        (_("Language, voice"), ", ".join(filter(None, (room.language or _("auto"), room.voice)))),
        (_("Project, batch"), " · ".join(filter(None, (entry.project_name, entry.batch_name)))),
    ]
    show_facts(lines, "facts")


def _handed_out(entry: Entry) -> str:
    known = entry.known
    if known is None or known.handed_out is None:
        return ""
    moment = in_words(known.handed_out, viewer.zone())
    return _("{moment}, at {station}", moment=moment, station=known.handed_out_by)


def _form(entry: Entry) -> None:
    room, zone = entry.room, viewer.zone()
    with st.form(f"change_{entry.id}", border=False):
        label = st.text_input(_("Label"), entry.label, max_chars=MAX_LABEL_LENGTH, key=f"label_{entry.id}")
        beside_label = st.container()
        minutes, until = st.columns(2)
        length = minutes.number_input(_("Minutes"), value=room.max_duration_minutes, step=1, key=f"minutes_{entry.id}")
        beside_length = minutes.container()
        shown = local(room.expires_at, zone).replace(tzinfo=None, second=0, microsecond=0) if room.expires_at else None
        ends = until.datetime_input(
            _("Works until ({zone})", zone=zone.key),
            shown,
            datetime.combine(FIRST_DAY, time()),
            datetime.combine(LAST_DAY, time()),
            key=f"until_{entry.id}",
            format="DD.MM.YYYY",
        )
        beside_end = until.container()
        topics = st.text_area(
            _("Topics shown to the respondent"), room.topics_for_respondent or "", key=f"topics_{entry.id}"
        )
        with st.expander(_("Goals and guide for this interview alone")):
            goals = _text(
                _("Research goals, in place of the project's"), room.research_goals_override, f"goals_{entry.id}"
            )
            guide = _text(
                _("Interview guide, in place of the project's"), room.interview_guide_override, f"guide_{entry.id}"
            )
        saved = st.form_submit_button(_("Save"), type="primary", icon=":material/check:", key=f"save_{entry.id}")
    if not saved:
        return
    # Only what was changed: an hour that a change of the clocks repeats would else become the other one.
    expires = moment_of(ends.date(), ends.time(), zone) if ends and ends != shown else None
    typed = " ".join(label.split())
    # An address that was there before stays until the label is changed: Aseed has it already.
    wrong_label = label_problem_of(typed) if typed != entry.label else None
    wrong_length = None if 1 <= length <= MAX_DURATION_MINUTES else _wrong_length()
    wrong_end = problem_of(expires, datetime.now(UTC)) if expires else None
    for beside, problem in ((beside_label, wrong_label), (beside_length, wrong_length), (beside_end, wrong_end)):
        with beside:
            show_beside(problem)
    if wrong_label or wrong_length or wrong_end:
        return
    texts = dict(zip(TEXTS, (topics, goals, guide), strict=True))
    _save(entry, typed, int(length), expires, texts)


def _wrong_length() -> str:
    return _("Enter the length in minutes, from 1 to {most} (a day).", most=MAX_DURATION_MINUTES)


def _text(label: str, text: str | None, key: str) -> str:
    return st.text_area(label, text or "", key=key, height=80) or ""


def _save(entry: Entry, label: str, minutes: int, expires: datetime | None, texts: dict[str, str]) -> None:
    change, what = changes_of(entry, label, minutes, expires, texts)
    if not change:
        st.caption(_("Nothing has changed."))
        return
    person = dataclasses.replace(entry.participant, label=label) if label != entry.label else None
    _done(task(entry, UpdateRoomRequest(**change), what, person), _("Saved."))


def changes_of(
    entry: Entry, label: str, minutes: int, expires: datetime | None, texts: dict[str, str]
) -> tuple[dict[str, Any], str]:
    """What differs from the room as it is, by the API's names, and what its history keeps of it.

    expires: None where it stays.
    """
    room = entry.room
    change: dict[str, Any] = {}
    done = []
    if label != entry.label:
        change |= {"display_name": label} if label else {"clear_display_name": True}
        done.append(RENAMED)
    if minutes != room.max_duration_minutes:
        change["max_duration_minutes"] = minutes
        done.append(LENGTH_SET(minutes=minutes))
    if expires:
        change["expires_at"] = expires
        done.append(works_until(expires))
    for name, text in texts.items():
        text = text.strip()
        if text != (getattr(room, name) or ""):
            change |= {name: text} if text else {f"clear_{name}": True}
            done.append(TEXTS_CHANGED[name])
    return change, BETWEEN.join(done)


def _end(entry: Entry) -> None:
    """Shows the ways to cancel the room, with a second question, and to replace it."""
    if entry.tab == Tab.ACTIVE:
        with st.popover(_("Cancel this link"), icon=":material/block:", key=f"cancel_{entry.id}"):
            st.markdown(_("The link stops working, and its tokens are released. This cannot be undone."))
            if entry.room.status == ACTIVE:
                st.markdown(_("**A person is in this interview right now.** It ends for them."))
            if st.button(_("Cancel it"), key=f"cancel_now_{entry.id}", icon=":material/block:"):
                _done(cancellation(entry), _("The link is cancelled."))
    is_replaced = entry.known is not None and entry.known.replaced_by
    if not is_replaced and st.button(
        _("Replace with a new link"), key=f"replace_{entry.id}", icon=":material/autorenew:", help=_(COSTS)
    ):
        replace(entry)
        st.rerun()


def _done(wanted: Task, success: str) -> None:
    """Changes the room and closes the dialog; where it is refused, it stays open with what was typed."""
    outcome = None
    with writing(_(NOTHING_CHANGED), tell=_show_failure) as attempt:
        outcome = change_now(wanted)
    if not attempt.worked:
        return
    if outcome is None:
        st.warning(_("Aseed has not answered yet. Close this and look at the history in a moment."))
    elif outcome.succeeded:
        st.toast(success, icon=":material/check_circle:")
        st.rerun()
    else:
        st.error(f"{_('**It was not changed.**')} {literal(said(outcome.words))}", icon=":material/error:")


def _show_failure(problem: str) -> None:
    st.error(problem, icon=":material/error:")


def _history(entry: Entry) -> None:
    zone = viewer.zone()
    events = process.journal().rooms.history(visibility.current(), entry.id)
    if not events:
        st.caption(_("This dashboard has done nothing to this room. It was not created here."))
    for event in events:
        st.text(f"{in_words(event.at, zone)}  {line_in_words(event.what)}")
    moment = in_words(entry.room.created_at, zone)
    st.caption(_("Created at Aseed on {moment}, {ago}.", moment=moment, ago=_ago(entry)))


def _ago(entry: Entry) -> str:
    days = (datetime.now(UTC) - entry.room.created_at) / timedelta(days=1)
    return _("today") if days < 1 else ngettext("{count} day ago", "{count} days ago", round(days))
