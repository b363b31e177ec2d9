"""A new result comes into view, once, and is read out to screen readers."""

from typing import TypedDict

from components.elements.browser import component


class ArriveData(TypedDict):
    """What has come (arrive.js). nonce: differs for each result. said: what screen readers say."""

    nonce: str
    said: str


def arrive(nonce: str, said: str) -> None:
    component("batches/arrive")(key="arrive", data=ArriveData(nonce=nonce, said=said))
