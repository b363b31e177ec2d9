"""All desks of a project, for the person who looks after them: who has which link, and for how long the pool lasts."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TypedDict

import streamlit as st

from components.desk.given import by_in_words, is_with_visitor
from components.desk.hand_out_dialog import hand_out_dialog
from components.desk.pool import Pool
from components.elements import jobs
from components.elements.browser import component
from components.elements.door_states import doors_of, pause_or_open, state_badge
from components.elements.filled_pool import fill_after_changes, look_for_new
from components.elements.funnel import show_funnel
from components.elements.groups import name_rows
from components.elements.jobs import extensions
from components.elements.problems import explain
from components.elements.words import status_in_words, time_in_words, told_apart
from components.elements.writing import writing
from components.state import desk as desk_state
from components.state import device, dialogs, process, viewer, visibility, whole_page
from components.state.create_form import fill, values_like
from services.aseed.models import ACTIVE, COMPLETED, PENDING
from services.desk import Desk, lasts_until
from services.journal.desk.records import IN_HAND, HandOut, HandOutState, PoolCounts, Station
from services.journal.door.records import DoorState
from services.local_time import local
from services.settings import ROOT
from services.texts.speech import N_, _, format_moment, ngettext, number
from services.trust import literal

REFRESH_SECONDS = 5
"""Seconds between two readings of the journal; Aseed is asked about a room less often (services.desk.LOOK_EVERY)."""

LATE_MINUTES = 10
"""After how many minutes without an interview a link that was given is marked."""

HAND_OUTS_LISTED = 100
"""How many hand-outs are listed, newest first."""

SILENT_SECONDS = 20
"""After how many seconds without a sign of life a desk counts as not connected."""

EXTENSION_AFTER_DAY = timedelta(hours=1)
"""How long links work after the end of the day once they are extended: the last interview can begin late."""


class HandOutRow(TypedDict):
    """A hand-out of the list. spoken: what its button calls it. late: what about it needs a person."""

    room: str
    name: str
    spoken: str
    code: str
    by: str
    since: str
    kind: str
    how_far: str
    late: str


class HandOutsData(TypedDict):
    """What the list shows (hand_outs.js)."""

    hand_outs: list[HandOutRow]


def overview(pool: Pool, wanted: dialogs.Wanted | None) -> None:
    """Draws the figures, what needs a person, and the list; again every few seconds, but not beneath a dialog."""
    # This is the whole page being drawn, as a press may have asked.
    whole_page.take()
    jobs.show_jobs()

    def watch() -> None:
        if whole_page.take():
            st.rerun()
        _draw(pool)

    st.fragment(watch, run_every=dialogs.unless_wanted(wanted, REFRESH_SECONDS))()


def open_dialog(pool: Pool, wanted: dialogs.Wanted | None) -> None:
    """Opens the dialog that a press asked for."""
    if wanted and wanted.name == "hand_out":
        found = process.journal().hand_outs.find(visibility.current(), wanted.room_id)
        if found is None:
            st.rerun()
        hand_out_dialog(found, pool.project.name)


def _draw(pool: Pool) -> None:
    desk, now = device.desk(), datetime.now(UTC)
    fill_after_changes(pool.project.id)
    _look_around(desk, pool)
    day_end = _choose_day_end()
    left = desk.journal.hand_outs.left(desk.visibility, pool.project.id, pool.batch_id, day_end.timestamp())
    given = desk.journal.hand_outs.out(desk.visibility, pool.project.id, pool.batch_id)
    _show_figures(given, left, now)
    if left.ending:
        _offer_extension(pool, left, day_end)
    with st.container(horizontal=True):
        look_for_new()
        _offer_more_rooms(given)
    _show_doors(pool.project.id)
    _show_stations(desk.journal.stations.all(desk.visibility, pool.project.id), given)
    if not given:
        tab = _("Hand out here")
        st.info(_("Nothing has been handed out yet. Start a desk under “{tab}”.", tab=tab), icon=":material/info:")
        return
    rows = _rows(given[:HAND_OUTS_LISTED], desk, now)
    component("desk/hand_outs")(key="hand_outs", data=HandOutsData(hand_outs=rows), on_act_change=_open_hand_out)
    if len(given) > HAND_OUTS_LISTED:
        more = number(len(given) - HAND_OUTS_LISTED)
        st.caption(_("and {count} more: the Links page shows every room.", count=more))


def _show_figures(given: Sequence[HandOut], left: PoolCounts, now: datetime) -> None:
    at_people = [each for each in given if each.state == HandOutState.GIVEN or is_with_visitor(each)]
    statuses = Counter(each.status for each in at_people)
    on_show = len(given) - len(at_people)
    parts = [
        ("other", _("on show"), on_show),
        (PENDING, status_in_words(PENDING), statuses[PENDING]),
        (ACTIVE, status_in_words(ACTIVE), statuses[ACTIVE]),
        (COMPLETED, status_in_words(COMPLETED), statuses[COMPLETED]),
    ]
    figures = {ngettext("left", "links left", left.free): number(left.free)}
    if until := lasts_until([each.given for each in given if each.given], left.free, now):
        figures[_("at this pace until")] = _clock(until, now)
    show_funnel(parts, figures, "desk_figures")


def _choose_day_end() -> datetime:
    """Returns when today's work here ends, as staff choose it: the next time that the clock shows this."""
    zone = viewer.zone()
    clock = st.time_input(
        _("The day here ends at ({zone})", zone=zone.key),
        time(18),
        key="desk_day_ends",
        persist_state="session",
        width=220,
    )
    now = datetime.now(zone)
    day_end = datetime.combine(now.date(), clock or time(18), zone)
    return (day_end if day_end > now else day_end + timedelta(days=1)).astimezone(UTC)


def _offer_extension(pool: Pool, left: PoolCounts, day_end: datetime) -> None:
    said = ngettext(
        "**{count} link runs out before the day here ends.**",
        "**{count} links run out before the day here ends.**",
        left.ending,
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(said, icon=":material/timer_off:", width=420)
        st.button(
            _("Extend it") if left.ending == 1 else _("Extend them all"),
            key="desk_extend",
            icon=":material/more_time:",
            on_click=_extend,
            args=(pool, day_end),
            disabled=jobs.is_busy(),
            help=_("Lets them work until an hour after the end of the day."),
        )


def _extend(pool: Pool, day_end: datetime) -> None:
    desk = device.desk()
    found = desk.journal.hand_outs.ending(desk.visibility, pool.project.id, pool.batch_id, day_end.timestamp())
    entries = [desk.entry(each, pool.project.name) for each in found]
    jobs.start(extensions(entries, day_end + EXTENSION_AFTER_DAY), N_("Extending"))
    desk_state.current().is_changed = True


def _look_around(desk: Desk, pool: Pool) -> None:
    """Asks Aseed about some of the rooms that were given."""
    before = _("This is how it was before.")
    with writing(_("The list was not brought up to date."), tell=_show_delay, next_step=before):
        if trouble := desk.look_around(pool.project.id):
            _show_delay(f"**{explain(trouble).what}** {before}")


def _show_delay(problem: str) -> None:
    st.warning(problem, icon=":material/cloud_off:")


def _offer_more_rooms(given: Sequence[HandOut]) -> None:
    if st.button(_("Create more rooms"), key="desk_create_more", icon=":material/add_link:"):
        if given:
            fill(values_like(given[0].room))
        st.switch_page(str(ROOT / "pages" / "create.py"))


def _show_doors(project_id: str) -> None:
    """Says how the project's doors are; each is held shut at one press here, too."""
    found = [each for each in doors_of(project_id) if each.state != DoorState.CLOSED]
    keys = [f"desk_door_{each.door.id}" for each in found]
    for each, key in zip(found, keys, strict=True):
        with st.container(horizontal=True, vertical_alignment="center", key=key):
            st.markdown(f":material/door_open: **{literal(each.name)}**", width="content")
            state_badge(each)
            pause_or_open(each, "desk")
    if found:
        spoken = told_apart([each.name for each in found], [each.door.code for each in found])
        name_rows(dict(zip(keys, spoken, strict=True)), "desk_doors")


def _show_stations(stations: Sequence[Station], given: Sequence[HandOut]) -> None:
    """Says which desks are at work, and what each shows."""
    on_show = {each.station_key: each for each in given if each.state in IN_HAND}
    lines = []
    for each in stations:
        if each.is_closed:
            continue
        by = literal(each.by)
        if each.key in on_show:
            line = _("**{desk}** shows {name}", desk=by, name=literal(on_show[each.key].name))
        else:
            line = _("**{desk}** shows no code", desk=by)
        if each.seconds_since_beat > SILENT_SECONDS:
            silent = _("not connected for {time}", time=time_in_words(each.seconds_since_beat))
            line = f"{line} · :orange[{silent}]"
        lines.append(line)
    if lines:
        st.caption("  \n".join(lines))


def _rows(given: Sequence[HandOut], desk: Desk, now: datetime) -> list[HandOutRow]:
    codes = [desk.entry(each, "").staff_code for each in given]
    spoken = told_apart([each.name for each in given], codes)
    return [_row(each, code, name, now) for each, code, name in zip(given, codes, spoken, strict=True)]


def _row(hand_out: HandOut, code: str, spoken: str, now: datetime) -> HandOutRow:
    kind, words, late = how_far(hand_out, now)
    since = hand_out.given or hand_out.claimed
    return HandOutRow(
        room=hand_out.room_id,
        name=hand_out.name,
        spoken=spoken,
        code=code,
        by=by_in_words(hand_out),
        since=_clock(since, now) if since else "",
        kind=kind,
        how_far=words,
        late=late,
    )


def how_far(hand_out: HandOut, now: datetime) -> tuple[str, str, str]:
    """Returns the kind of a hand-out's state, the state in words, and what about it needs a person."""
    if hand_out.state == HandOutState.RECALLED:
        return "other", _("being called back"), ""
    if hand_out.state in IN_HAND and not is_with_visitor(hand_out):
        return "other", _("on show"), ""
    room = hand_out.room
    if room.status == ACTIVE and room.started_at:
        rest = room.started_at + timedelta(minutes=room.max_duration_minutes) - now
        left = max(0, round(rest / timedelta(minutes=1)))
        return ACTIVE, _("{status}, {minutes} min left", status=status_in_words(ACTIVE), minutes=left), ""
    if room.status == PENDING:
        waited = round((now - (hand_out.given or hand_out.claimed or now)) / timedelta(minutes=1))
        late = _("not started for {minutes} min", minutes=waited) if waited >= LATE_MINUTES else ""
        return PENDING, status_in_words(PENDING), late
    return room.status, status_in_words(room.status), ""


def _clock(moment: datetime, now: datetime) -> str:
    """Returns the time of a moment, with its day where that is not today."""
    zone = viewer.zone()
    here = local(moment, zone)
    return f"{here:%H:%M}" if here.date() == local(now, zone).date() else format_moment(here, _("EEE dd MMM, HH:mm"))


def _open_hand_out() -> None:
    if room_id := st.session_state["hand_outs"].act:
        dialogs.want("hand_out", room_id)
