"""A door as it is at work: where visitors reach it, how many have come how far, and what is done with it."""

from collections.abc import Mapping

import streamlit as st

from components.doors.address import address_of, works_here_alone
from components.doors.form import open_for
from components.doors.told import tell_alerts
from components.doors.visitors import cut_off
from components.elements.copy_button import copy_button
from components.elements.door_states import DoorNow, pause_or_open, state_badge
from components.elements.funnel import show_funnel
from components.elements.writing import writing
from components.state import doors, process, visibility, whole_page
from services.aseed.models import ACTIVE, CANCELLED, COMPLETED, EXPIRED, PENDING
from services.door.pin import pin_of_day
from services.export.codes import qr
from services.journal.door.records import Answer, Door, DoorState, VisitState
from services.people.acting import may
from services.people.roles import Right
from services.texts.speech import _, language, number, pgettext
from services.trust import literal

CODE_WIDTH = 140
"""Pixels of the code on a card; the wallboard has it large."""

WAITING = (VisitState.ENTERED, VisitState.RETURNED, VisitState.LOST)
"""A visitor who has no room at this moment, and may get one."""


def door_card(each: DoorNow) -> None:
    """Draws a door; one that is over in short."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(literal(each.name), anchor=False, width="content")
        state_badge(each)
    is_over = each.state == DoorState.CLOSED
    if not is_over:
        _where(each)
    _figures(each)
    tell_alerts(each)
    _quotas(each)
    if each.figures.at(VisitState.CUT_OFF):
        cut_off(each)
    if doors.current().closing == each.door.id:
        _confirm_close(each)
    else:
        _buttons(each, is_over=is_over)


def _where(each: DoorNow) -> None:
    """The address, as text, to copy and as a code, and the PIN where it is asked for."""
    address = address_of(each.door)
    with st.container(horizontal=True, vertical_alignment="top", gap="medium"):
        if address.is_proper:
            st.image(qr.svg(address), alt=_("The QR code of {name}", name=each.name), width=CODE_WIDTH)
        with st.container(width="stretch"):
            st.text(address.text)
            copy_button(
                _("Copy the address"),
                address.text,
                f"doors_copy_{each.door.id}",
                spoken=_("Copy the address {address}", address=address.text),
            )
            if works_here_alone():
                told = _("Only this computer reaches this address. For visitors, `ROOMS_DOOR_URL` has to be set.")
                st.caption(f":orange[:material/warning:] {told}")
            if each.door.settings.asks_pin:
                pin = pin_of_day(each.door, each.now)
                st.markdown(_("PIN of today: **{pin}**", pin=pin))


def _figures(each: DoorNow) -> None:
    figures, filling = each.figures, each.door.settings.filling
    parts = [
        (EXPIRED, _("did not fit"), figures.at(VisitState.SCREENED_OUT, VisitState.QUOTA_FULL)),
        (PENDING, _("wait"), figures.at(*WAITING)),
        ("other", _("have a room"), figures.at(VisitState.CLAIMED)),
        (ACTIVE, _("in interview"), figures.at(VisitState.STARTED)),
        (COMPLETED, _("done"), figures.at(VisitState.DONE)),
        (CANCELLED, _("broke off"), figures.at(VisitState.CUT_OFF)),
    ]
    most = each.door.settings.most
    came = number(figures.came)
    told = {_("came"): came, _("free rooms"): number(figures.free)}
    if most is not None:
        told[_("got a room, of at most")] = f"{number(figures.got_room)} / {number(most)}"
    if filling:
        told[_("tokens spent, of at most")] = f"{number(figures.spent)} / {number(filling.most_tokens)}"
    show_funnel(parts, told, f"doors_funnel_{each.door.id}")


def _quotas(each: DoorNow) -> None:
    """How many gave the answers of which only so many may take part."""
    asked = each.door.settings.questions
    if not any(answer.quota is not None for question in asked for answer in question.answers):
        return
    counts, lines = process.journal().doors.quotas(each.door), []
    for place, question in enumerate(asked):
        its = [
            _answer(answer, counts.get((place, which), 0))
            for which, answer in enumerate(question.answers)
            if answer.quota is not None
        ]
        if its:
            lines.append(f"{literal(_in(question.texts))} {' · '.join(its)}")
    st.caption("  \n".join(lines))


def _answer(answer: Answer, count: int) -> str:
    told = literal(_in(answer.texts))
    return _("{answer}: {count} of {quota}", answer=told, count=number(count), quota=number(answer.quota or 0))


def _in(texts: Mapping[str, str]) -> str:
    """A text in the language that is spoken, else in the first that there is."""
    return texts.get(language()) or next(iter(texts.values()), "")


def _buttons(each: DoorNow, *, is_over: bool) -> None:
    door = each.door
    with st.container(horizontal=True, key=f"doors_do_{door.id}"):
        pause_or_open(each, "doors")
        st.button(
            _("Poster and files"),
            key=f"doors_files_{door.id}",
            icon=":material/print:",
            help=_("The code on paper, and what became of the visitors."),
            on_click=_show_files,
            args=(door.id,),
        )
        if not is_over:
            st.button(
                _("Wallboard"),
                key=f"doors_wall_{door.id}",
                icon=":material/tv:",
                help=_("A large code for a screen in the room, without names."),
                on_click=_show_wall,
                args=(door,),
            )
        if not may(Right.CHANGE):
            return
        st.button(
            pgettext("button", "Edit"),
            key=f"doors_edit_{door.id}",
            icon=":material/edit:",
            on_click=_edit,
            args=(door,),
        )
        if door.is_closed:
            st.button(
                _("Open again"),
                key=f"doors_again_{door.id}",
                icon=":material/door_open:",
                on_click=_close,
                args=(door.id, False),
            )
        elif not is_over:
            st.button(
                pgettext("door", "Close…"),
                key=f"doors_close_{door.id}",
                icon=":material/door_front:",
                type="tertiary",
                on_click=_ask_to_close,
                args=(door.id,),
            )


def _confirm_close(each: DoorNow) -> None:
    told = _(
        "**Close this door?** No new visitor comes in, and posters with its code lead to a page that says so. Those "
        "who have a room go on."
    )
    st.warning(told, icon=":material/door_front:")
    with st.container(horizontal=True):
        st.button(
            _("Close the door"), key="doors_close_now", type="primary", on_click=_close, args=(each.door.id, True)
        )
        st.button(_("Keep it open"), key="doors_keep", on_click=_ask_to_close, args=(None,))


def _ask_to_close(door_id: int | None) -> None:
    doors.current().closing = door_id


def _close(door_id: int, closed: bool) -> None:
    with writing(_("The door was not closed.") if closed else _("The door was not opened.")):
        process.journal().doors.close(visibility.current(), door_id, closed=closed)
    doors.current().closing = None


def _edit(door: Door) -> None:
    open_for(door)
    whole_page.ask()


def _show_files(door_id: int) -> None:
    doors.current().files = door_id
    whole_page.ask()


def _show_wall(door: Door) -> None:
    st.query_params["wall"] = door.code
    whole_page.ask()
