"""The rooms that need a person, by what is the matter, each with one press to act."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import streamlit as st

from components.elements import jobs
from components.elements.groups import name_rows
from components.elements.jobs import extensions
from components.elements.one_link import ASK_AGAIN, ASKS, ask_again, others_in_words
from components.elements.replace import COSTS, replace
from components.elements.words import FLAGS, rooms_in_words
from components.elements.writing import writing
from components.links.filters import show_only
from components.state import dialogs, links, process, viewer, visibility
from components.state.links import look_again
from components.state.study import Study
from services.local_time import in_words
from services.rooms.entry import Entry
from services.rooms.flags import Flag
from services.texts.speech import N_, _, counted, number
from services.trust import literal

ROOMS_SHOWN = 3
"""How many rooms are shown here; the table shows all."""

EXTENSION = timedelta(days=7)
"""How long a link works from now, once it is extended at one press."""


@dataclass(frozen=True)
class _Act:
    """What one press does about a room. label, help: texts to be said; help in sentences."""

    label: str
    icon: str
    do: Callable[[Entry], None]
    help: tuple[str, ...] = ()


def flags_panel(study: Study) -> None:
    """Shows, behind a badge, the rooms that need a person; nothing where none does."""
    if not study.flags:
        return
    needs = counted(len(study.flags), "room needs you", "rooms need you")
    with st.popover(needs, icon=":material/notification_important:", key="flags"):
        by_flag: defaultdict[Flag, list[Entry]] = defaultdict(list)
        for room_id, flags in study.flags.items():
            for flag in flags:
                by_flag[flag].append(study.by_id[room_id])
        left = ROOMS_SHOWN
        names: dict[str, str] = {}
        for flag in Flag:
            if by_flag[flag]:
                shown = by_flag[flag][:left]
                _rooms_of(flag, by_flag[flag], shown)
                left -= len(shown)
                names |= {_key(flag): _(FLAGS[flag])} | {_key(flag, entry): entry.name for entry in shown}
        name_rows(names, "flags")


def _key(flag: Flag, entry: Entry | None = None) -> str:
    """The key of the row of a flag, or of a room that has it."""
    return f"flag_{flag}_{entry.id}" if entry else f"flag_{flag}"


def _rooms_of(flag: Flag, found: Sequence[Entry], shown: Sequence[Entry]) -> None:
    """Shows how many rooms have a flag, and some of them."""
    with st.container(horizontal=True, vertical_alignment="center", key=_key(flag)):
        st.markdown(f"**{_(FLAGS[flag])}** · {rooms_in_words(len(found))}", width="content")
        if flag == Flag.EXPIRING and len(found) > 1:
            st.button(
                _("Extend all {count} by 7 days", count=number(len(found))),
                key="extend_all",
                icon=":material/more_time:",
                on_click=_extend,
                args=(found,),
            )
        if len(found) > len(shown):
            st.button(
                _("Show them in the table"), key=f"show_{flag}", type="tertiary", icon=":material/filter_alt:",
                on_click=show_only, args=(flag, found[0].tab),
            )  # fmt: skip
    for entry in shown:
        _room(flag, entry)


def _room(flag: Flag, entry: Entry) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=_key(flag, entry)):
        st.markdown(f"{literal(entry.name)}: {_describe(flag, entry)}", width="content")
        act = _ACTS[flag]
        key, why = f"act_{flag}_{entry.id}", " ".join(map(_, act.help)) or None
        st.button(_(act.label), key=key, icon=act.icon, help=why, on_click=act.do, args=(entry,))
        # Of a link that two rooms have no person can know that it is fine.
        if flag is not Flag.SAME_LINK:
            st.button(
                _("It is fine"), key=f"settle_{flag}_{entry.id}", type="tertiary", icon=":material/done:",
                on_click=_settle, args=(flag, entry),
            )  # fmt: skip


def _describe(flag: Flag, entry: Entry) -> str:
    """What is the matter with a room, as the rest of a sentence."""
    room, zone = entry.room, viewer.zone()
    match flag:
        case Flag.EXPIRING if room.expires_at:
            return _("no one has used it, and it runs out on {moment}.", moment=in_words(room.expires_at, zone))
        case Flag.DROPPED if entry.length is not None:
            minutes = f"{entry.length / timedelta(minutes=1):.0f}"
            return _("{minutes} of {planned} minutes.", minutes=minutes, planned=room.max_duration_minutes)
        case Flag.OTHER_PERSON:
            meant, joined = literal(entry.participant.email), literal(room.respondent_email or "")
            return _("meant for {email}, joined by {other}.", email=meant, other=joined)
        case Flag.SAME_EMAIL:
            joined = literal(room.respondent_email or "")
            return _("{email} is in another room of this project, too.", email=joined)
        case Flag.STILL_OPEN:
            return _("a new link has taken its place, so two links work for one person.")
        case Flag.SAME_LINK:
            others = others_in_words(entry.id, links.shown_study().by_id)
            return _(
                "it has the link of {others}, so it is not handed out. If asking does not help, replace or cancel all "
                "of them.",
                others=others,
            )
    return _("its address is not a proper link of Aseed's, so it cannot be handed out.")


def _extend(found: Sequence[Entry]) -> None:
    jobs.start(extensions(found, datetime.now(UTC) + EXTENSION), jobs.EXTENDING)


def _settle(flag: Flag, entry: Entry) -> None:
    with writing(_("That could not be written down.")):
        process.journal().rooms.settle_flag(visibility.current(), entry.room.project_id, entry.id, flag)
    look_again()


def _cancel(entry: Entry) -> None:
    jobs.start([jobs.cancellation(entry)], jobs.CANCELLING)


def _open(entry: Entry) -> None:
    dialogs.want("manage", entry.id)


_REPLACE = _Act(N_("Replace"), ":material/autorenew:", replace, (COSTS,))
_ACTS = {
    Flag.EXPIRING: _Act(N_("Extend by 7 days"), ":material/more_time:", lambda entry: _extend([entry])),
    Flag.DROPPED: _REPLACE,
    Flag.OTHER_PERSON: _Act(
        N_("Replace"), ":material/autorenew:", replace, (N_("A new link for the right person."), COSTS)
    ),
    Flag.SAME_EMAIL: _Act(N_("Look at it"), ":material/visibility:", _open),
    Flag.STILL_OPEN: _Act(N_("Cancel it"), ":material/block:", _cancel),
    Flag.BAD_LINK: _REPLACE,
    Flag.SAME_LINK: _Act(ASK_AGAIN, ":material/sync:", lambda entry: ask_again([entry.id]), (ASKS,)),
}
