"""The first page of a door, and the way in. Only a press lets a visitor in: a link that is opened writes nothing."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import RedirectResponse, Response

from services.door import devices, notices, pages
from services.door.doorway import Caller, Doorway
from services.door.entering import EMAIL, PIN, Typed, new_visit, problems_of, question_name, typed_in
from services.door.in_app import app_of
from services.door.panels import Sent, name_of, query_of, sent_by
from services.door.pin import is_pin_of_day
from services.journal.door.records import DoorState
from services.journal.door.visits import PersonTaken
from services.texts.speech import _

_NOTHING = Typed()


def welcome(doorway: Doorway, caller: Caller) -> Response:
    """The form; the ticket for a device that is in already; else why no one gets in. Raises JournalError."""
    door = caller.door
    if caller.visit is not None:
        return to_ticket(caller)
    if shut := why_shut(doorway, caller):
        return shut
    sent = sent_by(door.settings.panel, caller.request.query_params)
    if door.settings.panel and not sent.panel_id:
        return notice(caller, notices.not_from_panel(name_of(door.settings.panel)))
    device = caller.device or devices.new_device()
    response = _form(doorway, caller, device, sent, _NOTHING, {})
    # Each time, so that a device is known for as long after its last visit.
    devices.keep_device(response, caller.request, door, device)
    return response


def enter(doorway: Doorway, caller: Caller, form: Mapping[str, str]) -> Response:
    """Lets a visitor in who has filled in the form. Raises JournalError."""
    door, device = caller.door, caller.device
    token = devices.form_of(door, device, form.get("form", "")) if device else None
    if device is None or token is None:
        return refused(caller)
    if caller.visit is not None:
        return to_ticket(caller)
    if shut := why_shut(doorway, caller, 409):
        return shut
    sent = Sent(token.told.get("panel_id", ""), token.told.get("kept", {}))
    if door.settings.panel and not sent.panel_id:
        return notice(caller, notices.not_from_panel(name_of(door.settings.panel)), 409)
    typed = typed_in(form, door.settings)
    problems = problems_of(door, typed, caller.language)
    if token.told.get("version") != door.version:
        typed = Typed(typed.email, typed.pin, False, typed.answers)
        problems = {"form": _("The text has changed since you opened it. Read it, and press once more."), **problems}
    elif token.is_old:
        problems = {"form": _("This page was open for a long time. Press once more."), **problems}
    if wrong := _wrong_pin(doorway, caller, typed):
        problems[PIN] = wrong
    if not problems:
        try:
            new = new_visit(door, caller.device_digest, typed, sent, caller.language)
            visit = doorway.journal.visits.enter(door, new)
        except PersonTaken:
            problems[EMAIL] = _(
                "This address has been used on another device, or in another browser. Go on there, or ask for help."
            )
        else:
            response = to_ticket(caller)
            if sent.panel_id and visit is not None:
                devices.keep_panel_id(response, caller.request, door, sent.panel_id)
            return response
    return _form(doorway, caller, device, sent, typed, problems, 422)


def why_shut(doorway: Doorway, caller: Caller, status: int = 200) -> Response | None:
    """The page that says why no one gets in; None where visitors do. Raises JournalError."""
    if not doorway.works_for(caller.door):
        return notice(caller, notices.unavailable(), status)
    now, state = doorway.state(caller.door)
    return None if state == DoorState.OPEN else notice(caller, notices.of_door(caller.door, state, now), status)


def notice(
    caller: Caller, told: notices.Notice, status: int = 200, more: Mapping[str, str] | None = None, **context: object
) -> Response:
    """A page of a heading and some sentences, in the language of the visitor."""
    sent = query_of(caller.door.settings.panel, sent_by(caller.door.settings.panel, caller.request.query_params))
    common = pages.about(caller.door, caller.language, caller.path, sent)
    if caller.request.method == "POST":
        # Its address leads nowhere else.
        common["languages"] = []
    return pages.notice_page(told, {**common, **context}, status, more)


def refused(caller: Caller) -> Response:
    """The answer to a form that is not this device's."""
    return notice(caller, notices.refused(), 403, start=f"{caller.path}?lang={caller.language}")


def to_ticket(caller: Caller) -> Response:
    return RedirectResponse(f"{caller.path}/ticket?lang={caller.language}", 303, pages.headers())


def in_app(doorway: Doorway, caller: Caller, query: str = "") -> dict[str, Any]:
    """What is said within another app than a browser. query: what the address is to end with."""
    app = app_of(caller.request.headers.get("User-Agent", ""))
    address = doorway.address(caller.request, caller.door) + (f"?{query}" if query else "")
    heading = _("This page is open inside {app}", app=app) if app else _("This page is open inside another app")
    told = _("The microphone often does not work there. Copy this address, and open it in Safari or Chrome.")
    return {"app": app, "address": address, "app_words": {"heading": heading, "told": told}}


def _wrong_pin(doorway: Doorway, caller: Caller, typed: Typed) -> str:
    """What is wrong with the PIN; empty for nothing."""
    if not (caller.door.settings.asks_pin and typed.pin):
        return ""
    if not doorway.limits.may_try_pin(caller.address, caller.device_digest):
        return _("The PIN was wrong too often. Wait for ten minutes, or ask the people at the entrance.")
    now, _state = doorway.state(caller.door)
    if is_pin_of_day(caller.door, now, typed.pin):
        return ""
    doorway.limits.note_wrong_pin(caller.address, caller.device_digest)
    return _("This is not the PIN of today.")


def _form(
    doorway: Doorway,
    caller: Caller,
    device: str,
    sent: Sent,
    typed: Typed,
    problems: Mapping[str, str],
    status: int = 200,
) -> Response:
    door, query = caller.door, query_of(caller.door.settings.panel, sent)
    told = {"panel_id": sent.panel_id, "kept": dict(sent.kept), "version": door.version}
    first = next((name for name in problems if name != "form"), "")
    context = {
        **pages.about(door, caller.language, caller.path, query),
        **in_app(doorway, caller, query),
        "token": devices.form_token(door, device, told),
        "typed": typed,
        "problems": problems,
        "first_problem": first,
        "facts": doorway.facts(door),
        "questions": [
            {
                "place": place,
                "name": question_name(place),
                "text": text_in(question.texts, caller.language),
                "answers": [text_in(answer.texts, caller.language) for answer in question.answers],
            }
            for place, question in enumerate(door.settings.questions)
        ],
    }
    return pages.page("welcome.html", context, status)


def text_in(texts: Mapping[str, str], language: str) -> str:
    """The text in a language, else in the first one; empty where there is none."""
    return texts.get(language) or next(iter(texts.values()), "")
