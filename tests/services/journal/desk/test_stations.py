"""Stations on both databases: one name, one window."""

import pytest
from sqlalchemy import update

from services.journal.audit import Which
from services.journal.database import Database
from services.journal.deeds import Deed
from services.journal.desk.records import Kind
from services.journal.desk.stations import BEAT_SECONDS, NameTaken, station_id
from services.journal.journal import Journal
from services.journal.tables import stations
from services.journal.visibility import Visibility
from tests.services.journal.desks import MINE, PROJECT, opened, station


def test_two_stations_cannot_share_a_name(journal: Journal) -> None:
    first = opened(journal, "a")
    with pytest.raises(NameTaken) as refused:
        journal.stations.open(MINE, station("desk a"))
    assert refused.value.station.key == first.key
    journal.stations.close(MINE, first.key)
    assert journal.stations.open(MINE, station("desk a")).name == "desk a"


def test_last_window_shows_the_station(journal: Journal) -> None:
    desk = opened(journal, "a")
    journal.stations.hold(MINE, desk.key, "first")
    assert journal.stations.beat(desk.key, "first")
    journal.stations.hold(MINE, desk.key, "second")
    assert not journal.stations.beat(desk.key, "first") and journal.stations.beat(desk.key, "second")
    journal.stations.close(MINE, desk.key)
    assert not journal.stations.beat(desk.key, "second")
    found = journal.stations.find(MINE, desk.key)
    assert found is not None and found.is_closed and found.seconds_since_beat < 60


def test_station_keeps_what_its_visitors_read(journal: Journal) -> None:
    journal.stations.open(MINE, station("a", about="mornings"))
    silent = journal.stations.open(MINE, station("b"))
    assert [each.about for each in journal.stations.all(MINE, PROJECT)] == ["mornings", ""]
    found = journal.stations.find(MINE, silent.key)
    assert found is not None and found.about == ""


def told(journal: Journal, key: str) -> list[str]:
    """What the audit says of a station."""
    lines = journal.audit.every(Which(deed=Deed.DESK))
    return [line.told["kind"] for line in lines if line.told["desk"] == station_id(key)]


def test_audit_follows_a_desk_between_windows(journal: Journal) -> None:
    desk = opened(journal, "a")
    # The window that began it, twice; another one; and the end, twice.
    for window in ("first", "first", "second"):
        journal.stations.hold(MINE, desk.key, window)
    journal.stations.close(MINE, desk.key)
    journal.stations.close(MINE, desk.key)
    journal.stations.hold(MINE, desk.key, "third")
    assert told(journal, desk.key) == ["opened", "taken_over", "closed", "opened"]
    (line, *_) = journal.audit.every(Which(about=PROJECT))
    assert line.told == {"kind": "opened", "project": PROJECT, "desk": station_id(desk.key)}


def test_audit_tells_packs_from_desks(journal: Journal) -> None:
    pack = journal.stations.open(MINE, station("Floor 2", kind=Kind.PACK))
    journal.stations.close(MINE, pack.key)
    assert told(journal, pack.key) == ["pack_opened", "pack_closed"]


def test_others_neither_open_nor_name_a_desk(journal: Journal) -> None:
    desk = opened(journal, "a")
    stranger = Visibility(MINE.service, "another")
    journal.stations.hold(stranger, desk.key, "window")
    journal.stations.close(stranger, desk.key)
    assert told(journal, desk.key) == ["opened"] and journal.stations.names(stranger) == {}
    assert journal.stations.names(MINE) == {station_id(desk.key): "Desk A"}
    assert desk.key not in "".join(line.details for line in journal.audit.every(Which()))


def test_sign_of_life_is_never_long_ago(journal: Journal, tables: Database) -> None:
    desk = journal.stations.open(MINE, station())
    journal.stations.hold(MINE, desk.key, "first")
    with tables.writing() as db:
        db.execute(update(stations).values(seen_at=tables.now - 2 * BEAT_SECONDS))
    assert journal.stations.beat(desk.key, "first")
    found = journal.stations.find(MINE, desk.key)
    assert found is not None and found.seconds_since_beat < BEAT_SECONDS
