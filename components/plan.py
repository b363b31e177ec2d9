"""What will happen when Create is pressed, in one sentence, and what it will cost."""

import streamlit as st

from components import session
from components.room_form import expiry
from services.aseed.errors import AseedError
from services.aseed.models import CreateRoomsRequest, ProjectResponse
from services.trust import literal


def show_plan(project: ProjectResponse | None, request: CreateRoomsRequest | None) -> None:
    """The sentence and the estimate, or what is still missing."""
    if project is None:
        st.markdown("Choose a project, and see here what will be created.")
    elif project.missing:
        st.markdown(f"**{literal(project.name)}** needs its {' and '.join(project.missing)} first.")
    elif request is None:
        st.markdown("Correct what is marked in red, and see here what will be created.")
    else:
        st.markdown(sentence(project, request))
        _estimate(request)


def sentence(project: ProjectResponse, request: CreateRoomsRequest) -> str:
    """Such as: 5 interview rooms for **Coffee**, up to 30 minutes each, usable until …"""
    return (
        f"**{rooms_in_words(request.count)}** for **{literal(project.name)}**, up to "
        f"**{request.max_duration_minutes} min** each, usable until **{expiry(request.expires_in_days)}**"
        f"{_spoken(request)}."
    )


def _spoken(request: CreateRoomsRequest) -> str:
    """How the interviewer speaks, where that is not left to the project."""
    named = {"language": request.language, "voice": request.voice, "provider": request.realtime_provider}
    return "".join(f", {name} **{literal(value)}**" for name, value in named.items() if value)


def rooms_in_words(count: int) -> str:
    return "1 room" if count == 1 else f"{count:,} rooms"


def _estimate(request: CreateRoomsRequest) -> None:
    try:
        config = session.interview_config()
    except AseedError:
        st.caption("The price could not be read from Aseed just now.")
        return
    each = config.tokens_for(request.max_duration_minutes)
    st.markdown(
        f"About **{each * request.count:,} tokens** (estimate)",
        help=f"{each:,} a room, from Aseed's {config.tokens_per_30_min:,} tokens per 30 minutes, rounded up. "
        "A completed interview is charged; a cancelled or expired one is released.",
    )
