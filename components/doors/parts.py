"""The parts of the form that are opened on demand: texts, times, who comes in, interviews that break off, tokens."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from zoneinfo import available_timezones

import streamlit as st

from components.doors.fields import choice, key_of, line, switch, text, whole
from components.doors.problems import Problems
from components.doors.values import NO_PANEL
from components.elements.choices import names_of_batches
from components.elements.groups import name_rows
from components.elements.moments import FIRST_DAY, LAST_DAY
from components.elements.problems import show_beside
from components.elements.words import rooms_in_words
from components.state import reads
from services.aseed.errors import AseedError
from services.journal.door.records import CODE_PLACE, ID_PLACE, PanelKind
from services.journal.records import Batch
from services.languages import own_name
from services.people.acting import may
from services.people.roles import Right
from services.texts.speech import N_, _, format_moment, number

PANELS: Mapping[str, str] = {
    NO_PANEL: N_("No panel"),
    PanelKind.PROLIFIC: N_("Prolific"),
    PanelKind.OTHER: N_("Another panel"),
}
"""Who sends the visitors."""


def texts(languages: list[str], problems: Problems) -> None:
    """What visitors read, in each language."""
    if not languages:
        st.caption(_("Choose a language first."))
    for place, language in enumerate(languages):
        if len(languages) > 1:
            st.markdown(f"**{own_name(language)}**")
        if place:
            line(f"name_{language}", _("Name"), problems, _("Left empty, it is the name above."))
        welcome = _("What it is about, how long it takes, what they get for it")
        text(f"welcome_{language}", _("Welcome (optional)"), problems, placeholder=welcome)
        text(
            f"consent_{language}",
            _("What they agree to (optional)"),
            problems,
            _("Each visitor agrees before they get a room; which text and when is kept. Left empty, nothing is asked."),
        )
        line(
            f"contact_{language}",
            _("Whom they can ask (optional)"),
            problems,
            placeholder=_("Such as a phone number of your team"),
        )


def times(problems: Problems) -> None:
    """Between which moments, on which days and at which hours it is open, and how many come a day."""
    named = {"opens": _("Opens on (optional)"), "closes": _("Closes on (optional)")}
    for name, label in named.items():
        with st.container(key=f"when_{name}"):
            _moment(name, label, problems)
    name_rows({f"when_{name}": label for name, label in named.items()}, "when")
    if switch("has_hours", _("Only on certain days and hours")):
        # Any Monday.
        days = {day: format_moment(datetime(2026, 6, 1 + day, tzinfo=UTC), "EEE") for day in range(7)}
        st.pills(
            _("Days"),
            list(days),
            selection_mode="multi",
            format_func=days.__getitem__,
            key=key_of("days"),
            persist_state="session",
        )
        show_beside(problems.get("days"))
        since, until = st.columns(2)
        since.time_input(_("From"), None, key=key_of("since"), required=True, persist_state="session")
        until.time_input(
            _("Until"),
            None,
            key=key_of("until"),
            required=True,
            persist_state="session",
            help=_("On the next day, where it is earlier than the other."),
        )
        show_beside(problems.get("since") or problems.get("until"))
    choice("zone", _("Time zone"), _zones(), problems, _("Of these times, and of when a day begins."))
    whole("most_a_day", _("Visitors a day (optional)"), problems, placeholder=_("No limit"))


def who(problems: Problems) -> None:
    """Who may come in."""
    switch(
        "asks_pin",
        _("Ask for the PIN of the day"),
        _("You read it to the people before you; tomorrow it is another one. So only those who are there come in."),
    )
    switch(
        "one_a_device",
        _("One room a device"),
        _("Switch it off for a tablet of yours that goes from hand to hand: it gets the next room after an interview."),
    )
    if switch("asks_email", _("Ask for an email address"), _("One room an address.")):
        told = _(
            "**Panels such as Respondent and Prolific forbid asking for personal data.** For visitors from Prolific it "
            "is not needed: their alias, `PID@email.prolific.com`, is taken by itself."
        )
        st.warning(told, icon=":material/policy:")
    show_beside(problems.get("asks_email"))


def panel(problems: Problems) -> None:
    """How a panel tells who comes, and is told what became of them."""
    chosen = st.segmented_control(
        _("Who sends the visitors"),
        list(PANELS),
        format_func=lambda kind: _(PANELS[kind]),
        key=key_of("panel"),
        required=True,
        persist_state="session",
    )
    if chosen == PanelKind.PROLIFIC:
        st.caption(_("At Prolific, the door's address is the study's URL, with participants' IDs as URL parameters."))
    if chosen == PanelKind.OTHER:
        line(
            "id_parameter",
            _("Parameter that tells people apart"),
            problems,
            _("The panel adds it to the door's address for each person."),
            _("Such as rid"),
        )
        line("kept", _("Further parameters to write down (optional)"), problems, placeholder=_("With commas between"))
        told = _(
            "{code} becomes the completion code, and {id} the panel's ID of the visitor. Left empty, visitors read the "
            "code and no more.",
            code=f"`{CODE_PLACE}`",
            id=f"`{ID_PLACE}`",
        )
        line("return_address", _("Where visitors go in the end (optional)"), problems, told, "https://")
    if chosen in (PanelKind.OTHER, PanelKind.PROLIFIC):
        own = _("Left empty, each visitor has a code of their own.") if chosen == PanelKind.OTHER else None
        line("done_code", _("Code for a completed interview"), problems, own)
        line("screened_code", _("Code for those who do not fit (optional)"), problems)
        line("full_code", _("Code for those who come too late (optional)"), problems, _("Their quota was full."))


def interview(problems: Problems) -> None:
    """What happens with a room whose interview does not begin, or breaks off."""
    whole(
        "minutes_to_start",
        _("Minutes until an interview has to begin"),
        problems,
        _("After that the room is the next visitor's. The one before may ask for another."),
    )
    whole(
        "cut_off_minutes",
        _("An interview broke off if it ended within (minutes)"),
        problems,
        _("Such as a closed tab. 0: none counts as broken off."),
    )
    whole(
        "replacements",
        _("Rooms that such a visitor gets again without asking you"),
        problems,
        _("Each further room costs its tokens."),
    )


def filling(batches: list[Batch], problems: Problems) -> None:
    """How the door creates rooms by itself, and whether those that are left are cancelled in the end."""
    if not batches:
        st.caption(_("The door can create more rooms like those of a batch. This project has no batch yet."))
    fills = switch("fills", _("Create more rooms by itself"), disabled=not may(Right.CREATE) or not batches)
    if not batches:
        show_beside(problems.get("like_batch"))
    if fills and batches:
        st.warning(
            _(
                "**This costs tokens, also while no one looks.** Each room takes its tokens when it is created, and "
                "the door stops at the number below."
            ),
            icon=":material/toll:",
        )
        choice("like_batch", _("Rooms like those of"), names_of_batches(batches, _("Batch")), problems)
        whole("keep_free", _("Free rooms that always wait"), problems)
        whole("most_tokens", _("Tokens that it may spend in all"), problems, placeholder=_("Such as 1000"))
        _tell_price(batches)
    switch(
        "releases_tokens",
        _("Cancel rooms that are left once the project has its completed interviews"),
        _("Their tokens come back. The target is set on Links, under Figures."),
    )


def _tell_price(batches: list[Batch]) -> None:
    chosen, most = st.session_state.get(key_of("like_batch")), st.session_state.get(key_of("most_tokens"))
    like = next((each for each in batches if each.id == chosen), None)
    try:
        price = reads.interview_config()
    except AseedError:
        return
    if like is None:
        return
    minutes = like.settings.max_duration_minutes
    if each := price.tokens_for(minutes):
        told = _("A room of {minutes} minutes: {tokens} tokens.", minutes=minutes, tokens=number(each))
        if isinstance(most, int) and most >= each:
            told += " " + _("So it creates {rooms} at most.", rooms=rooms_in_words(most // each))
        st.caption(told)


def _moment(name: str, label: str, problems: Problems) -> None:
    day, clock = st.columns([2, 1])
    day.date_input(
        label, None, FIRST_DAY, LAST_DAY, key=key_of(f"{name}_day"), format="DD.MM.YYYY", persist_state="session"
    )
    clock.time_input(_("at"), None, key=key_of(f"{name}_at"), required=True, persist_state="session")
    show_beside(problems.get(f"{name}_day"))


@cache
def _zones() -> dict[str, str]:
    return {zone: zone for zone in sorted(available_timezones())}
