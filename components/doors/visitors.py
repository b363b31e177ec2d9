"""Visitors whose interview broke off: staff may let each have one more room. Without names."""

import streamlit as st

from components.elements.door_states import DoorNow
from components.elements.groups import name_rows
from components.elements.words import time_in_words, told_apart
from components.elements.writing import writing
from components.state import process, viewer, visibility
from services.journal.door.records import DoorSettings, Visit, VisitState
from services.local_time import in_words
from services.texts.speech import _, counted, ngettext

LISTED = 20
"""How many visitors are listed, the newest first."""


def cut_off(each: DoorNow) -> None:
    """Draws the list, once it is opened."""
    count = each.figures.at(VisitState.CUT_OFF)
    label = counted(count, "interview broke off", "interviews broke off")
    popover = st.popover(label, icon=":material/call_end:", key=f"doors_cut_off_{each.door.id}", on_change="rerun")
    if not popover.open:
        return
    with popover:
        found = [visit for visit in process.journal().visits.all(each.door) if visit.state == VisitState.CUT_OFF]
        st.caption(_("A visitor who stands before you may get one more room: it costs its tokens once more."))
        newest = sorted(found, key=lambda visit: visit.ended or visit.changed, reverse=True)[:LISTED]
        for visit in newest:
            _one(visit, each.door.settings)
        names = told_apart([_how(visit) for visit in newest], [str(visit.id) for visit in newest])
        name_rows(dict(zip(map(_row_key, newest), names, strict=True)), f"visits_{each.door.id}")
        if len(found) > LISTED:
            st.caption(ngettext("and {count} more", "and {count} more", len(found) - LISTED))


def _one(visit: Visit, settings: DoorSettings) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=_row_key(visit)):
        st.markdown(_how(visit), width="content")
        if visit.may_claim(settings):
            st.caption(_("may come in again"), width="content")
        else:
            st.button(
                _("Allow one more room"),
                key=f"doors_allow_{visit.id}",
                icon=":material/replay:",
                on_click=_allow,
                args=(visit,),
            )


def _row_key(visit: Visit) -> str:
    return f"doors_visit_{visit.id}"


def _how(visit: Visit) -> str:
    """When the interview ended, and after how long."""
    at = in_words(visit.ended or visit.changed, viewer.zone())
    if visit.started and visit.ended:
        length = time_in_words((visit.ended - visit.started).total_seconds())
        return _("{moment}, after {length}", moment=at, length=length)
    return at


def _allow(visit: Visit) -> None:
    with writing(_("The visitor did not get leave for one more room.")):
        process.journal().visits.allow(visibility.current(), visit.door_id, visit.id)
