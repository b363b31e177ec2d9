"""What came of a batch: its links to copy, to download, to open and to scan."""

import streamlit as st

from components.batches.arrive import arrive
from components.batches.codes import qr_gallery
from components.batches.latest import REFRESH_SECONDS, ask_now, latest
from components.batches.room_table import ROOMS_A_PAGE, numbered, room_table
from components.elements.copy_button import copy_button
from components.elements.csv_download import download_csv, download_other_csv
from components.elements.one_link import show_conflicts
from components.elements.paging import page_start
from components.elements.problems import explain, links_are_hidden
from components.elements.take_away.panel import take_away
from components.elements.words import rooms_in_words
from components.elements.writing import writing
from components.state import batches, connection, create, press, process, viewer, visibility
from components.state.batches import BatchLinks
from services.aseed.errors import AseedError
from services.aseed.models import ProjectResponse
from services.export.delimited import Delimiter
from services.export.table import links_csv
from services.journal.records import Batch, State
from services.local_time import in_words, local
from services.rooms.entry import Entry
from services.trust import literal

LINKS_SENT = 1_000
"""So many links are sent to the browser with each drawing of the page; more only when a person wants to copy them."""

NEWEST_SHOWN = 100
"""How many of the newest rooms are shown where the number that was made is not known: those of one call."""


def batch_result(batch: Batch) -> None:
    """Everything that came, and loudly what did not."""
    said = f"{rooms_in_words(batch.rooms)} created." if batch.rooms else "No rooms were created. Read what went wrong."
    arrive(batch.nonce, said)
    if batch.problem:
        explain(batch.problem).show(done=batch.rooms)
    if batch.rooms:
        _rooms(batch)
    elif batch.state == State.CANCELLED:
        st.info("You stopped this batch before any room was created.", icon=":material/info:")


def show_links(batch: Batch) -> None:
    """The links of a batch, to take away and one by one; only while Aseed answers for the token."""
    if links_are_hidden(project_id=batch.project_id):
        return
    _take_away(batch)
    _links_and_codes(batch)


def _take_away(batch: Batch) -> None:
    """All links at once: to the clipboard, or as a file."""
    zone = viewer.zone()
    text, good = _batch_links(batch).text, _batch_links(batch).good
    with st.container(horizontal=True, vertical_alignment="center", key="take_away"):
        if good > LINKS_SENT and batches.current().to_copy != batch.id:
            st.button(
                f"Prepare {good:,} links for copying",
                key="prepare_copy",
                icon=":material/content_copy:",
                on_click=_prepare_copy,
                args=(batch.id,),
            )
        elif good:
            copy_button(f"Copy all {good:,} links" if good > 1 else "Copy the link", text, "copy_all")
        name = batch.name or f"{batch.project_name} {local(batch.made, zone):%Y-%m-%d %H:%M}"

        def links(delimiter: Delimiter) -> bytes:
            return links_csv(_now(batch, name), zone, delimiter)

        download_csv("Download CSV", links, batch.project_name, "csv")
        download_other_csv("CSV", links, batch.project_name, "csv")
    take_away(lambda: _now(batch, name), batch.rooms, batch.project_name, "batch")
    if bad := batch.rooms - good - _batch_links(batch).shared:
        st.warning(
            f"**{rooms_in_words(bad)} came with an address that is not a proper link of Aseed's.** "
            "They are marked below and left out of Copy all and of the QR codes. Ask Aseed about them.",
            icon=":material/link_off:",
        )
    show_conflicts(batch)


def _links_and_codes(batch: Batch) -> None:
    """The batch's rooms as a table and as QR codes, a page at a time."""
    # Only the open one is drawn: a page of codes costs as much as the rest of the page.
    links, codes = st.tabs(
        [":material/link: Links", ":material/qr_code: QR codes"], key="result_tabs", on_change="rerun"
    )
    if codes.open:
        with codes:
            qr_gallery(batch)
    else:
        with links:
            _links(batch)


def lost_batch(project: ProjectResponse | None) -> None:
    """Says that there was a press whose rooms cannot be shown, and how to find them."""
    st.header("Your last rooms", divider="gray", anchor=False)
    st.warning(
        "**What came of your last press of Create cannot be shown.** It was made with another API token. Paste that "
        "token again in Settings, or choose the project above and look at its newest rooms.",
        icon=":material/history:",
    )
    with st.container(horizontal=True):
        if project:
            st.button("Show this project's newest rooms", key="look", icon=":material/search:", on_click=_look)
        st.button("Never mind", key="forget", on_click=press.forget)
    if project and create.current().shows_newest:
        _newest(project)


def _rooms(batch: Batch) -> None:
    st.header(f"{rooms_in_words(batch.rooms)} for {literal(batch.project_name)}", divider="gray", anchor=False)
    if batch.rooms != batch.wanted:
        why = " You stopped it there." if batch.state == State.CANCELLED else ""
        st.warning(
            f"**You asked for {batch.wanted:,}, and {batch.rooms:,} came.**{why} They are kept here and are ready to "
            "hand out.",
            icon=":material/warning:",
        )
    unlabelled(batch)
    if expires := _batch_links(batch).expires:
        zone = viewer.zone()
        st.markdown(f"The links work until **{in_words(expires, zone)}** ({zone.key}).")
    show_links(batch)


def unlabelled(batch: Batch) -> None:
    """Says which labels Aseed would not take, and offers to try again."""
    if not batch.labels_failed:
        return
    st.warning(
        f"**{batch.labels_failed:,} of {batch.labels:,} labels could not be set at Aseed.** Here and in the CSV every "
        "room still has its label.",
        icon=":material/label_off:",
    )
    st.button(
        "Set these labels again",
        key="label_again",
        icon=":material/label:",
        on_click=_label_again,
        args=(batch,),
    )


def _label_again(batch: Batch) -> None:
    with writing("The labels were not set.") as attempt:
        process.engine().label_again(batch, connection.client())
    if attempt.worked:
        st.toast(f"Setting {batch.labels_failed:,} labels. Look again in a moment.", icon=":material/label:")


def _batch_links(batch: Batch) -> BatchLinks:
    check = connection.current().check
    # By which rooms, not by how many: one conflict may be settled while another one comes.
    shared = process.journal().links.shared(batch.id)
    made = (batch.id, batch.rooms, check, shared)
    kept = batches.current().links
    if kept is None or kept.made_of != made:
        good = [link.target for link in map(check, process.journal().batches.links(batch.id)) if link.is_proper]
        (first,) = process.journal().batches.rooms(batch.id, 1)
        kept = BatchLinks(made, "\n".join(good), len(good), len(shared), first.room.expires_at)
        batches.current().links = kept
    return kept


def _prepare_copy(batch_id: int) -> None:
    batches.current().to_copy = batch_id


def _now(batch: Batch, name: str) -> list[Entry]:
    """Every room of the batch, as Aseed last described it.

    name: what stands for the batch in the file, which may have no name of its own.
    """
    return latest(batch).entries(batch, process.journal().batches.rooms(batch.id), name=name)


@st.fragment(run_every=REFRESH_SECONDS)
def _links(batch: Batch) -> None:
    """The table; the browser asks for it again, so that a status moves without a touch."""
    if visibility.links_problem():
        st.rerun()
    now = latest(batch)
    start = page_start(batch.rooms, ROOMS_A_PAGE, "rooms_page")
    kept = process.journal().batches.rooms(batch.id, ROOMS_A_PAGE, start)
    room_table(now.entries(batch, kept, start + 1), viewer.zone(), key="rooms")
    with st.container(horizontal=True, vertical_alignment="center"):
        if now.stale:
            st.caption(
                f":orange[Aseed does not answer: these are the statuses of {now.moment:%H:%M:%S}.]", width="content"
            )
        else:
            st.caption(f"Status at {now.moment:%H:%M:%S}, looked up again every {REFRESH_SECONDS} s.", width="content")
        st.button("Look now", key="refresh", type="tertiary", icon=":material/refresh:", on_click=ask_now)


def _newest(project: ProjectResponse) -> None:
    try:
        rooms = connection.client().rooms(project.id)
    except AseedError as error:
        explain(error).show()
        return
    newest = sorted(rooms, key=lambda room: room.created_at, reverse=True)[:NEWEST_SHOWN]
    start = page_start(len(newest), ROOMS_A_PAGE, "newest_page")
    room_table(numbered(newest, project.name)[start : start + ROOMS_A_PAGE], viewer.zone(), "newest", "Created")


def _look() -> None:
    create.current().shows_newest = True
