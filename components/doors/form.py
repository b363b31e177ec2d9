"""The form by which a door is set up, and changed later: the first three fields are enough."""

from dataclasses import replace

import streamlit as st

from components.doors import parts
from components.doors.fields import choice, key_of, line, put, several, typed, whole
from components.doors.problems import SECTIONS, Problems, checked, section_of
from components.doors.questions import questions
from components.doors.values import first_values, languages_in, values_of
from components.elements.choices import WHOLE_PROJECT, batches_of_project, names_of_batches
from components.elements.problems import show_beside
from components.elements.writing import writing
from components.state import doors, process, viewer, visibility
from components.state.doors import DoorForm
from services.aseed.models import ProjectResponse
from services.journal.door.records import Door
from services.journal.records import Batch
from services.languages import own_name
from services.texts import speech
from services.texts.speech import _


def open_new(project_id: str) -> None:
    """Opens the form for a new door; for a widget's callback."""
    put(first_values(speech.language(), viewer.zone().key))
    doors.current().form = DoorForm(project_id)


def open_for(door: Door) -> None:
    """Opens the form of a door; for a widget's callback."""
    put(values_of(door.settings))
    answers = tuple(len(question.answers) for question in door.settings.questions)
    doors.current().form = DoorForm(door.project_id, door.id, answers)


def door_form(project: ProjectResponse, form: DoorForm) -> None:
    """Draws the form, with what is wrong beside each field once it was to be saved."""
    values = typed()
    problems = checked(values, form.answers)[1] if form.tried else {}
    st.subheader(_("A new door") if form.door_id is None else _("Change the door"), anchor=False)
    _first(project, problems)
    with st.container(gap="xsmall"):
        for name, title in SECTIONS.items():
            is_wrong = any(section_of(field) == name for field in problems)
            with st.expander(_(title), expanded=is_wrong, icon=":material/error:" if is_wrong else None):
                _section(name, form, project, problems)
    if problems:
        wrong = {section_of(field) for field in problems}
        places = [_("the first fields"), *(_(title) for name, title in SECTIONS.items() if name in wrong)]
        told = ", ".join(places if "first" in wrong else places[1:])
        st.error(_("**The door is not saved yet.** See what is marked in: {places}.", places=told))
    with st.container(horizontal=True):
        st.button(
            _("Open the door") if form.door_id is None else _("Save"),
            key="save_door",
            type="primary",
            icon=":material/door_open:" if form.door_id is None else ":material/check:",
            on_click=_save,
        )
        st.button(_("Leave it"), key="leave_door", on_click=_leave)


def _first(project: ProjectResponse, problems: Problems) -> None:
    named, spoken = st.columns([3, 2])
    with named:
        line("name", _("Name"), problems, _("Visitors read it."), _("Such as City library, in spring"))
    with spoken:
        names = {code: own_name(code) for code in speech.known()}
        several("languages", _("Languages"), list(names), names, _("The first one is for those who read none of them."))
        show_beside(problems.get("languages"))
    rooms, limit = st.columns([3, 2])
    with rooms:
        whole_project = {WHOLE_PROJECT: _("All free rooms of the project")}
        its = names_of_batches(_batches(project, st.session_state.get(key_of("rooms"))), _("Batch"))
        told = _("Rooms that are for a certain person are never among them.")
        choice("rooms", _("Which rooms"), {**whole_project, **its}, problems, told)
    with limit:
        whole("most", _("Visitors at most"), problems, _("How many get a room."), _("No limit"))


def _section(name: str, form: DoorForm, project: ProjectResponse, problems: Problems) -> None:
    languages = languages_in(typed())
    match name:
        case "texts":
            parts.texts(languages, problems)
        case "times":
            parts.times(problems)
        case "who":
            parts.who(problems)
        case "questions":
            questions(form, languages, problems)
        case "panel":
            parts.panel(problems)
        case "interview":
            parts.interview(problems)
        case "filling":
            parts.filling(_batches(project, st.session_state.get(key_of("like_batch"))), problems)


def _batches(project: ProjectResponse, kept: object) -> list[Batch]:
    """The batches whose rooms are for no certain person, and the one that was chosen, however old it is."""
    found = [each for each in batches_of_project(project.id) if not each.has_people]
    if isinstance(kept, int) and kept != WHOLE_PROJECT and kept not in {each.id for each in found}:
        old = process.journal().batches.find(kept, visibility.current())
        found += [old] if old else []
    return found


def _save() -> None:
    form = doors.current().form
    if form is None:
        # A second click.
        return
    settings, _problems = checked(typed(), form.answers)
    if settings is None:
        doors.current().form = replace(form, tried=True)
        return
    journal, visible = process.journal().doors, visibility.current()
    with writing(_("The door was not saved.")) as attempt:
        if form.door_id is None:
            journal.make(visible, form.project_id, settings)
        else:
            journal.change(visible, form.door_id, settings)
    if attempt.worked:
        # Its card says the rest.
        doors.current().form = None


def _leave() -> None:
    doors.current().form = None
