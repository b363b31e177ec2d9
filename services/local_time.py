"""Moments in the time zone of the person who reads them."""

from datetime import datetime
from zoneinfo import ZoneInfo


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment in that zone; in its own zone at the end of the calendar (some services write 9999 for never)."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def in_words(moment: datetime, zone: ZoneInfo) -> str:
    """Such as `Mon 30 Nov 2026, 22:13`."""
    return f"{local(moment, zone):%a %d %b %Y, %H:%M}"
