"""Every batch, newest first, and one of them opened: its state, its links, what can be done with it."""

import time
from math import inf

import streamlit as st

from components.batches.result import show_links, unlabelled
from components.batches.unfinished import rooms_in_question, unfinished_batch
from components.elements.paging import page_start
from components.elements.problems import explain
from components.elements.progress import batch_progress
from components.elements.words import counted, rooms_in_words, time_in_words
from components.elements.writing import writing
from components.state import batches, connection, process, viewer, visibility, whole_page
from components.state.create_form import LINKS, PEOPLE, fill, values_like
from services.aseed.models import RoomSettings
from services.journal.records import Batch, State
from services.local_time import in_words
from services.settings import ROOT
from services.trust import literal

BATCHES_A_PAGE = 15

_PART = "batches"
"""The part of the page that is drawn by itself while a batch moves (components.state.whole_page)."""

REFRESH_SECONDS = 2
"""How often the list is drawn again while a batch is at work."""

LAG_SECONDS = 3
"""For how long a browser may still send the address that it had before we wrote another one."""

LONGEST_NAME = 80
"""Characters of a batch's name."""

WORDS = {
    State.CREATING: (":blue", "Creating rooms"),
    State.WAITING: (":orange", "Waiting to look for a lost answer"),
    State.LABELLING: (":blue", "Setting labels"),
    State.PARKED: (":orange", "Paused: needs you"),
    State.ASKING: (":orange", "Needs your decision"),
    State.DONE: (":green", "Complete"),
    State.SHORT: (":red", "Ended with fewer rooms"),
    State.CANCELLED: (":gray", "Stopped"),
}
"""A colour and a few words for each state."""


def opened_batch() -> Batch | None:
    """The batch that is open, if this session may see it. A new session opens the one that the address names."""
    named = st.query_params.get("open", "")
    written, when = batches.current().address
    if named != written and time.monotonic() - when > LAG_SECONDS:
        # Not what we wrote there: the browser has gone back, or to the list, or this is a new session.
        batches.current().opened = int(named) if named.isdecimal() and len(named) < 10 else None
    number = batches.current().opened
    opened = process.journal().batches.find(number, visibility.current()) if number else None
    address = str(opened.id) if opened else ""
    if address != named:
        st.query_params.from_dict({**st.query_params.to_dict(), "open": address} if address else _without_open())
        batches.current().address = (address, time.monotonic())
    elif written != address:
        batches.current().address = (address, -inf)
    return opened


def batch_list() -> None:
    """The batches, a page at a time."""
    journal, visible = process.journal(), visibility.current()
    count = journal.batches.count(visible)
    if not count:
        st.info("No batches yet. Each press of Create becomes one, and its links stay here.", icon=":material/info:")
        st.page_link(str(ROOT / "pages" / "create.py"), label="Create rooms", icon=":material/add_link:")
        return
    start = page_start(count, BATCHES_A_PAGE, "batches_page")
    shown = journal.batches.newest(visible, BATCHES_A_PAGE, start)
    for batch in shown:
        _row(batch)
    if any(batch.working for batch in shown):
        whole_page.includes(_PART)
        _look_again_soon()


@st.fragment(run_every=REFRESH_SECONDS)
def _look_again_soon() -> None:
    """Draws the list again for as long as something on it moves."""
    if not whole_page.draws(_PART):
        st.rerun()


def show_batch(batch: Batch) -> None:
    """One batch, with everything that can be done with it."""
    st.button(
        "All batches", key="close_batch", icon=":material/arrow_back:", type="tertiary", on_click=_open, args=(None,)
    )
    st.title(literal(title(batch)), anchor=False)
    st.markdown(f"{_state(batch)} · {_when(batch)} · {_size(batch)}")
    st.caption(f"{literal(batch.project_name)} · {settings_in_words(batch.settings)}{_by(batch)}")
    with st.container(horizontal=True):
        _rename(batch)
        if st.button("Repeat with these settings", key="repeat", icon=":material/replay:"):
            _repeat(batch)
    if batch.working:
        batch_progress(batch)
    elif not batch.over:
        unfinished_batch(batch)
    elif batch.problem:
        explain(batch.problem).show(done=batch.rooms)
    _late(batch)
    if batch.rooms:
        unlabelled(batch)
        show_links(batch)
    _without_room(batch)
    _history(batch)


def title(batch: Batch) -> str:
    """What a batch is called: its own name, else its project's."""
    return batch.name or batch.project_name


def settings_in_words(settings: RoomSettings) -> str:
    """Such as `30 min each · 7 days · English`."""
    parts = [
        f"{settings.max_duration_minutes} min each",
        f"{settings.expires_in_days} days",
        literal(settings.language or "language: auto"),
        *(literal(text) for text in (settings.voice, settings.realtime_provider) if text),
    ]
    if settings.topics_for_respondent:
        parts.append(f"{len(settings.topics_for_respondent.splitlines())} topics")
    return " · ".join(parts)


def _row(batch: Batch) -> None:
    _look_for_late_rooms(batch)
    with st.container(border=True, key=f"batch_{batch.id}"):
        said, act = st.columns([6, 1], vertical_alignment="center")
        with said:
            st.markdown(f"**{literal(title(batch))}** · {_size(batch)} · {_state(batch)}")
            project = f"{literal(batch.project_name)} · " if batch.name else ""
            st.caption(f"{_when(batch)} · {project}{settings_in_words(batch.settings)}{_by(batch)}")
        act.button("Open", key=f"open_{batch.id}", width="stretch", on_click=_open, args=(batch.id,))


def _state(batch: Batch) -> str:
    colour, words = WORDS[batch.state]
    if batch.state == State.SHORT and not batch.rooms:
        words = "Nothing was created"
    if batch.interrupted:
        colour, words = ":orange", "Interrupted: needs you"
    if batch.late:
        colour, words = ":orange", f"{rooms_in_words(batch.late)} in no batch: needs your decision"
    elif batch.over and batch.shared:
        colour, words = ":orange", f"{rooms_in_words(batch.shared)} with the link of another room: needs you"
    return f"{colour}[{words}]"


def _when(batch: Batch) -> str:
    return in_words(batch.made, viewer.zone())


def _size(batch: Batch) -> str:
    whole = (
        rooms_in_words(batch.wanted) if batch.rooms == batch.wanted else f"{batch.rooms:,} of {batch.wanted:,} rooms"
    )
    return f"{whole} for a list of people" if batch.has_people else whole


def _by(batch: Batch) -> str:
    """Whose token it was, where the service names a person and not an account's number."""
    return f" · by {literal(batch.who)}" if "@" in batch.who else ""


def _rename(batch: Batch) -> None:
    with st.popover("Rename", icon=":material/edit:"):
        st.text_input(
            "Name of this batch",
            batch.name,
            key=f"name_{batch.id}",
            max_chars=LONGEST_NAME,
            placeholder=batch.project_name,
            on_change=_keep_name,
            args=(batch.id,),
            help="Shown here and in the CSV. Press Enter to save it.",
        )


def _keep_name(batch_id: int) -> None:
    with writing("The name could not be saved."):
        process.journal().batches.rename(batch_id, " ".join(st.session_state[f"name_{batch_id}"].split()))


def _repeat(batch: Batch) -> None:
    """The form as it was for this batch; nothing is created before Create is pressed."""
    fill(values_like(batch.settings))
    st.session_state["project"] = batch.project_id
    st.session_state["show_closed"] = True
    st.session_state["for_whom"] = PEOPLE if batch.has_people else LINKS
    if not batch.has_people:
        st.session_state["count"] = batch.wanted
    st.switch_page(str(ROOT / "pages" / "create.py"))


def _look_for_late_rooms(batch: Batch) -> None:
    with writing("Late rooms were not looked for."):
        process.engine().look_again_if_due(batch, connection.client())


def _late(batch: Batch) -> None:
    """What was bought, as far as is known, and is not in the batch."""
    _look_for_late_rooms(batch)
    if batch.late:
        st.warning(
            f"**{rooms_in_words(batch.late)} appeared in this project during or after this batch, and no batch has "
            "them.** Something had gone wrong with an answer of Aseed's, so they may be yours. They cost tokens as "
            "long as they are not cancelled.",
            icon=":material/schedule:",
        )
        rooms_in_question(batch, missing=False)
    if batch.has_gaps:
        st.warning(
            "**Aseed's list of this project leaves out rooms that are there.** So it cannot be known here whether more "
            "rooms were created than this batch has. Compare with the project at Aseed.",
            icon=":material/playlist_remove:",
        )
    if batch.left_alone:
        were = counted(batch.left_alone, "room of this project was", "rooms of this project were")
        st.caption(f"{were} left alone, though they could have been this batch's. They are in no batch.")


def _without_room(batch: Batch) -> None:
    if not (batch.over and batch.has_people):
        return
    left = process.journal().batches.without_room(batch.id)
    if left:
        with st.expander(f"{counted(len(left), 'person has', 'people have')} no room", icon=":material/person_off:"):
            st.text("\n".join(f"{place}  {label}" for place, label in left))


def _history(batch: Batch) -> None:
    with st.expander("History", icon=":material/history:"):
        zone = viewer.zone()
        for event in process.journal().batches.events(batch.id):
            st.text(f"{in_words(event.at, zone)}  {event.what}")
        st.caption(f"From the press to the end: {time_in_words(batch.work_seconds)}, waits included.")


def _without_open() -> dict[str, str]:
    return {key: value for key, value in st.query_params.to_dict().items() if key != "open"}


def _open(batch_id: int | None) -> None:
    batches.current().opened = batch_id
