"""People's data on the Settings page: what is held on a respondent, for admins to give out or to take away."""

from collections.abc import Sequence
from datetime import UTC, datetime

import streamlit as st

from components.elements import jobs
from components.elements.download import download
from components.elements.exported import Exported, made_by
from components.elements.words import rooms_in_words
from components.elements.writing import writing
from components.settings.receipt import show_receipt
from components.state import batches, people, process
from components.state.links import look_again
from services.export.person import held_json
from services.journal.database import JournalError
from services.journal.deeds import Export
from services.journal.personal.records import Held, StillNeeded
from services.people.acting import may
from services.people.roles import Right
from services.texts.speech import _, ngettext
from services.trust import literal

_CHOICE = "person_choice"
"""The key of the choice among several people."""


def show_people() -> None:
    """The whole part, for those who may see it."""
    if not may(Right.PEOPLE):
        return
    st.header(_("People's data"), anchor=False)
    st.markdown(
        _(
            "What this dashboard keeps of one respondent, in every project: names, codes, email addresses, and all "
            "that stands beside them. Give it to a person who asks, or take it out where a person withdraws."
        )
    )
    _ask()
    kept = people.current()
    if kept.problem:
        problem, kept.problem = kept.problem, ""
        st.error(problem, icon=":material/error:")
    if kept.receipt:
        show_receipt(kept.receipt)
        jobs.show_jobs()
    if kept.text:
        _show_found(kept.text)


def _ask() -> None:
    turn = people.current().turn
    with st.form("person_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            _("Email, name or code"),
            key=_key(turn),
            autocomplete="off",
            help=_(
                "The whole of it, as it was on your list; letter case and accents do not matter. Look a person up by "
                "everything you know: where a list had no address, only the name or code finds them."
            ),
        )
        st.form_submit_button(
            _("Look up"), key="look_up_person", icon=":material/search:", on_click=_look, args=(turn,)
        )


def _look(turn: int) -> None:
    kept = people.current()
    kept.receipt, kept.text = None, str(st.session_state.get(_key(turn)) or "").strip()
    st.session_state.pop(_CHOICE, None)


def _key(turn: int) -> str:
    """Another field after each withdrawal: the browser would keep the name in the same one."""
    return f"person_{turn}"


def _show_found(text: str) -> None:
    try:
        found = process.journal().personal.find(text)
    except JournalError as error:
        st.error(str(error), icon=":material/error:")
        return
    if not found:
        st.info(
            _(
                "**Nothing is held under exactly this.** Try the address, the name and the code, each as a whole. What "
                "Aseed holds is not searched."
            ),
            icon=":material/person_search:",
        )
        return
    held = _chosen(found)
    if held is None:
        return
    st.markdown(f"**{_words(held)}**")
    st.caption(_where(held))
    with st.container(horizontal=True, vertical_alignment="center"):
        download(
            _("Download what is held"), lambda: _file(held), "person", "json", "held", holds_links=False,
            help=_("One JSON file, item by item, with where each is from and what Aseed holds itself."),
        )  # fmt: skip
        if st.button(_("Withdraw…"), key="withdraw", icon=":material/person_remove:"):
            # Made here: its title is in the language of the moment.
            st.dialog(_("Withdraw this person's data?"))(_confirm)(held)
        st.button(_("Close"), key="close_person", type="tertiary", icon=":material/close:", on_click=_close)


def _chosen(found: Sequence[Held]) -> Held | None:
    """The one person, or the one of several who was chosen."""
    if len(found) == 1:
        return found[0]
    st.warning(
        ngettext(
            "{count} person is found by this. Choose who is meant, by the code or the address.",
            "{count} people are found by this. Choose who is meant, by the code or the address.",
            len(found),
        ),
        icon=":material/group:",
    )
    chosen = st.radio(
        _("Who is meant"),
        range(len(found)),
        format_func=lambda index: f"{_words(found[index])} · {_where(found[index])}",
        index=None,
        key=_CHOICE,
    )
    return found[chosen] if chosen is not None and chosen < len(found) else None


def _words(held: Held) -> str:
    names = (*held.labels, *held.codes, *held.emails)
    return " · ".join(literal(name) for name in names)


def _where(held: Held) -> str:
    """How many rooms of how many batches name the person."""
    parts = [rooms_in_words(len(held.room_ids))]
    if count := len(held.batch_ids):
        parts.append(ngettext("in {count} batch", "in {count} batches", count))
    if places := sum(not spot.room_id for spot in held.spots):
        parts.append(ngettext("{count} place without a room", "{count} places without a room", places))
    return ", ".join(parts)


def _file(held: Held) -> Exported:
    found, items = process.journal().personal.held(held.key)
    content = held_json(found or held, items, datetime.now(UTC), made_by())
    projects = sorted({trace.project_id for trace in held.traces})
    return Exported(Export.PERSON, content, held.room_ids, projects)


def _confirm(held: Held) -> None:
    st.markdown(_("**{person}**: {rooms}.", person=_words(held), rooms=_where(held)))
    st.markdown(
        _(
            "- Name, address and code go from every list, desk, history and search, for all who use this dashboard. "
            "**This cannot be undone.**\n"
            "- The rooms stay, as they were paid, and are called Withdrawn. Their links are no longer shown, put into "
            "files or handed out.\n"
            "- A link that the person has still opens its room until you cancel it: you are asked next.\n"
            "- Nothing is deleted at Aseed, in files that were made, or in backups. A receipt says what these are."
        )
    )
    if held.others:
        st.caption(_("Some of these rooms name other people, too. What is theirs stays."))
    st.caption(_("To keep a copy for the person, download what is held first."))
    with st.container(horizontal=True):
        if st.button(_("Keep everything"), key="keep_person"):
            st.rerun()
        if st.button(_("Withdraw"), key="confirm_withdraw", type="primary", on_click=_withdraw, args=(held,)):
            st.rerun()


def _withdraw(held: Held) -> None:
    receipt = None
    try:
        with writing(_("Nothing was taken out."), _tell) as attempt:
            receipt = process.journal().personal.withdraw(held.key)
    except StillNeeded as needed:
        _tell(_still_needed(needed))
        return
    if not attempt.worked:
        return
    # What this session has shown may have the name; other sessions read the journal again within seconds.
    batches.current().links = batches.current().latest = None
    look_again()
    st.session_state.pop(_CHOICE, None)
    kept = people.current()
    kept.text, kept.turn, kept.receipt = "", kept.turn + 1, receipt
    if receipt is None:
        _tell(_("Nothing was left of this person: someone else was faster."))


def _still_needed(needed: StillNeeded) -> str:
    told = [_("**Nothing was taken out.**")]
    if needed.batches:
        numbers = ", ".join(map(str, needed.batches))
        told.append(
            _(
                "The person is in a batch that is not over: {numbers}. Stop it on the page Batches, or wait for its "
                "end, then withdraw again.",
                numbers=numbers,
            )
        )
    if needed.desks:
        desks = ", ".join(map(literal, needed.desks))
        told.append(
            _(
                "Their link is on show at a desk now: {desks}. Take it back on the page Desk, then withdraw again.",
                desks=desks,
            )
        )
    return " ".join(told)


def _tell(problem: str) -> None:
    people.current().problem = problem


def _close() -> None:
    kept = people.current()
    kept.text, kept.turn = "", kept.turn + 1
