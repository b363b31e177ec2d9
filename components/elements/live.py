"""What moves on a page by itself, said to screen readers."""

from typing import TypedDict

from components.elements.browser import component


class LiveData(TypedDict):
    """What is said (live.js)."""

    said: str


def say_live(text: str, key: str) -> None:
    """Says a text whenever it has changed, and at most every few seconds; nothing is to be seen."""
    # Such keys take no place on the page (components/page.css).
    component("elements/live")(key=f"live_{key}", data=LiveData(said=text))
