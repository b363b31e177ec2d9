"""What is known of one thing, as names and values."""

from collections.abc import Iterable
from typing import TypedDict

from components.elements.browser import component


class FactsData(TypedDict):
    """What the list shows (facts.js)."""

    facts: list[tuple[str, str]]


def show_facts(facts: Iterable[tuple[str, str]], key: str) -> None:
    """Shows each name with its value; a name without a value is left out."""
    data = FactsData(facts=[(name, value) for name, value in facts if value])
    component("elements/facts")(key=key, data=data)
