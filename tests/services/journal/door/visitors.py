"""Doors before a pool, and visitors, for tests."""

import secrets
from collections.abc import Mapping

from services.aseed.models import InterviewRoomResponse
from services.journal.desk.records import HandOutState
from services.journal.door.records import Claimed, Door, DoorSettings, DoorTexts, NewVisit, Visit
from services.journal.journal import Journal
from tests.services.journal.desks import MINE, PROJECT, offer, room

TEXTS: Mapping[str, DoorTexts] = {"en": DoorTexts(name="City fair", consent="I agree.")}


def settings(**how: object) -> DoorSettings:
    return DoorSettings.model_validate({"texts": TEXTS, **how})


def door(journal: Journal, *names: str, **how: object) -> Door:
    """A door before a pool with these rooms."""
    journal.hand_outs.offer(MINE, PROJECT, [offer(name) for name in names])
    return journal.doors.make(MINE, PROJECT, settings(**how))


def visitor(journal: Journal, at: Door, device: str | None = None, **who: object) -> Visit:
    new = NewVisit(device or secrets.token_urlsafe(8), "en", at.version, **who)  # type: ignore[arg-type] # of any field
    return journal.visits.enter(at, new)


def claimed(journal: Journal, at: Door, visit: Visit) -> Claimed:
    """The visitor's room, of which Aseed says that it is pending."""
    found = journal.visits.claim(at, visit.key)
    assert isinstance(found, Claimed)
    looked = journal.hand_outs.record_status(MINE, found.room_id, room(found.room_id))
    assert looked is not None and looked.state in (HandOutState.SHOWN, HandOutState.GIVEN)
    return found


def told(journal: Journal, at: Door, said: InterviewRoomResponse) -> Visit | None:
    """What becomes of the visitor once Aseed has said this of their room."""
    looked = journal.hand_outs.record_status(MINE, said.id, said)
    assert looked is not None
    return journal.visits.follow(at, looked)
