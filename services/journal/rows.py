"""How records become rows of the journal's tables, and rows become records."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from services.aseed.errors import AseedError, as_record, from_record
from services.aseed.models import InterviewRoomResponse, RoomSettings, UpdateRoomRequest
from services.journal.desk.records import HandOut, HandOutState, How, Kind, Offer, Station
from services.journal.records import (
    Batch,
    Call,
    CallState,
    KeptRoom,
    LabelState,
    NewBatch,
    PlannedCall,
    Preset,
    RoomRecord,
    State,
    moment,
)
from services.participants import Participant

AnyRow = Row[*tuple[Any, ...]]

FORGOTTEN_SECONDS = 12 * 3600.0
"""Seconds without a sign of life after which a station counts as closed, and its name is free again."""


def batch_of(row: AnyRow) -> Batch:
    """The batch of a row that services.journal.batch_reads selects."""
    return Batch(
        id=row.id,
        nonce=row.nonce,
        account=row.account,
        service=row.service,
        project_id=row.project_id,
        project_name=row.project_name,
        who=row.created_by,
        name=row.name,
        wanted=row.wanted,
        settings=RoomSettings.model_validate_json(row.settings),
        state=State(row.state),
        made=moment(row.made_at),
        ended=moment_of(row.ended_at),
        work_seconds=row.work_seconds,
        rooms=row.rooms,
        calls=row.calls,
        calls_done=row.calls_done,
        calls_planned=row.calls_planned,
        lost=row.calls_lost,
        refused=row.calls_refused,
        labels=row.labels,
        labels_set=row.labels_set,
        labels_failed=row.labels_failed,
        problem=from_record(json.loads(row.problem)) if row.problem else None,
        cancelling=row.cancelling,
        interrupted=bool(row.interrupted),
        wait_seconds=row.wait_seconds,
        is_to_look_again=bool(row.is_to_look_again),
        late=row.late_rooms,
        left_alone=row.left_alone,
        has_gaps=row.has_gaps,
        shared=row.shared,
        has_people=bool(row.has_people),
        turn=row.turn or 0,
    )


def batch_columns(new: NewBatch) -> dict[str, Any]:
    """What is written of a new batch, besides who runs it and since when."""
    return {
        "nonce": new.nonce,
        "account": new.account,
        "service": new.service,
        "project_id": new.project_id,
        "project_name": new.project_name,
        "wanted": new.wanted,
        "settings": new.settings.model_dump_json(),
        "state": State.CREATING,
    }


def call_of(row: AnyRow, filled: Collection[int]) -> Call:
    """The call of a row of `calls`. filled: those of its places that have a room."""
    return Call(
        id=row.id,
        settings=RoomSettings.model_validate_json(row.settings),
        places=tuple(place for place in json.loads(row.places) if place not in filled),
        attempts=row.attempts,
        sent=moment_of(row.sent_at),
    )


def call_columns(call: PlannedCall) -> dict[str, Any]:
    """What is written of a planned call, besides its batch."""
    return {
        "settings": call.settings.model_copy(update={"count": 1}).model_dump_json(),
        "places": json.dumps(call.places),
        "state": CallState.PLANNED,
    }


def problem_text(problem: AseedError) -> str:
    """A problem as the columns `problem` hold it."""
    return json.dumps(as_record(problem))


def kept_room_of(row: AnyRow) -> KeptRoom:
    """The room of a row that services.journal.batch_reads selects."""
    return KeptRoom(
        id=row.id,
        place=row.place,
        room=InterviewRoomResponse.model_validate_json(row.room),
        link=row.link if row.own_link is None else row.own_link,
        participant=participant_of(row),
        label_state=LabelState(row.label_state) if row.label_state else None,
        overrides=UpdateRoomRequest.model_validate_json(row.overrides) if row.overrides else None,
        shares_link=bool(row.shares_link),
        has_own_link=row.own_link is not None,
        is_withdrawn=bool(row.was_theirs),
        hides_names=row.was_theirs is not None,
    )


def room_record_of(row: AnyRow) -> RoomRecord:
    """The record of a room of a batch, from a row that services.journal.rooms selects."""
    return RoomRecord(
        room_id=row.room_id,
        batch_id=row.batch_id,
        batch_name=row.name,
        place=row.place,
        link=row.link,
        participant=participant_of(row),
        replaces=row.replaces or "",
    )


def room_columns(room: InterviewRoomResponse) -> dict[str, Any]:
    """What is written of a room of a call, besides its place, its batch and the state of its label."""
    # PostgreSQL keeps no NUL, and a URL that has one is not a link.
    return {"room_id": room.id, "link": room.url.replace("\0", " "), "room": room.model_dump_json()}


def participant_of(row: AnyRow) -> Participant | None:
    """The person of a row with the columns label, email and external_id; None where the row has none."""
    if row.label is None:
        return None
    return Participant(label=row.label, email=row.email, external_id=row.external_id)


def participant_columns(person: Participant) -> dict[str, str]:
    """What is written of a person, without the settings of their room, which are in their call."""
    columns = {"label": person.label, "email": person.email, "external_id": person.external_id}
    # PostgreSQL keeps no NUL.
    return {name: text.replace("\0", "") for name, text in columns.items()}


def preset_of(row: AnyRow) -> Preset:
    """The preset of a row of `presets`."""
    return Preset(row.id, row.name, json.loads(row.settings), row.is_default)


def hand_out_of(row: AnyRow) -> HandOut:
    """The hand-out of a row that services.journal.desk.lines selects."""
    return HandOut(
        room_id=row.room_id,
        number=row.number,
        label=row.label,
        known_as=row.whom,
        is_named=row.is_named,
        link=row.link if row.own_link is None else row.own_link,
        room=InterviewRoomResponse.model_validate_json(row.room),
        status=row.status,
        state=HandOutState(row.state),
        how=How(row.how) if row.how else None,
        station_key=row.station_key,
        station=row.station,
        operator=row.operator,
        claimed=moment_of(row.claimed_at),
        given=moment_of(row.given_at),
        seconds_since_look=row.seconds_since_look,
        batch_id=row.batch_id,
        shares_link=bool(row.shares_link),
        has_own_link=row.own_link is not None,
        is_withdrawn=bool(row.is_withdrawn),
    )


def offer_columns(offer: Offer) -> dict[str, Any]:
    """What is written of an offer, besides the service's own words about its room."""
    # PostgreSQL keeps no NUL.
    return {
        "batch_id": offer.batch_id,
        "number": offer.number,
        "label": offer.label.replace("\0", ""),
        "whom": offer.known_as.replace("\0", ""),
        "is_named": offer.is_named,
        "link": offer.link,
        "status": offer.room.status,
        "expires_at": expiry_seconds(offer.room),
    }


def expiry_seconds(room: InterviewRoomResponse) -> float | None:
    """When a room expires, in seconds since 1970; None where it does not."""
    return room.expires_at.timestamp() if room.expires_at else None


def station_of(row: AnyRow) -> Station:
    """The station of a row that services.journal.desk.stations selects."""
    forgotten = row.kind == Kind.DESK and row.seconds_since_beat > FORGOTTEN_SECONDS
    return Station(
        key=row.key,
        kind=Kind(row.kind),
        project_id=row.project_id,
        name=row.name,
        operator=row.operator,
        batch_id=row.batch_id,
        by_name=row.by_name,
        moves_on=row.moves_on,
        opened=moment(row.opened_at),
        is_closed=row.closed_at is not None or forgotten,
        holder=row.holder,
        seconds_since_beat=row.seconds_since_beat,
        about=row.about,
    )


def station_columns(station: Station) -> dict[str, Any]:
    """What is written of a new station, besides whose it is and when it was opened."""
    return {
        "key": station.key,
        "project_id": station.project_id,
        "kind": station.kind,
        "name": station.name,
        "operator": station.operator,
        "batch_id": station.batch_id,
        "by_name": station.by_name,
        "moves_on": station.moves_on,
        "holder": station.holder,
        "about": station.about,
    }


def moment_of(seconds: float | None) -> datetime | None:
    """A moment of the database's clock, in UTC; None where there is none."""
    return None if seconds is None else moment(seconds)
