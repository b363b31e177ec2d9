"""The figures of a study that a researcher reports: how far its rooms are, how long interviews take, what they cost."""

from collections.abc import Mapping
from datetime import date, datetime, time

import streamlit as st

from components.elements.funnel import show_funnel
from components.elements.numbers import number_problem
from components.elements.problems import show_beside
from components.elements.words import STATUSES
from components.elements.writing import writing
from components.state import links, process, visibility
from services.rooms.figures import Figures
from services.texts.speech import _, format_moment, ngettext, number

LARGEST_TARGET = 1_000_000
"""The largest target that can be set."""

MOST_BARS = 31
"""How many bars the chart by day has at most: their names stand side by side."""

DAYS_WITHOUT_YEAR = 300
"""Of so many days none has the name of another, though the year is not said."""


def funnel(figures: Figures, project_id: str | None) -> None:
    """Shows the rooms by status, the completion rate and the median length."""
    others = sum(count for status, count in figures.statuses.items() if status not in STATUSES)
    parts = [(status, _(words), figures.statuses.get(status, 0)) for status, words in STATUSES.items()]
    if others:
        parts.append(("other", _("other"), others))
    show_funnel(parts, _rates(figures, project_id), "funnel")


def more_figures(figures: Figures, project_id: str | None) -> None:
    """Shows, behind a button, interviews by day, tokens, and the target of a project."""
    more = st.popover(
        _("Figures"), icon=":material/monitoring:", type="tertiary", key="more_figures", on_change="rerun"
    )
    if not more.open:
        return
    with more:
        _per_day(figures)
        _tokens(figures)
        if project_id:
            _target(project_id)
        else:
            st.caption(_("Choose one project to set a target for it."))


def _rates(figures: Figures, project_id: str | None) -> dict[str, str]:
    rate, minutes = figures.completion_rate, figures.median_minutes
    told = {
        _("done, of all not cancelled"): "–" if rate is None else f"{rate:.0%}",
        _("median length"): "–" if minutes is None else _("{minutes} min", minutes=f"{minutes:.0f}"),
    }
    if project_id and (target := process.journal().rooms.target(visibility.current(), project_id)):
        told[_("of the target")] = f"{number(figures.completed)} / {number(target)}"
    return told


def _per_day(figures: Figures) -> None:
    if not figures.completed_on:
        st.caption(_("No interview has been completed yet: a chart by day comes with the first."))
        return
    day, completed, title = _("day"), _("completed"), _("Completed interviews")
    bars = bars_of(figures.completed_on)
    columns = {day: list(bars), completed: list(bars.values())}
    # The colour of completed interviews, as in the bar above (elements/funnel.css).
    colour = st.get_option("theme.blueColor")
    st.bar_chart(columns, x=day, y=completed, x_label="", y_label=title, height=170, color=colour, sort=False)


def bars_of(completed_on: Mapping[date, int]) -> dict[str, int]:
    """How many were completed, by the day in words: the chart itself would say days in English alone.

    completed_on: by day, without gaps. Where they are many, several days share a bar, which has the name of the first.
    """
    days, counts = list(completed_on), list(completed_on.values())
    step = -(-len(days) // MOST_BARS)
    pattern = _("d MMM") if len(days) < DAYS_WITHOUT_YEAR else _("d MMM y")
    return {
        format_moment(datetime.combine(days[start], time()), pattern): sum(counts[start : start + step])
        for start in range(0, len(days), step)
    }


def _tokens(figures: Figures) -> None:
    told = _(
        "**{spent}** tokens spent · **{reserved}** reserved · **{freed}** of them would be freed by cancelling every "
        "room that has not started",
        spent=number(figures.spent),
        reserved=number(figures.reserved),
        freed=number(figures.releasable),
    )
    estimates = _("Estimates, by Aseed's price for 30 minutes: a completed interview costs its full length.")
    st.markdown(told, help=estimates)


def _target(project_id: str) -> None:
    kept = process.journal().rooms.target(visibility.current(), project_id)
    key = f"target_{project_id}"
    st.session_state.setdefault(key, kept)
    st.number_input(
        _("Target: completed interviews"),
        step=1,
        value=None,
        key=key,
        placeholder=_("Such as 40"),
        on_change=_keep_target,
        args=(project_id, key),
        width=320,
    )
    show_beside(_target_problem(st.session_state[key]))
    if kept:
        done = links.shown_study().figures.completed
        left = max(0, kept - done)
        to_go = ngettext("{count} interview to go.", "{count} interviews to go.", left) if left else _("Reached.")
        how_far = _("{done} of {target} completed.", done=number(done), target=number(kept))
        st.progress(min(1.0, done / kept), f"{how_far} {to_go}")


def _target_problem(target: int | None) -> str | None:
    return number_problem(target or 0, 0, LARGEST_TARGET)


def _keep_target(project_id: str, key: str) -> None:
    target = st.session_state[key]
    if _target_problem(target):
        return
    with writing(_("The target could not be saved.")):
        process.journal().rooms.set_target(visibility.current(), project_id, target or None)
