"""Moments as their reader's clock shows them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.local_time import in_words, local


def test_a_moment_is_shown_by_the_readers_clock() -> None:
    assert in_words(datetime(2026, 11, 30, 21, 13, tzinfo=UTC), ZoneInfo("Europe/Berlin")) == "Mon 30 Nov 2026, 22:13"


@pytest.mark.parametrize(
    ("zone", "first", "apart"),
    [
        ("Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ("02:30 UTC+2", "02:30 UTC+1")),
        ("America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC), ("01:30 UTC−4", "01:30 UTC−5")),
        ("Australia/Lord_Howe", datetime(2026, 4, 4, 14, 45, tzinfo=UTC), ("01:45 UTC+11", "01:45 UTC+10:30")),
    ],
)
def test_doubled_times_name_their_offset(zone: str, first: datetime, apart: tuple[str, str]) -> None:
    clock = ZoneInfo(zone)
    step = timedelta(minutes=30) if "Lord_Howe" in zone else timedelta(hours=1)
    assert (in_words(first, clock)[-len(apart[0]) :], in_words(first + step, clock)[-len(apart[1]) :]) == apart
    for earlier in (first - timedelta(days=1), first + timedelta(hours=3), first + timedelta(days=180)):
        assert "UTC" not in in_words(earlier, clock)


def test_zone_without_clock_changes_names_no_offset() -> None:
    assert "UTC" not in in_words(datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ZoneInfo("UTC"))


def test_week_over_a_clock_change_ends_differently() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert local(datetime(2026, 10, 24, 10, tzinfo=UTC), berlin).hour == 12
    assert local(datetime(2026, 10, 31, 10, tzinfo=UTC), berlin).hour == 11


@pytest.mark.parametrize(
    ("moment", "zone"),
    [
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), "Europe/Berlin"),
        (datetime(1, 1, 1, tzinfo=UTC), "America/New_York"),
    ],
)
def test_end_of_the_calendar_keeps_its_zone(moment: datetime, zone: str) -> None:
    assert local(moment, ZoneInfo(zone)) == moment
