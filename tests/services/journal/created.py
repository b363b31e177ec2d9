"""Batches whose rooms were created, for tests of single rooms and replacements."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.aseed.models import PENDING, InterviewRoomResponse, RoomSettings, UpdateRoomRequest
from services.batches.plan import plan
from services.journal.journal import Journal
from services.journal.records import Batch, NewBatch
from services.journal.run import Run
from services.journal.visibility import Visibility
from services.participants import Participant

SERVICE, ACCOUNT = "https://aseed.example/custdev", "account"
PROJECT, OTHER_PROJECT = str(UUID(int=1)), str(UUID(int=2))
MINE = Visibility(SERVICE, ACCOUNT)
COLLEAGUE = Visibility(SERVICE, "another", frozenset({PROJECT}))
STRANGER = Visibility(SERVICE, "another", frozenset({OTHER_PROJECT}))
ANNA = Participant(label="Anna", email="anna@example.com", external_id="A-1")
BEN = Participant(label="Ben", email="ben@example.com", external_id="B-2")


def press(
    nonce: str = "nonce",
    count: int = 2,
    people: Sequence[Participant] = (),
    replaces: Sequence[str] = (),
    overrides: Sequence[UpdateRoomRequest | None] = (),
    account: str = ACCOUNT,
    project: str = PROJECT,
) -> NewBatch:
    form = RoomSettings()
    planned = plan([form] * (len(people) or count))
    return NewBatch(nonce, account, SERVICE, project, "Coffee", form, planned, people, replaces, overrides)


def room(name: str, label: str | None = None) -> InterviewRoomResponse:
    made = datetime(2026, 3, 1, tzinfo=UTC)
    return InterviewRoomResponse(
        id=name,
        project_id=PROJECT,
        access_token=f"token-of-{name}",
        url=f"https://aseed.example/interview/token-of-{name}",
        room_name=f"interview-{name}",
        max_duration_minutes=30,
        status=PENDING,
        created_at=made,
        expires_at=made + timedelta(days=7),
        created_by="researcher",
        display_name=label,
    )


def started(journal: Journal, new: NewBatch, runner: str = "runner") -> tuple[Batch, Run]:
    batch, run = journal.batches.start(new, runner)
    assert run is not None
    run.keep_baseline(())
    return batch, run


def filled(journal: Journal, new: NewBatch, *names: str, is_over: bool = True) -> tuple[Batch, Run]:
    """A batch whose rooms have come."""
    batch, run = started(journal, new)
    call = run.claim()
    assert call is not None
    run.record_answer(call, [room(name) for name in names])
    if is_over:
        run.end()
    return batch, run


def told(journal: Journal, room_id: str, visibility: Visibility = MINE) -> list[str]:
    return [event.what for event in journal.rooms.history(visibility, room_id)]
