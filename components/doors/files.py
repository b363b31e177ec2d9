"""What is made of a door: its poster, what its visitors agree to, their list, and the comparison with a panel."""

from collections.abc import Callable, Mapping

import streamlit as st

from components.doors.address import address_of
from components.elements.door_visitors import visitors_download
from components.elements.reconciliation import reconcile_panel
from components.elements.take_away.poster import poster_download
from components.state import doors, process, visibility
from services.journal.door.records import Door
from services.languages import own_name
from services.people.acting import may
from services.people.roles import Right
from services.texts.speech import _, number
from services.trust import literal


def with_files(project_id: str) -> Door | None:
    """The door of this project whose files are to be shown, if any. Raises JournalError."""
    wanted = doors.current().files
    if wanted is None:
        return None
    found = process.journal().doors.all(visibility.current(), project_id)
    return next((door for door in found if door.id == wanted), None)


def door_files(door: Door) -> None:
    """Draws them in place of the cards."""
    st.button(_("Back to the doors"), key="doors_back", icon=":material/arrow_back:", on_click=_back)
    st.subheader(literal(door.settings.name), anchor=False)
    parts = _parts(door)
    tabs = st.tabs(list(parts), key=f"doors_tabs_{door.id}", on_change="rerun")
    for tab, draw in zip(tabs, parts.values(), strict=True):
        if tab.open:
            with tab:
                draw(door)


def _parts(door: Door) -> Mapping[str, Callable[[Door], None]]:
    """What there is for this person, by the names of the tabs."""
    parts: dict[str, Callable[[Door], None]] = {_("Poster"): _poster, _("What visitors agree to"): _agreed}
    if may(Right.CHANGE):
        parts[_("Visitors")] = visitors_download
        if door.settings.panel:
            parts[_("Compare with the panel")] = _compared
    return parts


def _poster(door: Door) -> None:
    poster_download(door, address_of(door).text, _minutes(door))


def _compared(door: Door) -> None:
    reconcile_panel(door, process.journal().visits.all(door))


def _minutes(door: Door) -> int | None:
    """How long an interview takes at most, where all rooms of the door are of one batch."""
    if door.settings.batch_id is None:
        return None
    batch = process.journal().batches.find(door.settings.batch_id, visibility.current())
    return batch.settings.max_duration_minutes if batch else None


def _agreed(door: Door) -> None:
    """Each version of the texts, the newest first: what a visitor agreed to is the version of their visit."""
    st.caption(_("A change of the texts is a new version. Each visitor keeps the version that they have read."))
    for version, texts in sorted(process.journal().doors.texts(door.id).items(), reverse=True):
        st.markdown(_("**Version {version}**", version=number(version)))
        for language, its in texts.items():
            with st.container(border=True):
                st.caption(literal(own_name(language)))
                for part in filter(None, (its.get("welcome"), its.get("consent"))):
                    st.text(part)
                if not its.get("consent"):
                    st.caption(_("There is nothing to agree to in this version."))


def _back() -> None:
    doors.current().files = None
