"""Which lines of the audit are shown: of whom, which deeds, of how many days, about which room or project."""

from datetime import UTC, datetime, timedelta

import streamlit as st

from components.audit.words import deed_in_words, who
from components.elements.choices import distinct
from components.state import process
from services.journal.audit import Which
from services.journal.deeds import Deed
from services.texts.speech import N_, _, pgettext

DAYS = {None: N_("Any time"), 1: N_("24 hours"), 7: N_("7 days"), 30: N_("30 days")}
"""How far back, in days."""

LONGEST_ID = 80
"""Characters."""


def choose_lines() -> Which:
    with st.container(horizontal=True, vertical_alignment="bottom", key="audit_filters"):
        people = process.journal().audit.people()
        names = distinct({key: who(key, email) for key, email in people.items()}, lambda key: key[:8])
        person = st.selectbox(
            _("Who"),
            list(names),
            index=None,
            format_func=lambda key: names.get(key, key),
            placeholder=_("Everybody"),
            key="audit_person",
            on_change=_first_page,
        )
        deed = st.selectbox(
            _("What"),
            list(Deed),
            index=None,
            format_func=deed_in_words,
            placeholder=_("Anything"),
            key="audit_deed",
            on_change=_first_page,
        )
        days = st.selectbox(
            pgettext("audit", "Within"),
            list(DAYS),
            format_func=lambda days: _(DAYS[days]),
            key="audit_days",
            on_change=_first_page,
        )
        about = st.text_input(
            _("ID of a room or project"),
            key="audit_about",
            max_chars=LONGEST_ID,
            on_change=_first_page,
        )
    since = datetime.now(UTC) - timedelta(days=days) if days else None
    return Which(person=person, deed=deed, since=since, about=(about or "").strip())


def _first_page() -> None:
    st.session_state.pop("audit_page", None)
