"""The audit: lines in a chain that holds with many writers, and in which each kind of tampering shows."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text

from services.journal import audit as audit_module
from services.journal.audit import Which, _columns, _line
from services.journal.chain import Fault, Head, Line, hash_of
from services.journal.database import Database
from services.journal.deeds import Deed
from services.journal.journal import Journal
from services.journal.people_tables import audit as table
from services.journal.visibility import Visibility
from services.people import acting
from services.people.acting import NotAllowed, Person
from services.people.roles import Role
from services.rooms.flags import Flag
from tests.services.journal.presses import MINE, claimed, press, rooms, started

ANNA = Person("key of anna", "anna@example.org", Role.ADMIN, "192.0.2.7")
BORIS = Person("key of boris", "boris@example.org", Role.DESK)

PROJECT = "11111111-1111-4111-8111-111111111111"

ALL = Which()


def change(tables: Database, *statements: str) -> None:
    """Does to the table what no verb does."""
    with tables.writing() as db:
        for statement in statements:
            db.execute(text(statement))


def filled(journal: Journal, count: int = 6) -> list[Line]:
    """Notes so many deeds, and gives their lines in order."""
    for number in range(count):
        journal.audit.note(Deed.EXTEND, ANNA, project=PROJECT, rooms=[f"room-{number}"])
    return journal.audit.every(ALL)


def test_line_says_who_did_what_to_which_rooms(journal: Journal) -> None:
    before = datetime.now(UTC) - timedelta(seconds=5)
    journal.audit.note(Deed.EXTEND, ANNA, projects=[PROJECT], rooms=["a", "b"])
    (line,) = journal.audit.lines(ALL, 10)
    assert (line.person, line.email, line.role) == ("key of anna", "anna@example.org", "admin")
    assert (line.came_from, line.deed, line.id) == ("192.0.2.7", "extend", 1)
    assert line.told == {"project": PROJECT, "rooms": ["a", "b"], "count": 2}
    assert before < line.at < datetime.now(UTC) + timedelta(seconds=5)


def test_hash_can_be_checked_by_its_definition(journal: Journal) -> None:
    journal.audit.note(Deed.SIGN_IN, Person("k", "борис@пример.рф", None, "::1"))
    for line in filled(journal):
        parts = {name: getattr(line, name) for name in ("came_from", "deed", "email", "person", "role", "id")}
        parts |= {"at": line.at_ms, "details": json.loads(line.details)}
        written = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert line.hash == sha256(f"{line.previous}\n{written}".encode()).hexdigest()


def test_links_and_emails_get_into_no_line(journal: Journal) -> None:
    journal.audit.note(Deed.CANCEL, ANNA, rooms=["https://a.example/r/secret", "x@example.org"], project="Anna K")
    (line,) = journal.audit.lines(ALL, 10)
    assert line.told == {"project": "?", "rooms": ["?", "?"], "count": 2}


def test_many_rooms_make_several_lines(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_module, "ROOMS_A_LINE", 2)
    journal.audit.note(Deed.CANCEL, ANNA, rooms=list("abcde"))
    told = [line.told for line in journal.audit.every(ALL)]
    assert [(each["rooms"], each["count"], each["part"]) for each in told] == [
        (["a", "b"], 5, 1),
        (["c", "d"], 5, 2),
        (["e"], 5, 3),
    ]
    assert journal.audit.verify().is_whole


WRITER = """
import sys
from concurrent.futures import ThreadPoolExecutor
from services.journal.deeds import Deed
from services.journal.journal import Journal

journal = Journal(sys.argv[1])
with ThreadPoolExecutor(4) as pool:
    list(pool.map(lambda number: journal.audit.note(Deed.EXTEND, rooms=[f"{sys.argv[2]}-{number}"]), range(40)))
journal.close()
"""


def test_chain_holds_with_many_writers(database: str, journal: Journal) -> None:
    root = Path(__file__).parents[3]
    others = [subprocess.Popen([sys.executable, "-c", WRITER, database, name], cwd=root) for name in ("one", "two")]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: journal.audit.note(Deed.EXTEND, rooms=[f"here-{number}"]), range(40)))
    assert [other.wait(60) for other in others] == [0, 0]
    verdict = journal.audit.verify()
    assert verdict.is_whole and verdict.lines == verdict.head.id == 120
    assert len({line.details for line in journal.audit.every(ALL)}) == 120


TAMPERINGS: dict[str, tuple[tuple[str, ...], int, Fault]] = {
    "email": (("UPDATE audit SET email = 'x@example.org' WHERE id = 3",), 3, Fault.CHANGED),
    "time": (("UPDATE audit SET at = at - 1 WHERE id = 3",), 3, Fault.CHANGED),
    "spaces in details": (("UPDATE audit SET details = details || ' ' WHERE id = 3",), 3, Fault.CHANGED),
    "details of another kind": (("UPDATE audit SET details = 'no JSON' WHERE id = 3",), 3, Fault.CHANGED),
    "hash": (("UPDATE audit SET hash = 'f' WHERE id = 6",), 6, Fault.CHANGED),
    "deleted": (("DELETE FROM audit WHERE id = 3",), 3, Fault.MISSING),
    "deleted at the beginning": (("DELETE FROM audit WHERE id < 3",), 1, Fault.MISSING),
    "deleted and closed up": (
        ("DELETE FROM audit WHERE id = 3", *(f"UPDATE audit SET id = {n - 1} WHERE id = {n}" for n in (4, 5, 6))),
        3,
        Fault.CHANGED,
    ),
    "inserted": (
        (
            *(f"UPDATE audit SET id = {number + 1} WHERE id = {number}" for number in (6, 5, 4)),
            "INSERT INTO audit SELECT 4, at, person, email, role, came_from, deed, details, hash, hash FROM audit"
            " WHERE id = 3",
        ),
        4,
        Fault.CHANGED,
    ),
    "reordered": (
        tuple(f"UPDATE audit SET id = {new} WHERE id = {old}" for old, new in ((3, 99), (4, 3), (99, 4))),
        3,
        Fault.CHANGED,
    ),
}


@pytest.mark.parametrize("how", TAMPERINGS)
def test_tampering_is_found_at_its_line(journal: Journal, tables: Database, how: str) -> None:
    filled(journal)
    statements, at, fault = TAMPERINGS[how]
    assert journal.audit.verify().is_whole
    change(tables, *statements)
    verdict = journal.audit.verify()
    assert (verdict.broken, verdict.fault) == (at, fault)


def test_cut_end_shows_against_a_kept_head(database: str, journal: Journal, tables: Database) -> None:
    filled(journal)
    kept = journal.audit.verify().head
    change(tables, "DELETE FROM audit WHERE id > 4")
    # This process has seen the end; another one has not.
    assert (journal.audit.verify().broken, journal.audit.verify().fault) == (5, Fault.MISSING)
    other = Journal(database)
    assert other.audit.verify().is_whole
    assert other.audit.verify(kept).broken == 5
    other.audit.note(Deed.CANCEL)
    other.audit.note(Deed.CANCEL)
    assert other.audit.verify(kept) == other.audit.verify(Head(6, kept.hash))
    assert (other.audit.verify(kept).broken, other.audit.verify(kept).fault) == (6, Fault.CHANGED)
    other.close()


def age(tables: Database, days: int, up_to: int) -> None:
    """Has lines be older, as if they had been written then."""
    # Their hashes are of another moment: the chain is made once more.
    with tables.writing() as db:
        rows = [_line(row) for row in db.execute(table.select().order_by(table.c.id))]
        previous = ""
        for line in rows:
            at_ms = line.at_ms - (days * 86_400_000 if line.id <= up_to else 0)
            made = Line(**{**vars(line), "at_ms": at_ms, "previous": previous})
            previous = hash_of(made)
            db.execute(table.update().where(table.c.id == line.id).values(_columns(made, previous)))


def test_chain_is_whole_after_old_lines_went(journal: Journal, tables: Database) -> None:
    filled(journal)
    age(tables, 40, 4)
    kept = journal.audit.verify().head
    assert journal.audit.forget_older(30) == 4
    first, *_, last = journal.audit.every(ALL)
    assert (first.id, last.deed, last.told["up_to"], last.told["hash"]) == (5, "forget", 4, first.previous)
    verdict = journal.audit.verify(kept)
    assert verdict.is_whole and (verdict.lines, verdict.head.id) == (3, 7)
    change(tables, "DELETE FROM audit WHERE id = 5")
    assert journal.audit.verify().broken == 5


def test_old_lines_go_once_a_day(journal: Journal, tables: Database) -> None:
    assert journal.audit.forget_older(30) == 0
    filled(journal)
    assert journal.audit.forget_older(30) == 0
    age(tables, 40, 2)
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(lambda _: journal.audit.forget_older(30), range(4))) == [0, 0, 0, 2]
    assert [line.id for line in journal.audit.every(Which(deed=Deed.FORGET))] == [7]


def test_all_lines_may_be_forgotten(journal: Journal, tables: Database) -> None:
    filled(journal)
    assert journal.audit.forget_before(datetime.now(UTC) + timedelta(days=1)) == 6
    journal.audit.note(Deed.CANCEL, ANNA)
    assert journal.audit.forget_before(datetime.now(UTC) + timedelta(days=1)) == 2
    assert journal.audit.verify().is_whole
    assert [line.id for line in journal.audit.every(ALL)] == [9]
    change(tables, "UPDATE audit SET deed = 'cancel'")
    assert not journal.audit.verify().is_whole


def test_lines_are_found_newest_first(journal: Journal) -> None:
    filled(journal, 3)
    journal.audit.note(Deed.HAND_OUT, BORIS, project="other", rooms=["room-1"])
    assert [line.id for line in journal.audit.lines(ALL, 2)] == [4, 3]
    assert [line.id for line in journal.audit.lines(ALL, 2, 2)] == [2, 1]

    def found(which: Which) -> list[int]:
        return [line.id for line in journal.audit.lines(which, 10)]

    assert found(Which(person=BORIS.key)) == [4]
    assert found(Which(deed=Deed.EXTEND)) == [3, 2, 1]
    assert found(Which(about="room-1")) == [4, 2]
    assert found(Which(about=PROJECT)) == [3, 2, 1]
    assert found(Which(about="room_1")) == found(Which(about="%")) == []
    now = datetime.now(UTC)
    assert found(Which(since=now + timedelta(minutes=1))) == []
    assert found(Which(until=now + timedelta(minutes=1))) == [4, 3, 2, 1]
    assert journal.audit.count(Which(deed=Deed.EXTEND)) == 3
    assert journal.audit.people() == {ANNA.key: ANNA.email, BORIS.key: BORIS.email}


def test_room_leads_to_the_batch_that_created_it(journal: Journal) -> None:
    batch, run = started(journal, press())
    run.record_answer(claimed(run), rooms("abc"))
    journal.audit.note(Deed.CANCEL, rooms=["another"], batch=batch.id * 10)
    assert [line.deed for line in journal.audit.lines(Which(about="b"), 10)] == ["create"]


def test_targets_and_flags_are_noted_once(journal: Journal) -> None:
    for _ in range(2):
        journal.rooms.settle_flag(MINE, PROJECT, "room-a", Flag.DROPPED)
    journal.rooms.set_target(MINE, PROJECT, 40)
    for _ in range(2):
        journal.rooms.set_target(MINE, PROJECT, None)
    found = [(line.deed, line.told) for line in journal.audit.every(ALL)]
    assert found == [
        ("settle_flag", {"kind": "dropped", "project": PROJECT, "rooms": ["room-a"], "count": 1}),
        ("target", {"project": PROJECT, "target": 40}),
        ("target", {"project": PROJECT, "target": 0}),
    ]
    # What another account has set is not changed, and so not noted.
    journal.rooms.set_target(MINE, PROJECT, 41)
    journal.rooms.set_target(Visibility(MINE.service, "another"), PROJECT, 9)
    assert journal.audit.count(Which(deed=Deed.TARGET)) == 3 and journal.rooms.target(MINE, PROJECT) == 41


def test_only_who_may_reads_the_audit(journal: Journal) -> None:
    filled(journal)
    acting.asks_for(lambda: BORIS)
    try:
        journal.audit.note(Deed.SIGN_IN)
        for read in (lambda: journal.audit.lines(ALL, 1), lambda: journal.audit.every(ALL), journal.audit.verify):
            with pytest.raises(NotAllowed):
                read()
    finally:
        acting.asks_for(lambda: acting.EVERYONE)
