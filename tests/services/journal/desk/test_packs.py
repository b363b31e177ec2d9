"""Packs on both databases: no station gives what a pack has, and each tick counts once."""

from datetime import UTC, datetime, timedelta

from services.journal.desk.records import HandOutState, How, Kind, Station, Tick
from services.journal.journal import Journal
from services.texts.speech import speaking
from tests.services.journal.desks import MINE, history, ids, opened, shown, state, station


def packed(journal: Journal, count: int = 2, place: str = "Clinic") -> Station:
    pack = journal.stations.open(MINE, station(place, kind=Kind.PACK, operator=""))
    journal.packs.pack(MINE, pack, count)
    return pack


def test_no_station_gives_what_is_in_a_pack(journal: Journal) -> None:
    desk = opened(journal, "a", "b", "c")
    pack = packed(journal)
    assert [state(journal, name) for name in "abc"] == [HandOutState.PACKED, HandOutState.PACKED, HandOutState.FREE]
    assert shown(journal, desk).room_id == "c"
    journal.hand_outs.give_on_paper(MINE, "c", desk.key)
    assert journal.hand_outs.claim(MINE, desk) is None
    waiting, given = journal.packs.packed(MINE, pack)
    assert ids(waiting) == ["a", "b"] and given == 0


AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)


def test_tick_of_a_pack_is_entered_once(journal: Journal) -> None:
    opened(journal, "a", "b")
    pack = packed(journal)
    tick = Tick("a", AT, "Olga", "Борис")
    assert journal.packs.enter(MINE, pack, [tick]) == (1, [])
    assert journal.packs.enter(MINE, pack, [tick]) == (0, [])
    one = journal.hand_outs.find(MINE, "a")
    assert one is not None and (one.state, one.how, one.given) == (HandOutState.GIVEN, How.PACK, AT)
    assert (one.label, one.by) == ("Борис", "Clinic, Olga")
    assert history(journal, "a")[-1] == "handed out without a network at Clinic, Olga on 2026-03-02 14:05 UTC"
    waiting, given = journal.packs.packed(MINE, pack)
    assert ids(waiting) == ["b"] and given == 1


def test_tick_without_label_keeps_whom_for_staff(journal: Journal) -> None:
    opened(journal, "a")
    journal.packs.enter(MINE, packed(journal), [Tick("a", AT, whom="anna@example.org")])
    one = journal.hand_outs.find(MINE, "a")
    assert one is not None and (one.label, one.known_as, one.is_named) == ("", "anna@example.org", True)


def test_conflicting_ticks_are_named_with_reasons(journal: Journal) -> None:
    desk = opened(journal, "a", "b", "c", "d")
    pack = packed(journal, 3)
    journal.packs.enter(MINE, pack, [Tick("a", AT)])
    assert journal.packs.unpack(MINE, pack) == 2
    while shown(journal, desk).room_id != "b":
        journal.hand_outs.give_on_paper(MINE, shown(journal, desk).room_id, desk.key)
    ticks = [Tick("a", AT + timedelta(hours=1)), Tick("b", AT), Tick("c", AT), Tick("unheard of", AT)]
    entered, conflicts = journal.packs.enter(MINE, pack, ticks)
    said = {conflict.tick.room_id: conflict.words for conflict in conflicts}
    assert "entered before, as handed out on 2026-03-02 14:05 UTC" in said["a"]
    assert "also with Desk A, Maria: two people may have it" in said["b"]
    assert "does not know this room" in said["unheard of"]
    # A person has it: it must not be given again.
    assert "taken out again" in said["c"] and state(journal, "c") == HandOutState.GIVEN
    assert entered == 1


def test_what_is_in_another_pack_is_a_conflict(journal: Journal) -> None:
    opened(journal, "a", "b")
    first, second = packed(journal, 1), packed(journal, 1, "Lab")
    assert ids(journal.packs.packed(MINE, second)[0]) == ["b"]
    entered, conflicts = journal.packs.enter(MINE, first, [Tick("b", AT)])
    assert entered == 0 and [conflict.words for conflict in conflicts] == ["it is in another pack, Lab"]
    with speaking("ru"):
        assert [conflict.words for conflict in conflicts] == ["она в другом наборе: Lab"]
    assert state(journal, "b") == HandOutState.PACKED
