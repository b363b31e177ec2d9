"""Every batch, what needs a person first, and one of them opened: its state, its links, what can be done with it."""

import time
from math import inf
from pathlib import Path

import streamlit as st

from components.batches.filters import choose_view, show_all, show_what_needs_you
from components.batches.result import show_links, unlabelled
from components.batches.row import batch_row, close_batch
from components.batches.unfinished import rooms_in_question, unfinished_batch
from components.batches.words import (
    by_whom,
    made_in_words,
    settings_in_words,
    size_in_words,
    state_in_words,
    title,
    took_in_words,
)
from components.elements.groups import name_rows
from components.elements.paging import page_start
from components.elements.problems import explain
from components.elements.progress import batch_progress
from components.elements.writing import writing
from components.state import address, batches, connection, process, project, viewer, visibility, whole_page
from components.state.batches import Order
from components.state.create_form import LINKS, PEOPLE, fill, values_like
from services.journal.batch_search import BatchView
from services.journal.records import Batch, Stage
from services.local_time import in_words
from services.people.acting import may
from services.people.roles import Right
from services.settings import ROOT
from services.texts.speech import _, counted, ngettext, number
from services.trust import literal

BATCHES_A_PAGE = 15

REFRESH_SECONDS = 2
"""How often the list is drawn again while a batch is at work."""

LAG_SECONDS = 3
"""For how long a browser may still send the address that it had before we wrote another one."""

LONGEST_NAME = 80
"""Characters of a batch's name."""


def opened_batch() -> Batch | None:
    """The batch that is open, if this session may see it. A new session opens the one that the address names."""
    named = st.query_params.get("open", "")
    written, when = batches.current().address
    if named != written and time.monotonic() - when > LAG_SECONDS:
        # Not what we wrote there: the browser has gone back, or to the list, or this is a new session.
        batches.current().opened = int(named) if named.isdecimal() and len(named) < 10 else None
    number = batches.current().opened
    opened = process.journal().batches.find(number, visibility.current()) if number else None
    wanted = str(opened.id) if opened else ""
    if wanted != named:
        address.keep({"open": wanted})
        batches.current().address = (wanted, time.monotonic())
    elif written != wanted:
        batches.current().address = (wanted, -inf)
    return opened


def batch_list() -> None:
    """The batches, a page at a time: those that need a person first, then those at work, then the rest by age."""
    st.html(Path(__file__).with_name("list.css"))
    visible = visibility.current()
    stages = process.journal().batches.stages(visible, BatchView())
    if not stages:
        _no_batches()
        return
    view = choose_view()
    # This is a drawing of the whole page: a press that asked for one has it.
    whole_page.take()
    if not batches.current().keeps_order:
        batches.current().order = None
    batches.current().keeps_order = False
    moves = Stage.AT_WORK in stages
    just_read = [stages]

    def watch() -> None:
        now = just_read.pop() if just_read else process.journal().batches.stages(visibility.current(), BatchView())
        if moves and Stage.AT_WORK not in now:
            batches.current().keeps_order = True
            whole_page.ask()
        if whole_page.take():
            st.rerun()
        _draw(view, now)

    st.fragment(watch, run_every=REFRESH_SECONDS if moves else None)()


def _no_batches() -> None:
    st.info(
        _(
            "**No batches yet.** Each press of Create becomes a batch: its rooms, however many, with their links. Here "
            "you find them again, and see what still needs you."
        ),
        icon=":material/info:",
    )
    if may(Right.CREATE):
        st.page_link(str(ROOT / "pages" / "create.py"), label=_("Create rooms"), icon=":material/add_link:")


def _draw(view: BatchView, stages: dict[Stage, int]) -> None:
    """Draws one page of a view. stages: how many batches there are in all, by stage."""
    journal, visible = process.journal(), visibility.current()
    in_view = stages if view == BatchView() else journal.batches.stages(visible, view)
    found = sum(in_view.values())
    told, pages = st.columns([3, 2], vertical_alignment="center")
    with told.container(horizontal=True, vertical_alignment="center"):
        _how_many(stages, in_view)
    with pages:
        start = page_start(found, BATCHES_A_PAGE, key="batches_page")
    if not found:
        st.info(
            _("**No batch is like that.** Search for another word, or show all batches."),
            icon=":material/search_off:",
        )
        st.button(_("Show all batches"), key="show_all_batches", icon=":material/filter_alt_off:", on_click=show_all)
        return
    order = _order(view, start)
    shown = journal.batches.these(visible, order.ids)
    next_one = next((batch.id for batch in shown if batch.stage == Stage.NEEDS_YOU), None)
    names = {}
    for batch in shown:
        _look_for_late_rooms(batch)
        key = batch_row(batch, leads=batch.id == next_one, moves=batch.id in order.moving)
        names[key] = " · ".join((title(batch), _("No. {number}", number=batch.id)))
    name_rows(names, "batches")


def _how_many(stages: dict[Stage, int], in_view: dict[Stage, int]) -> None:
    needing, total, found = stages.get(Stage.NEEDS_YOU, 0), sum(stages.values()), sum(in_view.values())
    needs = counted(needing, "batch needs you", "batches need you") if needing else _("No batch needs you")
    shown = counted(total, "batch", "batches")
    if found != total:
        shown = _("{found} of {total} batches are shown", found=number(found), total=number(total))
    icon = ":orange[:material/front_hand:]" if needing else ":green[:material/check_circle:]"
    st.markdown(f"{icon} **{needs}** · {shown}", width="content")
    if in_view.get(Stage.NEEDS_YOU, 0) < needing:
        st.button(_("Show what needs you"), key="show_needing", type="tertiary", on_click=show_what_needs_you)


def _order(view: BatchView, start: int) -> Order:
    """The order in which the person sees the page; made where there is none yet."""
    order = batches.current().order
    if order is None or (order.view, order.start) != (view, start):
        journal, visible = process.journal(), visibility.current()
        ids = journal.batches.ids(visible, view, BATCHES_A_PAGE, start)
        moving = frozenset(batch.id for batch in journal.batches.these(visible, ids) if batch.working)
        order = Order(view, start, tuple(ids), moving)
        batches.current().order = order
    return order


def show_batch(batch: Batch) -> None:
    """One batch, with everything that can be done with it."""
    st.button(
        _("All batches"),
        key="close_batch",
        icon=":material/arrow_back:",
        type="tertiary",
        on_click=close_batch,
    )
    st.title(literal(title(batch)), anchor=False)
    size = size_in_words(batch)
    if batch.has_people:
        size = _("{rooms} for a list of people", rooms=size)
    st.markdown(f"{state_in_words(batch)} · {made_in_words(batch)} · {size}")
    parts = (literal(batch.project_name), settings_in_words(batch.settings), by_whom(batch))
    st.caption(" · ".join(filter(None, parts)))
    with st.container(horizontal=True):
        if may(Right.CHANGE):
            _rename(batch)
        # Filled in by the callback: the header has drawn the project by now.
        if may(Right.CREATE) and st.button(
            _("Repeat with these settings"), key="repeat", icon=":material/replay:", on_click=_repeat, args=(batch,)
        ):
            st.switch_page(str(ROOT / "pages" / "create.py"))
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


def _rename(batch: Batch) -> None:
    with st.popover(_("Rename"), icon=":material/edit:", key="rename"):
        st.text_input(
            _("Name of this batch"),
            batch.name,
            key=f"name_{batch.id}",
            max_chars=LONGEST_NAME,
            placeholder=batch.project_name,
            on_change=_keep_name,
            args=(batch.id,),
            help=_("Shown here and in the CSV. Press Enter to save it."),
        )


def _keep_name(batch_id: int) -> None:
    with writing(_("The name could not be saved.")):
        process.journal().batches.rename(batch_id, " ".join(st.session_state[f"name_{batch_id}"].split()))


def _repeat(batch: Batch) -> None:
    """The form as it was for this batch; nothing is created before Create is pressed."""
    fill(values_like(batch.settings))
    project.choose(batch.project_id)
    st.session_state["for_whom"] = PEOPLE if batch.has_people else LINKS
    if not batch.has_people:
        st.session_state["count"] = batch.wanted


def _look_for_late_rooms(batch: Batch) -> None:
    with writing(_("Late rooms were not looked for.")):
        process.engine().look_again_if_due(batch, connection.client())


def _late(batch: Batch) -> None:
    """What was bought, as far as is known, and is not in the batch."""
    _look_for_late_rooms(batch)
    if batch.late:
        st.warning(
            ngettext(
                "**{count} room appeared in this project during or after this batch, and no batch has them.** "
                "Something had gone wrong with an answer of Aseed's, so they may be yours. They cost tokens as long as "
                "they are not cancelled.",
                "**{count} rooms appeared in this project during or after this batch, and no batch has them.** "
                "Something had gone wrong with an answer of Aseed's, so they may be yours. They cost tokens as long as "
                "they are not cancelled.",
                batch.late,
            ),
            icon=":material/schedule:",
        )
        if may(Right.CREATE):
            rooms_in_question(batch, missing=False)
    if batch.has_gaps:
        st.warning(
            _(
                "**Aseed's list of this project leaves out rooms that are there.** So it cannot be known here whether "
                "more rooms were created than this batch has. Compare with the project at Aseed."
            ),
            icon=":material/playlist_remove:",
        )
    if batch.left_alone:
        st.caption(
            ngettext(
                "{count} room of this project was left alone, though they could have been this batch's. They are in no "
                "batch.",
                "{count} rooms of this project were left alone, though they could have been this batch's. They are in "
                "no batch.",
                batch.left_alone,
            )
        )


def _without_room(batch: Batch) -> None:
    if not (batch.over and batch.has_people):
        return
    left = process.journal().batches.without_room(batch.id)
    if left:
        said = ngettext("{count} person has no room", "{count} people have no room", len(left))
        with st.expander(said, icon=":material/person_off:"):
            st.text("\n".join(f"{place}  {label}" for place, label in left))


def _history(batch: Batch) -> None:
    with st.expander(_("History"), icon=":material/history:"):
        zone = viewer.zone()
        for event in process.journal().batches.events(batch.id):
            st.text(f"{in_words(event.at, zone)}  {event.what}")
        st.caption(took_in_words(batch))
