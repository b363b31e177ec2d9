"""Whom the next link is for: a person of the list, or somebody who is not on it."""

from collections.abc import Sequence

import streamlit as st

from components.desk import actions as desk_acts
from components.desk.window import Screen
from components.elements.choices import distinct
from components.elements.problems import explain, show_beside
from components.elements.words import counted
from components.elements.writing import writing
from components.state import process, station, viewer, visibility
from services.aseed.errors import AseedError
from services.aseed.models import MAX_LABEL_LENGTH
from services.desk import NoLink
from services.journal.database import JournalError
from services.journal.desk.records import HandOut, HandOutState, Station
from services.local_time import local
from services.trust import literal


def choose_person(at: Station, now: Screen) -> None:
    """Let staff choose, and take that person's room; then the screen shows it."""
    st.title("Who is next?", anchor=False)
    if now.said:
        st.info(literal(now.said), icon=":material/info:")
    people = station.desk().journal.hand_outs.people(visibility.current(), at.project_id, at.batch_id)
    waiting = sum(person.state == HandOutState.FREE for person in people)
    named = names_of_people(people)
    chosen = st.selectbox(
        f"Name ({waiting:,} of {len(people):,} are waiting for theirs)",
        list(named),
        index=None,
        format_func=named.__getitem__,
        placeholder="Type a name",
        key="desk_person",
    )
    person = next((each for each in people if each.room_id == chosen), None)
    if person and person.state != HandOutState.FREE:
        show_beside(_has_it(person))
    st.button(
        "Show the code",
        key="desk_show",
        type="primary",
        icon=":material/qr_code_2:",
        disabled=not person or person.state != HandOutState.FREE,
        on_click=_take,
        args=(at, now, person),
    )
    _somebody_else(at, now)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(literal(at.by), width="content")
        st.button(
            "End this desk",
            key="desk_end",
            type="tertiary",
            icon=":material/logout:",
            on_click=writing("The desk was not ended.")(station.end),
            args=(at,),
        )


def _somebody_else(at: Station, now: Screen) -> None:
    unnamed = process.journal().hand_outs.left(visibility.current(), at.project_id, at.batch_id).unnamed
    with st.expander(f"Somebody who is not on the list ({counted(unnamed, 'free link', 'free links')})"):
        st.text_input("Name or number", key="desk_whom", max_chars=MAX_LABEL_LENGTH, help="Becomes the room's label.")
        st.button(
            "Show a free link's code",
            key="desk_show_free",
            icon=":material/qr_code_2:",
            disabled=not unnamed,
            on_click=_take,
            args=(at, now, None),
        )


def _take(at: Station, now: Screen, person: HandOut | None) -> None:
    now.said = ""
    try:
        found = station.desk().next(at, person.room_id if person else None)
        if found is None:
            now.said = "That link is not to be had any more. Look it up on the Links page."
            return
        now.shown = found
        if person is None and (whom := st.session_state.get("desk_whom", "").strip()):
            desk_acts.name(at, now, found.room_id, whom)
        st.session_state["desk_whom"] = ""
        st.session_state["desk_person"] = None
    except AseedError as error:
        # The room is in the station's hand by now: the screen shows it as soon as Aseed answers.
        now.said = explain(error).what
    except NoLink:
        now.said = "This link leads to another address than Aseed's, and cannot be handed out."
    except JournalError as error:
        now.said = str(error)


def _has_it(person: HandOut) -> str:
    at = person.given or person.claimed
    since = f" since {local(at, viewer.zone()):%H:%M}" if at else ""
    if person.state == HandOutState.PACKED:
        return f"{person.known_as}'s link is in the offline pack {person.station}."
    return f"{person.known_as} has this link{since}, from {person.by}."


def names_of_people(people: Sequence[HandOut]) -> dict[str, str]:
    """What to choose from, by room: each person's name, and who has a link already."""
    desk, by_room = station.desk(), {person.room_id: person for person in people}
    texts = {
        room_id: person.known_as if person.state == HandOutState.FREE else f"{person.known_as} · has it"
        for room_id, person in by_room.items()
    }
    return distinct(texts, lambda room_id: desk.entry(by_room[room_id], "").staff_code)
