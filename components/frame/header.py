"""The header of every page: the project, and which Aseed it is."""

from datetime import UTC, datetime, timedelta

import streamlit as st
from pydantic import SecretStr

from components.frame.language import choose_language
from components.frame.person import leave_when_over, signed_in_as
from components.frame.project import choose_project
from components.state import connection, viewer
from services.aseed.token_life import runs_out
from services.local_time import local
from services.settings import ROOT
from services.texts.speech import _
from services.trust import literal

SOON = timedelta(minutes=10)
"""How long before a token runs out this is said."""

SETTINGS = str(ROOT / "pages" / "settings.py")


def header(*, needs_project: bool, has_project: bool) -> None:
    """Draws the header. In functions: what the script itself names stays in memory after its page is closed.

    needs_project: whether the page needs one; else it shows all projects where none is chosen.
    has_project: whether the page is about projects at all.
    """
    with st.container(key="frame", horizontal=True, vertical_alignment="center"):
        if has_project:
            choose_project(needed=needs_project)
        _mode()
    leave_when_over()


def _mode() -> None:
    """Which Aseed it is, as a quiet button with what belongs to it."""
    connected = connection.current()
    if connected.is_sandbox:
        name, icon, kind = _("Sandbox: rehearsal"), ":material/science:", "sandbox"
        told = _("**Links lead nowhere real.** This is a local stand-in for Aseed, and rooms cost nothing here.")
    elif connected.token is None:
        name, icon, kind = _("Not connected"), ":material/key_off:", "none"
        told = _("**Not connected to {host}: no API token.** Paste one in Settings.", host=literal(connected.host))
    elif ends := _ends_soon(connected.token):
        name, icon, kind = _("Token ends at {time}", time=ends), ":material/hourglass_bottom:", "sandbox"
        told = _(
            "**Your API token runs out at {time}.** Paste a new one in Settings before; a batch that is at work waits "
            "for it.",
            time=ends,
        )
    else:
        name, icon, kind = literal(connected.host), ":material/cloud_done:", "aseed"
        told = _("**Aseed at {host}.** Rooms are real here, and cost tokens.", host=literal(connected.host))
    with st.container(key=f"mode_{kind}", width="content"), st.popover(name, icon=icon, key="mode"):
        st.markdown(told)
        st.page_link(SETTINGS, label=_("Connection and token"), icon=":material/settings:")
        choose_language()
        signed_in_as()


def _ends_soon(token: SecretStr | None) -> str:
    """When the token runs out, in the viewer's time; empty where it is not soon, or it does not tell."""
    ends = runs_out(token)
    is_soon = ends is not None and timedelta(0) < ends - datetime.now(UTC) < SOON
    return f"{local(ends, viewer.zone()):%H:%M}" if ends and is_soon else ""
