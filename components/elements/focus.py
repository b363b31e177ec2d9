"""The focus goes back to the button that opened a dialog, once the dialog is closed."""

from typing import TypedDict

from components.elements.browser import component
from components.state.dialogs import Wanted


class FocusData(TypedDict):
    """Where the focus goes (focus.js). key: the button's; empty while no dialog is being opened."""

    key: str


def return_focus(wanted: Wanted | None) -> None:
    """Draws what sees to it, after the last thing of a page that may have the button, and before the dialog."""
    component("elements/focus")(key="return_focus", data=FocusData(key=wanted.opener if wanted else ""))
