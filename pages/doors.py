"""Doors: public addresses behind which each visitor gets a room of their own; one of them on a screen in the room."""

import streamlit as st

from components.doors.page import doors_page
from components.doors.wall import door_on_wall, show_wall
from services.texts.speech import _

if on_wall := door_on_wall():
    show_wall(on_wall.code)
else:
    st.title(_("Doors"), anchor=False)
    doors_page()
