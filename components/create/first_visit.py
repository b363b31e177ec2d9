"""What a person reads who has not created a room here yet: three steps, and where to begin."""

import streamlit as st

from components.state import connection, press, process, project, reads, visibility
from services.aseed.errors import AseedError
from services.settings import ROOT
from services.texts.speech import N_, _

STEPS = (
    (N_("1 · Choose a project"), N_("The study that the interviews are for. Projects come from Aseed.")),
    (
        N_("2 · Set up the rooms"),
        N_("How many, how long, in which language. Each room is one interview, with one link."),
    ),
    (
        N_("3 · Hand the links over"),
        N_("Copy them, print cards with codes, send messages, or show them at a desk."),
    ),
)


def first_visit() -> None:
    """Shows the card to a session that sees no batch; it is gone after the first room."""
    # Always one thing on the page, also where there is no card: what follows keeps its place.
    with st.container():
        if not press.presses().last and not process.journal().batches.has_any(visibility.current()):
            _card()


def _card() -> None:
    connected = connection.current()
    with st.container(border=True, key="first_visit"):
        for place, (title, text) in zip(st.columns(len(STEPS)), STEPS, strict=True):
            place.markdown(f"**{_(title)}**  \n{_(text)}")
        with st.container(horizontal=True, vertical_alignment="center"):
            if connected.is_sandbox and project.chosen() is None:
                st.button(_("Try it in the sandbox"), key="try_sandbox", icon=":material/science:", on_click=_try)
            if connected.is_sandbox or connected.token is None:
                settings = str(ROOT / "pages" / "settings.py")
                st.page_link(settings, label=_("Connect to Aseed"), icon=":material/cloud:", width="content")


def _try() -> None:
    """Chooses the first project in which rooms can be created."""
    try:
        ready = [each.id for each in reads.projects() if each.is_ready]
    except AseedError:
        # The page says why there are none.
        return
    project.choose(ready[0] if ready else None)
