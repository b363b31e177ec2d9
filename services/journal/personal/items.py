"""What is held on a person, item by item: each with the table that it is from, in the names of its columns.

Not in it: links and what opens them, as a link is a key that a file should not carry; and what other people have.
"""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select, and_, select

from services.journal.door_tables import door_visits
from services.journal.personal.records import Held, Spot
from services.journal.personal.texts import Names
from services.journal.rows import AnyRow
from services.journal.tables import (
    batches,
    calls,
    events,
    hand_outs,
    overrides,
    participants,
    people,
    presets,
    room_events,
    rooms,
    settled_flags,
    stations,
)

Item = dict[str, Any]
"""table: where it is from. service, batch, place, room_id: whose it is. The rest: the columns, by their names."""

LEFT_OUT = ("url", "access_token", "room_name", "created_by")
"""What of Aseed's words opens a room, and who of the team has created it."""

PEOPLE = {"label", "email", "external_id", "whom", "display_name", "respondent_email"}
"""The fields that name a person: another person's are left out."""


def items_of(db: Connection, held: Held) -> list[Item]:
    """Everything that is held on a person."""
    own = {text for trace in held.traces for text in (trace.label, trace.email, trace.code) if text}
    found = [item for spot in held.spots for item in _of_spot(db, spot)]
    found += [_item(row, "batches", Spot("", "", row.id)) for row in _batches(db, held)]
    found += _texts_with(db, held)
    return [{name: value for name, value in item.items() if name not in PEOPLE or value in own} for item in found]


def _texts_with(db: Connection, held: Held) -> Iterator[Item]:
    """What staff or Aseed have written that names the person: as a withdrawal would take it out."""
    names = Names((*held.labels, *held.codes), held.emails)
    lines = select(events.c.batch_id, events.c.at, events.c.what).where(events.c.batch_id.in_(held.batch_ids))
    for line in db.execute(lines.order_by(events.c.id)):
        if names.without(line.what) != line.what:
            yield _item(line, "events", Spot("", "", line.batch_id))
    for table, batch in ((batches, batches.c.id), (calls, calls.c.batch_id)):
        problems = select(batch.label("batch"), table.c.problem).where(batch.in_(held.batch_ids))
        for its in db.execute(problems.where(table.c.problem.is_not(None))):
            if names.without_in_json(its.problem) != its.problem:
                yield {"table": table.name, "batch": its.batch, "problem": json.loads(its.problem).get("text", "")}
    yield from _of_all(db, Names((), held.emails))


def _of_all(db: Connection, emails: Names) -> Iterator[Item]:
    """What staff have written for all, where it has the address: a name there may be a colleague's."""
    told = select(stations.c.service, stations.c.name, stations.c.operator, stations.c.about, stations.c.opened_at)
    for desk in db.execute(told.order_by(stations.c.opened_at)):
        if any(emails.without(text) != text for text in (desk.name, desk.operator, desk.about)):
            yield {"table": "stations", **{name: value for name, value in desk._asdict().items() if value}}
    for preset in db.execute(select(presets.c.name, presets.c.settings).order_by(presets.c.id)):
        if emails.without(preset.name + preset.settings) != preset.name + preset.settings:
            yield {"table": "presets", "name": preset.name, "settings": json.loads(preset.settings)}


def _of_spot(db: Connection, spot: Spot) -> Iterator[Item]:
    for table, statement in _statements(spot):
        for row in db.execute(statement).all():
            yield _item(row, table, spot)
    if spot.batch_id is not None:
        for row in db.execute(select(calls.c.settings, calls.c.places).where(calls.c.batch_id == spot.batch_id)):
            if spot.place in json.loads(row.places):
                yield {**_begun("calls", spot), "settings": json.loads(row.settings)}


def _statements(spot: Spot) -> Iterator[tuple[str, Select[Any]]]:
    place = spot.batch_id, spot.place
    if spot.batch_id is not None:
        listed = participants.c
        yield (
            "participants",
            select(listed.label, listed.email, listed.external_id, listed.replaces).where(_at(participants, place)),
        )
        yield "overrides", select(overrides.c.change).where(_at(overrides, place))
    if not spot.room_id:
        return
    yield "people", select(people.c.label, people.c.email, people.c.external_id).where(_in(people, spot))
    yield "rooms", select(rooms.c.room, rooms.c.label_state).where(_in(rooms, spot))
    desk = hand_outs.c
    told = (desk.label, desk.whom, desk.state, desk.how, desk.station, desk.operator, desk.claimed_at, desk.given_at)
    yield "hand_outs", select(*told, desk.status, desk.room).where(_in(hand_outs, spot))
    visit = door_visits.c
    came = (visit.parameters, visit.language, visit.version, visit.state, visit.entered_at, visit.claimed_at)
    yield "door_visits", select(*came, visit.started_at, visit.ended_at).where(visit.room_id == spot.room_id)
    yield "settled_flags", select(settled_flags.c.flag).where(_in(settled_flags, spot))
    lines = select(room_events.c.at, room_events.c.what).where(_in(room_events, spot))
    yield "room_events", lines.order_by(room_events.c.id)


def _batches(db: Connection, held: Held) -> list[AnyRow]:
    columns = (batches.c.id, batches.c.name, batches.c.project_name, batches.c.made_at, batches.c.ended_at)
    found = select(*columns).where(batches.c.id.in_(held.batch_ids)).order_by(batches.c.id)
    return list(db.execute(found))


def _item(row: AnyRow, table: str, spot: Spot) -> Item:
    item = _begun(table, spot)
    for name, value in row._asdict().items():
        if name == "room":
            told = json.loads(value)
            item |= {each: text for each, text in told.items() if each not in LEFT_OUT and text is not None}
        elif name == "change":
            item[name] = json.loads(value)
        elif value not in (None, "") and name != "id":
            item[name] = value
    return item


def _begun(table: str, spot: Spot) -> Item:
    whose = {"batch": spot.batch_id, "place": spot.place, "room_id": spot.room_id, "service": spot.service}
    return {"table": table, **{name: value for name, value in whose.items() if value not in (None, "")}}


def _at(table: Any, place: tuple[int | None, int | None]) -> Any:  # noqa: ANN401 - any table with these columns
    return and_(table.c.batch_id == place[0], table.c.place == place[1])


def _in(table: Any, spot: Spot) -> Any:  # noqa: ANN401 - any table with these columns
    return and_(table.c.service == spot.service, table.c.room_id == spot.room_id)
