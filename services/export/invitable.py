"""Whether a person may be invited to a room: no invitation leads to a link that cannot be used."""

from collections.abc import Sequence
from datetime import datetime

from services.aseed.models import ACTIVE, CANCELLED, COMPLETED, EXPIRED, PENDING
from services.rooms.entry import Entry
from services.texts.speech import N_, _

_OVER = {
    ACTIVE: N_("its link has been used"),
    COMPLETED: N_("its link has been used"),
    EXPIRED: N_("its link has run out"),
    CANCELLED: N_("it was cancelled"),
}
"""Why no person is invited to a room that is not pending."""


def why_not_invited(entry: Entry, now: datetime) -> str:
    """Returns why no person is invited to a room; empty where one may be.

    now: the moment by which links run out; the status of a room may be older.
    """
    if entry.room.status != PENDING:
        over = _OVER.get(entry.room.status)
        return _(over) if over else _("its status is {status}", status=entry.room.status)
    if entry.room.expires_at and entry.room.expires_at <= now:
        return _(_OVER[EXPIRED])
    if entry.is_replaced:
        return _("another room has replaced it")
    return entry.link.why_not


def invitable(entries: Sequence[Entry], now: datetime) -> list[Entry]:
    """Returns the rooms to which a person may be invited, in their order."""
    return [entry for entry in entries if not why_not_invited(entry, now)]
