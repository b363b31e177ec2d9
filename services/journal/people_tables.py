"""The journal's tables about people; those about rooms are in services/journal/tables.py."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, Table, Text

from services.journal.tables import metadata

# Sign-ins. One that was ended before its time has a cookie that opens nothing any more.
sign_ins = Table(
    "sign_ins",
    metadata,
    Column("key", Text, primary_key=True),
    Column("begun_at", Float, nullable=False),
    Column("ended_at", Float),
)

# The token that a person has pasted, sealed (services/people/vault.py).
person_tokens = Table(
    "person_tokens",
    metadata,
    Column("person", Text, primary_key=True),
    Column("service", Text, primary_key=True),
    Column("sealed", Text, nullable=False),
)

# Who has done what, one line a deed; never changed. Each holds the hash of the one before, so that a gap shows.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("person", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("came_from", Text, nullable=False),
    Column("deed", Text, nullable=False),
    # What it was done to, as JSON: ids and numbers, never a link.
    Column("details", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Index("audit_by_time", "at"),
)

# Rooms of respondents whose data was taken out of the journal (services.journal.personal). What the service says of
# people in them is neither kept nor shown again.
withdrawn_rooms = Table(
    "withdrawn_rooms",
    metadata,
    Column("service", Text, primary_key=True),
    Column("room_id", Text, primary_key=True),
    Column("project_id", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("at", Float, nullable=False),
    # Whether the room was for that person, who may have its link: then no other person gets it.
    Column("was_theirs", Boolean, nullable=False),
)
