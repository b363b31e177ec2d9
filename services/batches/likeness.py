"""Whether a room may be one that a call created: by what it carries, and never by this machine's clock.

A service may store something else than it was asked for: it fills in what was left open, rounds, trims, clamps. What
it made of what was asked for, in answers that came well, is its form of it, and counts as the same.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.aseed.models import PENDING, InterviewRoomResponse, RoomSettings
from services.journal.records import Answer, Call
from services.languages import language_name
from services.texts.speech import N_

SAME = ("max_duration_minutes", "voice", "realtime_provider", "language", "topics_for_respondent")
"""The settings that a room repeats as they were asked for."""

LIFE, LABEL = "expires_in_days", "display_name"
"""What a room carries besides: how long it lives, and no label, as none can be asked for."""

WORDS = {
    "max_duration_minutes": N_("minutes"),
    "voice": N_("voice"),
    "realtime_provider": N_("provider"),
    "language": N_("language"),
    "topics_for_respondent": N_("topics"),
    LIFE: N_("expiry"),
    LABEL: N_("label"),
}
"""What people call them."""

SLACK = timedelta(minutes=5)
"""How far the two moments that the service itself wrote may be from the days that were asked for."""

ROUNDED_TO = (5, 10, 15, 30, 60)
"""The minutes of which a service may make the next or the last multiple of what was asked for."""

CLOCKS_APART = timedelta(seconds=5)
"""How far the clocks of the service may be apart: the one of its answers and the one by which rooms are created."""


class Forms:
    """What the service makes of what it is asked for.

    answers: those that came well.
    """

    def __init__(self, answers: Sequence[Answer] = ()) -> None:
        self._seen = {
            (name, _asked(answer.settings, name), _stored(answer.room, name))
            for answer in answers
            for name in (*SAME, LIFE, LABEL)
        }
        timed = [answer for answer in answers if answer.sent]
        self.has_one_clock = bool(timed) and not any(_is_before(answer.room, answer.sent) for answer in timed)
        """Whether it dates rooms by the clock by which it dates its answers, as far as that is known."""

    def has(self, name: str, settings: RoomSettings, room: InterviewRoomResponse) -> bool:
        """Whether the service has made of these settings before what the room carries."""
        return (name, _asked(settings, name), _stored(room, name)) in self._seen

    def is_older(self, room: InterviewRoomResponse, sent: datetime | None) -> bool:
        """Whether a room was there before its call was sent, by the service's clock.

        False where that is not known. sent: as for the call.
        """
        return self.has_one_clock and _is_before(room, sent)


NO_FORMS = Forms()


def of_project(rooms: Iterable[InterviewRoomResponse], project_id: str) -> list[InterviewRoomResponse]:
    """Those of the rooms that are in the project: a service may list others with them."""
    return [room for room in rooms if room.project_id.lower() == project_id.lower()]


def differences(room: InterviewRoomResponse, wanted: RoomSettings, forms: Forms = NO_FORMS) -> tuple[str, ...]:
    """The names of what the room carries otherwise than it was asked for, and not in a form of the service's."""
    apart = [name for name in SAME if getattr(room, name) != getattr(wanted, name)]
    if not _lives_as_long(room, wanted):
        apart.append(LIFE)
    if room.display_name is not None:
        apart.append(LABEL)
    return tuple(name for name in apart if not forms.has(name, wanted, room))


def is_like(room: InterviewRoomResponse, wanted: RoomSettings, forms: Forms = NO_FORMS) -> bool:
    """Whether an unused room carries exactly these settings, or the service's forms of them."""
    return _is_unused(room) and not differences(room, wanted, forms)


def could_be(room: InterviewRoomResponse, wanted: RoomSettings) -> bool:
    """Whether it might carry them after all, each as a service may have changed it."""
    return _is_unused(room) and fits(room, wanted)


def fits(room: InterviewRoomResponse, wanted: RoomSettings, forms: Forms = NO_FORMS) -> bool:
    """Whether a room may be the answer to these settings: all that differs is as a service may have changed it."""
    return all(_may_be_form(name, room, wanted) for name in differences(room, wanted, forms))


def fitting(
    rooms: Iterable[InterviewRoomResponse], call: Call, forms: Callable[[], Forms]
) -> list[InterviewRoomResponse]:
    """Those of the rooms of an answer that may answer this call.

    forms: tells what the service makes of what it is asked for; asked only where something differs.
    """
    found = list(rooms)
    if not any(differences(room, call.settings) or _is_before(room, call.sent) for room in found):
        return found
    known = forms()
    return [room for room in found if fits(room, call.settings, known) and not known.is_older(room, call.sent)]


def is_anothers(room: InterviewRoomResponse, creators: Collection[str]) -> bool:
    """Whether another account created the room. creators: the names of ours; empty where they are not known."""
    return bool(creators) and _folded(room.created_by) not in map(_folded, creators)


@dataclass(frozen=True)
class Difference:
    """What a room carries otherwise than was asked for.

    name: one of WORDS; a page says it by `_`.
    asked, stored: as people read them; empty for none.
    """

    name: str
    asked: str
    stored: str


def nearest(
    room: InterviewRoomResponse, settings: Iterable[RoomSettings], forms: Forms = NO_FORMS
) -> tuple[Difference, ...]:
    """What differs between a room and those of the settings that it is most like; nothing where there are none."""
    names, wanted = min(
        ((differences(room, each, forms), each) for each in settings), key=lambda each: len(each[0]), default=((), None)
    )
    if wanted is None:
        return ()
    return tuple(
        Difference(WORDS[name], _in_words(_asked(wanted, name)), _in_words(_stored(room, name))) for name in names
    )


def _is_before(room: InterviewRoomResponse, sent: datetime | None) -> bool:
    return sent is not None and room.created_at < sent - CLOCKS_APART


def _is_unused(room: InterviewRoomResponse) -> bool:
    return room.status == PENDING and room.respondent_email is None


def _lives_as_long(room: InterviewRoomResponse, wanted: RoomSettings) -> bool:
    if room.expires_at is None:
        return True
    return abs(room.expires_at - room.created_at - timedelta(days=wanted.expires_in_days)) <= SLACK


def _asked(settings: RoomSettings, name: str) -> object:
    return None if name == LABEL else getattr(settings, name)


def _stored(room: InterviewRoomResponse, name: str) -> object:
    if name != LIFE:
        return getattr(room, name)
    # Rounded: the two moments are written one after the other.
    return None if room.expires_at is None else round((room.expires_at - room.created_at) / timedelta(days=1), 1)


def _may_be_form(name: str, room: InterviewRoomResponse, settings: RoomSettings) -> bool:
    asked, stored = _asked(settings, name), _stored(room, name)
    if name == LIFE:
        return isinstance(stored, float) and 0 < stored <= settings.expires_in_days + 1
    if name == "max_duration_minutes":
        past = settings.max_duration_minutes
        return any(stored in (past // step * step, past // step * step + step) for step in ROUNDED_TO)
    if asked is None:
        # The service fills in what was left open.
        return True
    if name == "language":
        return language_name(_text(stored)) == language_name(_text(asked))
    kept, wanted = _folded(stored), _folded(asked)
    return kept == wanted or (name == "topics_for_respondent" and bool(kept) and wanted.startswith(kept))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _folded(value: object) -> str:
    return " ".join(value.split()).casefold() if isinstance(value, str) else ""


def _in_words(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
