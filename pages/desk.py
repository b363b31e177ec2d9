"""The desk: hand links out in person, each to exactly one person."""

import streamlit as st

from components.desk.choice import choose_person
from components.desk.overview import open_dialog, overview
from components.desk.packs import packs
from components.desk.pool import choose_pool
from components.desk.screen import desk_screen, is_choosing
from components.desk.setup import come_back, set_up
from components.desk.window import arrive, is_hidden
from components.elements.problems import links_are_hidden
from components.state import device, dialogs

station = device.at_work()
if station and is_hidden(station):
    st.stop()
if station:
    screen = arrive(station)
    if screen is None:
        st.stop()
    if is_choosing(station, screen):
        choose_person(station, screen)
    else:
        desk_screen(station, screen)
    st.stop()

st.title("Desk", anchor=False)
if links_are_hidden():
    st.stop()
wanted = dialogs.take()
come_back()
pool = choose_pool()
if pool:
    here, all_desks, offline = st.tabs(
        [":material/tablet: Hand out here", ":material/groups: All desks", ":material/wifi_off: Without a network"],
        key="desk_tabs",
        on_change="rerun",
    )
    if all_desks.open:
        with all_desks:
            overview(pool, wanted)
        open_dialog(pool, wanted)
    elif offline.open:
        with offline:
            packs(pool)
    else:
        with here:
            set_up(pool)
