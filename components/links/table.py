"""The rooms of a view, a page at a time: each to copy, to choose, to manage."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

import streamlit as st

from components.elements.browser import component
from components.elements.paging import page_start
from components.elements.words import FLAGS, status_in_words, told_apart
from components.state import viewer
from components.state.dialogs import want
from components.state.links import shown_study
from services.aseed.models import EXPIRED
from services.email_address import same_address
from services.local_time import local
from services.people.acting import may
from services.people.roles import Right
from services.rooms.entry import Entry, Tab
from services.rooms.flags import Flag
from services.texts.speech import _, format_moment, pgettext

ROWS_A_PAGE = 25


class StudyRow(TypedDict):
    """A room of the table.

    number: unique among all rooms, such as `12.3` for the third of batch 12.
    spoken: what its buttons call it. about: what else tells it from others. usable: whether its link may be copied.
    status, state: the API's word, and what is shown for it.
    """

    id: str
    number: str
    spoken: str
    label: str
    about: str
    link: str
    usable: bool
    status: str
    state: str
    flags: list[str]
    moment: str
    chosen: bool


class StudyTableData(TypedDict):
    """What the table shows (table.js).

    follows_only: whether there are no links in it, and nothing to be done. moment: the title of that column.
    heard: the turn of the newest tick that was taken over.
    cleared: the turn up to which all ticks are taken back.
    """

    rooms: list[StudyRow]
    follows_only: bool
    moment: str
    heard: int
    cleared: int


class Tick(TypedDict):
    """A tick, as the browser tells it. turn: its number, counted over all rooms."""

    ticked: bool
    turn: int


def study_table(listed: Sequence[Entry], tab: Tab, flags: dict[str, tuple[Flag, ...]]) -> None:
    """Shows a page of the rooms."""
    start = page_start(len(listed), ROWS_A_PAGE, key="study_page")
    zone, chosen = viewer.zone(), chosen_ids()
    shown = listed[start : start + ROWS_A_PAGE]
    numbers = [f"{entry.batch_id}.{entry.number}" if entry.batch_id else str(entry.number) for entry in shown]
    rows = [
        StudyRow(
            id=entry.id,
            number=number,
            spoken=spoken,
            label=entry.known_as,
            about=_about(entry),
            link=entry.link.text,
            usable=entry.tab == Tab.ACTIVE and entry.link.is_proper,
            status=entry.room.status,
            state=status_in_words(entry.room.status),
            flags=[_(FLAGS[flag]) for flag in flags.get(entry.id, ())],
            moment=_moment(entry, tab, zone),
            chosen=entry.id in chosen,
        )
        for entry, number, spoken in zip(
            shown, numbers, told_apart([entry.name for entry in shown], numbers), strict=True
        )
    ]
    data = StudyTableData(
        rooms=rows,
        follows_only=not may(Right.LINKS),
        moment=_moment_title(tab),
        heard=shown_study().heard,
        cleared=shown_study().cleared,
    )
    component("links/table")(key="study_table", data=data, on_act_change=_manage, on_ticks_change=_tick)


def chosen_ids() -> set[str]:
    """The rooms that have been ticked; those of another project or account are none of this study's."""
    return shown_study().chosen


def choose_none() -> None:
    """Takes every tick back; for a widget's callback."""
    shown_study().chosen.clear()
    shown_study().cleared = shown_study().heard


def _manage() -> None:
    if room_id := st.session_state["study_table"].act:
        want("manage", room_id)


def _tick() -> None:
    """Takes over the ticks that are new: each message has all of them, as a single one may get lost on its way."""
    study = shown_study()
    told: dict[str, Tick] = st.session_state["study_table"].ticks or {}
    new = {room_id: tick for room_id, tick in told.items() if tick["turn"] > study.heard}
    for room_id, tick in new.items():
        (study.chosen.add if tick["ticked"] else study.chosen.discard)(room_id)
    study.heard = max([study.heard, *(tick["turn"] for tick in new.values())])


def _about(entry: Entry) -> str:
    """What else tells the room: whom it is for, who joined, its batch."""
    person, joined = entry.participant, entry.room.respondent_email or ""
    email = person.email if entry.known_as != person.email else ""
    parts = [person.external_id if entry.known_as != person.external_id else "", email]
    if joined and not same_address(joined, person.email):
        parts.append(_("joined as {email}", email=joined))
    parts.append(entry.batch_name)
    if entry.known and entry.known.handed_out:
        parts.append(_("handed out at {desk}", desk=entry.known.handed_out_by))
    if entry.known and entry.known.replaced_by:
        parts.append(_("replaced"))
    if entry.known and entry.known.replaces:
        parts.append(_("a replacement"))
    return " · ".join(filter(None, parts))


def _moment_title(tab: Tab) -> str:
    """Which moment of a room is worth a column."""
    titles = {Tab.ACTIVE: _("Runs out"), Tab.COMPLETED: pgettext("moment", "Finished"), Tab.ARCHIVED: _("Ended")}
    return titles[tab]


def _moment(entry: Entry, tab: Tab, zone: ZoneInfo) -> str:
    room = entry.room
    if tab == Tab.ACTIVE:
        return _local(room.expires_at, zone) or pgettext("runs out", "never")
    ended = _local(room.finished_at or (room.expires_at if room.status == EXPIRED else None), zone)
    if not entry.length:
        return ended
    minutes, planned = _minutes(entry.length), room.max_duration_minutes
    return f"{ended} · {_('{minutes} of {planned} min', minutes=minutes, planned=planned)}"


def _local(moment: datetime | None, zone: ZoneInfo) -> str:
    return format_moment(local(moment, zone), _("dd MMM, HH:mm")) if moment else ""


def _minutes(length: timedelta) -> str:
    return f"{length / timedelta(minutes=1):.0f}"
