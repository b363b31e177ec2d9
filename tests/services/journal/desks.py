"""A desk before a pool, for tests of handing out."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from services.aseed.models import PENDING, InterviewRoomResponse
from services.journal.desk.records import HandOut, HandOutState, Kind, Offer, Station
from services.journal.journal import Journal
from services.journal.visibility import Visibility
from tests.entries import entry

SERVICE = "https://aseed.example/custdev"
PROJECT, OTHER_PROJECT = str(UUID(int=1)), str(UUID(int=2))
MINE = Visibility(SERVICE, "account")
ENDS = datetime(2026, 12, 1, tzinfo=UTC)


def room(name: str, status: str = PENDING) -> InterviewRoomResponse:
    token = f"SECRET-{name}"
    url = f"https://app.aseed.ai/interview/{token}"
    return entry(id=name, status=status, project_id=PROJECT, expires_at=ENDS, access_token=token, url=url).room


def offer(name: str, label: str = "", batch: int | None = None) -> Offer:
    found = room(name)
    return Offer(found, found.url, 1, label, label, bool(label), batch)


def station(name: str = "Desk A", **how: object) -> Station:
    return replace(Station(secrets.token_urlsafe(12), Kind.DESK, PROJECT, name, "Maria"), **how)  # type: ignore[arg-type] # of any field


def opened(journal: Journal, *names: str) -> Station:
    """A pool with these rooms, and a station before it."""
    journal.hand_outs.offer(MINE, PROJECT, [offer(name) for name in names])
    return journal.stations.open(MINE, station())


def shown(journal: Journal, at: Station, visibility: Visibility = MINE) -> HandOut:
    """The next room, on the station's screen."""
    claimed = journal.hand_outs.claim(visibility, at)
    assert claimed is not None and claimed.state in (HandOutState.CLAIMED, HandOutState.SHOWN)
    looked = journal.hand_outs.record_status(visibility, claimed.room_id, room(claimed.room_id))
    assert looked is not None and looked.state == HandOutState.SHOWN
    return looked


def state(journal: Journal, name: str) -> HandOutState:
    found = journal.hand_outs.find(MINE, name)
    assert found is not None
    return found.state


def history(journal: Journal, name: str) -> list[str]:
    return [event.what for event in journal.rooms.history(MINE, name)]


def ids(found: Sequence[HandOut]) -> list[str]:
    return [each.room_id for each in found]
