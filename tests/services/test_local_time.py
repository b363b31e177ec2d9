"""Moments as their reader's clock shows them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from services.local_time import in_words, local


def test_a_moment_is_shown_by_the_readers_clock() -> None:
    assert in_words(datetime(2026, 11, 30, 21, 13, tzinfo=UTC), ZoneInfo("Europe/Berlin")) == "Mon 30 Nov 2026, 22:13"


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
