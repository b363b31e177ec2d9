"""A button that copies text in the browser, without a rerun."""

from typing import TypedDict

from components.elements.browser import component


class CopyButtonData(TypedDict):
    """What the button shows and copies (copy_button.js). primary: whether it is the first thing to do on the screen.

    spoken: what a screen reader says in place of the label.
    """

    label: str
    text: str
    primary: bool
    spoken: str


def copy_button(label: str, text: str, key: str, *, primary: bool = False, spoken: str = "") -> None:
    """Copies `text` exactly as it is; the button says so for a moment. spoken: tells it from others of one label."""
    component("elements/copy_button")(
        key=key, data=CopyButtonData(label=label, text=text, primary=primary, spoken=spoken or label), width="content"
    )
