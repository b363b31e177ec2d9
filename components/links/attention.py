"""The rooms that need a person, by what is the matter, each with one press to act."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import streamlit as st

from components.elements import jobs
from components.elements.jobs import extensions
from components.elements.one_link import ASK_AGAIN, ASKS, ask_again, others_in_words
from components.elements.replace import COSTS, replace
from components.elements.words import counted, rooms_in_words
from components.elements.writing import writing
from components.links.filters import show_only
from components.links.options import FLAGS
from components.state import dialogs, links, process, viewer, visibility
from components.state.links import look_again
from components.state.study import Study
from services.local_time import in_words
from services.rooms.entry import Entry
from services.rooms.flags import Flag
from services.trust import literal

ROOMS_A_FLAG = 3
"""How many rooms of one flag are shown here; the table shows all."""

EXTENSION = timedelta(days=7)
"""How long a link works from now, once it is extended at one press."""


@dataclass(frozen=True)
class _Act:
    """What one press does about a room."""

    label: str
    icon: str
    do: Callable[[Entry], None]
    help: str | None = None


def flags_panel(study: Study) -> None:
    """Shows the rooms that need a person; nothing where none does."""
    if not study.flags:
        return
    count = len(study.flags)
    needs = counted(count, "room needs you", "rooms need you")
    with st.expander(needs, icon=":material/notification_important:", key="flags", expanded=count <= ROOMS_A_FLAG):
        by_flag: defaultdict[Flag, list[Entry]] = defaultdict(list)
        for room_id, flags in study.flags.items():
            for flag in flags:
                by_flag[flag].append(study.by_id[room_id])
        for flag in Flag:
            if by_flag[flag]:
                _rooms_of(flag, by_flag[flag])


def _rooms_of(flag: Flag, found: Sequence[Entry]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{FLAGS[flag]}** · {rooms_in_words(len(found))}", width="content")
        if flag == Flag.EXPIRING and len(found) > 1:
            st.button(
                f"Extend all {len(found):,} by 7 days",
                key="extend_all",
                icon=":material/more_time:",
                on_click=_extend,
                args=(found,),
            )
        if len(found) > ROOMS_A_FLAG:
            st.button(
                "Show them in the table", key=f"show_{flag}", type="tertiary", icon=":material/filter_alt:",
                on_click=show_only, args=(flag, found[0].tab),
            )  # fmt: skip
    for entry in found[:ROOMS_A_FLAG]:
        with st.container(horizontal=True, vertical_alignment="center", key=f"flag_{flag}_{entry.id}"):
            st.markdown(f"{literal(entry.name)}: {_describe(flag, entry)}", width="content")
            act = _ACTS[flag]
            st.button(
                act.label, key=f"act_{flag}_{entry.id}", icon=act.icon, help=act.help, on_click=act.do, args=(entry,)
            )
            if flag is Flag.SAME_LINK:
                # No person can know that it is fine.
                continue
            st.button(
                "It is fine", key=f"settle_{flag}_{entry.id}", type="tertiary", icon=":material/done:",
                on_click=_settle, args=(flag, entry),
            )  # fmt: skip


def _describe(flag: Flag, entry: Entry) -> str:
    """What is the matter with a room, as the rest of a sentence."""
    room, zone = entry.room, viewer.zone()
    match flag:
        case Flag.EXPIRING if room.expires_at:
            return f"no one has used it, and it runs out on {in_words(room.expires_at, zone)}."
        case Flag.DROPPED if entry.length is not None:
            return f"{entry.length / timedelta(minutes=1):.0f} of {room.max_duration_minutes} minutes."
        case Flag.OTHER_PERSON:
            return f"meant for {literal(entry.participant.email)}, joined by {literal(room.respondent_email or '')}."
        case Flag.SAME_EMAIL:
            return f"{literal(room.respondent_email or '')} is in another room of this project, too."
        case Flag.STILL_OPEN:
            return "a new link has taken its place, so two links work for one person."
        case Flag.SAME_LINK:
            others = others_in_words(entry.id, links.shown_study().by_id)
            return (
                f"it has the link of {others}, so it is not handed out. If asking does not help, replace or cancel "
                "all of them."
            )
    return "its address is not a proper link of Aseed's, so it cannot be handed out."


def _extend(found: Sequence[Entry]) -> None:
    jobs.start(extensions(found, datetime.now(UTC) + EXTENSION), "Extending")


def _settle(flag: Flag, entry: Entry) -> None:
    with writing("That could not be written down."):
        process.journal().rooms.settle_flag(visibility.current(), entry.room.project_id, entry.id, flag)
    look_again()


def _cancel(entry: Entry) -> None:
    jobs.start([jobs.cancellation(entry)], "Cancelling")


def _open(entry: Entry) -> None:
    dialogs.want("manage", entry.id)


_REPLACE = _Act("Replace", ":material/autorenew:", replace, COSTS)
_ACTS = {
    Flag.EXPIRING: _Act("Extend by 7 days", ":material/more_time:", lambda entry: _extend([entry])),
    Flag.DROPPED: _REPLACE,
    Flag.OTHER_PERSON: _Act("Replace", ":material/autorenew:", replace, f"A new link for the right person. {COSTS}"),
    Flag.SAME_EMAIL: _Act("Look at it", ":material/visibility:", _open),
    Flag.STILL_OPEN: _Act("Cancel it", ":material/block:", _cancel),
    Flag.BAD_LINK: _REPLACE,
    Flag.SAME_LINK: _Act(ASK_AGAIN, ":material/sync:", lambda entry: ask_again([entry.id]), ASKS),
}
