"""The chain of the audit: how each line holds the one before, so that a gap or a change shows.

A line's hash is the SHA-256, in hexadecimal digits, of these bytes: the hash of the line before, a line end (LF), and
the line as canonical JSON (RFC 8785) in UTF-8. In it are, sorted by name and without spaces:

    {"at":…,"came_from":"…","deed":"…","details":{…},"email":"…","id":…,"person":"…","role":"…"}

at: milliseconds since 1970, a whole number. id: the line's number. The first line is number 1, and nothing stands
before its line end; each next one has the next number, so that the newest number is also how many lines were ever
written. In Python, for a row of the CSV that the page gives:

    line = {name: row[name] for name in ("came_from", "deed", "email", "person", "role")}
    line |= {"id": int(row["id"]), "at": int(row["at_ms"]), "details": json.loads(row["details"])}
    text = json.dumps(line, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    sha256(f"{row['previous']}\n{text}".encode()).hexdigest() == row["hash"]

Lines that became too old are taken away from the beginning alone. The deed `forget` then tells in its details, and so
under the chain's protection, up to which line (`up_to`) and what the hash of that line was (`hash`): the line after it
names that hash as the one before.

What cannot be told from the database alone: lines cut off at the end (unless this process has seen them in an earlier
look), and a chain that was written once more from some line on by a person who can write to the database, as no secret
is in it. Both show against a head, the newest number and hash, that was kept elsewhere. A table that was emptied, and a
database that was exchanged for an older copy of itself, are such cut ends.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from services.journal.records import moment


@dataclass(frozen=True)
class Line:
    """One line of the audit. deed: a Deed, or a word of a newer version. at_ms: milliseconds since 1970.

    details: as they are stored, canonical JSON.
    """

    id: int
    at_ms: int
    person: str
    email: str
    role: str
    came_from: str
    deed: str
    details: str
    previous: str
    hash: str

    @property
    def at(self) -> datetime:
        return moment(self.at_ms / 1000)

    @property
    def told(self) -> dict[str, Any]:
        """The details; empty where they are not what was stored."""
        try:
            found = json.loads(self.details)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True)
class Head:
    """A line by its number and hash. The newest one, kept elsewhere, shows later whether the end was cut off."""

    id: int = 0
    hash: str = ""


class Fault(StrEnum):
    """What is wrong at a line: it is not there, or it, or the one before, is not as it was written."""

    MISSING = "missing"
    CHANGED = "changed"


@dataclass(frozen=True)
class Verdict:
    """What a look at the whole chain came to.

    lines: how many are there. head: the newest of them.
    broken, fault: the number of the first line with which something is wrong, and what; None where the chain is whole.
    """

    lines: int
    head: Head
    broken: int | None = None
    fault: Fault | None = None

    @property
    def is_whole(self) -> bool:
        return self.broken is None


def canonical(value: Mapping[str, object]) -> str:
    """The one way to write an object as JSON: RFC 8785, for text, whole numbers, lists and names in ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_of(line: Line) -> str:
    """The hash that a line should have. Raises ValueError where its details are no JSON."""
    told = {
        "id": line.id,
        "at": line.at_ms,
        "person": line.person,
        "email": line.email,
        "role": line.role,
        "came_from": line.came_from,
        "deed": line.deed,
        "details": json.loads(line.details),
    }
    return sha256(f"{line.previous}\n{canonical(told)}".encode()).hexdigest()


def is_sound(line: Line) -> bool:
    """Whether a line is as it was written, as far as its own hash tells."""
    try:
        return hash_of(line) == line.hash and canonical(json.loads(line.details)) == line.details
    except (ValueError, TypeError):
        return False


def anchor_of(line: Line | None) -> Head:
    """The last line that was taken away, as the deed `forget` tells it."""
    told = line.told if line else {}
    up_to, last = told.get("up_to"), told.get("hash")
    return Head(up_to, last) if isinstance(up_to, int) and isinstance(last, str) else Head()


@dataclass
class Check:
    """A look along the chain, some lines at a time, in their order.

    anchor: the last line that was taken away.
    witnesses: lines that are known from elsewhere.
    """

    anchor: Head
    witnesses: tuple[Head, ...] = ()
    lines: int = 0
    _last: Head = field(init=False)
    _seen: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._last = self.anchor
        self._seen[self.anchor.id] = self.anchor.hash

    def along(self, lines: Iterable[Line]) -> Verdict | None:
        """Goes on; gives the verdict once something is wrong."""
        watched = {witness.id for witness in self.witnesses}
        for line in lines:
            expected = self._last.id + 1
            if line.id > expected:
                return self._broken(expected, Fault.MISSING)
            if line.id < expected or line.previous != self._last.hash or not is_sound(line):
                return self._broken(line.id, Fault.CHANGED)
            self.lines += 1
            self._last = Head(line.id, line.hash)
            if line.id in watched:
                self._seen[line.id] = line.hash
        return None

    def end(self) -> Verdict:
        """The verdict once all lines have been seen."""
        for witness in sorted(self.witnesses, key=lambda each: each.id):
            if witness.id > self._last.id:
                return self._broken(self._last.id + 1, Fault.MISSING)
            if self._seen.get(witness.id, witness.hash) != witness.hash:
                return self._broken(witness.id, Fault.CHANGED)
        return Verdict(self.lines, self._last)

    def _broken(self, at: int, fault: Fault) -> Verdict:
        return Verdict(self.lines, self._last, at, fault)
