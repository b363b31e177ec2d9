"""Moments in the time zone of the person who reads them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from services.texts.speech import _, format_moment


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment in that zone; in its own zone at the end of the calendar (some services write 9999 for never)."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def in_words(moment: datetime, zone: ZoneInfo) -> str:
    """Such as `Mon 30 Nov 2026, 22:13`, with its offset where that clock shows the time twice."""
    there = local(moment, zone)
    return format_moment(there, _("EEE dd MMM y, HH:mm")) + offset_if_twice(there)


def offset_if_twice(there: datetime) -> str:
    """Returns ` UTC+2` or ` UTC+1` for a time that a clock shows twice in a night, as it is set back; else nothing."""
    other = there.replace(fold=1 - there.fold)
    return f" {offset_in_words(there)}" if other.utcoffset() != there.utcoffset() else ""


def offset_in_words(there: datetime) -> str:
    """Such as UTC, UTC+3 or UTC+5:30, with a true minus sign to the west."""
    total = round((there.utcoffset() or there - there).total_seconds() / 60)
    hours, rest = divmod(abs(total), 60)
    sign = "−" if total < 0 else "+"
    return f"UTC{sign}{hours}{f':{rest:02}' if rest else ''}" if total else "UTC"
