"""Links: follow and manage every room of a study, and take any selection away."""

import streamlit as st

from components.elements.focus import return_focus
from components.elements.jobs import show_jobs
from components.elements.problems import links_are_hidden
from components.links.filters import choose_view
from components.links.page import open_dialog, rooms_of_study
from components.state import dialogs
from services.texts.speech import _

st.title(_("Links"), anchor=False)

wanted = dialogs.take()
shown = choose_view()
show_jobs()
if not links_are_hidden(project_id=shown.project_id):
    rooms_of_study(shown, wanted)
    return_focus(wanted)
    open_dialog(shown, wanted)
