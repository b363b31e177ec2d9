"""Moments that a person types: a field takes any date, and what is out of range is said beside it.

A field with narrow bounds keeps the date before behind what is typed out of them, and that one would be written.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.texts.speech import _

FIRST_DAY, LAST_DAY = date(20, 1, 1), date(9990, 12, 31)
"""The bounds of a field: everything that people type, such as 26 for a year. Browsers stop at the year 9999."""

LONGEST = timedelta(days=3653)
"""How far in the future a link may run out: ten years."""


def moment_of(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The moment, in UTC, at which a clock of a zone shows a day and a time."""
    return datetime.combine(day, clock, zone).astimezone(UTC)


def problem_of(moment: datetime, now: datetime) -> str | None:
    """Why a link cannot run out at a moment; None where it can."""
    if moment <= now:
        return _("Choose a moment to come.")
    if moment > now + LONGEST:
        return _("Choose a moment within the next ten years.")
    return None
