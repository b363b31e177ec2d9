"""Every verb that does something for a person tells the audit of it, or it is said here why not."""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from services.aseed.client import AseedClient, Connections
from services.aseed.errors import AseedError
from services.batches.engine import Engine
from services.changes.job import Changes
from services.changes.task import Task
from services.journal.audit import Which
from services.journal.deeds import Deed
from services.journal.desk.records import HandOut, Kind, Station, Tick
from services.journal.journal import Journal
from services.journal.personal.records import Key
from services.journal.records import Batch
from services.participants import Participant
from services.rooms.flags import Flag
from tests.faults.study import QUICK, refusing_address
from tests.journals import empty_journal
from tests.services.journal.desks import MINE, PROJECT, offer, shown, station
from tests.services.journal.door.visitors import door, settings, visitor
from tests.services.journal.presses import press, room, started
from tests.services.people.test_verbs import OURS


@dataclass(frozen=True)
class Here:
    """A dashboard at work, with an Aseed that does not answer: what is noted is noted before it is asked."""

    journal: Journal
    engine: Engine
    changes: Changes
    client: AseedClient

    def batch(self) -> Batch:
        """One that no process runs."""
        made, run = started(self.journal, press())
        run.release()
        return made

    def desk(self, kind: Kind = Kind.DESK, holder: str = "") -> Station:
        """One before a pool of one room."""
        self.journal.hand_outs.offer(MINE, PROJECT, [offer("a")])
        return self.journal.stations.open(MINE, station(kind=kind, holder=holder))

    def shown(self) -> tuple[Station, HandOut]:
        desk = self.desk()
        return desk, shown(self.journal, desk)

    def pack(self) -> Station:
        made = self.desk(kind=Kind.PACK)
        self.journal.packs.pack(MINE, made, 1)
        return made


@pytest.fixture
def here(tmp_path: Path, connections: Connections) -> Iterator[Here]:
    with (
        closing(Journal(empty_journal(tmp_path))) as journal,
        closing(Engine(journal, QUICK)) as engine,
        closing(Changes(journal)) as changes,
    ):
        yield Here(journal, engine, changes, AseedClient(refusing_address(), SecretStr("sandbox"), connections))


Do = Callable[[], object]


def _start(here: Here) -> Do:
    return lambda: here.engine.start(press(), here.client)


def _resume(here: Here) -> Do:
    batch = here.batch()
    return lambda: here.engine.resume(batch, here.client)


def _cancel(here: Here) -> Do:
    batch = here.batch()
    return lambda: here.engine.cancel(batch, here.client)


def _adopt(here: Here) -> Do:
    batch = here.batch()
    return lambda: here.engine.adopt(batch, [])


def _leave(here: Here) -> Do:
    batch = here.batch()
    return lambda: here.engine.leave(batch, [room("a")])


def _cancel_rooms(here: Here) -> Do:
    batch = here.batch()
    return lambda: here.engine.cancel_rooms(batch, [room("a")], here.client)


def _label_again(here: Here) -> Do:
    batch = here.batch()
    return lambda: here.engine.label_again(batch, here.client)


def _rename(here: Here) -> Do:
    batch = here.batch()
    return lambda: here.journal.batches.rename(batch.id, "Wave 1")


def _change(here: Here) -> Do:
    return lambda: here.changes.start([Task("a", PROJECT, "Anna", None, "cancelled")], here.client, MINE)


def _paper(here: Here) -> Do:
    desk, one = here.shown()
    return lambda: here.journal.hand_outs.give_on_paper(MINE, one.room_id, desk.key)


def _back(here: Here) -> Do:
    desk, one = here.shown()
    return lambda: here.journal.hand_outs.give_back(MINE, one.room_id, desk.key)


def _recall(here: Here) -> Do:
    _, one = here.shown()
    return lambda: here.journal.hand_outs.recall(MINE, one.room_id)


def _return_recalled(here: Here) -> Do:
    _recall(here)()
    return lambda: here.journal.hand_outs.return_recalled(MINE, "a")


def _return_given(here: Here) -> Do:
    _paper(here)()
    return lambda: here.journal.hand_outs.return_given(MINE, "a")


def _claim(here: Here) -> Do:
    desk = here.desk()
    return lambda: here.journal.hand_outs.claim(MINE, desk)


def _hold(here: Here) -> Do:
    desk = here.desk(holder="one window")
    return lambda: here.journal.stations.hold(MINE, desk.key, "another")


def _close(here: Here) -> Do:
    desk = here.desk()
    return lambda: here.journal.stations.close(MINE, desk.key)


def _pack(here: Here) -> Do:
    made = here.desk(kind=Kind.PACK)
    return lambda: here.journal.packs.pack(MINE, made, 1)


def _unpack(here: Here) -> Do:
    made = here.pack()
    return lambda: here.journal.packs.unpack(MINE, made)


def _enter(here: Here) -> Do:
    made = here.pack()
    tick = Tick("a", datetime(2026, 3, 1, tzinfo=UTC))
    return lambda: here.journal.packs.enter(MINE, made, [tick])


def _pause(here: Here) -> Do:
    at = door(here.journal)
    return lambda: here.journal.doors.pause(MINE, at.id, paused=True)


def _change_door(here: Here) -> Do:
    at = door(here.journal)
    return lambda: here.journal.doors.change(MINE, at.id, settings(most=3))


def _close_door(here: Here) -> Do:
    at = door(here.journal)
    return lambda: here.journal.doors.close(MINE, at.id)


def _allow(here: Here) -> Do:
    at = door(here.journal)
    visit = visitor(here.journal, at)
    return lambda: here.journal.visits.allow(MINE, at.id, visit.id)


def _withdraw(here: Here) -> Do:
    here.journal.rooms.relabel(MINE, PROJECT, {"a": Participant(email="anna@example.com")})
    return lambda: here.journal.personal.withdraw(Key(email="anna@example.com"))


NOTES: dict[str, tuple[Deed, Callable[[Here], Do]]] = {
    "batches.engine.Engine.start": (Deed.CREATE, _start),
    "batches.engine.Engine.resume": (Deed.RESUME, _resume),
    "batches.engine.Engine.cancel": (Deed.CANCEL_BATCH, _cancel),
    "batches.engine.Engine.adopt": (Deed.ADOPT, _adopt),
    "batches.engine.Engine.leave": (Deed.LEAVE, _leave),
    "batches.engine.Engine.cancel_rooms": (Deed.CANCEL, _cancel_rooms),
    "batches.engine.Engine.label_again": (Deed.LABEL_AGAIN, _label_again),
    "changes.job.Changes.start": (Deed.CANCEL, _change),
    "journal.batches.Batches.rename": (Deed.RENAME, _rename),
    "journal.presets.Presets.save": (
        *(Deed.PRESET, lambda here: lambda: here.journal.presets.save(MINE, PROJECT, "Short", {})),
    ),
    "journal.presets.Presets.delete": (Deed.PRESET, lambda here: lambda: here.journal.presets.delete(MINE, 1)),
    "journal.presets.Presets.set_default": (
        *(Deed.PRESET, lambda here: lambda: here.journal.presets.set_default(MINE, None)),
    ),
    "journal.rooms.RoomRecords.settle_flag": (
        *(Deed.SETTLE_FLAG, lambda here: lambda: here.journal.rooms.settle_flag(MINE, PROJECT, "a", Flag.DROPPED)),
    ),
    "journal.rooms.RoomRecords.set_target": (
        *(Deed.TARGET, lambda here: lambda: here.journal.rooms.set_target(MINE, PROJECT, 40)),
    ),
    "journal.desk.hand_outs.HandOuts.claim": (Deed.HAND_OUT, _claim),
    "journal.desk.hand_outs.HandOuts.give_back": (Deed.HAND_OUT, _back),
    "journal.desk.hand_outs.HandOuts.give_on_paper": (Deed.HAND_OUT, _paper),
    "journal.desk.hand_outs.HandOuts.recall": (Deed.HAND_OUT, _recall),
    "journal.desk.hand_outs.HandOuts.return_recalled": (Deed.HAND_OUT, _return_recalled),
    "journal.desk.hand_outs.HandOuts.return_given": (Deed.HAND_OUT, _return_given),
    "journal.desk.packs.Packs.pack": (Deed.HAND_OUT, _pack),
    "journal.desk.packs.Packs.enter": (Deed.HAND_OUT, _enter),
    "journal.desk.packs.Packs.unpack": (Deed.HAND_OUT, _unpack),
    "journal.desk.stations.Stations.open": (Deed.DESK, lambda here: here.desk),
    "journal.desk.stations.Stations.hold": (Deed.DESK, _hold),
    "journal.desk.stations.Stations.close": (Deed.DESK, _close),
    "journal.door.doors.Doors.make": (Deed.DOOR, lambda here: lambda: door(here.journal)),
    "journal.door.doors.Doors.change": (Deed.DOOR, _change_door),
    "journal.door.doors.Doors.pause": (Deed.DOOR, _pause),
    "journal.door.doors.Doors.close": (Deed.DOOR, _close_door),
    "journal.door.visits.Visits.allow": (Deed.DOOR, _allow),
    "journal.personal.data.PersonalData.withdraw": (Deed.WITHDRAW, _withdraw),
    "journal.journal.Journal.forget": (Deed.RESET_SANDBOX, lambda here: lambda: here.journal.forget(MINE)),
}
"""What each verb notes, and how it is done: the function prepares it, and what it gives does it."""

A_FILE = "it makes a file; who gives it to a person notes that (components.elements.exported)"
READS = "it reads the audit itself, and changes nothing"

NOTES_NOTHING = {
    "journal.desk.hand_outs.HandOuts.take_out": "the rooms are cancelled next, which is noted",
    "changes.job.Changes.stop": "it lets rooms be as they are; the histories of the others say what became of them",
    "journal.desk.hand_outs.HandOuts.name": "a change of the room's label comes first, and services.changes notes it",
    "journal.personal.data.PersonalData.find": "it shows what any look at a list of people shows",
    "journal.personal.data.PersonalData.held": "it is a file's content; who gives it to a person notes that",
    **{name: READS for name in OURS if name.startswith("journal.audit.Audit.")},
    **{name: A_FILE for name in OURS if name.startswith("export.")},
}
"""Why a verb tells the audit nothing."""


def test_each_verb_notes_or_says_why_not() -> None:
    assert not NOTES.keys() & NOTES_NOTHING.keys() and all(NOTES_NOTHING.values())
    assert NOTES.keys() | NOTES_NOTHING.keys() == OURS.keys(), "a new verb notes a Deed, or says here why it does not"


@pytest.mark.parametrize("name", NOTES)
def test_verb_notes_its_deed(here: Here, name: str) -> None:
    deed, prepare = NOTES[name]
    do = prepare(here)
    before = here.journal.audit.count(Which())
    with suppress(AseedError):
        do()
    assert [line.deed for line in here.journal.audit.every(Which())][before:] == [deed]
