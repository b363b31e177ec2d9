"""The questions that visitors answer before they get a room: who may take part, and how many of each answer."""

from dataclasses import replace

import streamlit as st

from components.doors.fields import key_of, line, whole
from components.doors.problems import Problems
from components.doors.values import PLACES
from components.elements.groups import name_rows
from components.elements.problems import show_beside
from components.state import doors
from components.state.doors import DoorForm
from services.journal.door.records import MOST_ANSWERS, MOST_QUESTIONS
from services.languages import own_name
from services.texts.speech import _


def questions(form: DoorForm, languages: list[str], problems: Problems) -> None:
    """Up to MOST_QUESTIONS questions, each with its answers."""
    if not form.answers:
        st.caption(_("People who do not fit read so, and get no room. What they answer is kept without their name."))
    elif form.door_id is not None:
        st.caption(_("Answers that were given are counted by their place: add new ones at the end."))
    for question, places in enumerate(form.answers):
        with st.container(border=True, key=f"question_{question}"):
            _question(question, places, languages, problems)
    numbers = range(len(form.answers))
    name_rows({f"question_{each}": _("Question {number}", number=each + 1) for each in numbers}, "questions")
    if len(form.answers) < MOST_QUESTIONS:
        label = _("Add a question") if not form.answers else _("Add another question")
        st.button(label, key="add_question", icon=":material/add:", on_click=_add_question)
    if form.answers:
        st.caption(_("A question or an answer that is left empty is left out."))


def _question(question: int, places: int, languages: list[str], problems: Problems) -> None:
    for language in languages:
        label = _in_language(_("Question {number}", number=question + 1), language, languages)
        line(f"q{question}_{language}", label, problems)
    for place in range(places):
        _answer(f"q{question}_a{place}", place, languages, problems)
    show_beside(problems.get(f"q{question}_answers"))
    if places < MOST_ANSWERS:
        st.button(
            _("Add an answer"),
            key=f"add_answer_{question}",
            icon=":material/add:",
            type="tertiary",
            on_click=_add_answer,
            args=(question,),
        )


def _answer(name: str, place: int, languages: list[str], problems: Problems) -> None:
    told, allowed, quota = st.columns([5, 2, 2], vertical_alignment="bottom")
    with told:
        for language in languages:
            line(
                f"{name}_{language}",
                _in_language(_("Answer {number}", number=place + 1), language, languages),
                problems,
            )
    with allowed:
        st.session_state.setdefault(key_of(f"{name}_in"), True)
        lets_in = st.checkbox(_("May take part"), key=key_of(f"{name}_in"), persist_state="session")
    with quota:
        if lets_in:
            whole(f"{name}_quota", _("At most"), problems, placeholder=_("No limit"))


def _in_language(label: str, language: str, languages: list[str]) -> str:
    """A label, with its language where there are several."""
    return _("{label} ({language})", label=label, language=own_name(language)) if len(languages) > 1 else label


def _add_question() -> None:
    if form := doors.current().form:
        doors.current().form = replace(form, answers=(*form.answers, PLACES))


def _add_answer(question: int) -> None:
    if form := doors.current().form:
        answers = tuple(places + (number == question) for number, places in enumerate(form.answers))
        doors.current().form = replace(form, answers=answers)
