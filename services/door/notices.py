"""What a visitor is told who gets no form and no room: why not, and when to come again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.journal.door.opening import day_began, is_within, opens_next
from services.journal.door.records import Door, DoorSettings, DoorState
from services.local_time import in_words
from services.texts.speech import _


@dataclass(frozen=True)
class Notice:
    """A page with a heading and some sentences."""

    heading: str
    lines: tuple[str, ...] = ()


def of_door(door: Door, state: DoorState, now: datetime) -> Notice:
    """Why a door lets no one in."""
    match state:
        case DoorState.PAUSED:
            return Notice(_("A short pause"), (_("Visitors are let in again soon. Come back in some minutes."),))
        case DoorState.FULL:
            return Notice(_("All places are taken"), (_("Enough people take part. Thank you for your interest!"),))
        case DoorState.FULL_TODAY:
            return Notice(_("All places of today are taken"), (_when(door.settings, _tomorrow(door.settings, now)),))
        case DoorState.EARLY:
            return Notice(_("Not open yet"), (_when(door.settings, opens_next(door.settings, now)),))
        case DoorState.OUT_OF_HOURS:
            return Notice(_("Closed at this hour"), (_when(door.settings, opens_next(door.settings, now)),))
    return Notice(_("These interviews are over"), (_("Thank you for your interest!"),))


def unknown() -> Notice:
    told = _("Check that the address is complete, or ask the person who invited you.")
    return Notice(_("This address leads nowhere"), (told,))


def unavailable() -> Notice:
    told = _("Come back later, or ask the person who invited you.")
    return Notice(_("No interviews are possible at the moment"), (told,))


def not_from_panel(panel: str) -> Notice:
    told = _("This address works only when it is opened from there, as it then knows who you are.")
    heading = _("Open the study from {panel}", panel=panel) if panel else _("Open the study from your panel")
    return Notice(heading, (told,))


def waiting() -> Notice:
    """No room is free just now."""
    told = _("This page tries again by itself. Leave it open: you keep your place.")
    return Notice(_("The next room is being prepared"), (told,))


def one_moment() -> Notice:
    """Aseed, or the journal, does not answer."""
    told = _("The service does not answer just now. Nothing is lost: this page tries again by itself.")
    return Notice(_("One moment"), (told,))


def crowded() -> Notice:
    told = _("This page tries again by itself. Leave it open.")
    return Notice(_("Many people are arriving"), (told,))


def too_often() -> Notice:
    return Notice(_("That was pressed very often"), (_("Wait for a minute, then try again."),))


def press_again() -> Notice:
    """The form was open for too long."""
    return Notice(_("This page was open for a long time"), (_("Press once more to go on."),))


def refused() -> Notice:
    """The form is not this device's."""
    told = _("Your browser did not send what this page had given it. Allow cookies for this page, and open it again.")
    return Notice(_("This did not work"), (told,))


def _when(settings: DoorSettings, moment: datetime | None) -> str:
    if moment is None:
        return _("Thank you for your interest!")
    there = in_words(moment, settings.clock)
    return _("It opens on {moment} ({zone}).", moment=there, zone=settings.zone)


def _tomorrow(settings: DoorSettings, now: datetime) -> datetime | None:
    """When a door that is full today lets visitors in again."""
    # Noon and a day later is the next day, also where a clock is set in between.
    next_day = day_began(settings, day_began(settings, now) + timedelta(hours=36))
    if settings.closes and next_day >= settings.closes:
        return None
    if settings.hours is None or is_within(settings.hours, next_day):
        return next_day
    return opens_next(settings, next_day)
