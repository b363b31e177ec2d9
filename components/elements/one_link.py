"""Rooms that have one link: which ones, what to do, and the press that asks Aseed once more."""

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from components.elements.words import rooms_in_words
from components.elements.writing import writing
from components.state import connection, process, visibility
from components.state.links import look_again
from services.batches.one_link import Confirmed
from services.journal.links import Twin
from services.journal.records import Batch
from services.rooms.entry import Entry
from services.texts.speech import N_, _, ngettext, number
from services.trust import literal

GROUPS_NAMED = 5
"""How many links are told with the rooms that have them; the rest is counted."""

ROOMS_NAMED = 6
"""How many rooms of one link are named; the rest is counted."""

ASKED_AT_ONCE = 40
"""How many rooms are asked for while a person waits; more are asked for in the background."""

ASK_AGAIN = N_("Ask Aseed again")

ASKS = N_("Asks Aseed about each of these rooms. Where it then tells a link for each, these are taken.")
"""What the button says and explains, to be said by `_`."""


def show_conflicts(batch: Batch) -> None:
    """Says which rooms of a batch have a link that another room has too; nothing where none has."""
    if not batch.shared:
        return
    groups = process.journal().links.conflicts(visibility.current(), batch.id)
    lines = [f"- {_together(group, batch.id)}" for group in groups[:GROUPS_NAMED]]
    if (more := len(groups) - GROUPS_NAMED) > 0:
        lines.append("- " + ngettext("and {count} more links", "and {count} more links", more))
    told = ngettext(
        "**{count} room has a link that another room has, too.** Two people would be sent to one interview, so these "
        "links are not shown, copied, printed or handed out:",
        "**{count} rooms have links that other rooms have, too.** Two people would be sent to one interview, so these "
        "links are not shown, copied, printed or handed out:",
        batch.shared,
    )
    todo = _(
        "Ask Aseed again. If that does not settle it, replace these rooms on the page Links, or cancel them there, and "
        "tell Aseed."
    )
    st.warning("\n\n".join((told, "\n".join(lines), todo)), icon=":material/link_off:")
    ids = [twin.room_id for group in groups for twin in group if twin.room_id]
    st.button(_(ASK_AGAIN), key="ask_links", icon=":material/sync:", on_click=ask_again, args=(ids,), help=_(ASKS))


def ask_again(room_ids: Sequence[str]) -> None:
    """Asks about rooms in conflict, and tells what came of it; for a widget's callback."""
    engine, client = process.engine(), connection.client()
    with writing(_("What Aseed answered was not written down.")):
        if len(room_ids) > ASKED_AT_ONCE:
            engine.confirm_links_soon(room_ids, client, again=True)
            said = _("Asking about {rooms}. Look again in a moment.", rooms=rooms_in_words(len(room_ids)))
            st.toast(said, icon=":material/sync:")
        else:
            _tell(engine.confirm_links(room_ids, client))
        look_again()


def others_in_words(room_id: str, shown: Mapping[str, Entry]) -> str:
    """The rooms that have the link of this one too, such as `Anna and room 3 of batch 7`.

    shown: the rooms that the page shows, by their ids.
    """
    groups = process.journal().links.conflicts(visibility.current())
    its = next((group for group in groups if any(twin.room_id == room_id for twin in group)), [])
    told = [
        literal(shown[twin.room_id].name) if twin.room_id in shown else _name(twin)
        for twin in its
        if twin.room_id != room_id
    ]
    return _joined(told) or _("another room")


def _tell(came: Confirmed) -> None:
    parts = []
    if came.settled:
        parts.append(
            ngettext("{count} room has its own link now.", "{count} rooms have their own links now.", came.settled)
        )
    if came.standing:
        parts.append(
            ngettext(
                "Aseed says again that {count} room share a link.",
                "Aseed says again that {count} rooms share a link.",
                came.standing,
            )
        )
    if came.unknown:
        unknown = rooms_in_words(came.unknown)
        parts.append(_("Aseed told nothing certain about {rooms}. Try again later.", rooms=unknown))
    done = not came.standing and not came.unknown
    icon = ":material/check_circle:" if done else ":material/link_off:"
    st.toast(" ".join(parts) or _("No room shares a link any more."), icon=icon)


def _together(group: Sequence[Twin], batch_id: int) -> str:
    """The rooms of one link in words, those of the batch by their numbers alone."""
    here = [twin for twin in group if twin.batch_id == batch_id]
    elsewhere = [_name(twin) for twin in group if twin.batch_id != batch_id]
    return _joined([*(_("room {number}", number=number(twin.place)) for twin in here), *elsewhere])


def _name(twin: Twin) -> str:
    if twin.batch_id:
        return _("room {number} of batch {batch}", number=number(twin.place), batch=twin.batch_id)
    return _("a room that was not created here") if twin.room_id else _("a room that this token may not see")


def _joined(names: Sequence[str]) -> str:
    """Such as `room 1, room 2 and room 3`; the same name twice is counted."""
    times = Counter(names)
    told = [
        name if count == 1 else ngettext("{name} ({count} time)", "{name} ({count} times)", count, name=name)
        for name, count in times.items()
    ]
    if len(told) > ROOMS_NAMED:
        told = [*told[:ROOMS_NAMED], _("{count} more", count=number(len(told) - ROOMS_NAMED))]
    return _("{names} and {last}", names=", ".join(told[:-1]), last=told[-1]) if len(told) > 1 else "".join(told)
