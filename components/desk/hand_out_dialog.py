"""One hand-out: what is known of it, and what the person who looks after the desks may do about it."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import streamlit as st

from components.desk.given import by_in_words, is_with_visitor
from components.elements.facts import show_facts
from components.elements.jobs import change_now, extensions
from components.elements.problems import explain
from components.elements.replace import COSTS, replace
from components.elements.words import status_in_full, time_in_words
from components.elements.writing import writing
from components.state import desk as desk_state
from components.state import device, process, viewer, visibility
from services.aseed.errors import AseedError
from services.aseed.models import PENDING
from services.journal.desk.records import IN_HAND, HandOut, HandOutState, How
from services.local_time import in_words
from services.texts.kept import said
from services.texts.speech import N_, _, pgettext
from services.trust import literal

EXTENSION = timedelta(hours=24)
"""How long a link works after it was extended, counted from now."""


def hand_out_dialog(given: HandOut, project_name: str) -> None:
    """Opens the dialog of a hand-out."""
    st.dialog(literal(given.name), on_dismiss="rerun")(_content)(given, project_name)


def _content(given: HandOut, project_name: str) -> None:
    _facts(given)
    if given.state in (HandOutState.SHOWN, HandOutState.CLAIMED):
        _in_hand(given)
    elif given.state == HandOutState.RECALLED:
        _recalled(given)
    elif given.state == HandOutState.GIVEN and given.status == PENDING:
        _given(given)
    with st.container(horizontal=True):
        if given.status == PENDING:
            _extend(given, project_name)
        if given.how != How.DOOR or given.state not in IN_HAND:
            _replace(given, project_name)


def _replace(given: HandOut, project_name: str) -> None:
    """Not for a door's visitor who has not begun: the door gives them another room, and this link would be no one's."""
    if st.button(_("Replace with a new link"), key="hand_out_replace", icon=":material/autorenew:", help=_(COSTS)):
        replace(device.desk().entry(given, project_name))
        desk_state.current().is_changed = True
        st.rerun()


def _facts(given: HandOut) -> None:
    room = given.room
    lines = [
        (_("Status"), status_in_full(room.status)),
        (_("Staff code"), device.desk().entry(given, "").staff_code),
        (_("From"), by_in_words(given)),
        (_("With the visitor since") if given.how == How.DOOR else _("On show since"), _at(given.claimed)),
        (pgettext("link", "Given"), _at(given.given)),
        (_("Joined as"), room.respondent_email or ""),
        (_("Runs out"), _at(room.expires_at) or pgettext("runs out", "never")),
    ]
    show_facts(lines, "hand_out_facts")


def _at(moment: datetime | None) -> str:
    return in_words(moment, viewer.zone()) if moment else ""


def _in_hand(given: HandOut) -> None:
    if is_with_visitor(given):
        told = _(
            "A visitor of the door {door} has it, and has not begun. Called back, it goes to the end of the pool, and "
            "this visitor may ask for another one.",
            door=literal(given.station),
        )
    else:
        told = _(
            "It is on the screen of {desk}. Called back, it is taken off that screen first.",
            desk=literal(given.station),
        )
    st.markdown(told)
    if st.button(_("Call it back"), key="hand_out_recall", icon=":material/undo:"):
        with writing(_("It was not called back.")):
            recalled = process.journal().hand_outs.recall(visibility.current(), given.room_id)
            _report(recalled, _("It goes back to the pool in a moment."))


def _recalled(given: HandOut) -> None:
    if given.how == How.DOOR:
        st.markdown(_("It goes back to the pool in a moment."))
        return
    station = process.journal().stations.find(visibility.current(), given.station_key)
    said = [_("It returns to the pool once {desk} has taken it off its screen.", desk=literal(given.station))]
    if station:
        said.append(_("It was last connected {time} ago.", time=time_in_words(station.seconds_since_beat)))
    said.append(_("Press this only if you have seen that it is not on show any more:"))
    st.markdown(" ".join(said))
    if st.button(_("It is off the screen: return it"), key="hand_out_return", icon=":material/undo:"):
        with writing(_("It was not returned.")):
            returned = process.journal().hand_outs.return_recalled(visibility.current(), given.room_id)
            _report(returned, _("It is back in the pool."))


def _given(given: HandOut) -> None:
    st.markdown(
        _(
            "Hand it back only if no person has it any more: a person who has kept the link, or a picture of its code, "
            "could still join. If in doubt, replace it."
        )
    )
    if st.button(_("Hand it back"), key="hand_out_back", icon=":material/undo:"):
        desk = device.desk()
        try:
            with writing(_("It was not handed back.")):
                desk.look(given.room_id)
                returned = desk.journal.hand_outs.return_given(desk.visibility, given.room_id)
                _report(returned, _("It is back in the pool."))
        except AseedError as error:
            explain(error).show()


def _extend(given: HandOut, project_name: str) -> None:
    if not st.button(_("Extend by 24 hours"), key="hand_out_extend", icon=":material/more_time:"):
        return
    desk = device.desk()
    (task,) = extensions([desk.entry(given, project_name)], datetime.now(UTC) + EXTENSION)
    outcome = None
    with writing(_("It was not extended.")) as attempt:
        outcome = change_now(task)
    if not attempt.worked:
        return
    if outcome and outcome.succeeded:
        # Where this fails the link is extended all the same, and looked at again soon.
        with suppress(AseedError), writing(_("The list does not show this yet."), next_step=""):
            desk.look(given.room_id)
        _report(True, _("It works for 24 hours from now."))
    else:
        why = outcome.words if outcome else N_("Aseed has not answered yet.")
        st.error(f"**{_('It was not extended.')}** {literal(said(why))}".rstrip())


def _report(done: bool, words: str) -> None:
    """Says what came of a press, and draws the page again."""
    st.toast(
        words if done else _("Its state has changed meanwhile."),
        icon=":material/check_circle:" if done else ":material/info:",
    )
    st.rerun()
