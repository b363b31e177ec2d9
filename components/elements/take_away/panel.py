"""The panel that takes links away: as files, as printed cards, as messages."""

import streamlit as st

from components.elements.take_away.cards import cards
from components.elements.take_away.files import files
from components.elements.take_away.messages import invite
from components.elements.take_away.selection import Entries
from components.elements.words import rooms_in_words


def take_away(entries: Entries, count: int, project_name: str, key: str) -> None:
    """Shows the panel, and what is in it once it is open. key: tells it from that of another page."""
    # Its label must stay as it is: another one would close it while a person writes a message in it.
    panel = st.expander(
        "Download, print or invite", icon=":material/ios_share:", key=f"take_away_{key}", on_change="rerun"
    )
    if not panel.open:
        return
    with panel:
        st.caption(f"For {rooms_in_words(count)}.")
        in_files, in_cards, in_messages = st.tabs(
            [":material/download: Files", ":material/print: Printed cards", ":material/mail: Messages"],
            key=f"take_away_tabs_{key}",
            on_change="rerun",
        )
        if in_cards.open:
            with in_cards:
                cards(entries, project_name, key)
        elif in_messages.open:
            with in_messages:
                invite(entries(), project_name, key)
        else:
            with in_files:
                files(entries, count, project_name, key)
