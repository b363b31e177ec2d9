"""The dialog that takes links away: as files, as codes, as printed cards, as messages."""

import streamlit as st

from components.elements.problems import links_are_hidden
from components.elements.take_away.cards import cards
from components.elements.take_away.codes import codes
from components.elements.take_away.files import files
from components.elements.take_away.messages import invite
from components.elements.take_away.selection import Selection
from components.elements.words import rooms_in_words
from components.state import dialogs
from services.texts.speech import N_, _, pgettext
from services.trust import literal

NAME = "take_away"
"""What the dialog is called where it is asked for (components.state.dialogs)."""

CHOICES = {
    "files": N_(":material/download: Files"),
    "codes": N_(":material/qr_code: Codes"),
    "cards": N_(":material/print: Cards"),
    "messages": N_(":material/mail: Messages"),
}
"""What can be taken away."""


def ask(opener: str, choice: str = "files") -> None:
    """Asks for the dialog; for a widget's callback.

    opener: the key of the button, which has the focus again when the dialog is closed.
    choice: one of CHOICES.
    """
    st.session_state["take_away_choice"] = choice
    dialogs.want(NAME, opener=opener)


def take_away(selection: Selection) -> None:
    """Opens the dialog: for which rooms it is, what can be taken, and what comes out."""
    st.dialog(pgettext("title", "Take away"), width="medium", on_dismiss="rerun")(_content)(selection)


def _content(selection: Selection) -> None:
    if links_are_hidden(project_id=selection.project_id):
        return
    rooms, project = rooms_in_words(selection.count), literal(selection.project_name)
    st.markdown(_("**{rooms}** of **{project}**", rooms=rooms, project=project))
    chosen = st.segmented_control(
        _("What to take away"),
        list(CHOICES),
        format_func=lambda choice: _(CHOICES[choice]),
        key="take_away_choice",
        default="files",
        required=True,
        label_visibility="collapsed",
    )
    {"files": files, "codes": codes, "cards": cards, "messages": invite}[chosen](selection)
