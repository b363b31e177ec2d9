"""Deeds and what they were done to, in the words of the page."""

from collections.abc import Mapping

from components.elements.file_kinds import FILE_KINDS
from components.elements.words import FLAGS, rooms_in_words
from services.journal.chain import Line
from services.journal.deeds import Deed, DeskDeed, DoorDeed, PresetDeed, Withdrawal
from services.people.roles import Role
from services.texts.speech import N_, _, ngettext, number

DEEDS: Mapping[str, str] = {
    Deed.SIGN_IN: N_("Signed in"),
    Deed.SIGN_OUT: N_("Signed out"),
    Deed.CREATE: N_("Create rooms"),
    Deed.REPLACE: N_("Replace rooms"),
    Deed.RESUME: N_("Resume a batch"),
    Deed.ADOPT: N_("Keep rooms as a batch's own"),
    Deed.LEAVE: N_("Leave rooms alone"),
    Deed.CREATE_MISSING: N_("Create what is missing"),
    Deed.CANCEL_BATCH: N_("Cancel the rest of a batch"),
    Deed.LABEL_AGAIN: N_("Set labels again"),
    Deed.RENAME: N_("Rename a batch"),
    Deed.EXTEND: N_("Extend links"),
    Deed.CANCEL: N_("Cancel links"),
    Deed.RELABEL: N_("Say whom rooms are for"),
    Deed.CHANGE: N_("Change settings of rooms"),
    Deed.SETTLE_FLAG: N_("Say that a room is fine"),
    Deed.TARGET: N_("Set a target"),
    Deed.DESK: N_("Open and close desks"),
    Deed.DOOR: N_("Set up and hold doors"),
    Deed.HAND_OUT: N_("Hand out"),
    Deed.EXPORT: N_("Take away"),
    Deed.PRESET: N_("Change presets"),
    Deed.USE_TOKEN: N_("Paste a token"),
    Deed.FORGET_TOKEN: N_("Forget a token"),
    Deed.RESET_SANDBOX: N_("Reset the sandbox"),
    Deed.FORGET: N_("Old lines were taken away"),
    Deed.WITHDRAW: N_("Withdraw a person's data"),
}
"""What was pressed: a line is there before it is done."""

KINDS: Mapping[str, Mapping[str, str]] = {
    Deed.EXPORT: FILE_KINDS,
    Deed.HAND_OUT: {
        "shown": N_("on show"),
        "given": N_("interview begun"),
        "given_on_paper": N_("given on paper"),
        "given_offline": N_("given without a network"),
        "given_back": N_("given back"),
        "called_back": N_("called back"),
        "returned": N_("returned to the pool"),
        "handed_back": N_("handed back"),
        "packed": N_("put into an offline pack"),
        "unpacked": N_("returned from an offline pack"),
    },
    Deed.SETTLE_FLAG: FLAGS,
    Deed.DESK: {
        DeskDeed.OPENED: N_("desk opened"),
        DeskDeed.TAKEN_OVER: N_("desk taken over by another window"),
        DeskDeed.CLOSED: N_("desk closed"),
        DeskDeed.PACK_OPENED: N_("offline pack begun"),
        DeskDeed.PACK_CLOSED: N_("offline pack closed"),
    },
    Deed.DOOR: {
        DoorDeed.MADE: N_("door set up"),
        DoorDeed.CHANGED: N_("door changed"),
        DoorDeed.PAUSED: N_("door paused"),
        DoorDeed.OPENED: N_("door opened again"),
        DoorDeed.CLOSED: N_("door closed"),
        DoorDeed.ALLOWED: N_("one more room allowed"),
    },
    Deed.PRESET: {
        PresetDeed.SAVED: N_("saved"),
        PresetDeed.DELETED: N_("deleted"),
        PresetDeed.DEFAULT: N_("default changed"),
    },
    Deed.WITHDRAW: {
        Withdrawal.BY_WISH: N_("by wish"),
        Withdrawal.BY_AGE: N_("because of its age"),
    },
}
"""What else is told of some deeds."""

ROLES: Mapping[str, str] = {
    Role.VIEWER: N_("viewer"),
    Role.DESK: N_("desk"),
    Role.RESEARCHER: N_("researcher"),
    Role.ADMIN: N_("admin"),
}

IDS_SHOWN = 2
"""How many ids of rooms are shown; the file has all."""


def deed_in_words(deed: str) -> str:
    """A word of a newer version stays as it is."""
    return _(DEEDS[deed]) if deed in DEEDS else deed


def what(line: Line) -> str:
    """What was done, such as `Take away: Excel`."""
    deed, kind = deed_in_words(line.deed), str(line.told.get("kind", ""))
    said = KINDS.get(line.deed, {}).get(kind)
    return _("{deed}: {kind}", deed=deed, kind=_(said) if said else kind) if kind else deed


def about(line: Line, projects: Mapping[str, str], places: Mapping[str, str]) -> str:
    """To what it was done.

    projects, places: the names of those that are known, by what stands for them; desks and doors are places.
    """
    told = line.told
    its = [told["project"]] if "project" in told else told.get("projects", [])
    parts = [projects.get(str(each), str(each)) for each in its]
    if "batch" in told:
        parts.append(_("batch {number}", number=told["batch"]))
    parts += [places.get(str(told[place]), str(told[place])) for place in ("desk", "door") if place in told]
    if isinstance(target := told.get("target"), int):
        said = ngettext("{count} completed interview", "{count} completed interviews", target)
        parts.append(said if target else _("no target"))
    if isinstance(count := told.get("count"), int):
        forgets = line.deed == Deed.FORGET
        parts.append(ngettext("{count} line", "{count} lines", count) if forgets else rooms_in_words(count))
    if "part" in told:
        parts.append(_("part {part} of {parts}", part=told["part"], parts=told["parts"]))
    return " · ".join(parts)


def room_ids(line: Line) -> str:
    """The first ids of its rooms, and how many more there are."""
    ids = [str(each) for each in line.told.get("rooms", [])]
    more = len(ids) - IDS_SHOWN
    shown = ", ".join(ids[:IDS_SHOWN])
    return _("{ids} and {count} more", ids=shown, count=number(more)) if more > 0 else shown


def who(person: str, email: str) -> str:
    """A person by their email, or where no one signs in."""
    return email or person or _("This installation")
