"""A batch that stands still: why, what is there, and what a person can decide."""

from collections.abc import Callable

import streamlit as st

from components.batches.arrive import arrive
from components.batches.headline import headline
from components.batches.room_table import numbered, room_table
from components.elements.paging import page_start
from components.elements.problems import explain
from components.elements.words import bullets, shortened
from components.elements.writing import toast, writing
from components.state import connection, process, viewer
from services.aseed.errors import AseedError, OutcomeUnknown, TokenRefused, TokensShort
from services.aseed.models import InterviewRoomResponse
from services.batches.likeness import Difference
from services.journal.records import Batch, State
from services.people.acting import may
from services.people.roles import Right
from services.texts.speech import _, ngettext, number
from services.trust import literal

ROWS = 25

DIFFERENCES_SHOWN, NUMBERS_SHOWN, TEXT_SHOWN = 5, 20, 40
"""How many differences are listed, of how many rooms each, and how many characters of a setting."""


def unfinished_batch(batch: Batch, way_on: Callable[[], None] | None = None) -> None:
    """Says why the batch does not go on, and offers what would let it. way_on: draws what stands beside the heading."""
    said = ngettext(
        "{count} room created. The batch stands still and waits for you.",
        "{count} rooms created. The batch stands still and waits for you.",
        batch.rooms,
    )
    arrive(f"{batch.nonce} {batch.state} {batch.rooms}", said)
    what = ngettext(
        "{made} of {count} room for {project}",
        "{made} of {count} rooms for {project}",
        batch.wanted,
        made=number(batch.rooms),
        project=literal(batch.project_name),
    )
    headline(what, way_on)
    if not may(Right.CREATE):
        st.info(_("It waits for a person who may create rooms."), icon=":material/front_hand:")
        return
    if batch.state == State.ASKING:
        _question(batch)
        return
    _why(batch)
    with st.container(horizontal=True):
        _resume(batch, _("Resume"), "resume", ":material/play_arrow:")
        _cancel(batch)
    st.caption(
        ngettext(
            "{count} room created so far, and kept. Resume creates the missing {missing}, never one twice.",
            "{count} rooms created so far, and kept. Resume creates the missing {missing}, never one twice.",
            batch.rooms,
            missing=number(batch.wanted - batch.rooms),
        )
    )


def rooms_in_question(batch: Batch, *, missing: bool) -> None:
    """Shows the unaccounted rooms at Aseed, to be chosen and decided about."""
    try:
        found = process.engine().in_question(batch, connection.client())
        rooms = sorted(found, key=lambda room: (room.created_at, room.id))
    except AseedError as error:
        explain(error).show()
        st.button(_("Look again"), key="ask_again", icon=":material/refresh:")
        return
    if not rooms:
        if batch.late:
            with writing(_("It was not noted that every room is accounted for.")):
                process.journal().batches.record_late_rooms(batch.id, 0)
        if not missing:
            st.success(_("Every room is accounted for."), icon=":material/check_circle:")
        return
    st.markdown(
        ngettext(
            "**{count} room in this project could be this batch's.** No other person needs them? "
            "Then they are yours: keep them. If a colleague created them, leave them alone.",
            "**{count} rooms in this project could be this batch's.** No other person needs them? "
            "Then they are yours: keep them. If a colleague created them, leave them alone.",
            len(rooms),
        )
    )
    start = page_start(len(rooms), ROWS, f"question_{batch.id}_page")
    shown = numbered(rooms, batch.project_name)[start : start + ROWS]
    room_table(shown, viewer.zone(), f"question_{batch.id}", "created")
    _differences(batch, rooms)
    numbers = {room.id: place for place, room in enumerate(rooms, start=1)}
    # By id, and reset after each decision: a number may be another room's by then.
    chosen = st.multiselect(
        _("Which ones?"),
        list(numbers),
        format_func=lambda room_id: str(numbers.get(room_id, "")),
        key=f"chosen_{batch.id}_{batch.turn}",
        placeholder=_("All of them"),
        help=_("The numbers in the table. None chosen means all, but for cancelling."),
    )
    _decisions(batch, [room for room in rooms if room.id in chosen] or rooms, named=bool(chosen))


def _differences(batch: Batch, rooms: list[InterviewRoomResponse]) -> None:
    """Says which of the rooms are not as they were asked for, and what differs; those that differ alike, together."""
    apart = process.engine().differences(batch, rooms)
    alike: dict[tuple[Difference, ...], list[int]] = {}
    for place, room in enumerate(rooms, start=1):
        if apart[room.id]:
            alike.setdefault(apart[room.id], []).append(place)
    if alike:
        st.markdown(_("**Not as they were asked for:**"))
        st.markdown(bullets(list(alike.items()), lambda each: _difference(*each), DIFFERENCES_SHOWN))


def _difference(apart: tuple[Difference, ...], numbers: list[int]) -> str:
    which = ", ".join(map(str, numbers[:NUMBERS_SHOWN])) + (" …" if len(numbers) > NUMBERS_SHOWN else "")
    return _("No. {numbers}: {differences}", numbers=which, differences="; ".join(map(_in_words, apart)))


def _in_words(apart: Difference) -> str:
    asked, stored = (literal(shortened(text, TEXT_SHOWN)) for text in (apart.asked, apart.stored))
    setting = _(apart.name)
    if stored and asked:
        return _("{setting} {stored}, not {asked}", setting=setting, stored=stored, asked=asked)
    if asked:
        return _("no {setting}, not {asked}", setting=setting, asked=asked)
    return _("{setting} {stored}, none was asked for", setting=setting, stored=stored or "–")


def _decisions(batch: Batch, chosen: list[InterviewRoomResponse], *, named: bool) -> None:
    engine, count = process.engine(), len(chosen)
    keep = ngettext("Keep {count} room", "Keep {count} rooms", count)
    leave = ngettext("Leave {count} room alone", "Leave {count} rooms alone", count)
    cancel = ngettext("Cancel {count} room at Aseed", "Cancel {count} rooms at Aseed", count)
    with st.container(horizontal=True):
        _act(keep, "adopt", ":material/check:", lambda: engine.adopt(batch, chosen))
        _act(leave, "leave", ":material/block:", lambda: engine.leave(batch, chosen))
        _act(
            cancel,
            "cancel_rooms",
            ":material/delete:",
            lambda: engine.cancel_rooms(batch, chosen, connection.client()),
            disabled=not named,
            help=_("Their links stop working.")
            if named
            else _("Their links stop working. Choose the rooms above first."),
        )


def _why(batch: Batch) -> None:
    if batch.problem is None:
        st.warning(
            _(
                "**The dashboard was stopped while this batch was at work.** What Aseed created meanwhile is looked "
                "for before anything is created again."
            ),
            icon=":material/power_off:",
        )
        return
    explain(batch.problem).show(done=batch.rooms)
    if isinstance(batch.problem, TokenRefused):
        st.caption(_("Paste a new token in Settings and this batch goes on; or press Resume once there is one."))
    if isinstance(batch.problem, TokensShort):
        st.caption(_("Top up the account, then press Resume."))


def _question(batch: Batch) -> None:
    missing = batch.wanted - batch.rooms
    problem = batch.problem
    reason = str(problem) if isinstance(problem, OutcomeUnknown) else _("Aseed's list could not be read.")
    question = ngettext(
        "**Only you can tell what became of {count} room.** An answer of Aseed's was lost.",
        "**Only you can tell what became of {count} rooms.** An answer of Aseed's was lost.",
        missing,
    )
    st.warning(f"{question} {reason}", icon=":material/help:")
    rooms_in_question(batch, missing=missing > 0)
    if missing > 0:
        st.markdown(
            ngettext(
                "**Still missing: {count} room.** When the rooms above are decided:",
                "**Still missing: {count} rooms.** When the rooms above are decided:",
                missing,
            )
        )
    with st.container(horizontal=True):
        if missing > 0:
            _act(
                _("Create the missing {count}", count=number(missing)),
                "create_missing",
                ":material/add_link:",
                lambda: _create_missing(batch),
            )
            _cancel(batch, _("Finish without them"))
        else:
            _resume(batch, _("Finish"), "finish", ":material/check:")


def _resume(batch: Batch, label: str, key: str, icon: str) -> None:
    _act(label, key, icon, lambda: process.engine().resume(batch, connection.client()))


def _cancel(batch: Batch, label: str = "") -> None:
    """The button that ends the batch. label: what it says where that is not to cancel the rest."""

    said = label or _("Cancel the rest")
    _act(said, "cancel_batch", ":material/cancel:", lambda: process.engine().cancel(batch, connection.client()))


def _create_missing(batch: Batch) -> None:
    if not process.engine().create_missing(batch, connection.client()):
        st.toast(_("Another person was faster: the question has changed. Look again."), icon=":material/info:")


def _act(
    label: str, key: str, icon: str, do: Callable[[], object], *, disabled: bool = False, help: str | None = None
) -> None:
    """A button whose deed may fail for reasons that are Aseed's or the journal's."""
    st.button(label, key=key, icon=icon, on_click=do_or_tell, args=(do,), disabled=disabled, help=help)


def do_or_tell(do: Callable[[], object]) -> None:
    """Does something that Aseed or the journal may refuse; what failed is then told in a toast."""
    try:
        with writing(_("Nothing was done.")):
            do()
    except AseedError as error:
        toast(f"{explain(error).what} {explain(error).next_step}")
