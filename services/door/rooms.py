"""The ticket of a visitor, and the way into their room. No page holds a link: it is in the answer to a press alone."""

from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.responses import HTMLResponse, RedirectResponse, Response

from services.door import devices, notices, pages
from services.door.doorway import Caller, Doorway
from services.door.limits import Limits
from services.door.reception import Unclear
from services.door.tickets import Ticket, ticket_of
from services.door.welcome import in_app, notice, refused, to_ticket
from services.journal.door.records import HAS_ROOM, DoorState, VisitState
from services.link import Link

AGAIN = 5
"""After how many seconds a page that waits asks again."""


def ticket(doorway: Doorway, caller: Caller) -> Response:
    """The ticket, or with `part` what changes of it. Raises JournalError."""
    visit = caller.visit
    if visit is None or caller.device is None:
        return RedirectResponse(f"{caller.path}?lang={caller.language}", 303, pages.headers())
    now, state = _state(doorway, caller)
    shown = ticket_of(caller.door, visit, state, now, devices.kept_panel_id(caller.request, caller.door))
    context = {
        **pages.about(caller.door, caller.language, f"{caller.path}/ticket"),
        **in_app(doorway, caller),
        "ticket": shown,
        "facts": doorway.facts(caller.door) if shown.checks else [],
    }
    part = pages.rendered("part.html", context)
    digest = f'"{pages.digest(part)}"'
    if "part" in caller.request.query_params:
        return _part(caller, shown, part, digest)
    context |= {"token": devices.form_token(caller.door, caller.device), "digest": digest}
    return pages.page("ticket.html", context, sources=doorway.reception(caller.request).desk.check.sources)


def too_often(limits: Limits, caller: Caller) -> Response | None:
    """The answer to one who presses too often, else None. It counts the press."""
    if limits.may_press(caller.address, caller.device_digest):
        return None
    return notice(caller, notices.too_often(), 429, {"Retry-After": "60"}, start=caller.path)


def claim(doorway: Doorway, caller: Caller, form: Mapping[str, str]) -> Response:
    """Leads into the visitor's room, or says why there is none. Raises JournalError."""
    token = devices.form_of(caller.door, caller.device, form.get("form", "")) if caller.device else None
    if token is None:
        return refused(caller)
    if caller.visit is None:
        return RedirectResponse(f"{caller.path}?lang={caller.language}", 303, pages.headers())
    if token.is_old:
        return again(doorway, caller, notices.press_again(), by_itself=False)
    if not doorway.works_for(caller.door):
        return notice(caller, notices.unavailable(), 409)
    reception = doorway.reception(caller.request)
    got = reception.room_for(caller.door, caller.visit)
    if isinstance(got, Link):
        # The one place where a visitor gets a link: it is in no page.
        headers = {**pages.headers(reception.desk.check.sources), "Location": got.target}
        return Response(status_code=303, headers=headers)
    if isinstance(got, Unclear):
        return again(doorway, caller, notices.one_moment(), 503)
    if got.why is None:
        return again(doorway, caller, notices.waiting())
    if isinstance(got.why, VisitState):
        return to_ticket(caller)
    now, _now = doorway.state(caller.door)
    return notice(caller, notices.of_door(caller.door, got.why, now), 409)


def crowded(doorway: Doorway, caller: Caller, _: Mapping[str, str]) -> Response:
    """The answer where too many wait already."""
    return again(doorway, caller, notices.crowded(), 503)


def again(
    doorway: Doorway, caller: Caller, told: notices.Notice, status: int = 200, *, by_itself: bool = True
) -> Response:
    """A page with the same form once more. by_itself: whether it is sent without a press."""
    if caller.device is None:
        return refused(caller)
    context = {
        **pages.about(caller.door, caller.language, caller.path),
        "languages": [],
        "notice": told,
        "token": devices.form_token(caller.door, caller.device),
        "again": AGAIN if by_itself else 0,
    }
    more = {"Retry-After": str(AGAIN)} if status >= 400 else {}
    return pages.page("notice.html", context, status, doorway.reception(caller.request).desk.check.sources, more)


def next_person(_: Doorway, caller: Caller, form: Mapping[str, str]) -> Response:
    """Gives the device to the next person, where it may go through many hands, and no room is in this one's."""
    token = devices.form_of(caller.door, caller.device, form.get("form", "")) if caller.device else None
    if token is None:
        return refused(caller)
    if caller.door.settings.one_a_device or (caller.visit and caller.visit.state in HAS_ROOM):
        return to_ticket(caller)
    response = RedirectResponse(f"{caller.path}?lang={caller.language}", 303, pages.headers())
    devices.keep_device(response, caller.request, caller.door, devices.new_device())
    devices.forget_panel_id(response, caller.request, caller.door)
    return response


def _state(doorway: Doorway, caller: Caller) -> tuple[datetime, DoorState]:
    """The moment, and whether the door lets visitors in; for those who have no room yet alone, as it takes longest."""
    if caller.visit and caller.visit.may_claim(caller.door.settings):
        return doorway.state(caller.door)
    return datetime.now(UTC), DoorState.OPEN


def _part(caller: Caller, shown: Ticket, part: str, digest: str) -> Response:
    more = {**pages.headers(), "ETag": digest, **({"X-Over": "1"} if shown.is_over else {})}
    if caller.request.headers.get("If-None-Match") == digest:
        return Response(status_code=304, headers=more)
    return HTMLResponse(part, headers=more)
