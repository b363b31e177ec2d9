"""The filters in the page's address, so that a view can be shared and survives a reload.

A search goes into the address only where it can be neither a link nor an email: an address is kept in histories and
logs, and a link is a key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from components.elements.words import STATUSES
from components.links.options import HOURS_LEFT, REFRESH_SECONDS
from components.state import address
from services.rooms.entry import Tab
from services.rooms.flags import Flag

LONGEST_WORD = 12
"""Characters of a word that the address may hold: a longer one could be a piece of a link's secret."""


@dataclass(frozen=True)
class AddressFilter:
    """A filter that the address holds.

    default: its value where the address does not name it.
    parse: its value from the address's text; None for text that means nothing.
    text: what the address says of a value; empty for nothing.
    """

    default: object
    parse: Callable[[str], object | None]
    text: Callable[[object], str] = str


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _one_of(choices: Mapping[str, object]) -> Callable[[str], object | None]:
    return choices.get


FILTERS: dict[str, AddressFilter] = {
    "tab": AddressFilter(Tab.ACTIVE, _one_of({tab.value: tab for tab in Tab})),
    "find": AddressFilter("", lambda text: text[:200], lambda text: "" if _may_be_secret(str(text)) else str(text)),
    "status": AddressFilter(
        [],
        lambda text: [status for status in text.split(",") if status in STATUSES],
        lambda chosen: ",".join(chosen if isinstance(chosen, list) else []),
    ),
    "of_batch": AddressFilter(None, _number),
    "within": AddressFilter(None, _one_of({str(hours): hours for hours in HOURS_LEFT if hours})),
    "needs": AddressFilter(None, _one_of({flag.value: flag for flag in Flag})),
    "every": AddressFilter(15, _one_of({str(seconds): seconds for seconds in REFRESH_SECONDS})),
}
"""The filters, by the key of the widget, which is also the name in the address."""

_LAST = list(FILTERS)[-1]


def read_address() -> None:
    """Gives the filters' widgets the values of the address, once a session."""
    if _LAST in st.session_state:
        return
    named = {key: st.query_params.get(key) for key in FILTERS}
    values = {key: each.parse(text) if (text := named[key]) else None for key, each in FILTERS.items()}
    # The last one says that all is read: Streamlit breaks a run off anywhere when a person presses something.
    for key in FILTERS:
        st.session_state[key] = FILTERS[key].default if values[key] is None else values[key]


def write_address() -> None:
    """Writes the filters' values into the address."""
    values = {key: st.session_state[key] for key in FILTERS}
    named = {key: FILTERS[key].text(value) for key, value in values.items() if value != FILTERS[key].default}
    address.keep({key: named.get(key) for key in FILTERS})


def _may_be_secret(text: str) -> bool:
    """Whether text may be a link, a piece of its secret, or a person's email."""
    return bool({"/", "@"} & set(text)) or any(len(word) > LONGEST_WORD for word in text.split())
