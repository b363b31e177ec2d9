"""Names for rows of a list whose buttons say the same, such as "Open": a screen reader says the row's name first."""

from collections.abc import Mapping
from typing import TypedDict

from components.elements.browser import component


class GroupsData(TypedDict):
    """What the rows are called (groups.js). names: as plain texts, by the keys of their containers."""

    names: Mapping[str, str]


def name_rows(names: Mapping[str, str], key: str) -> None:
    """Names rows that have been drawn. names: as plain texts, by the keys of their containers."""
    # Such keys take no place on the page (components/page.css).
    component("elements/groups")(key=f"groups_{key}", data=GroupsData(names=names))
