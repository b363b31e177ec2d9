"""A button that copies text in the browser, without a rerun."""

from typing import TypedDict

from components.elements.browser import component


class CopyButtonData(TypedDict):
    """What the button shows and copies (copy_button.js). primary: whether it is the first thing to do on the screen."""

    label: str
    text: str
    primary: bool


def copy_button(label: str, text: str, key: str, *, primary: bool = False) -> None:
    """Copies `text` exactly as it is; the button says so for a moment."""
    component("elements/copy_button")(
        key=key, data=CopyButtonData(label=label, text=text, primary=primary), width="content"
    )
