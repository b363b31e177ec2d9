"""Packs for places without a network: a page to take along, and what was ticked in it, brought back."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

import streamlit as st

from components.desk.pool import Pool, look_for_new
from components.desk.setup import LONGEST_NAME
from components.elements.download import download
from components.elements.numbers import number_problem
from components.elements.problems import explain, show_beside
from components.elements.sheet_file import read_or_ask
from components.elements.words import bullets, counted
from components.state import connection, process, station, viewer, visibility
from services.aseed.errors import AseedError
from services.aseed.models import PENDING
from services.export.offline.page import offline_pack
from services.journal.database import JournalError
from services.journal.desk.records import HandOut, Kind, Station, Tick
from services.journal.desk.stations import NameTaken
from services.local_time import in_words
from services.roster.sheet import RosterError
from services.roster.ticks import Ticked, ticked
from services.trust import literal

USUAL = 30
"""How many links a pack gets where nobody says otherwise."""

MOST = 1000
"""How many links a pack may have: it is one file, which an old tablet has to open."""

DOUBLE_CLICK_SECONDS = 5
"""For how long the same press again is taken for a second click."""

LISTED = 10
"""How many conflicts or mistakes are told; the rest is counted."""


def packs(pool: Pool) -> None:
    """Make a pack, and look after those that there are."""
    _new(pool)
    journal, visible = process.journal(), visibility.current()
    for pack in reversed(journal.stations.all(visible, pool.project.id, Kind.PACK)):
        if not pack.is_closed:
            waiting, given = journal.packs.packed(visible, pack)
            _one(pool, pack, waiting, given)


def _new(pool: Pool) -> None:
    st.markdown(
        "A pack is one file with codes, names and a search. It opens in a browser without a network, and keeps what "
        "you tick. Its links are set aside: no desk gives them too. **Use each pack on one device only.**"
    )
    if not pool.left.free:
        st.info("**No link is left for a pack.**", icon=":material/inbox:")
        look_for_new()
        return
    place, count, make = st.columns([3, 1, 1], vertical_alignment="bottom")
    place.text_input("Place", key="pack_place", max_chars=LONGEST_NAME, placeholder="Such as Clinic, floor 2")
    most = min(pool.left.free, MOST)
    wanted = count.number_input("Links", value=min(USUAL, most), step=1, key=f"pack_count_{most}")
    problem = number_problem(wanted, 1, most)
    make.button(
        "Make the pack", key="pack_make", type="primary", icon=":material/inventory_2:", width="stretch",
        on_click=_make, args=(pool, most), disabled=problem is not None,
    )  # fmt: skip
    show_beside(st.session_state.pop("pack_problem", None) or problem)


def _make(pool: Pool, most: int) -> None:
    place, count = " ".join(st.session_state["pack_place"].split()), st.session_state[f"pack_count_{most}"]
    if not place:
        st.session_state["pack_problem"] = "Say for which place the pack is."
        return
    if number_problem(count, 1, most):
        # Typed just before the press: it is said beside the field.
        return
    journal, visible = process.journal(), visibility.current()
    pack = Station(secrets.token_urlsafe(12), Kind.PACK, pool.project.id, place, batch_id=pool.batch_id)
    try:
        journal.stations.open(visible, pack)
        journal.packs.pack(visible, pack, int(count))
    except NameTaken as taken:
        # Of a double click the second comes to nothing.
        if taken.station.seconds_since_beat > DOUBLE_CLICK_SECONDS:
            st.session_state["pack_problem"] = "There is a pack for this place already. Call this one otherwise."
        return
    except JournalError as error:
        st.session_state["pack_problem"] = str(error)
        return
    st.session_state["pack_place"] = ""


def _one(pool: Pool, pack: Station, waiting: Sequence[HandOut], given: int) -> None:
    made = in_words(pack.opened, viewer.zone()) if pack.opened else ""
    with st.container(border=True, key=f"pack_{pack.key}"):
        total = len(waiting) + given
        st.markdown(f"**{literal(pack.name)}** · {counted(total, 'link', 'links')} · {given:,} handed out")
        st.caption(f"Made on {made}.")
        with st.container(horizontal=True):
            if waiting:
                download(
                    "Download the pack",
                    lambda: _file(pool, pack, waiting),
                    f"{pool.project.name} {pack.name}",
                    "html",
                    f"pack_file_{pack.key}",
                    help="Whoever has this file has its links: guard it like them.",
                )
            _return(pack, waiting)
        brought = st.file_uploader(
            "Bring back what was ticked: the CSV that the pack's page downloads",
            ["csv", "xlsx", "txt"],
            key=f"pack_ticks_{pack.key}",
        )
        if brought is not None:
            _enter(pool, pack, brought.getvalue(), brought.name)


def _file(pool: Pool, pack: Station, waiting: Sequence[HandOut]) -> bytes:
    desk, zone = station.desk(), viewer.zone()
    entries = [desk.entry(each, pool.project.name) for each in waiting]
    title = pool.project.name
    return offline_pack(entries, pack_id=pack.key, title=title, station=pack.name, zone=zone)


def _return(pack: Station, waiting: Sequence[HandOut]) -> None:
    """End a pack: what nobody got returns to the pool, which is asked once more."""
    label = "Return the rest to the pool" if waiting else "Close"
    if not waiting:
        st.button(label, key=f"pack_close_{pack.key}", icon=":material/close:", on_click=_end, args=(pack,))
        return
    with st.popover(label, icon=":material/undo:", key=f"pack_return_{pack.key}"):
        st.markdown(
            f"**{counted(len(waiting), 'link', 'links')}** can then be given by desks. Bring the ticks back first, and "
            "delete the file: whoever still hands out from it would give links that others have."
        )
        st.button("Return them", key=f"pack_end_{pack.key}", icon=":material/undo:", on_click=_end, args=(pack,))


def _end(pack: Station) -> None:
    try:
        process.journal().packs.unpack(visibility.current(), pack)
        process.journal().stations.close(visibility.current(), pack.key)
    except JournalError as error:
        st.toast(f"That could not be written down. {error}", icon=":material/error:")


@dataclass(frozen=True)
class _Entered:
    """What came of a file. count: how many hand-outs it has. told: what does not fit, a line each, as markdown."""

    count: int
    told: Sequence[str]


def _enter(pool: Pool, pack: Station, content: bytes, name: str) -> None:
    """Enter the ticks of a file, once for each file; the same one again changes nothing."""
    kept = f"pack_entered_{pack.key}_{sha256(content).hexdigest()[:16]}"
    try:
        if kept not in st.session_state:
            sheet = read_or_ask(content, name, f"pack_{pack.key}")
            if sheet is None:
                return
            st.session_state[kept] = _entered(pool, pack, ticked(sheet))
    except RosterError as error:
        st.error(f"**This file cannot be read.** {literal(str(error))}", icon=":material/error:")
        return
    except JournalError as error:
        st.error(f"**Nothing was entered.** {error} Try it again.", icon=":material/error:")
        return
    came: _Entered | None = st.session_state[kept]
    if came is None:
        st.error("**This file is of another pack.** Bring it to the one whose place it names.", icon=":material/error:")
        return
    st.success(f"**{counted(came.count, 'hand-out', 'hand-outs')} in this file.**", icon=":material/check_circle:")
    if came.told:
        st.warning(f"**Look at these:**\n\n{bullets(came.told, str, LISTED)}", icon=":material/warning:")


def _entered(pool: Pool, pack: Station, found: Ticked) -> _Entered | None:
    """Enter what is of this pack; None where all of it is of another."""
    ours = [row for row in found.rows if row.pack_id == pack.key]
    if found.rows and not ours:
        return None
    ticks = [Tick(row.room_id, row.at, row.by, row.whom) for row in ours]
    _, conflicts = process.journal().packs.enter(visibility.current(), pack, ticks)
    told = [f"{literal(each.name)}: {literal(each.words)}" for each in conflicts]
    told += [f"row {each.row}: {literal(each.message)}" for each in found.problems]
    return _Entered(len(ours), [*told, *_used(pool, pack)])


def _used(pool: Pool, pack: Station) -> list[str]:
    """Links of the pack that somebody has used, and that nobody has ticked."""
    waiting, _ = process.journal().packs.packed(visibility.current(), pack)
    try:
        listed = {room.id: room for room in connection.client().rooms(pool.project.id)}
    except AseedError as error:
        return [f"whether others were used is not known: {explain(error).what}"]
    found = [(each, listed[each.room_id].status) for each in waiting if each.room_id in listed]
    return [f"{literal(each.name)}: {status} at Aseed, and not ticked" for each, status in found if status != PENDING]
