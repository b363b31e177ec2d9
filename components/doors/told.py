"""What needs a person at a door, each with what to do."""

from collections.abc import Mapping

import streamlit as st

from components.elements.door_states import DoorNow
from components.state import process, visibility
from services.door.alerts import Alert, alerts, newest_batch
from services.settings import ROOT
from services.texts.speech import N_, _

ALERTS: Mapping[Alert, tuple[str, str]] = {
    Alert.FULL_SOON: (
        ":material/group:",
        N_("**Nearly full.** Let more visitors in under Edit, or tell people where else to go."),
    ),
    Alert.FULL_TODAY_SOON: (
        ":material/today:",
        N_("**Nearly full for today.** It goes on tomorrow; under Edit, more may come today."),
    ),
    Alert.FEW_ROOMS: (
        ":material/inbox:",
        N_("**Few free rooms are left.** Create more, or let the door do so under Edit."),
    ),
    Alert.NO_ROOMS: (
        ":material/inbox:",
        N_("**No free room: visitors have to wait.** Create rooms, or let the door do so under Edit."),
    ),
    Alert.TOKENS_SHORT: (
        ":material/toll:",
        N_("**The door has spent nearly all tokens that it may.** Raise the number under Edit, if it is to go on."),
    ),
    Alert.FILL_SHORT: (
        ":material/production_quantity_limits:",
        N_("**The last time, fewer rooms came than were wanted.** Batches says why; the account may lack tokens."),
    ),
    Alert.MANY_CUT_OFF: (
        ":material/call_end:",
        N_(
            "**Many interviews break off.** Watch one visitor: most often it is the microphone, or a browser inside a "
            "messenger. They should open the address in Safari or Chrome."
        ),
    ),
}
"""An icon, and what to say."""


def tell_alerts(each: DoorNow) -> None:
    """Says what needs a person, with the way to where it is done."""
    found = alerts(each.door, each.state, each.figures, None)
    if each.door.settings.filling:
        journal = process.journal()
        number = newest_batch(journal.fills.all(each.door))
        batch = journal.batches.find(number, visibility.current()) if number else None
        found = alerts(each.door, each.state, each.figures, batch)
    for alert in found:
        icon, told = ALERTS[alert]
        st.warning(_(told), icon=icon)
    if Alert.FILL_SHORT in found:
        _lead(each, "batches", _("Open Batches"), ":material/stacks:")
    if {Alert.FEW_ROOMS, Alert.NO_ROOMS} & set(found):
        _lead(each, "create", _("Create rooms"), ":material/add_link:")


def _lead(each: DoorNow, page: str, label: str, icon: str) -> None:
    """A way to another page; a button, as several cards may have one."""
    key = f"doors_{page}_{each.door.id}"
    if st.button(label, key=key, icon=icon, type="tertiary"):
        st.switch_page(str(ROOT / "pages" / f"{page}.py"))
