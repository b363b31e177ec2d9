"""Moments and numbers that a person types: what is out of range is told."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from components.elements.moments import FIRST_DAY, LAST_DAY, moment_of, problem_of
from components.elements.numbers import number_problem

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY])
@pytest.mark.parametrize("zone", ["Etc/GMT-14", "Etc/GMT+12"])
def test_bounds_of_a_field_are_told(day: date, zone: str) -> None:
    assert problem_of(moment_of(day, time(23, 59), ZoneInfo(zone)), NOW)


def test_next_ten_years_are_taken() -> None:
    assert problem_of(NOW, NOW) == "Choose a moment to come."
    assert problem_of(NOW + timedelta(seconds=1), NOW) is None
    assert problem_of(NOW + timedelta(days=3652), NOW) is None
    assert problem_of(NOW + timedelta(days=3660), NOW) == "Choose a moment within the next ten years."


@pytest.mark.parametrize(("value", "fits"), [(0, False), (1, True), (1000, True), (1001, False), (None, False)])
def test_number_out_of_range_is_told(value: int | None, fits: bool) -> None:
    assert number_problem(value, 1, 1000) == (None if fits else "Enter a number from 1 to 1,000.")
