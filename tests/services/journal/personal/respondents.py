"""A study with people in every place of the journal that may name one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Text, select

from services.aseed.errors import Invalid
from services.aseed.models import COMPLETED, RoomSettings, UpdateRoomRequest
from services.batches.plan import plan, settings_of
from services.journal.database import Database
from services.journal.desk.records import HandOutState, Kind, Offer
from services.journal.door.records import DoorSettings, DoorTexts, NewVisit
from services.journal.journal import Journal
from services.journal.records import Batch, NewBatch
from services.journal.tables import metadata
from services.participants import Participant
from tests.services.journal.created import ACCOUNT, MINE, PROJECT, SERVICE, room, started
from tests.services.journal.desks import station

ANNA = Participant(
    label="Anna Petrova",
    email="Anna.Petrova@Example.org",
    external_id="QX-0417",
    topics_for_respondent="Anna Petrova and her morning coffee",
)
BEN = Participant(label="Ben Okoro", email="ben@example.org", external_id="QX-0418")

NAMES = (ANNA.label, ANNA.email, ANNA.external_id)


def pressed(nonce: str, people: Sequence[Participant], overrides: Sequence[UpdateRoomRequest | None] = ()) -> NewBatch:
    form = RoomSettings(topics_for_respondent="Coffee")
    calls = plan(settings_of(person, form) for person in people)
    return NewBatch(nonce, ACCOUNT, SERVICE, PROJECT, "Coffee", form, calls, people, (), overrides)


def made(journal: Journal, new: NewBatch, names: str, *, is_over: bool = True) -> Batch:
    """A batch whose rooms have come, in the order of its calls; a call for which no name is left was refused."""
    batch, run = started(journal, new)
    left = list(names)
    while call := run.claim():
        some, left = left[: len(call.places)], left[len(call.places) :]
        if some:
            run.record_answer(call, [room(name) for name in some])
        else:
            run.record_refusal(call, Invalid(422, f"no room for {ANNA.label}", {}))
    if is_over:
        run.end()
    return batch


def everywhere(journal: Journal) -> Batch:
    """Anna in every place; Ben beside her."""
    goals = UpdateRoomRequest(research_goals_override=f"What {ANNA.label} thinks")
    batch = made(journal, pressed("everywhere", [ANNA, BEN], [goals, None]), "ab")
    journal.batches.rename(batch.id, "Calls with ANNA PETROVA")
    kept = journal.batches.rooms(batch.id)
    labelled = [
        (
            one,
            room(one.room.id, one.participant.label if one.participant else None).model_copy(update=_own(one.room.id)),
        )
        for one in kept
    ]
    journal.batches.record_labels(labelled)
    # Said later, in another letter case; and of a room that was not created here.
    again = replace(ANNA, label="ANNA Petrova")
    journal.rooms.relabel(MINE, PROJECT, {"a": again, "elsewhere": ANNA})
    journal.rooms.note_rooms(MINE, PROJECT, [("a", f"said that it is for {ANNA.label}"), ("elsewhere", "renamed")])
    journal.rooms.settle_flag(MINE, PROJECT, "a", "expiring")
    at_desks(journal, batch)
    at_a_door(journal)
    made(journal, pressed("short", [replace(ANNA, topics_for_respondent=None)]), "")
    return batch


def _own(room_id: str) -> dict[str, str]:
    return {"topics_for_respondent": ANNA.topics_for_respondent or ""} if room_id == "a" else {}


def at_desks(journal: Journal, batch: Batch) -> None:
    """Anna's room was given at a desk and begun; Ben's waits in the pool. A pack is called after her address."""
    told = room("a", ANNA.label), room("b", BEN.label)
    offers = [
        Offer(one, one.url, number, one.display_name or "", one.display_name or "", True, batch.id)
        for number, one in enumerate(told, start=1)
    ]
    journal.hand_outs.offer(MINE, PROJECT, offers)
    desk = journal.stations.open(MINE, station(operator=ANNA.email, about=f"with {ANNA.email.upper()}"))
    claimed = journal.hand_outs.claim(MINE, desk, "a")
    assert claimed is not None
    journal.hand_outs.record_status(MINE, "a", told[0])
    begun = told[0].model_copy(update={"status": COMPLETED, "respondent_email": ANNA.email.lower()})
    given = journal.hand_outs.record_status(MINE, "a", begun)
    assert given is not None and given.state == HandOutState.GIVEN
    journal.stations.open(MINE, station(ANNA.email, kind=Kind.PACK))


def at_a_door(journal: Journal) -> None:
    """Anna has come to a door, and waits for a room."""
    door = journal.doors.make(MINE, PROJECT, DoorSettings(texts={"en": DoorTexts(name="City fair")}))
    who = {"email": ANNA.email, "panel_id": ANNA.external_id, "parameters": {"from": ANNA.label}}
    journal.visits.enter(door, NewVisit("phone", "en", door.version, "digest", **who))  # type: ignore[arg-type] # of any field


def columns_with(tables: Database, *names: str) -> list[str]:
    """The columns of any table, such as `people.label`, that hold one of these texts, in any letter case."""
    wanted = [name.casefold() for name in names]
    return sorted({where for where, text in _texts(tables) if any(name in text.casefold() for name in wanted)})


def _texts(tables: Database) -> Iterator[tuple[str, str]]:
    with tables.reading() as db:
        for table in metadata.tables.values():
            for column in table.columns:
                if isinstance(column.type, Text):
                    for text in db.execute(select(column).where(column.is_not(None))).scalars():
                        yield f"{table.name}.{column.name}", text
