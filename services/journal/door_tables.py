"""The journal's tables about doors; those about rooms are in services/journal/tables.py."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, false

from services.journal.tables import metadata

# Public addresses that give each visitor a room of their own.
doors = Table(
    "doors",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    # What its address ends with.
    Column("code", Text, nullable=False, unique=True),
    # Signs what its visitors' browsers keep.
    Column("secret", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("project_id", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("settings", Text, nullable=False),
    # Which of door_texts is read and agreed to now.
    Column("version", Integer, nullable=False),
    Column("made_at", Float, nullable=False),
    Column("made_by", Text, nullable=False, server_default=""),
    Column("is_paused", Boolean, nullable=False, server_default=false()),
    Column("closed_at", Float),
    # When a process looked last what has become of its visitors' rooms: one process does so for all.
    Column("looked_at", Float, nullable=False, server_default="0"),
    # How often rooms were created by the door itself: the next time has the next number, in whichever process.
    Column("fills", Integer, nullable=False, server_default="0"),
    Index("doors_by_project", "service", "project_id"),
)

# What visitors read and agreed to, by version. Never changed: a change of the text is a new version.
door_texts = Table(
    "door_texts",
    metadata,
    Column("door_id", Integer, ForeignKey("doors.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("texts", Text, nullable=False),
)

# Batches that a door has created by itself.
door_fills = Table(
    "door_fills",
    metadata,
    Column("door_id", Integer, ForeignKey("doors.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("rooms", Integer, nullable=False),
    Column("tokens", Integer, nullable=False),
    # None until the batch has begun.
    Column("batch_id", Integer),
)

# One line for each visitor who has entered.
door_visits = Table(
    "door_visits",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("door_id", Integer, ForeignKey("doors.id"), nullable=False),
    # Stands for the visitor where a station stands for a desk: has one room in hand at most.
    Column("key", Text, nullable=False, unique=True),
    # What tells devices and people apart: digests, of no use outside of this door. Empty for none.
    Column("device", Text, nullable=False),
    Column("person", Text, nullable=False, server_default=""),
    # As they were given, until the room has them: then they are in `people`, and here no more.
    Column("email", Text, nullable=False, server_default=""),
    Column("panel_id", Text, nullable=False, server_default=""),
    # Further parameters of the address that the door keeps, as JSON.
    Column("parameters", Text, nullable=False, server_default="{}"),
    Column("language", Text, nullable=False),
    # Which text was agreed to, and when.
    Column("version", Integer, nullable=False),
    Column("entered_at", Float, nullable=False),
    Column("state", Text, nullable=False),
    Column("changed_at", Float, nullable=False),
    Column("room_id", Text),
    Column("claimed_at", Float),
    Column("started_at", Float),
    Column("ended_at", Float),
    # How many interviews were cut off, and how many rooms staff allowed besides.
    Column("cut_offs", Integer, nullable=False, server_default="0"),
    Column("allowed", Integer, nullable=False, server_default="0"),
    # The visitor's own completion code, for a door without one for all.
    Column("code", Text, nullable=False),
    UniqueConstraint("door_id", "device"),
    Index("door_visits_by_state", "door_id", "state"),
    Index("door_visits_by_room", "room_id"),
)

# A person has one visit, from whichever device.
Index(
    "one_visit_a_person",
    door_visits.c.door_id,
    door_visits.c.person,
    unique=True,
    sqlite_where=door_visits.c.person != "",
    postgresql_where=door_visits.c.person != "",
)

# What a visitor answered, by the places of question and answer in the door's settings.
door_answers = Table(
    "door_answers",
    metadata,
    Column("visit_id", Integer, ForeignKey("door_visits.id"), primary_key=True),
    Column("question", Integer, primary_key=True),
    Column("answer", Integer, nullable=False),
)
