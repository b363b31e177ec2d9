"""Create: choose a project, set up the rooms, press once, hand the links over."""

import streamlit as st

from components import press, session
from components.batch_result import batch_result, lost_batch
from components.create_button import create_button
from components.plan import show_plan
from components.progress import batch_progress
from components.project_picker import pick_project
from components.room_form import requested, room_form
from components.unfinished import unfinished_batch

st.title("Create interview rooms", anchor=False)

# Asked once: a batch may end while the page is being drawn.
last = press.last_batch()
settling = press.is_settling(last)
beside = press.said_beside(last)

form, plan = st.columns([2, 1], gap="large")
with form:
    project = pick_project(beside.get("project"))
    room_form(project, beside)
in_the_way = last if settling else session.unresolved(project)
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
