"""What will happen when Create is pressed, in one sentence, and what it will cost."""

import streamlit as st

from components.create.form import expiry
from components.state import reads
from components.state.create_form import is_for_people
from services.aseed.errors import AseedError
from services.aseed.models import ProjectResponse, RoomSettings
from services.batches.plan import Order
from services.languages import language_in_words
from services.texts.speech import N_, _, ngettext, number
from services.trust import literal

_GOALS, _GUIDE = N_("research goals"), N_("interview guide")

NEEDS = {
    (_GOALS,): N_("**{project}** needs its research goals first."),
    (_GUIDE,): N_("**{project}** needs its interview guide first."),
    (_GOALS, _GUIDE): N_("**{project}** needs its research goals and interview guide first."),
}
"""What is said of a project by what it lacks (ProjectResponse.missing)."""


def show_plan(project: ProjectResponse | None, order: Order | None) -> None:
    """The sentence and the estimate, or what is still missing."""
    if project is None:
        st.markdown(_("Choose a project, and see here what will be created."))
    elif project.missing:
        st.markdown(_(NEEDS[project.missing], project=literal(project.name)))
    elif order is None:
        correct = _("Correct what is marked in red, and see here what will be created.")
        if is_for_people():
            correct = _("Hand over a list, correct or settle what is marked, and see here what will be created.")
        st.markdown(correct)
    else:
        st.markdown(sentence(project, order))
        _estimate(order)


def sentence(project: ProjectResponse, order: Order) -> str:
    """Such as: 5 interview rooms for **Coffee**, up to 30 minutes each, usable until …"""
    values = {
        "project": literal(project.name),
        "minutes": order.form.max_duration_minutes,
        "moment": expiry(order.form.expires_in_days),
        "spoken": _spoken(order.form),
    }
    if not order.people:
        return ngettext(
            "**{count} room** for **{project}**, up to **{minutes} min** each, usable until **{moment}**{spoken}.",
            "**{count} rooms** for **{project}**, up to **{minutes} min** each, usable until **{moment}**{spoken}.",
            order.count,
            **values,
        )
    for_people = ngettext(
        "**{count} room** for **{project}**, one for each person on the list, up to **{minutes} min** each, usable "
        "until **{moment}**{spoken}.",
        "**{count} rooms** for **{project}**, one for each person on the list, up to **{minutes} min** each, usable "
        "until **{moment}**{spoken}.",
        order.count,
        **values,
    )
    return f"{for_people}{_own(order)}"


def _own(order: Order) -> str:
    own = order.own_settings
    said = ngettext(
        "**{count}** of them with settings of their own, from the list.",
        "**{count}** of them with settings of their own, from the list.",
        own,
    )
    return f" {said}" if own else ""


def _spoken(request: RoomSettings) -> str:
    """How the interviewer speaks, where that is not left to the project."""
    parts = [
        _("language **{name}**", name=literal(language_in_words(request.language))) if request.language else "",
        _("voice **{name}**", name=literal(request.voice)) if request.voice else "",
        _("provider **{name}**", name=literal(request.realtime_provider)) if request.realtime_provider else "",
    ]
    return "".join(f", {part}" for part in parts if part)


def _estimate(order: Order) -> None:
    try:
        config = reads.interview_config()
    except AseedError:
        st.caption(_("The price could not be read from Aseed just now."))
        return
    st.markdown(
        ngettext("About **{count} tokens** (estimate)", "About **{count} tokens** (estimate)", order.tokens(config)),
        help=_(
            "{tokens} a room of {minutes} min, from Aseed's {price} tokens per 30 minutes, rounded up. A completed "
            "interview is charged; a cancelled or expired one is released.",
            tokens=number(config.tokens_for(order.form.max_duration_minutes)),
            minutes=order.form.max_duration_minutes,
            price=number(config.tokens_per_30_min),
        ),
    )
