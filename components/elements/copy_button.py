"""A button that copies text in the browser, without a rerun."""

from components.elements.browser import component


def copy_button(label: str, text: str, key: str) -> None:
    """Copy `text` exactly as it is; the button says so for a moment."""
    component("elements/copy_button")(key=key, data={"label": label, "text": text}, width="content")
