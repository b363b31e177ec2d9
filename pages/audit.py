"""Audit: who did what to which rooms when, from where; for admins."""

import streamlit as st

from components.audit.filters import choose_lines
from components.audit.lines import show_lines
from components.audit.whole import show_whole
from services.people.acting import current
from services.people.roles import Right
from services.texts.speech import _

st.title(_("Audit"), anchor=False)
if current().may(Right.PEOPLE):
    show_whole()
    show_lines(choose_lines())
else:
    st.error(_("Only an admin may read this page."), icon=":material/block:")
