"""The way from the Settings page to the audit, for those who may read it."""

import streamlit as st

from services.people.acting import current
from services.people.roles import Right
from services.settings import ROOT
from services.texts.speech import _


def show_way_to_audit() -> None:
    if current().may(Right.PEOPLE):
        st.header(_("Audit"), anchor=False)
        st.markdown(_("Who created, changed, handed out and took away which rooms, and when."))
        st.page_link(str(ROOT / "pages" / "audit.py"), label=_("Open the audit"), icon=":material/history_edu:")
