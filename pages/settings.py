"""Settings: which Aseed this session talks to, whether it answers, the sandbox's reset, and people's data."""

import streamlit as st

from components.settings.audit import show_way_to_audit
from components.settings.connection import paste_token, reset_sandbox, show_connection, try_connection
from components.settings.people import show_people
from services.texts.speech import _

st.title(_("Settings"), anchor=False)

st.header(_("Connection"), anchor=False)
show_connection()
try_connection()

st.header(_("API token"), anchor=False)
paste_token()

st.header(_("Sandbox"), anchor=False)
reset_sandbox()

show_people()

show_way_to_audit()
