"""A batch in words: what it is called, how far it is, what it waits for."""

from components.elements.problems import explain
from components.elements.progress import headline
from components.elements.words import rooms_in_words, time_in_words
from components.state import viewer
from services.aseed.errors import TokenRefused, TokensShort
from services.aseed.models import RoomSettings
from services.journal.records import Batch, Stage, State
from services.languages import language_in_words
from services.local_time import in_words
from services.texts.speech import N_, _, ngettext, number
from services.trust import literal

WORDS = {
    State.CREATING: (":blue", N_("Creating rooms")),
    State.WAITING: (":orange", N_("Waiting to look for a lost answer")),
    State.LABELLING: (":blue", N_("Setting labels")),
    State.PARKED: (":orange", N_("Paused: needs you")),
    State.ASKING: (":orange", N_("Needs your decision")),
    State.DONE: (":green", N_("Complete")),
    State.SHORT: (":red", N_("Ended with fewer rooms")),
    State.CANCELLED: (":gray", N_("Stopped")),
}
"""A colour and a few words for each state."""

STAGES = {
    Stage.NEEDS_YOU: N_("Needs you"),
    Stage.AT_WORK: N_("At work"),
    Stage.FINISHED: N_("Finished"),
    Stage.STOPPED: N_("Stopped"),
}
"""The stages as the filter offers them."""


def title(batch: Batch) -> str:
    """What a batch is called: its own name, else its project's."""
    return batch.name or batch.project_name


def state_in_words(batch: Batch) -> str:
    """Its state, as Markdown in a colour."""
    colour, words = WORDS[batch.state][0], _(WORDS[batch.state][1])
    if batch.state == State.SHORT and not batch.rooms:
        words = _("Nothing was created")
    if batch.interrupted:
        colour, words = ":orange", _("Interrupted: needs you")
    if batch.late:
        colour = ":orange"
        words = ngettext(
            "{count} room in no batch: needs your decision",
            "{count} rooms in no batch: needs your decision",
            batch.late,
        )
    elif batch.over and batch.shared:
        colour = ":orange"
        words = ngettext(
            "{count} room with the link of another room: needs you",
            "{count} rooms with the link of another room: needs you",
            batch.shared,
        )
    return f"{colour}[{words}]"


def made_in_words(batch: Batch) -> str:
    """When it was made."""
    return in_words(batch.made, viewer.zone())


def size_in_words(batch: Batch) -> str:
    """How many of its rooms are there."""
    if batch.rooms == batch.wanted:
        return rooms_in_words(batch.wanted)
    return ngettext("{made} of {count} rooms", "{made} of {count} rooms", batch.wanted, made=number(batch.rooms))


def settings_in_words(settings: RoomSettings) -> str:
    """Such as `30 min each · 7 days · English`."""
    parts = [
        _("{minutes} min each", minutes=settings.max_duration_minutes),
        ngettext("{count} days", "{count} days", settings.expires_in_days, count=settings.expires_in_days),
        literal(language_in_words(settings.language) if settings.language else _("language: auto")),
        *(literal(text) for text in (settings.voice, settings.realtime_provider) if text),
    ]
    if settings.topics_for_respondent:
        topics = len(settings.topics_for_respondent.splitlines())
        parts.append(ngettext("{count} topics", "{count} topics", topics))
    return " · ".join(parts)


def by_whom(batch: Batch) -> str:
    """Whose token it was, where the service names a person and not an account's number."""
    return _("by {account}", account=literal(batch.who)) if "@" in batch.who else ""


def took_in_words(batch: Batch) -> str:
    """How long it was at work; for a batch that is over."""
    return _("From the press to the end: {time}, waits included.", time=time_in_words(batch.work_seconds))


def waits_for(batch: Batch) -> str:
    """What has to happen for it to go on, or to be settled; empty where nothing has to."""
    if batch.working:
        return headline(batch)
    if batch.late:
        return ngettext(
            "{count} room of this project is in no batch, and may be yours. Open it to decide.",
            "{count} rooms of this project are in no batch, and may be yours. Open it to decide.",
            batch.late,
        )
    if batch.over:
        return _("Open it to ask Aseed about these links again.") if batch.shared else ""
    if batch.state == State.ASKING:
        missing = batch.wanted - batch.rooms
        if missing <= 0:
            return _("An answer of Aseed's was lost. Open it to decide.")
        return ngettext(
            "An answer of Aseed's was lost. Only you can tell what became of {count} room.",
            "An answer of Aseed's was lost. Only you can tell what became of {count} rooms.",
            missing,
        )
    if batch.problem is None:
        return _("The dashboard was stopped while this batch was at work. Press Resume to go on.")
    return f"{explain(batch.problem).what} {_way_on(batch)}"


def _way_on(batch: Batch) -> str:
    match batch.problem:
        case TokenRefused():
            return _("Paste a new token in Settings, and it goes on.")
        case TokensShort():
            return _("Top up the account, then press Resume.")
    return _("Press Resume to go on.")
