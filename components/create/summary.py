"""What will happen when Create is pressed, in one sentence, and what it will cost."""

import streamlit as st

from components.create.form import expiry
from components.elements.words import rooms_in_words
from components.state import reads
from components.state.create_form import is_for_people
from services.aseed.errors import AseedError
from services.aseed.models import ProjectResponse, RoomSettings
from services.batches.plan import Order
from services.trust import literal


def show_plan(project: ProjectResponse | None, order: Order | None) -> None:
    """The sentence and the estimate, or what is still missing."""
    if project is None:
        st.markdown("Choose a project, and see here what will be created.")
    elif project.missing:
        st.markdown(f"**{literal(project.name)}** needs its {' and '.join(project.missing)} first.")
    elif order is None:
        missing = (
            "Hand over a list, correct or settle what is marked" if is_for_people() else "Correct what is marked in red"
        )
        st.markdown(f"{missing}, and see here what will be created.")
    else:
        st.markdown(sentence(project, order))
        _estimate(order)


def sentence(project: ProjectResponse, order: Order) -> str:
    """Such as: 5 interview rooms for **Coffee**, up to 30 minutes each, usable until …"""
    return (
        f"**{rooms_in_words(order.count)}** for **{literal(project.name)}**{_for_whom(order)}, up to "
        f"**{order.form.max_duration_minutes} min** each, usable until **{expiry(order.form.expires_in_days)}**"
        f"{_spoken(order.form)}.{_own(order)}"
    )


def _for_whom(order: Order) -> str:
    return ", one for each person on the list" if order.people else ""


def _own(order: Order) -> str:
    own = order.own_settings
    return f" **{own}** of them with settings of their own, from the list." if own else ""


def _spoken(request: RoomSettings) -> str:
    """How the interviewer speaks, where that is not left to the project."""
    named = {"language": request.language, "voice": request.voice, "provider": request.realtime_provider}
    return "".join(f", {name} **{literal(value)}**" for name, value in named.items() if value)


def _estimate(order: Order) -> None:
    try:
        config = reads.interview_config()
    except AseedError:
        st.caption("The price could not be read from Aseed just now.")
        return
    st.markdown(
        f"About **{order.tokens(config):,} tokens** (estimate)",
        help=f"{config.tokens_for(order.form.max_duration_minutes):,} a room of {order.form.max_duration_minutes} min, "
        f"from Aseed's {config.tokens_per_30_min:,} tokens per 30 minutes, rounded up. "
        "A completed interview is charged; a cancelled or expired one is released.",
    )
