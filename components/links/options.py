"""What the filters of Links offer, in the words of the page."""

from services.aseed.models import ACTIVE, CANCELLED, COMPLETED, EXPIRED, PENDING
from services.rooms.flags import Flag

ALL_PROJECTS = ""
"""The option that stands for every visible project, where an id stands for one."""

STATUSES = (PENDING, ACTIVE, COMPLETED, EXPIRED, CANCELLED)

HOURS_LEFT = {None: "Any time", 24: "24 hours", 72: "3 days", 168: "7 days"}
"""Within how many hours a pending link runs out."""

REFRESH_SECONDS = {0: "Off", 5: "5 s", 15: "15 s", 60: "60 s"}
"""How often Aseed is asked again while a person looks, in seconds; 0 for never."""

FLAGS = {
    Flag.EXPIRING: "Runs out within 24 h",
    Flag.DROPPED: "Very short interview",
    Flag.OTHER_PERSON: "Another person joined",
    Flag.SAME_EMAIL: "Same email in two rooms",
    Flag.STILL_OPEN: "Replaced, but still works",
    Flag.BAD_LINK: "Not a proper link",
    Flag.SAME_LINK: "Same link as another room",
}
"""Why a room needs a person, in a few words."""
