"""What is held on one person, as JSON: for the person who asks, so it says what is not in it, too."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from services.export.made_by import MadeBy
from services.journal.personal.items import Item
from services.journal.personal.records import Held
from services.journal.records import moment
from services.people.acting import needs
from services.people.roles import Right

FROM = {
    "participants": "the list of people with which a batch of rooms was created",
    "people": "what was said later of whom a room is for",
    "rooms": "what Aseed said of a room when it was created or labelled",
    "hand_outs": "handing out in person: how staff know whom the link is for, and what Aseed last said of the room",
    "overrides": "goals and a guide that a room was to get for this person alone",
    "calls": "the settings with which the room was asked for",
    "room_events": "what was done to a room",
    "door_visits": "coming to a door: when, in which language, and what the address told",
    "settled_flags": "remarks about a room that staff have settled",
    "batches": "the batches in which the person has rooms",
    "events": "what was done to a batch, where that names the person",
    "stations": "a desk or an offline pack that names the person by the address",
    "presets": "settings of the form that name the person by the address",
}
"""Where an item is from, by the journal's table."""

AT_ASEED = (
    "the room's label and the email with which its respondent joined",
    "the recording, the transcript and the analysis of the interview",
    "its moments, such as when it began and ended, and what it cost",
)
"""What Aseed holds itself."""

NOT_READ = "This dashboard can neither read all of that nor delete it: ask Aseed."

NOT_IN_THIS_FILE = (
    "links to rooms: a link is a key, and a file should not carry it",
    "what other people have in the same rooms and batches",
    "the audit: it has the ids of rooms and who did what to them, and no respondent's name",
    "files that were made before, printed cards, messages and backups",
)

_MOMENTS = ("at", "claimed_at", "given_at", "made_at", "ended_at", "opened_at")


@needs(Right.PEOPLE)
def held_json(held: Held, items: Sequence[Item], made_at: datetime, made_by: MadeBy | None = None) -> bytes:
    """Everything that the journal holds on a person, item by item."""
    told = {
        "made_at": made_at.astimezone(UTC).isoformat(timespec="seconds"),
        "made_by": made_by.properties if made_by else None,
        "person": {
            "labels": list(held.labels),
            "emails": list(held.emails),
            "external_ids": list(held.codes),
        },
        "held_here": [{"from": FROM[item["table"]], **_readable(item)} for item in items],
        "held_by_aseed": {"what": list(AT_ASEED), "how_to_get_it": NOT_READ},
        "not_in_this_file": list(NOT_IN_THIS_FILE),
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def _readable(item: Item) -> Item:
    """An item with moments that people read, in UTC."""
    moments = {name: moment(item[name]).isoformat(timespec="seconds") for name in _MOMENTS if name in item}
    return {**item, **moments}
