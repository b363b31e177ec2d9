"""Create: choose a project, set up the rooms, press once, hand the links over."""

import streamlit as st

from components.batch_result import batch_result
from components.create_button import create_button, current_batch, is_over, said_beside
from components.plan import show_plan
from components.project_picker import pick_project
from components.room_form import requested, room_form

st.title("Create interview rooms", anchor=False)

batch = current_batch()
beside = said_beside(batch)

form, plan = st.columns([2, 1], gap="large")
with form:
    project = pick_project(beside.get("project"))
    room_form(project, beside)
with plan, st.container(border=True, key="plan"):
    show_plan(project, requested(project))
    create_button(project, batch)

if batch and is_over(batch):
    batch_result(batch)
