"""A batch that stands still: why, what is there, and what a person can decide."""

from collections.abc import Callable

import streamlit as st

from components.batches.arrive import arrive
from components.batches.room_table import numbered, room_table
from components.elements.paging import page_start
from components.elements.problems import explain
from components.elements.words import bullets, rooms_in_words, shortened
from components.elements.writing import toast, writing
from components.state import connection, process, viewer
from services.aseed.errors import AseedError, OutcomeUnknown, TokenRefused, TokensShort
from services.aseed.models import InterviewRoomResponse
from services.batches.likeness import Difference
from services.journal.records import Batch, State
from services.trust import literal

ROWS = 25

DIFFERENCES_SHOWN, NUMBERS_SHOWN, TEXT_SHOWN = 5, 20, 40
"""How many differences are listed, of how many rooms each, and how many characters of a setting."""


def unfinished_batch(batch: Batch) -> None:
    """Says why the batch does not go on, and offers what would let it."""
    said = f"{rooms_in_words(batch.rooms)} created. The batch stands still and waits for you."
    arrive(f"{batch.nonce} {batch.state} {batch.rooms}", said)
    st.header(f"{batch.rooms:,} of {rooms_in_words(batch.wanted)} for {literal(batch.project_name)}", anchor=False)
    if batch.state == State.ASKING:
        _question(batch)
        return
    _why(batch)
    with st.container(horizontal=True):
        _act("Resume", "resume", ":material/play_arrow:", lambda: process.engine().resume(batch, connection.client()))
        _cancel(batch)
    st.caption(
        f"{rooms_in_words(batch.rooms)} created so far, and kept. Resume creates the missing "
        f"{batch.wanted - batch.rooms:,}, never one twice."
    )


def rooms_in_question(batch: Batch, *, missing: bool) -> None:
    """Shows the unaccounted rooms at Aseed, to be chosen and decided about."""
    try:
        found = process.engine().in_question(batch, connection.client())
        rooms = sorted(found, key=lambda room: (room.created_at, room.id))
    except AseedError as error:
        explain(error).show()
        st.button("Look again", key="ask_again", icon=":material/refresh:")
        return
    if not rooms:
        if batch.late:
            with writing("It was not noted that every room is accounted for."):
                process.journal().batches.record_late_rooms(batch.id, 0)
        if not missing:
            st.success("Every room is accounted for.", icon=":material/check_circle:")
        return
    st.markdown(
        f"**{rooms_in_words(len(rooms))} in this project could be this batch's.** No other person needs them? "
        "Then they are yours: keep them. If a colleague created them, leave them alone."
    )
    start = page_start(len(rooms), ROWS, f"question_{batch.id}_page")
    shown = numbered(rooms, batch.project_name)[start : start + ROWS]
    room_table(shown, viewer.zone(), f"question_{batch.id}", "Created")
    _differences(batch, rooms)
    numbers = {room.id: number for number, room in enumerate(rooms, start=1)}
    # By id, and reset after each decision: a number may be another room's by then.
    chosen = st.multiselect(
        "Which ones?",
        list(numbers),
        format_func=lambda room_id: str(numbers.get(room_id, "")),
        key=f"chosen_{batch.id}_{batch.turn}",
        placeholder="All of them",
        help="The numbers in the table. None chosen means all, but for cancelling.",
    )
    _decisions(batch, [room for room in rooms if room.id in chosen] or rooms, named=bool(chosen))


def _differences(batch: Batch, rooms: list[InterviewRoomResponse]) -> None:
    """Says which of the rooms are not as they were asked for, and what differs; those that differ alike, together."""
    apart = process.engine().differences(batch, rooms)
    alike: dict[tuple[Difference, ...], list[int]] = {}
    for number, room in enumerate(rooms, start=1):
        if apart[room.id]:
            alike.setdefault(apart[room.id], []).append(number)
    if alike:
        st.markdown("**Not as they were asked for:**")
        st.markdown(bullets(list(alike.items()), lambda each: _difference(*each), DIFFERENCES_SHOWN))


def _difference(apart: tuple[Difference, ...], numbers: list[int]) -> str:
    which = ", ".join(map(str, numbers[:NUMBERS_SHOWN])) + (" …" if len(numbers) > NUMBERS_SHOWN else "")
    what = "; ".join(
        f"{each.name} {literal(shortened(each.stored, TEXT_SHOWN))}, not {literal(shortened(each.asked, TEXT_SHOWN))}"
        for each in apart
    )
    return f"No. {which}: {what}"


def _decisions(batch: Batch, chosen: list[InterviewRoomResponse], *, named: bool) -> None:
    engine, words = process.engine(), rooms_in_words(len(chosen))
    with st.container(horizontal=True):
        _act(f"Keep {words}", "adopt", ":material/check:", lambda: engine.adopt(batch, chosen))
        _act(f"Leave {words} alone", "leave", ":material/block:", lambda: engine.leave(batch, chosen))
        _act(
            f"Cancel {words} at Aseed",
            "cancel_rooms",
            ":material/delete:",
            lambda: engine.cancel_rooms(batch, chosen, connection.client()),
            disabled=not named,
            help="Their links stop working. Choose the rooms above first."
            if not named
            else "Their links stop working.",
        )


def _why(batch: Batch) -> None:
    if batch.problem is None:
        st.warning(
            "**The dashboard was stopped while this batch was at work.** What Aseed created meanwhile is looked for "
            "before anything is created again.",
            icon=":material/power_off:",
        )
        return
    explain(batch.problem).show(done=batch.rooms)
    if isinstance(batch.problem, TokenRefused):
        st.caption("Paste a new token in Settings and this batch goes on; or press Resume once there is one.")
    if isinstance(batch.problem, TokensShort):
        st.caption("Top up the account, then press Resume.")


def _question(batch: Batch) -> None:
    missing = batch.wanted - batch.rooms
    reason = str(batch.problem) if isinstance(batch.problem, OutcomeUnknown) else "Aseed's list could not be read."
    st.warning(
        f"**Only you can tell what became of {rooms_in_words(missing)}.** An answer of Aseed's was lost. {reason}",
        icon=":material/help:",
    )
    rooms_in_question(batch, missing=missing > 0)
    if missing > 0:
        st.markdown(f"**Still missing: {rooms_in_words(missing)}.** When the rooms above are decided:")
    with st.container(horizontal=True):
        if missing > 0:
            _act(
                f"Create the missing {missing:,}",
                "create_missing",
                ":material/add_link:",
                lambda: _create_missing(batch),
            )
            _cancel(batch, "Finish without them")
        else:
            _act("Finish", "finish", ":material/check:", lambda: process.engine().resume(batch, connection.client()))


def _cancel(batch: Batch, label: str = "Cancel the rest") -> None:
    _act(label, "cancel_batch", ":material/cancel:", lambda: process.engine().cancel(batch, connection.client()))


def _create_missing(batch: Batch) -> None:
    if not process.engine().create_missing(batch, connection.client()):
        st.toast("Another person was faster: the question has changed. Look again.", icon=":material/info:")


def _act(
    label: str, key: str, icon: str, do: Callable[[], object], *, disabled: bool = False, help: str | None = None
) -> None:
    """A button whose deed may fail for reasons that are Aseed's or the journal's."""
    st.button(label, key=key, icon=icon, on_click=_try, args=(do,), disabled=disabled, help=help)


def _try(do: Callable[[], object]) -> None:
    try:
        with writing("Nothing was done."):
            do()
    except AseedError as error:
        toast(f"{explain(error).what} {explain(error).next_step}")
