"""Whether a door lets visitors in at a moment: pause, close, days and hours, and limits."""

from datetime import datetime, timedelta

from services.journal.door.records import Door, DoorSettings, DoorState, Hours


def state_of(door: Door, now: datetime, got_room: int, today: int) -> DoorState:
    """Whether the door lets visitors in.

    now: by the database's clock. got_room, today: how many visitors got a room, at any time and on this day.
    """
    settings = door.settings
    if door.is_closed or (settings.closes and now >= settings.closes):
        return DoorState.CLOSED
    if door.is_paused:
        return DoorState.PAUSED
    if settings.most is not None and got_room >= settings.most:
        return DoorState.FULL
    if settings.opens and now < settings.opens:
        return DoorState.EARLY
    if settings.hours and not is_within(settings.hours, now.astimezone(settings.clock)):
        return DoorState.OUT_OF_HOURS
    if settings.most_a_day is not None and today >= settings.most_a_day:
        return DoorState.FULL_TODAY
    return DoorState.OPEN


def is_within(hours: Hours, there: datetime) -> bool:
    """Whether the moment is within the hours. there: by the door's clock."""
    at, day = there.time(), there.weekday()
    if hours.since < hours.until:
        return day in hours.days and hours.since <= at < hours.until
    # Past midnight, it is the evening before that counts.
    return (day in hours.days and at >= hours.since) or ((day - 1) % 7 in hours.days and at < hours.until)


def opens_next(settings: DoorSettings, now: datetime) -> datetime | None:
    """When a door that is shut by its days or hours opens next; None where it does not, or keeps no hours."""
    start = max(now, settings.opens) if settings.opens else now
    if settings.hours is None or is_within(settings.hours, start.astimezone(settings.clock)):
        found = settings.opens if settings.opens and settings.opens > now else None
    else:
        there = start.astimezone(settings.clock)
        days = (there.date() + timedelta(days=ahead) for ahead in range(8))
        since = settings.hours.since
        moments = (datetime.combine(day, since, settings.clock) for day in days if day.weekday() in settings.hours.days)
        found = next((moment for moment in moments if moment > start), None)
    return None if found and settings.closes and found >= settings.closes else found


def day_began(settings: DoorSettings, now: datetime) -> datetime:
    """When the day of a moment began by the door's clock."""
    return now.astimezone(settings.clock).replace(hour=0, minute=0, second=0, microsecond=0)
