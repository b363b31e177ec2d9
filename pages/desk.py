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
from services.journal.desk.records import Station
from services.people.acting import may
from services.people.roles import Right
from services.texts.speech import _


def desk_at_work(station: Station) -> None:
    """The screen that is held towards a person, or the choice of the next one; nothing where no code may be shown."""
    if is_hidden(station):
        return
    screen = arrive(station)
    if screen is None:
        return
    if is_choosing(station, screen):
        choose_person(station, screen)
    else:
        desk_screen(station, screen)


def desk_before_work() -> None:
    """Whose links are handed out, and where: on this device, on others, or without a network."""
    st.title(_("Desk"), anchor=False)
    if links_are_hidden():
        return
    wanted = dialogs.take()
    come_back()
    pool = choose_pool()
    if pool is None:
        return
    if not may(Right.LINKS):
        set_up(pool)
        return
    here, all_desks, offline = st.tabs(_tabs(), key="desk_tabs", on_change="rerun")
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


def _tabs() -> list[str]:
    """The names of the tabs. The open one stays so in another language, although Streamlit knows it by its name."""
    tabs = [
        f":material/tablet: {_('Hand out here')}",
        f":material/groups: {_('All desks')}",
        f":material/wifi_off: {_('Without a network')}",
    ]
    icon = str(st.session_state.get("desk_tabs")).partition(" ")[0]
    for tab in tabs:
        if tab.startswith(f"{icon} ") and st.session_state["desk_tabs"] != tab:
            st.session_state["desk_tabs"] = tab
    return tabs


if station := device.at_work():
    desk_at_work(station)
else:
    desk_before_work()
