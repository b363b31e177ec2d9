"""Rooms in the place of others: the batch that brings them, and the end of the old ones."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from services.aseed.client import AseedClient
from services.aseed.errors import NotFound, RateLimited, Refused, TokenRefused
from services.aseed.models import (
    ACTIVE,
    CANCELLED,
    COMPLETED,
    EXPIRED,
    MAX_LABEL_LENGTH,
    PENDING,
    CreateRoomsRequest,
    InterviewRoomResponse,
    RoomSettings,
    UpdateRoomRequest,
)
from services.batches.plan import plan
from services.journal.records import NewBatch, Replacement
from services.labels import without_addresses
from services.participants import Participant
from services.texts.kept import SaidError, kept
from services.texts.speech import N_

SAME_SETTINGS = ("max_duration_minutes", "voice", "realtime_provider", "language", "topics_for_respondent")
"""The settings of a room that the one in its place is created with."""

TAKEN_OVER = ("research_goals_override", "interview_guide_override")
"""The settings of a room that the one in its place gets once it is there."""

Old = tuple[InterviewRoomResponse, Participant]
"""A room that is to be replaced, and whom it is for."""

Dealt = tuple[Replacement, bool, str]
"""An old room, whether it has been dealt with for good, and what was done about it, in words."""


LEFT = kept("left as it is: {why}")
BEGUN = {
    ACTIVE: N_("left as it is: active"),
    COMPLETED: N_("left as it is: completed"),
    EXPIRED: N_("left as it is: expired"),
}
"""What is said of an old room that is not waiting any more, by its status."""


class NotReplaceable(SaidError):
    """A room has settings that may not be asked for, so that no room like it can be created."""


def like_the_old(
    olds: Sequence[Old], project_name: str, expires_in_days: int, client: AseedClient, failures: Sequence[int]
) -> NewBatch:
    """The batch that replaces rooms of one project, each by one. Raises NotReplaceable.

    failures: how many batches have come to nothing that were to replace each room. Together with the rooms it is the
    name of the press, so that the same wish is the same press from wherever it comes, and one that failed may be tried
    again.
    """
    (project_id,) = {room.project_id for room, _ in olds}
    settings = [_settings(room, expires_in_days) for room, _ in olds]
    rooms = "\n".join(f"{room.id}\n{failed}" for (room, _), failed in zip(olds, failures, strict=True))
    return NewBatch(
        nonce=sha256(f"replace\n{client.service}\n{rooms}".encode(errors="replace")).hexdigest(),
        account=client.account,
        service=client.service,
        project_id=project_id,
        project_name=project_name,
        settings=settings[0],
        calls=plan(settings),
        participants=tuple(replace(person, label=_label(person, room)) for room, person in olds),
        replaces=tuple(room.id for room, _ in olds),
        overrides=tuple(_taken_over(room) for room, _ in olds),
    )


def _settings(room: InterviewRoomResponse, expires_in_days: int) -> RoomSettings:
    """The settings of a new room like the old one. Raises NotReplaceable."""
    own = {name: getattr(room, name) for name in SAME_SETTINGS}
    try:
        settings = RoomSettings.model_validate({**own, "expires_in_days": expires_in_days})
        CreateRoomsRequest.of(room.project_id, 1, settings)
    except ValueError:
        raise NotReplaceable(N_("This room has settings with which no new one can be created.")) from None
    return settings


def _label(person: Participant, room: InterviewRoomResponse) -> str:
    """The label of the old room for the new one, without an address that was written into it."""
    return without_addresses(person.label or room.display_name or "").text[:MAX_LABEL_LENGTH]


def _taken_over(room: InterviewRoomResponse) -> UpdateRoomRequest | None:
    own = {name: text for name in TAKEN_OVER if (text := getattr(room, name))}
    return UpdateRoomRequest.model_validate(own) if own else None


def deal_with(its: Replacement, client: AseedClient) -> Dealt:
    """Cancels an old room unless a person has begun it; with what was done about it.

    Raises AseedError where it has to be tried again: the token is refused (401), the service asks for a pause, or it
    does not say what it did.
    """
    if its.lacks:
        return its, False, N_("left as it is: the new room did not take over its research goals or interview guide")
    if its.shares_link:
        # The person would be left without any link.
        return its, False, N_("left as it is: the new room's link is also in another room")
    try:
        return its, True, _cancelled(its.old_id, client)
    except RateLimited:
        raise
    except Refused as refusal:
        # A new token would help; one that may not do this will not.
        if isinstance(refusal, TokenRefused) and refusal.status == 401:
            raise
        return its, True, LEFT(why=refusal.kept)


def _cancelled(room_id: str, client: AseedClient) -> str:
    """What became of an old room; a room with an interview under way is left open."""
    try:
        room = client.room(room_id)
    except NotFound:
        return N_("gone already")
    if room.status == PENDING:
        client.cancel_room(room_id)
    elif room.status != CANCELLED:
        return BEGUN.get(room.status, LEFT(why=room.status))
    return N_("cancelled")
