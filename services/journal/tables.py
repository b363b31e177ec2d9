"""The journal's tables, as the newest migration leaves them (migrations/versions).

Moments are seconds since 1970 by the database's own clock. What only we read is JSON in a text.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData()

_LARGE = BigInteger().with_variant(Integer, "sqlite")
"""64 bits. SQLite has these in every integer, and keeps a table by it only where it is called so."""

# The ids of batches, calls and rooms grow in the order in which they are written.
batches = Table(
    "batches",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    # Made before the press: one intent of one account is one batch, ever.
    Column("nonce", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    Column("project_name", Text, nullable=False),
    Column("created_by", Text, nullable=False, server_default=""),
    Column("name", Text, nullable=False, server_default=""),
    Column("wanted", Integer, nullable=False),
    Column("settings", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("problem", Text),
    Column("cancelling", Boolean, nullable=False, server_default=false()),
    Column("made_at", Float, nullable=False),
    Column("ended_at", Float),
    # Until when the settling of lost answers waits.
    Column("wait_until", Float),
    # Which process works on it, and when it last said so.
    Column("runner", Text),
    Column("runner_seen_at", Float),
    # The rooms that the project had before the first call.
    Column("baseline", Text),
    # When to look for rooms that came into being after we had given them up, and how many there were.
    Column("look_again_at", Float),
    Column("late_rooms", Integer, nullable=False, server_default="0"),
    # How many rooms a person has left alone, and whether the service's list of the project was seen to leave rooms out.
    Column("left_alone", Integer, nullable=False, server_default="0"),
    Column("has_gaps", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("account", "nonce"),
    Index("batches_by_project", "service", "project_id", "id"),
)

# One unresolved batch a project: a lost answer can only be settled while no other batch creates rooms there.
Index(
    "one_unresolved_batch",
    batches.c.service,
    batches.c.project_id,
    unique=True,
    sqlite_where=batches.c.ended_at.is_(None),
    postgresql_where=batches.c.ended_at.is_(None),
)

# SQLite keeps a long baseline between the first columns and this one: for each batch it would be read through.
Index(
    "batches_with_late_rooms",
    batches.c.id,
    sqlite_where=batches.c.late_rooms > 0,
    postgresql_where=batches.c.late_rooms > 0,
)

# The texts by which a batch is found, as services.folding writes them: a change of its rule has to write them again. In
# a table of their own, which is read through for every search.
batch_texts = Table(
    "batch_texts",
    metadata,
    Column("batch_id", Integer, ForeignKey("batches.id"), primary_key=True),
    Column("folded", Text, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("batch_id", Integer, ForeignKey("batches.id"), nullable=False),
    Column("settings", Text, nullable=False),
    # Which places of the batch its rooms fill, in order.
    Column("places", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("problem", Text),
    # When it was claimed last, and when it was sent first by the service's own clock.
    Column("claimed_at", Float),
    Column("sent_at", Float),
    Index("calls_by_batch", "batch_id", "state", "id"),
)

rooms = Table(
    "rooms",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("batch_id", Integer, ForeignKey("batches.id"), nullable=False),
    Column("call_id", Integer, ForeignKey("calls.id"), nullable=False),
    Column("place", Integer, nullable=False),
    Column("service", Text, nullable=False),
    Column("room_id", Text, nullable=False),
    Column("link", Text, nullable=False),
    # The API's own words about it, when it was created or labelled.
    Column("room", Text, nullable=False),
    Column("label_state", Text),
    UniqueConstraint("service", "room_id"),
    UniqueConstraint("batch_id", "place"),
    Index("rooms_by_call", "call_id"),
    Index("rooms_by_label", "batch_id", "label_state"),
)

participants = Table(
    "participants",
    metadata,
    Column("batch_id", Integer, ForeignKey("batches.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("label", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    # In whose place this person's room comes, and whether the old room has been dealt with.
    Column("replaces", Text, nullable=False, server_default=""),
    Column("retired", Boolean, nullable=False, server_default=false()),
)

Index(
    "replacements",
    participants.c.replaces,
    sqlite_where=participants.c.replaces != "",
    postgresql_where=participants.c.replaces != "",
)

# What a room of a batch gets once it is there, because no call can ask for it: goals, a guide.
overrides = Table(
    "overrides",
    metadata,
    Column("batch_id", Integer, ForeignKey("batches.id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    # A change of the room, as JSON.
    Column("change", Text, nullable=False),
)

# The audit trail: what was done to a batch, and when.
events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("batch_id", Integer, ForeignKey("batches.id"), nullable=False),
    Column("at", Float, nullable=False),
    Column("what", Text, nullable=False),
    Index("events_by_batch", "batch_id", "id"),
)

presets = Table(
    "presets",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("service", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("is_default", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("service", "project_id", "name"),
)

# Whose a line is: the account that wrote it, and the project whose readers may see it too, as for batches.


def _whose() -> tuple[Column[str], Column[str]]:
    return Column("project_id", Text, nullable=False), Column("account", Text, nullable=False)


# What was done to a room, and when.
room_events = Table(
    "room_events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("service", Text, nullable=False),
    Column("room_id", Text, nullable=False),
    *_whose(),
    Column("at", Float, nullable=False),
    Column("what", Text, nullable=False),
    Index("room_events_by_room", "service", "room_id", "id"),
)

# Whom a room is for, where that was said after its creation, or it was not created here. It wins over participants.
people = Table(
    "people",
    metadata,
    Column("service", Text, primary_key=True),
    Column("room_id", Text, primary_key=True),
    *_whose(),
    Column("label", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    Index("people_by_project", "service", "project_id"),
)

# Flags of rooms that need no attention any more, because a person has settled them.
settled_flags = Table(
    "settled_flags",
    metadata,
    Column("service", Text, primary_key=True),
    Column("room_id", Text, primary_key=True),
    Column("flag", Text, primary_key=True),
    *_whose(),
    Index("settled_flags_by_project", "service", "project_id"),
)

# How many completed interviews a project is to have.
targets = Table(
    "targets",
    metadata,
    Column("service", Text, primary_key=True),
    Column("project_id", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("completes", Integer, nullable=False),
)

# Every link that was seen, by the digest of what tells it apart, and that of the room that was first seen with it. Two
# numbers only, as every answer writes rows all over this table.
link_keys = Table(
    "link_keys",
    metadata,
    Column("key", _LARGE, primary_key=True, autoincrement=False),
    Column("room", _LARGE, nullable=False),
)

# The rooms whose links were seen in a list of the service, and that were not created here.
listed_rooms = Table(
    "listed_rooms",
    metadata,
    Column("service", Text, primary_key=True),
    Column("room_id", Text, primary_key=True),
    *_whose(),
)

# The rooms that have one link together: each of them, with every key that another one has as well. Mostly none.
shared_links = Table(
    "shared_links",
    metadata,
    Column("service", Text, primary_key=True),
    Column("room_id", Text, primary_key=True),
    Column("key", _LARGE, primary_key=True, autoincrement=False),
    *_whose(),
    # Whether the room was completed, expired or cancelled when it was last listed: then it needs no person any more.
    Column("is_over", Boolean, nullable=False, server_default=false()),
)

# The links of rooms by their own answers, which were asked for because another room had the same one.
own_links = Table(
    "own_links",
    metadata,
    Column("service", Text, primary_key=True),
    Column("room_id", Text, primary_key=True),
    *_whose(),
    Column("link", Text, nullable=False),
)

# Devices at which links are handed out, and files that stand for one where there is no network.
stations = Table(
    "stations",
    metadata,
    # Made for the device, and kept there: it cannot be guessed.
    Column("key", Text, primary_key=True),
    Column("service", Text, nullable=False),
    *_whose(),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("operator", Text, nullable=False),
    # Whose links it gives: those of one batch, or all of the project.
    Column("batch_id", Integer),
    Column("by_name", Boolean, nullable=False, server_default=false()),
    Column("moves_on", Boolean, nullable=False, server_default=false()),
    Column("opened_at", Float, nullable=False),
    Column("closed_at", Float),
    # Which window shows it, and when that last said so: of two, the one that came last.
    Column("holder", Text, nullable=False, server_default=""),
    Column("seen_at", Float, nullable=False),
    # What its visitors read that the interview is about.
    Column("about", Text, nullable=False, server_default=""),
    Index("stations_by_project", "service", "project_id", "kind"),
)

# Rooms that are to be handed out in person: one line each, so that a room can only ever be in one place.
hand_outs = Table(
    "hand_outs",
    metadata,
    Column("service", Text, primary_key=True),
    Column("room_id", Text, primary_key=True),
    *_whose(),
    Column("batch_id", Integer),
    # Whose turn it is: the smallest first.
    Column("turn", Integer, nullable=False),
    Column("number", Integer, nullable=False),
    # What the person who gets it may read, and how staff tell it from others: that may be an email.
    Column("label", Text, nullable=False),
    Column("whom", Text, nullable=False),
    # Whether the room is for a certain person.
    Column("is_named", Boolean, nullable=False),
    Column("link", Text, nullable=False),
    # The API's own words about it, when it was last asked, and what of them is looked for here.
    Column("room", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("expires_at", Float),
    Column("looked_at", Float, nullable=False),
    Column("state", Text, nullable=False),
    Column("how", Text, nullable=False, server_default=""),
    Column("station_key", Text, nullable=False, server_default=""),
    Column("station", Text, nullable=False, server_default=""),
    Column("operator", Text, nullable=False, server_default=""),
    # When it was claimed, and when it was given for good.
    Column("claimed_at", Float),
    Column("given_at", Float),
    Index("hand_outs_by_turn", "service", "project_id", "state", "turn"),
    Index("hand_outs_by_station", "station_key"),
)

_IN_HAND = hand_outs.c.state.in_(("claimed", "shown", "recalled"))

# A station shows one link at a time.
Index(
    "one_link_a_station",
    hand_outs.c.station_key,
    unique=True,
    sqlite_where=_IN_HAND,
    postgresql_where=_IN_HAND,
)
