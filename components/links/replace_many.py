"""Replacing many rooms at once: after one question, as each new room costs tokens."""

from collections.abc import Sequence

import streamlit as st

from components.elements.replace import replace
from components.elements.words import bullets, rooms_in_words
from components.links.table import choose_none
from services.rooms.entry import Entry
from services.texts.speech import _, ngettext
from services.trust import literal

NAMED = 5
"""How many rooms are named."""


def replace_dialog(entries: Sequence[Entry]) -> None:
    """Replaces each room that has no replacement yet; all have to be of one project."""
    st.dialog(_("Replace rooms"), on_dismiss="rerun")(_replace)(entries)


def _replace(entries: Sequence[Entry]) -> None:
    about = [entry for entry in entries if not entry.is_replaced]
    if len({entry.room.project_id for entry in about}) > 1:
        st.markdown(_("These rooms are of several projects. Choose rooms of one project, then replace them."))
        return
    if not about:
        st.markdown(_("Each of these rooms has a replacement already."))
        return
    rooms = rooms_in_words(len(about))
    st.markdown(bullets(about, lambda entry: literal(entry.name), NAMED))
    if left := len(entries) - len(about):
        st.caption(
            ngettext("{count} other has a replacement already.", "{count} others have replacements already.", left)
        )
    st.markdown(
        _(
            "Creates {rooms} with the same labels and settings, **which reserves tokens.** An old link is cancelled if "
            "no one has used it.",
            rooms=rooms,
        )
    )
    if st.button(_("Replace {rooms}", rooms=rooms), type="primary", key="replace_now", icon=":material/autorenew:"):
        replace(*about)
        # The ticks are not meant for what comes next.
        choose_none()
        st.rerun()
