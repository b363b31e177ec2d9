"""What came of a batch: its links to copy, to download, to open and to scan."""

from datetime import datetime

import streamlit as st

from components import press, session
from components.browser import component
from components.copy_button import copy_button
from components.latest import REFRESH_SECONDS, ask_now, latest
from components.plan import rooms_in_words
from components.problems import explain
from components.qr_gallery import qr_gallery
from components.room_table import room_table
from services.aseed.errors import AseedError, OutcomeUnknown
from services.aseed.models import ProjectResponse
from services.batches import Batch
from services.export.names import file_name
from services.export.table import links_csv
from services.local_time import in_words
from services.trust import is_link, literal

MANY = 100
"""How many of the newest rooms are shown where nobody knows how many were made: those of one call."""


def batch_result(batch: Batch) -> None:
    """Everything that came, and loudly what did not."""
    said = (
        f"{rooms_in_words(len(batch.rooms))} created." if batch.rooms else "No rooms were shown. Read what went wrong."
    )
    component("arrive")(key="arrive", data={"nonce": batch.nonce, "said": said})
    if batch.error:
        explain(batch.error).show()
    if isinstance(batch.error, OutcomeUnknown):
        _offer_to_look(batch)
    if batch.rooms:
        _rooms(batch)


def _rooms(batch: Batch) -> None:
    rooms, wanted = batch.rooms, batch.request.count
    st.header(f"{rooms_in_words(len(rooms))} for {literal(batch.project.name)}", divider="gray", anchor=False)
    if len(rooms) != wanted:
        st.warning(
            f"**You asked for {wanted}, and {len(rooms)} came.** They are kept here and are ready to hand out.",
            icon=":material/warning:",
        )
    if expires := rooms[0].expires_at:
        zone = session.viewer_zone()
        st.markdown(f"The links work until **{in_words(expires, zone)}** ({zone.key}).")
    _take_away(batch)
    links, codes = st.tabs([":material/link: Links", ":material/qr_code: QR codes"], key="result_tabs")
    with links:
        _links(batch)
    with codes:
        qr_gallery(batch, session.connection().origins)


def _take_away(batch: Batch) -> None:
    """All links at once: to the clipboard, or as a file."""
    origins, zone, now = session.connection().origins, session.viewer_zone(), latest(batch)
    good = [room.url for room in batch.rooms if is_link(room.url, origins)]
    with st.container(horizontal=True, vertical_alignment="center", key="take_away"):
        if good:
            copy_button(
                f"Copy all {len(good)} links" if len(good) > 1 else "Copy the link", "\n".join(good), "copy_all"
            )
        st.download_button(
            "Download CSV",
            # Made on the click, with the statuses of that moment.
            lambda: links_csv(now.rooms, batch.project.name, zone, origins),
            file_name(batch.project.name, datetime.now(zone), "csv"),
            "text/csv",
            key="download_csv",
            icon=":material/download:",
            on_click="ignore",
        )
    if bad := len(batch.rooms) - len(good):
        st.warning(
            f"**{rooms_in_words(bad)} came with an address that is not a proper link of Aseed's.** "
            "They are marked below and left out of Copy all and of the QR codes. Ask Aseed about them.",
            icon=":material/link_off:",
        )


@st.fragment(run_every=REFRESH_SECONDS)
def _links(batch: Batch) -> None:
    """The table; the browser asks for it again, so that a status moves without a touch."""
    now = latest(batch)
    room_table(now.rooms, session.viewer_zone(), session.connection().origins, key="rooms")
    with st.container(horizontal=True, vertical_alignment="center"):
        if now.stale:
            st.caption(
                f":orange[Aseed does not answer: these are the statuses of {now.moment:%H:%M:%S}.]", width="content"
            )
        else:
            st.caption(f"Status at {now.moment:%H:%M:%S}, looked up again every {REFRESH_SECONDS} s.", width="content")
        st.button("Look now", key="refresh", type="tertiary", icon=":material/refresh:", on_click=ask_now)


def lost_batch(project: ProjectResponse | None) -> None:
    """Say that there was a press whose rooms cannot be shown, and how to find them."""
    st.header("Your last rooms", divider="gray", anchor=False)
    st.warning(
        "**What came of your last press of Create is not here.** It was made with another API token, or the dashboard "
        "has been restarted since. The rooms are safe at Aseed: paste that token again in Settings, or choose the "
        "project above and look at its newest rooms.",
        icon=":material/history:",
    )
    with st.container(horizontal=True):
        if project:
            st.button("Show this project's newest rooms", key="look", icon=":material/search:", on_click=_look)
        st.button("Never mind", key="forget", on_click=press.forget)
    if project and st.session_state.get("looking"):
        _newest(project, MANY)


def _offer_to_look(batch: Batch) -> None:
    """The project's newest rooms, to see whether a lost answer had made any."""
    st.button("Show this project's newest rooms", key="look", icon=":material/search:", on_click=_look)
    if st.session_state.get("looking"):
        st.markdown("Compare when they were created, and how many there are, with what you asked for:")
        _newest(batch.project, 2 * batch.request.count)


def _newest(project: ProjectResponse, count: int) -> None:
    try:
        rooms = session.client().rooms(project.id)
    except AseedError as error:
        explain(error).show()
        return
    newest = sorted(rooms, key=lambda room: room.created_at, reverse=True)[:count]
    room_table(newest, session.viewer_zone(), session.connection().origins, key="newest", moment="Created")


def _look() -> None:
    st.session_state["looking"] = True
