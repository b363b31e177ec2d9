"""Whom the next link is for: a person of the list, or a person who is not on it."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from components.desk.actions import label_room, tell_staff
from components.desk.window import for_fingers
from components.elements.choices import distinct, findable
from components.elements.problems import explain, show_beside
from components.elements.writing import writing
from components.state import device, process, viewer, visibility
from components.state.desk import Screen
from services.aseed.errors import AseedError
from services.aseed.models import MAX_LABEL_LENGTH
from services.desk import NoLink
from services.journal.desk.records import HandOut, HandOutState, Station
from services.labels import problem_of
from services.link import SHARED
from services.local_time import local
from services.texts.speech import _, ngettext, number
from services.trust import literal


def choose_person(station: Station, screen: Screen) -> None:
    """Lets staff choose a person, and takes that person's room; then the screen shows it."""
    st.title(_("Who is next?"), anchor=False)
    for_fingers()
    if screen.said:
        st.info(literal(screen.said), icon=":material/info:")
    people = device.desk().journal.hand_outs.people(visibility.current(), station.project_id, station.batch_id)
    waiting = sum(person.state == HandOutState.FREE for person in people)
    named = names_of_people(people)
    chosen = st.selectbox(
        _("Name ({waiting} of {all} are waiting for theirs)", waiting=number(waiting), all=number(len(people))),
        list(named),
        index=None,
        format_func=named.__getitem__,
        placeholder=_("Type a name, without accents"),
        help=_("Type letters without accents: jose finds José, and е finds ё."),
        key="desk_person",
    )
    person = next((each for each in people if each.room_id == chosen), None)
    if person and person.state != HandOutState.FREE:
        show_beside(_who_has_it(person))
    elif person and person.shares_link:
        show_beside(_("This link cannot be handed out: {why}. See the Links page.", why=_(SHARED)))
    st.button(
        _("Show the code"),
        key="desk_show",
        type="primary",
        icon=":material/qr_code_2:",
        disabled=not person or person.state != HandOutState.FREE or person.shares_link,
        on_click=_take,
        args=(station, screen, person),
    )
    _choose_other(station, screen)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(literal(station.by), width="content")
        st.button(
            _("End this desk"),
            key="desk_end",
            type="tertiary",
            icon=":material/logout:",
            on_click=writing(_("The desk was not ended."))(device.end),
            args=(station,),
        )


def _choose_other(station: Station, screen: Screen) -> None:
    left = process.journal().hand_outs.left(visibility.current(), station.project_id, station.batch_id)
    # Its label must stay as it is: another one would close it over what is being typed.
    with st.expander(_("A person who is not on the list")):
        st.caption(ngettext("{count} free link is left.", "{count} free links are left.", left.unnamed))
        st.text_input(
            _("Name or number"), key="desk_whom", max_chars=MAX_LABEL_LENGTH, help=_("Becomes the room's label.")
        )
        problem = problem_of(st.session_state.get("desk_whom", ""))
        show_beside(problem)
        st.button(
            _("Show a free link's code"),
            key="desk_show_free",
            icon=":material/qr_code_2:",
            disabled=not left.unnamed or problem is not None,
            on_click=_take,
            args=(station, screen, None),
        )


def _take(station: Station, screen: Screen, person: HandOut | None) -> None:
    screen.said = ""
    whom = st.session_state.get("desk_whom", "").strip()
    if person is None and problem_of(whom):
        # Typed just before the press: it is said beside the field, and no link is taken.
        return
    try:
        with writing(_("The link was not taken."), tell=partial(tell_staff, screen)):
            found = device.desk().next(station, person.room_id if person else None)
            if found is None:
                screen.said = _("That link is not available any more. Look it up on the Links page.")
                return
            screen.shown = found
            if person is None and whom:
                with writing(_("The name was not saved."), tell=partial(tell_staff, screen)):
                    label_room(station, screen, found.room_id, whom)
            st.session_state["desk_whom"] = ""
            st.session_state["desk_person"] = None
    except AseedError as error:
        # The station has the room in hand by now: the screen shows it as soon as Aseed answers.
        screen.said = explain(error).what
    except NoLink as refused:
        screen.said = _("This link cannot be handed out: {why}.", why=_(refused.why))


def _who_has_it(person: HandOut) -> str:
    name = person.known_as
    if person.state == HandOutState.PACKED:
        return _("{name}'s link is in the offline pack {pack}.", name=name, pack=person.station)
    if moment := person.given or person.claimed:
        since = f"{local(moment, viewer.zone()):%H:%M}"
        return _("{name} has this link since {time}, from {desk}.", name=name, time=since, desk=person.by)
    return _("{name} has this link, from {desk}.", name=name, desk=person.by)


def names_of_people(people: Sequence[HandOut]) -> dict[str, str]:
    """Returns what to choose from, by room: each person's name, and whether the person has a link already.

    The page's search finds a name without its accents (components.elements.choices.findable).
    """
    desk, by_room = device.desk(), {person.room_id: person for person in people}
    texts = {
        room_id: findable(person.known_as) + ("" if person.state == HandOutState.FREE else f" · {_('has it')}")
        for room_id, person in by_room.items()
    }
    return distinct(texts, lambda room_id: desk.entry(by_room[room_id], "").staff_code)
