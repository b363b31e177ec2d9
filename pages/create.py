"""Create: choose a project, set up the rooms, press once. What comes of the press takes the place of the form."""

import streamlit as st

from components.batches.result import batch_result, lost_batch
from components.batches.unfinished import unfinished_batch
from components.create.again import create_more, in_place_of_form, last_result
from components.create.button import create_button
from components.create.first_visit import first_visit
from components.create.form import requested, room_form, said_beside
from components.create.summary import show_plan
from components.elements.progress import batch_progress
from components.elements.project_picker import pick_project
from components.state import press, visibility
from services.journal.records import Batch
from services.texts.speech import _


def result_in_place_of_form(last: Batch, *, settling: bool) -> None:
    """What came of the last press, or how far it is."""
    # The browser keeps what was drawn before until the page is whole. These take the form, and its button, away at
    # once: before the progress below begins to ask, which gives the next press its name.
    st.empty()
    st.empty()
    in_the_way = last if settling else visibility.unresolved_in(last.project_id)
    stuck = next((batch for batch in (in_the_way, last) if batch and not batch.over and not batch.working), None)
    if stuck:
        unfinished_batch(stuck, create_more)
    elif settling or last.working:
        with st.container(border=True, key="progress"):
            batch_progress(last)
        if not settling:
            create_more()
    else:
        batch_result(last, create_more)


def form_and_plan(last: Batch | None, *, settling: bool) -> None:
    """The form, what it will create, and the button; above it the way back to the last result."""
    if last and last.over and not settling:
        with st.container(key="last"):
            if last.rooms:
                last_result(last)
            else:
                batch_result(last)
    else:
        st.empty()
    beside = said_beside(last)
    # One thing on the page, which the second of the empty ones above takes away.
    with st.container():
        first_visit()
        form, plan = st.columns([2, 1], gap="large")
    with form:
        project = pick_project(beside.get("project"))
        room_form(project, beside)
    in_the_way = last if settling else visibility.unresolved(project)
    at_work = next((batch for batch in (last, in_the_way) if batch and (batch.working or settling)), None)
    with plan, st.container(border=True, key="plan"):
        order = requested(project)
        if at_work:
            batch_progress(at_work)
        else:
            show_plan(project, order)
        create_button(project, order, in_the_way)
    stuck = next((batch for batch in (in_the_way, last) if batch and not batch.over and not batch.working), None)
    if stuck:
        unfinished_batch(stuck)
    elif press.is_lost():
        lost_batch(project)


st.title(_("Create interview rooms"), anchor=False)
# Asked once: a batch may end while the page is being drawn.
batch = press.last_batch()
is_settling = press.is_settling(batch)
# Not ended by st.stop: a run that it ends keeps the parts of the page before that draw themselves, and the browser
# breaks where one of them draws into what is not there any more.
if batch and in_place_of_form(batch):
    result_in_place_of_form(batch, settling=is_settling)
else:
    form_and_plan(batch, settling=is_settling)
