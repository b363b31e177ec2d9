"""How many rooms have come how far: a bar in proportion, with figures below it."""

from collections.abc import Iterable, Mapping
from typing import TypedDict

from components.elements.browser import component
from services.texts.speech import number


class FunnelPart(TypedDict):
    """A piece of the bar. kind: its colour (funnel.css). shown: the count as it is written."""

    kind: str
    name: str
    count: int
    shown: str


class FunnelFigure(TypedDict):
    """A figure beside the legend."""

    name: str
    value: str


class FunnelData(TypedDict):
    """What the bar shows (funnel.js)."""

    parts: list[FunnelPart]
    figures: list[FunnelFigure]


def show_funnel(parts: Iterable[tuple[str, str, int]], figures: Mapping[str, str], key: str) -> None:
    """Shows the bar.

    parts: the kind, the name and the count of each piece, from left to right.
    figures: what is told beside them, by name.
    """
    data = FunnelData(
        parts=[FunnelPart(kind=kind, name=name, count=count, shown=number(count)) for kind, name, count in parts],
        figures=[FunnelFigure(name=name, value=value) for name, value in figures.items()],
    )
    component("elements/funnel")(key=key, data=data)
