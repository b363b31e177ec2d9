"""The page's address, in which several parts keep what a reload has to find again."""

from collections.abc import Mapping

import streamlit as st


def keep(values: Mapping[str, str | None]) -> None:
    """Writes values into the address, by their names; an empty one is left out of it. What else is there stays."""
    now = st.query_params.to_dict()
    others = {name: value for name, value in now.items() if name not in values}
    wanted = {**others, **{name: value for name, value in values.items() if value}}
    # Each time that it is written the browser is told.
    if wanted != now:
        st.query_params.from_dict(wanted)
