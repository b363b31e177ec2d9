"""A button that copies text in the browser, without a rerun."""

from typing import TypedDict

from components.elements.browser import component


class CopyButtonData(TypedDict):
    """What the button shows and copies (copy_button.js)."""

    label: str
    text: str


def copy_button(label: str, text: str, key: str) -> None:
    """Copies `text` exactly as it is; the button says so for a moment."""
    component("elements/copy_button")(key=key, data=CopyButtonData(label=label, text=text), width="content")
