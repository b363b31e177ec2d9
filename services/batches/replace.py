"""A room in another one's place: the batch that brings it, and the end of the old one."""

from dataclasses import replace
from hashlib import sha256

from services.aseed.client import AseedClient
from services.aseed.errors import NotFound, RateLimited, Refused, TokenRefused
from services.aseed.models import (
    CANCELLED,
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

SAME_SETTINGS = ("max_duration_minutes", "voice", "realtime_provider", "language", "topics_for_respondent")
"""The settings of a room that the one in its place is created with."""

TAKEN_OVER = ("research_goals_override", "interview_guide_override")
"""The settings of a room that the one in its place gets once it is there."""

Dealt = tuple[Replacement, bool, str]
"""An old room, whether it has been dealt with for good, and what was done about it, in words."""


class NotReplaceable(Exception):
    """A room has settings that may not be asked for, so that no room like it can be created."""


def like_the_old(
    room: InterviewRoomResponse,
    person: Participant,
    project_name: str,
    expires_in_days: int,
    client: AseedClient,
    failures: int,
) -> NewBatch:
    """The batch of one room that replaces another. Raises NotReplaceable.

    failures: how many such batches have come to nothing. Together with the room it is the name of the press, so that
    the same wish is the same press from wherever it comes, and one that failed may be tried again.
    """
    try:
        settings = RoomSettings.model_validate(
            {**{name: getattr(room, name) for name in SAME_SETTINGS}, "expires_in_days": expires_in_days}
        )
        CreateRoomsRequest.of(room.project_id, 1, settings)
    except ValueError:
        raise NotReplaceable("This room has settings with which no new one can be created.") from None
    return NewBatch(
        nonce=sha256(f"replace\n{client.service}\n{room.id}\n{failures}".encode(errors="replace")).hexdigest(),
        account=client.account,
        service=client.service,
        project_id=room.project_id,
        project_name=project_name,
        settings=settings,
        calls=plan([settings]),
        participants=(replace(person, label=_label(person, room)),),
        replaces=(room.id,),
        overrides=(_taken_over(room),),
    )


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
        return its, False, "left as it is: the new room did not take over its research goals or interview guide"
    if its.shares_link:
        # The person would be left without any link.
        return its, False, "left as it is: the new room's link is also in another room"
    try:
        return its, True, _cancelled(its.old_id, client)
    except RateLimited:
        raise
    except Refused as refusal:
        # A new token would help; one that may not do this will not.
        if isinstance(refusal, TokenRefused) and refusal.status == 401:
            raise
        return its, True, f"left as it is: {refusal}"


def _cancelled(room_id: str, client: AseedClient) -> str:
    """What became of an old room; a room with an interview under way is left open."""
    try:
        room = client.room(room_id)
    except NotFound:
        return "gone already"
    if room.status == PENDING:
        client.cancel_room(room_id)
    elif room.status != CANCELLED:
        return f"left as it is: {room.status}"
    return "cancelled"
