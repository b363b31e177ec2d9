"""The ticket: what a visitor sees from the moment they are in, by what has become of them."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.door import notices, panels
from services.journal.door.records import HAS_ROOM, Door, DoorState, Visit, VisitState
from services.texts.speech import _, ngettext, pgettext

OVER = (VisitState.DONE, VisitState.SCREENED_OUT, VisitState.QUOTA_FULL)
"""Nothing more comes for these visitors."""

_FOR_GOOD = (DoorState.CLOSED, DoorState.FULL)


@dataclass(frozen=True)
class Ticket:
    """What is shown. kind: how it looks.

    button: what opens the room; empty for none. checks: whether the microphone is to be tried before.
    code: what the visitor takes along, and why. back: the address to which they return, and what leads there.
    has_next: whether the next person may use this device now. is_over: whether nothing will change any more.
    """

    kind: str
    heading: str
    lines: tuple[str, ...] = ()
    button: str = ""
    checks: bool = False
    code: str = ""
    code_why: str = ""
    back: str = ""
    back_words: str = ""
    has_next: bool = False
    is_over: bool = False


def ticket_of(door: Door, visit: Visit, state: DoorState, now: datetime, panel_id: str) -> Ticket:
    """The ticket of a visit.

    state: whether the door lets visitors in. panel_id: the panel's id of the visitor, as far as known.
    """
    if visit.state in HAS_ROOM:
        return _in_room(door, visit)
    return replace(_without_room(door, visit, state, now, panel_id), has_next=not door.settings.one_a_device)


def _without_room(door: Door, visit: Visit, state: DoorState, now: datetime, panel_id: str) -> Ticket:
    if visit.may_claim(door.settings):
        return _may_claim(door, visit, state, now)
    if visit.state == VisitState.CUT_OFF:
        told = _("If it was not meant to end, ask the people who invited you: they can give you another one.")
        return Ticket(
            "over", _("Your interview ended after a moment"), (told,), has_next=not door.settings.one_a_device
        )
    return _over(door, visit, panel_id)


def _in_room(door: Door, visit: Visit) -> Ticket:
    if visit.state == VisitState.STARTED:
        told = _("When it is over, this page shows what comes next.")
        return Ticket("started", _("Your interview is going on"), (told,), button=_("Back to my interview"))
    kept = ngettext(
        "The room is kept for you for {count} minute: begin within this time.",
        "The room is kept for you for {count} minutes: begin within this time.",
        door.settings.minutes_to_start,
    )
    lines = (_("This page waits for you."), kept)
    return Ticket("open", _("Your interview is open in another tab"), lines, button=_("Open it again"))


def _may_claim(door: Door, visit: Visit, state: DoorState, now: datetime) -> Ticket:
    if state != DoorState.OPEN:
        why = notices.of_door(door, state, now)
        waits = (_("You need not begin again: this page goes on by itself."),) if state not in _FOR_GOOD else ()
        return Ticket("shut", why.heading, (*why.lines, *waits))
    match visit.state:
        case VisitState.RETURNED:
            told = _("You had not begun in time, so your room went to another visitor. You can have another one now.")
            return Ticket("check", _("Your room was given back"), (told,), _("Open my interview"), checks=True)
        case VisitState.LOST:
            told = _("It was closed before you began. You can have another one now.")
            return Ticket("check", _("Your room cannot be used"), (told,), _("Open my interview"), checks=True)
        case VisitState.CUT_OFF:
            told = _("You can have another room now. Check your microphone first.")
            return Ticket("check", _("Your interview was cut off"), (told,), _("Open my interview"), checks=True)
    told = _("Check that you can be heard, then open your interview. It opens in a new tab.")
    return Ticket("check", _("You are in"), (told,), _("Open my interview"), checks=True)


def _over(door: Door, visit: Visit, panel_id: str) -> Ticket:
    code = panels.code_of(door.settings, visit)
    panel = door.settings.panel
    back = panels.way_back(panel, code, panel_id)
    name = panels.name_of(panel) if panel else ""
    words = (_("Back to {panel}", panel=name) if name else _("Back to the panel")) if back else ""
    if visit.state == VisitState.DONE:
        heading, lines = pgettext("ticket", "Thank you!"), (_("Your interview is complete."),)
    elif visit.state == VisitState.QUOTA_FULL:
        heading = _("Thank you for your interest!")
        lines = (_("Enough people like you take part already, so there is no interview for you this time."),)
    else:
        heading = _("Thank you for your interest!")
        lines = (_("By your answers, this study is not for you this time."),)
    return Ticket(
        "over",
        heading,
        lines,
        code=code,
        code_why=_("Keep it: it shows that you took part.") if visit.state == VisitState.DONE else "",
        back=back,
        back_words=words,
        is_over=True,
    )
