"""Create: choose a project, set up the rooms, press once, hand the links over."""

import streamlit as st

from components import press
from components.batch_result import batch_result, lost_batch
from components.create_button import create_button
from components.plan import show_plan
from components.project_picker import pick_project
from components.room_form import requested, room_form

st.title("Create interview rooms", anchor=False)

# Asked once: a batch may end while the page is being drawn.
batch = press.last_batch()
over = batch is not None and press.is_over(batch)
beside = press.said_beside(batch) if over else {}

form, plan = st.columns([2, 1], gap="large")
with form:
    project = pick_project(beside.get("project"))
    room_form(project, beside)
with plan, st.container(border=True, key="plan"):
    show_plan(project, requested(project))
    create_button(project, running=None if over else batch)

if batch and over:
    batch_result(batch)
elif press.is_lost():
    lost_batch(project)
