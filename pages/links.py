"""Links: follow and manage every room of a study, and take any selection away."""

import streamlit as st

from components import dialogs
from components.jobs import show_jobs
from components.problems import links_are_hidden
from components.rooms_of_study import open_dialog, rooms_of_study
from components.view import choose_view

st.title("Links", anchor=False)

wanted = dialogs.take()
shown = choose_view()
show_jobs()
if not links_are_hidden():
    rooms_of_study(shown)
    open_dialog(shown, wanted)
