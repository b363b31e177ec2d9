"""Moments in the time zone of whoever reads them."""

from datetime import datetime
from zoneinfo import ZoneInfo


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment in that zone; in its own where the calendar ends before (some write the year 9999 for never)."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def in_words(moment: datetime, zone: ZoneInfo) -> str:
    """Such as `Mon 30 Nov 2026, 22:13`."""
    return f"{local(moment, zone):%a %d %b %Y, %H:%M}"
