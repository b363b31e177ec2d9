"""Settings: which Aseed this session talks to, whether it answers, and the sandbox's reset."""

import streamlit as st

from components.settings.connection import paste_token, reset_sandbox, show_connection, try_connection

st.title("Settings", anchor=False)

st.header("Connection", anchor=False)
show_connection()
try_connection()

st.header("API token", anchor=False)
paste_token()

st.header("Sandbox", anchor=False)
reset_sandbox()
