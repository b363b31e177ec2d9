"""What came of a batch: its links to copy, to take away, to open and to scan."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from components.batches.actions import selection_of, show_actions
from components.batches.arrive import arrive
from components.batches.headline import headline
from components.batches.latest import REFRESH_SECONDS, ask_now, latest
from components.batches.room_table import ROOMS_A_PAGE, numbered, room_table
from components.elements.focus import return_focus
from components.elements.one_link import show_conflicts
from components.elements.paging import page_start
from components.elements.problems import explain, links_are_hidden
from components.elements.take_away.dialog import NAME, take_away
from components.elements.writing import writing
from components.state import batches, connection, create, dialogs, press, process, viewer, visibility
from components.state.batches import BatchLinks
from services.aseed.errors import AseedError
from services.aseed.models import ProjectResponse
from services.export.names import code_name
from services.journal.records import Batch, State
from services.local_time import in_words, local
from services.people.acting import may
from services.people.roles import Right
from services.rooms.entry import Entry
from services.texts.speech import _, ngettext, number
from services.trust import literal

NEWEST_SHOWN = 100
"""How many of the newest rooms are shown where the number that was made is not known: those of one call."""


def batch_result(batch: Batch, way_on: Callable[[], None] | None = None) -> None:
    """Everything that came, and loudly what did not. way_on: draws what stands beside the heading."""
    said = _("No rooms were created. Read what went wrong.")
    if batch.rooms:
        said = ngettext("{count} room created.", "{count} rooms created.", batch.rooms)
    # Wanted once more, it arrives once more, though it may still stand where it was.
    arrive(f"{batch.nonce} {create.current().turn}", said)
    if batch.rooms:
        _rooms(batch, way_on)
        return
    if batch.problem:
        explain(batch.problem).show()
    elif batch.state == State.CANCELLED:
        st.info(_("You stopped this batch before any room was created."), icon=":material/info:")


def show_links(batch: Batch) -> None:
    """The links of a batch, to take away and one by one; only while Aseed answers for the token."""
    wanted = dialogs.take()
    if links_are_hidden(project_id=batch.project_id):
        return
    if not may(Right.LINKS):
        _table(batch, wanted)
        return
    links = _batch_links(batch)
    if bad := batch.rooms - links.good - links.shared - links.withdrawn:
        st.warning(
            ngettext(
                "**{count} room came with an address that is not a proper link of Aseed's.** They are marked below and "
                "left out of Copy all and of the QR codes. Ask Aseed about them.",
                "**{count} rooms came with an address that is not a proper link of Aseed's.** They are marked below "
                "and left out of Copy all and of the QR codes. Ask Aseed about them.",
                bad,
            ),
            icon=":material/link_off:",
        )
    show_conflicts(batch)
    if batch.rooms > 1:
        show_actions(batch, links)
        _table(batch, wanted)
    else:
        _table(batch, wanted)
        show_actions(batch, links)
    return_focus(wanted)
    if wanted and wanted.name == NAME:
        take_away(selection_of(batch))


def lost_batch(project: ProjectResponse | None) -> None:
    """Says that there was a press whose rooms cannot be shown, and how to find them."""
    st.header(_("Your last rooms"), divider="gray", anchor=False)
    st.warning(
        _(
            "**What came of your last press of Create cannot be shown.** It was made with another API token. Paste "
            "that token again in Settings, or choose the project above and look at its newest rooms."
        ),
        icon=":material/history:",
    )
    with st.container(horizontal=True):
        if project:
            st.button(_("Show this project's newest rooms"), key="look", icon=":material/search:", on_click=_look)
        st.button(_("Never mind"), key="forget", on_click=press.forget)
    if project and create.current().shows_newest:
        _newest(project)


def _rooms(batch: Batch, way_on: Callable[[], None] | None) -> None:
    expires, zone = _batch_links(batch).expires, viewer.zone()
    until = ""
    if expires:
        moment = in_words(expires, zone)
        until = ngettext(
            "The link works until **{moment}** ({zone}).",
            "The links work until **{moment}** ({zone}).",
            batch.rooms,
            moment=moment,
            zone=zone.key,
        )
    project = literal(batch.project_name)
    what = ngettext("{count} room for {project}", "{count} rooms for {project}", batch.rooms, project=project)
    headline(what, way_on, until)
    if batch.problem:
        explain(batch.problem).show(done=batch.rooms)
    if batch.rooms != batch.wanted:
        wanted, came = number(batch.wanted), number(batch.rooms)
        fewer = _(
            "**You asked for {wanted}, and {came} came.** They are kept here and are ready to hand out.",
            wanted=wanted,
            came=came,
        )
        if batch.state == State.CANCELLED:
            fewer = _(
                "**You asked for {wanted}, and {came} came.** You stopped it there. They are kept here and are ready "
                "to hand out.",
                wanted=wanted,
                came=came,
            )
        st.warning(fewer, icon=":material/warning:")
    unlabelled(batch)
    show_links(batch)


def unlabelled(batch: Batch) -> None:
    """Says which labels Aseed would not take, and offers to try again."""
    if not batch.labels_failed:
        return
    st.warning(
        _(
            "**{failed} of {labels} labels could not be set at Aseed.** Here and in the CSV every room still has its "
            "label.",
            failed=number(batch.labels_failed),
            labels=number(batch.labels),
        ),
        icon=":material/label_off:",
    )
    if may(Right.CHANGE):
        st.button(
            _("Set these labels again"),
            key="label_again",
            icon=":material/label:",
            on_click=_label_again,
            args=(batch,),
        )


def _label_again(batch: Batch) -> None:
    with writing(_("The labels were not set.")) as attempt:
        process.engine().label_again(batch, connection.client())
    if attempt.worked:
        unset = batch.labels_failed
        setting = ngettext(
            "Setting {count} labels. Look again in a moment.", "Setting {count} labels. Look again in a moment.", unset
        )
        st.toast(setting, icon=":material/label:")


def _batch_links(batch: Batch) -> BatchLinks:
    check = connection.current().check
    # By which rooms, not by how many: one conflict may be settled while another one comes.
    shared = process.journal().links.shared(batch.id)
    withdrawn = process.journal().batches.withdrawn(batch.id)
    made = (batch.id, batch.rooms, check, shared, withdrawn)
    kept = batches.current().links
    if kept is None or kept.made_of != made:
        good = [link.target for link in map(check, process.journal().batches.links(batch.id)) if link.is_proper]
        (first,) = process.journal().batches.rooms(batch.id, 1)
        text, others = "\n".join(good), len(withdrawn - shared)
        kept = BatchLinks(made, text, len(good), len(shared), first.room.expires_at, others)
        batches.current().links = kept
    return kept


def _table(batch: Batch, wanted: dialogs.Wanted | None) -> None:
    """The rooms; the browser asks for them again, so that a status moves without a touch. Not beneath a dialog."""

    def watch() -> None:
        _rooms_as_they_are(batch)

    st.fragment(watch, run_every=dialogs.unless_wanted(wanted, REFRESH_SECONDS))()


def _rooms_as_they_are(batch: Batch) -> None:
    if visibility.links_problem():
        st.rerun()
    now = latest(batch)
    start = page_start(batch.rooms, ROOMS_A_PAGE, "rooms_page")
    kept = process.journal().batches.rooms(batch.id, ROOMS_A_PAGE, start)
    entries = now.entries(batch, kept, start + 1)
    room_table(entries, viewer.zone(), key="rooms", file_of=partial(_file_of_code, batch), alone=batch.rooms == 1)
    at = f"{now.moment:%H:%M:%S}"
    with st.container(horizontal=True, vertical_alignment="center"):
        if now.stale:
            told = _(":orange[Aseed does not answer: these are the statuses of {time}.]", time=at)
        else:
            told = _("Status at {time}, looked up again every {seconds} s.", time=at, seconds=REFRESH_SECONDS)
        st.caption(told, width="content")
        st.button(_("Look now"), key="refresh", type="tertiary", icon=":material/refresh:", on_click=ask_now)


def _file_of_code(batch: Batch, entry: Entry) -> str:
    made = local(batch.made, viewer.zone())
    name = code_name(batch.project_name, made, batch.nonce, entry.number, entry.known_as, "svg")
    return name.removesuffix(".svg")


def _newest(project: ProjectResponse) -> None:
    try:
        rooms = connection.client().rooms(project.id)
    except AseedError as error:
        explain(error).show()
        return
    newest = sorted(rooms, key=lambda room: room.created_at, reverse=True)[:NEWEST_SHOWN]
    start = page_start(len(newest), ROOMS_A_PAGE, "newest_page")
    room_table(numbered(newest, project.name)[start : start + ROOMS_A_PAGE], viewer.zone(), "newest", "created")


def _look() -> None:
    create.current().shows_newest = True
