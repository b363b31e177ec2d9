"""What stands behind the pages of doors, and who asks for one: the door, the device, its visit, the language."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl

from starlette.requests import Request

from services.door import devices
from services.door.connection import DoorConnection
from services.door.language import language_for
from services.door.limits import Limits
from services.door.reception import Reception
from services.journal.door.opening import state_of
from services.journal.door.records import Door, DoorState, Visit
from services.journal.door.visits import seen_through
from services.journal.journal import Journal
from services.journal.records import moment
from services.languages import language_in_words
from services.texts.speech import _, ngettext

MOST_FIELDS = 40
"""Fields of a form that are read."""

_ORIGIN = re.compile(r"https?://[a-z0-9.:\[\]-]{1,255}", re.IGNORECASE)

_CODE = re.compile(r"[a-z0-9]{1,40}")


class NoDoor(Exception):
    """There is no door with this code."""


@dataclass(frozen=True)
class Doorway:
    """What gives answers at doors.

    carries_sandbox: whether the sandbox answers at the same address as the doors. public_url: where doors are known
    to be; None for the address at which one is opened.
    """

    journal: Journal
    connection: DoorConnection
    carries_sandbox: bool = False
    public_url: str | None = None
    limits: Limits = field(default_factory=Limits)

    def caller(self, request: Request, form: Mapping[str, str] | None = None) -> "Caller":
        """Who asks. Raises NoDoor, and JournalError."""
        code = request.path_params["code"]
        door = self.journal.doors.find(code) if _CODE.fullmatch(code) else None
        if door is None:
            raise NoDoor
        device = devices.device_of(request, door)
        visit = self.journal.visits.find(door, devices.digest_of(door, device)) if device else None
        asked = (form if form is not None else request.query_params).get("lang", "") or (
            visit.language if visit else ""
        )
        chosen = language_for(door.settings.languages, asked, request.headers.get("Accept-Language", ""))
        return Caller(request, door, device, visit, chosen)

    def reception(self, request: Request) -> Reception:
        """What gives rooms, with links that lead where this visitor can reach the sandbox."""
        return self.connection.reception(origin_of(request) if self.carries_sandbox else None)

    def works_for(self, door: Door) -> bool:
        """Whether Aseed can be asked about the rooms of this door."""
        return self.connection.is_there and self.connection.reception().knows(door)

    def state(self, door: Door) -> tuple[datetime, DoorState]:
        """The moment, by the database's clock, and whether the door lets visitors in."""
        now, figures = self.journal.doors.now_and_figures(door)
        return moment(now), state_of(door, moment(now), figures.got_room, figures.today)

    def facts(self, door: Door) -> list[str]:
        """What is known of the interview."""
        if door.settings.batch_id is None:
            return []
        batch = self.journal.batches.find(door.settings.batch_id, seen_through(door))
        if batch is None:
            return []
        minutes = batch.settings.max_duration_minutes
        found = [ngettext("Time: up to {count} minute", "Time: up to {count} minutes", minutes)]
        if batch.settings.language:
            found.append(_("The interview is in: {language}", language=language_in_words(batch.settings.language)))
        return found

    def address(self, request: Request, door: Door) -> str:
        """The address of a door, to be opened in another browser."""
        return f"{self.public_url or origin_of(request) or ''}/door/{door.code}"


@dataclass(frozen=True)
class Caller:
    """A request at a door. device: None for one without a cookie of this door. language: of the door's, as chosen."""

    request: Request
    door: Door
    device: str | None
    visit: Visit | None
    language: str

    @property
    def device_digest(self) -> str:
        return devices.digest_of(self.door, self.device) if self.device else ""

    @property
    def address(self) -> str:
        """Where the request comes from, as the application sees it; for counting alone, never written down."""
        return self.request.client.host if self.request.client else ""

    @property
    def path(self) -> str:
        return f"/door/{self.door.code}"


def origin_of(request: Request) -> str | None:
    """The address at which this was asked for, such as https://rooms.example; None where it is not a usual one."""
    origin = f"{request.url.scheme}://{request.headers.get('Host', '')}"
    return origin if _ORIGIN.fullmatch(origin) else None


def is_from_own_page(request: Request) -> bool:
    """Whether a browser sends this from a page of the same address, as far as it says where from.

    A page that sends no referrer has the Origin `null`.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin", "null")
    # By the host alone: a proxy may end TLS without telling us.
    return origin == "null" or origin.partition("://")[2].lower() == request.headers.get("Host", "").lower()


async def form_in(request: Request) -> dict[str, str]:
    """The fields of a form; empty where the body is none."""
    body = await request.body()
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return {}
