"""The chart of completed interviews by day."""

from datetime import date, timedelta

from components.links.figures import MOST_BARS, bars_of
from services.texts.speech import speaking

FIRST = date(2026, 2, 27)


def days(count: int) -> dict[date, int]:
    return {FIRST + timedelta(place): place for place in range(count)}


def test_each_day_has_its_bar() -> None:
    assert bars_of(days(3)) == {"27 Feb": 0, "28 Feb": 1, "1 Mar": 2}


def test_days_are_said_in_the_page_language() -> None:
    with speaking("ru"):
        assert list(bars_of(days(3))) == ["27 февр.", "28 февр.", "1 мар."]


def test_many_days_share_bars_and_lose_nothing() -> None:
    for count in (31, 32, 299, 300, 1000):
        bars = bars_of(days(count))
        assert len(bars) <= MOST_BARS and sum(bars.values()) == sum(range(count))
