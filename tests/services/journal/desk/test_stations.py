"""Stations on both databases: one name, one window."""

import pytest

from services.journal.desk.stations import NameTaken
from services.journal.journal import Journal
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
