"""What the rooms are to be like: how many, how long, until when, and how the interviewer speaks."""

from datetime import UTC, datetime, timedelta

import streamlit as st
from pydantic import ValidationError

from components.create.people import listed_people, people_panel
from components.create.presets import presets
from components.elements.problems import explain, show_beside
from components.state import press, reads, viewer
from components.state.create_form import AUTO, LINKS, PEOPLE, PROJECT_DEFAULT, is_for_people
from components.state.project import chosen
from services.aseed.errors import AseedError
from services.aseed.models import CreateRoomsRequest, ProjectResponse, RoomSettings
from services.batches.plan import MAX_ROOMS, Order
from services.journal.records import Batch
from services.languages import language_name
from services.local_time import in_words
from services.texts.speech import N_, _

DURATIONS = (15, 30, 45, 60)
"""The minutes that are one click away."""

LANGUAGES = (N_("English"), N_("Russian"))
"""The languages that are offered, as Aseed is told them."""

NUMBERS = {
    "count": N_("Enter how many rooms to create, from 1 to {most}."),
    "max_duration_minutes": N_("Enter the length in minutes, from 1 to 1440 (a day)."),
    "expires_in_days": N_("Enter for how many days the links work, from 1 to 3650."),
}
"""What to type, should it be refused."""


def room_form(project: ProjectResponse | None, problems: dict[str, str]) -> None:
    """Lets the researcher set up the rooms; what is wrong is said beside it.

    problems: what Aseed said about the last try, by the key of the widget.
    """
    said = {**problems, **_number_problems()}
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
        st.segmented_control(
            _("Create"),
            (LINKS, PEOPLE),
            key="for_whom",
            default=LINKS,
            format_func={each: _(each) for each in (LINKS, PEOPLE)}.__getitem__,
            required=True,
            persist_state="session",
        )
        presets(project)
    if is_for_people():
        people_panel()
    _numbers(said)
    _interviewer(project, said)
    _topics(said)


def said_beside(batch: Batch | None) -> dict[str, str]:
    """What Aseed said of single fields, by the key of their widgets, while the project is still the same."""
    if batch is None or batch.problem is None or press.is_settling(batch):
        return {}
    return explain(batch.problem).fields if chosen() == batch.project_id else {}


def requested(project: ProjectResponse | None) -> Order | None:
    """What the form asks for at this moment; None while something is missing or wrong."""
    if project is None or project.missing or _number_problems():
        return None
    form = RoomSettings(
        max_duration_minutes=st.session_state["max_duration_minutes"],
        expires_in_days=st.session_state["expires_in_days"],
        voice=_unless(PROJECT_DEFAULT, "voice"),
        realtime_provider=_unless(PROJECT_DEFAULT, "realtime_provider"),
        language=language_name(_unless(AUTO, "language")),
        topics_for_respondent=_clean_topics(),
    )
    if not is_for_people():
        # Missing where a list of people was just given up, and no field for the number was drawn yet.
        count: int | None = st.session_state.get("count")
        return Order(form, count) if count else None
    people = listed_people()
    return Order(form, len(people), people) if people else None


def expiry(days: int) -> str:
    """When links made now run out, in the viewer's time zone: such as `Mon 30 Nov 2026, 22:13 (Europe/Berlin)`."""
    zone = viewer.zone()
    # Added in UTC, as the service does: over a change of the clocks a day is still 24 hours.
    return f"{in_words(datetime.now(UTC) + timedelta(days=days), zone)} ({zone.key})"


def _numbers(problems: dict[str, str]) -> None:
    rooms, length, life = st.columns([1.1, 2.7, 1.5], gap="small")
    with rooms:
        if is_for_people():
            st.metric(_("Rooms"), len(listed_people()), help=_("One for each person on the list."))
        else:
            _number(_("Rooms"), "count", _("How many links: one for each respondent."))
        show_beside(problems.get("count"))
    with length:
        typed, offered = st.columns([1.15, 1.5], gap="xsmall", vertical_alignment="bottom")
        with typed:
            _number(_("Minutes each"), "max_duration_minutes", _("The interview ends by itself after this time."))
        with offered:
            _durations()
        show_beside(problems.get("max_duration_minutes"))
    with life:
        dead = _("After this time a link that was not used is dead.")
        days = _number(_("Links work for (days)"), "expires_in_days", dead)
        if "expires_in_days" in problems:
            show_beside(problems["expires_in_days"])
        elif days:
            st.caption(_("Until {moment}", moment=expiry(days)))


def _number(label: str, name: str, help_text: str) -> int | None:
    """A whole number without bounds: what is out of bounds stays as typed, and is explained."""
    default = CreateRoomsRequest.model_fields[name].default
    st.session_state.setdefault(name, default)
    value: int | None = st.number_input(
        label, value=None, step=1, key=name, help=help_text, format="%d", persist_state="session"
    )
    return value


def _durations() -> None:
    """The usual lengths, one click each; what is typed beside them is shown here too."""
    typed = st.session_state["max_duration_minutes"]
    st.session_state["usual_minutes"] = typed if typed in DURATIONS else None
    st.segmented_control(
        _("Usual lengths"), DURATIONS, key="usual_minutes", on_change=_take_duration, label_visibility="collapsed"
    )


def _take_duration() -> None:
    # Pressing the chosen one again unchooses it, which is no wish to have no length.
    if minutes := st.session_state["usual_minutes"]:
        st.session_state["max_duration_minutes"] = minutes


def _interviewer(project: ProjectResponse | None, problems: dict[str, str]) -> None:
    seen = _seen(project)
    spoken, voice, provider = st.columns(3, gap="medium")
    with spoken:
        _choice(
            _("Language"),
            "language",
            [AUTO, *LANGUAGES],
            _("Auto: the interviewer follows the respondent. For any other, type it and press Enter."),
        )
        show_beside(problems.get("language"))
    with voice:
        _choice(
            _("Voice"),
            "voice",
            [PROJECT_DEFAULT, *seen["voice"]],
            _("For any other voice that Aseed offers you, type it and press Enter."),
        )
        show_beside(problems.get("voice"))
    with provider:
        _choice(
            _("Voice provider"),
            "realtime_provider",
            [PROJECT_DEFAULT, *seen["realtime_provider"]],
            _("Who makes the voice. For any other, type it and press Enter."),
        )
        show_beside(problems.get("realtime_provider"))


def _choice(label: str, name: str, options: list[str], help_text: str) -> None:
    words = {option: _option_in_words(option) for option in options}
    st.selectbox(
        label,
        options,
        key=name,
        format_func=lambda option: words.get(option, option),
        help=help_text,
        accept_new_options=True,
        persist_state="session",
    )


def _option_in_words(option: str) -> str:
    """An option as it is read; what Aseed calls by a name, as it is."""
    return _(option) if option in (AUTO, PROJECT_DEFAULT, *LANGUAGES) else option


def _seen(project: ProjectResponse | None) -> dict[str, list[str]]:
    """What this project's rooms have used; nothing where that cannot be told, since any text can be typed."""
    try:
        return reads.seen_settings(project.id) if project else {"voice": [], "realtime_provider": []}
    except AseedError:
        return {"voice": [], "realtime_provider": []}


def _topics(problems: dict[str, str]) -> None:
    st.text_area(
        _("Topics shown to respondents (optional)"),
        key="topics_for_respondent",
        placeholder=_("One a line, such as:\nYour mornings\nCoffee at home and outside"),
        height=100,
        persist_state="session",
    )
    show_beside(problems.get("topics_for_respondent"))
    if topics := _clean_topics():
        with st.container(border=True, key="topics_preview"):
            st.caption(_("Respondents will read, before they start:"))
            st.text(topics)


def _clean_topics() -> str | None:
    lines = (line.strip() for line in (st.session_state.get("topics_for_respondent") or "").splitlines())
    return "\n".join(line for line in lines if line) or None


def _number_problems() -> dict[str, str]:
    """What is wrong with the numbers as they stand, by key: the request itself says whether they will do."""
    typed = {name: st.session_state.get(name, CreateRoomsRequest.model_fields[name].default) for name in NUMBERS}
    count = typed.pop("count")
    wrong = [] if is_for_people() or (count is not None and 1 <= count <= MAX_ROOMS) else ["count"]
    try:
        RoomSettings.model_validate(typed)
    except ValidationError as error:
        wrong += [str(problem["loc"][0]) for problem in error.errors()]
    return {name: _(NUMBERS[name], most=MAX_ROOMS) for name in wrong}


def _unless(null: str, name: str) -> str | None:
    """The text chosen or typed, or None where it is the word for null, also as it is read."""
    text = (st.session_state.get(name) or "").strip()
    return None if text.casefold() in ("", null.casefold(), _(null).casefold()) else text
