"""Create: choose a project, set up the rooms, press once, hand the links over."""

import streamlit as st

from components.batches.result import batch_result, lost_batch
from components.batches.unfinished import unfinished_batch
from components.create.button import create_button
from components.create.form import requested, room_form, said_beside
from components.create.summary import show_plan
from components.elements.progress import batch_progress
from components.elements.project_picker import pick_project
from components.state import press, visibility

st.title("Create interview rooms", anchor=False)

# Asked once: a batch may end while the page is being drawn.
last = press.last_batch()
settling = press.is_settling(last)
beside = said_beside(last)

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
elif last and last.over and not settling:
    batch_result(last)
elif press.is_lost():
    lost_batch(project)
