"""Packs for places without a network: a page to take along, and what was ticked in it, brought back."""

import dataclasses
import secrets
from collections.abc import Sequence
from hashlib import sha256

import streamlit as st

from components.desk.pool import Pool
from components.desk.setup import LONGEST_NAME
from components.elements.download import download
from components.elements.exported import Exported, exported, made_by
from components.elements.filled_pool import look_for_new
from components.elements.groups import name_rows
from components.elements.numbers import number_problem
from components.elements.problems import explain, show_beside
from components.elements.sheet_file import read_or_ask
from components.elements.words import bullets, status_in_words
from components.elements.writing import writing
from components.state import connection, device, process, viewer, visibility
from components.state import desk as desk_state
from components.state.desk import Entered
from services.aseed.errors import AseedError
from services.aseed.models import PENDING
from services.export.offline.page import offline_pack
from services.journal.deeds import Export
from services.journal.desk.records import HandOut, Kind, Station, Tick
from services.journal.desk.stations import NameTaken
from services.local_time import in_words
from services.rooms.entry import Entry
from services.roster.reading import UPLOADS
from services.roster.sheet import RosterError
from services.roster.ticks import Ticked, ticked
from services.texts.speech import _, counted, language, ngettext, number
from services.trust import literal

USUAL_SIZE = 30
"""How many links a pack gets where staff choose no other number."""

LARGEST_SIZE = 1000
"""How many links a pack may have: it is one file, which an old tablet has to open."""

DOUBLE_CLICK_SECONDS = 5
"""Seconds for which the same press again is taken for a second click."""

MISFITS_LISTED = 10
"""How many conflicts or mistakes are listed; the rest is counted."""


def packs(pool: Pool) -> None:
    """Draws the form that makes a pack, and the packs that are not closed."""
    _draw_form(pool)
    journal, visible = process.journal(), visibility.current()
    names = {}
    for pack in reversed(journal.stations.all(visible, pool.project.id, Kind.PACK)):
        if not pack.is_closed:
            waiting, given = journal.packs.packed(visible, pack)
            _draw_pack(pool, pack, waiting, given)
            names[_row_key(pack)] = pack.name
    name_rows(names, "packs")


def _draw_form(pool: Pool) -> None:
    st.markdown(
        _(
            "A pack is one file with codes, names and a search. It opens in a browser without a network, and keeps "
            "what you tick. Its links are set aside: no desk gives them too. **Use each pack on one device only.**"
        )
    )
    if not pool.left.free:
        st.info(_("**No link is left for a pack.**"), icon=":material/inbox:")
        look_for_new()
        return
    place, count, make = st.columns([3, 1, 1], vertical_alignment="bottom")
    place.text_input(_("Place"), key="pack_place", max_chars=LONGEST_NAME, placeholder=_("Such as Clinic, floor 2"))
    most = min(pool.left.free, LARGEST_SIZE)
    wanted = count.number_input(_("Links"), value=min(USUAL_SIZE, most), step=1, key=f"pack_count_{most}")
    problem = number_problem(wanted, 1, most)
    make.button(
        _("Make the pack"), key="pack_make", type="primary", icon=":material/inventory_2:", width="stretch",
        on_click=_make, args=(pool, most), disabled=problem is not None,
    )  # fmt: skip
    show_beside(desk_state.current().pack_problem or problem)
    if desk_state.current().pack_problem:
        desk_state.current().pack_problem = None


def _make(pool: Pool, most: int) -> None:
    place, count = " ".join(st.session_state["pack_place"].split()), st.session_state[f"pack_count_{most}"]
    if not place:
        _note_problem(_("Say for which place the pack is."))
        return
    if number_problem(count, 1, most):
        # Typed just before the press: it is said beside the field.
        return
    journal, visible = process.journal(), visibility.current()
    pack = Station(secrets.token_urlsafe(12), Kind.PACK, pool.project.id, place, batch_id=pool.batch_id)
    try:
        with writing(_("The pack was not made."), tell=_note_problem) as attempt:
            journal.stations.open(visible, pack)
            journal.packs.pack(visible, pack, int(count))
        if attempt.worked:
            st.session_state["pack_place"] = ""
    except NameTaken as taken:
        # The second press of a double click does nothing.
        if taken.station.seconds_since_beat > DOUBLE_CLICK_SECONDS:
            _note_problem(_("There is a pack for this place already. Give this one another name."))


def _note_problem(problem: str) -> None:
    desk_state.current().pack_problem = problem


def _draw_pack(pool: Pool, pack: Station, waiting: Sequence[HandOut], given: int) -> None:
    made = in_words(pack.opened, viewer.zone()) if pack.opened else ""
    with st.container(border=True, key=_row_key(pack)):
        total = len(waiting) + given
        handed_out = _("{count} handed out", count=number(given))
        st.markdown(f"**{literal(pack.name)}** · {counted(total, 'link', 'links')} · {handed_out}")
        st.caption(_("Made on {moment}.", moment=made))
        with st.container(horizontal=True):
            if waiting:
                download(
                    _("Download the pack"),
                    lambda: _file_of_pack(pool, pack, waiting),
                    f"{pool.project.name} {pack.name}",
                    "html",
                    f"pack_file_{_widget_key(pack)}",
                    help=_("A person who has this file has its links: guard it like them."),
                    spoken=language(),
                )
            _offer_return(pack, waiting)
        brought = st.file_uploader(
            _("Bring back what was ticked: the CSV that the pack's page downloads"),
            UPLOADS,
            key=f"pack_ticks_{_widget_key(pack)}",
        )
        if brought is not None:
            _enter(pool, pack, brought.getvalue(), brought.name)


def _row_key(pack: Station) -> str:
    return f"pack_{_widget_key(pack)}"


def _widget_key(pack: Station) -> str:
    """What stands for the pack in the keys of widgets: a component's key may hold no two underscores side by side."""
    return pack.key.encode().hex()


def _file_of_pack(pool: Pool, pack: Station, waiting: Sequence[HandOut]) -> Exported:
    desk, zone = device.desk(), viewer.zone()
    entries = [desk.entry(each, pool.project.name) for each in waiting]
    title = pool.project.name

    def make(rooms: Sequence[Entry]) -> bytes:
        return offline_pack(rooms, pack_id=pack.key, title=title, station=pack.name, zone=zone, made_by=made_by())

    return exported(Export.PACK, entries, make)


def _offer_return(pack: Station, waiting: Sequence[HandOut]) -> None:
    """Offers to end a pack. Links that were not handed out return to the pool, after one more question."""
    label = _("Return the rest to the pool") if waiting else _("Close")
    if not waiting:
        st.button(label, key=f"pack_close_{_widget_key(pack)}", icon=":material/close:", on_click=_end, args=(pack,))
        return
    with st.popover(label, icon=":material/undo:", key=f"pack_return_{_widget_key(pack)}"):
        st.markdown(
            ngettext(
                "**{count} link** can then be given by desks.",
                "**{count} links** can then be given by desks.",
                len(waiting),
            )
            + " "
            + _(
                "Bring the ticks back first, and delete the file: a person who still hands out from it would give "
                "links that others have."
            )
        )
        key = f"pack_end_{_widget_key(pack)}"
        st.button(_("Return them"), key=key, icon=":material/undo:", on_click=_end, args=(pack,))


def _end(pack: Station) -> None:
    with writing(_("The pack was not closed.")):
        process.journal().packs.unpack(visibility.current(), pack)
        process.journal().stations.close(visibility.current(), pack.key)


def _enter(pool: Pool, pack: Station, content: bytes, name: str) -> None:
    """Enters the ticks of a file, once for each file; the same one again changes nothing."""
    file_key = f"{pack.key} {sha256(content).hexdigest()}"
    try:
        if file_key not in desk_state.current().entered:
            sheet = read_or_ask(content, name, f"pack_{_widget_key(pack)}")
            if sheet is None:
                return
            with writing(_("Nothing was entered."), tell=_show_failure) as attempt:
                entered = _entered(pool, pack, ticked(sheet))
                desk_state.current().entered |= {file_key: entered}
            if not attempt.worked:
                return
    except RosterError as error:
        st.error(f"**{_('This file cannot be read.')}** {literal(str(error))}", icon=":material/error:")
        return
    entered = desk_state.current().entered[file_key]
    if entered is None:
        said = _("**This file is of another pack.** Bring it to the one whose place it names.")
        st.error(said, icon=":material/error:")
        return
    said = ngettext("**{count} hand-out in this file.**", "**{count} hand-outs in this file.**", entered.count)
    st.success(said, icon=":material/check_circle:")
    if told := _told(entered):
        listed = bullets(told, str, MISFITS_LISTED)
        st.warning(f"**{_('Look at these:')}**\n\n{listed}", icon=":material/warning:")


def _show_failure(problem: str) -> None:
    st.error(problem, icon=":material/error:")


def _entered(pool: Pool, pack: Station, found: Ticked) -> Entered | None:
    """Enters what is of this pack, and returns what came of it; None where all of it is of another pack."""
    ours = [row for row in found.rows if row.pack_id == pack.key]
    if found.rows and not ours:
        return None
    ticks = [Tick(row.room_id, row.given, row.by, row.label, row.whom) for row in ours]
    conflicts = process.journal().packs.enter(visibility.current(), pack, ticks)[1]
    used, trouble = _used_links(pool, pack)
    return Entered(len(ours), conflicts, (*found.problems, *found.remarks), used, trouble)


def _used_links(pool: Pool, pack: Station) -> tuple[list[HandOut], AseedError | None]:
    """Returns the links of the pack that were used and not ticked, as Aseed knows them; or why that is not known."""
    waiting = process.journal().packs.packed(visibility.current(), pack)[0]
    try:
        listed = {room.id: room.status for room in connection.client().rooms(pool.project.id)}
    except AseedError as error:
        return [], error
    found = [dataclasses.replace(each, status=listed.get(each.room_id, PENDING)) for each in waiting]
    return [each for each in found if each.status != PENDING], None


def _told(entered: Entered) -> list[str]:
    """Returns what does not fit, a line each, as markdown."""
    told = [f"{literal(each.name)}: {literal(each.words)}" for each in entered.conflicts]
    told += [_("row {row}: {problem}", row=each.row, problem=literal(_(each.message))) for each in entered.problems]
    told += [
        _("{name}: {status} at Aseed, and not ticked", name=literal(each.name), status=status_in_words(each.status))
        for each in entered.used
    ]
    if entered.trouble:
        told.append(_("whether others were used is not known: {why}", why=explain(entered.trouble).what))
    return told
