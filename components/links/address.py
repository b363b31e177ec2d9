"""The filters in the page's address, so that a view can be shared and survives a reload.

A search goes into the address only where it can be neither a link nor an email: an address is kept in histories and
logs, and a link is a key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from components.links.options import ALL_PROJECTS, HOURS_LEFT, REFRESH_SECONDS, STATUSES
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
    "study": AddressFilter(ALL_PROJECTS, lambda text: text if len(text) < 100 else None),
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


def read_address() -> None:
    """Gives the filters' widgets the values of the address, once a session."""
    if "study" in st.session_state:
        return
    named = {key: st.query_params.get(key) for key in FILTERS}
    values = {key: each.parse(text) if (text := named[key]) else None for key, each in FILTERS.items()}
    if named["study"] is None:
        values["study"] = st.session_state.get("project")
    # The study last, as it says that all is read: Streamlit breaks a run off anywhere when a person presses something.
    for key in sorted(FILTERS, key="study".__eq__):
        st.session_state[key] = FILTERS[key].default if values[key] is None else values[key]


def write_address() -> None:
    """Writes the filters' values into the address."""
    before = st.query_params.to_dict()
    others = {key: value for key, value in before.items() if key not in FILTERS}
    values = {key: st.session_state[key] for key in FILTERS}
    ours = {key: FILTERS[key].text(value) for key, value in values.items() if value != FILTERS[key].default}
    wanted = {**others, **{key: text for key, text in ours.items() if text}}
    if wanted != before:
        st.query_params.from_dict(wanted)


def _may_be_secret(text: str) -> bool:
    """Whether text may be a link, a piece of its secret, or a person's email."""
    return bool({"/", "@"} & set(text)) or any(len(word) > LONGEST_WORD for word in text.split())
