"""Which project the rooms are for, and whether its interviews can be held at all."""

import streamlit as st

from components.elements.choices import distinct
from components.elements.problems import explain, show_beside
from components.state import project as shared
from components.state import reads, visibility
from services.aseed.errors import AseedError, NotFound, TokenRefused
from services.aseed.models import CLOSED, ProjectResponse
from services.texts.speech import N_, _, number
from services.trust import literal

_GOALS, _GUIDE = N_("research goals"), N_("interview guide")

WHY = {
    (_GOALS,): N_(
        "**This project has no research goals.** Without them the AI interviewer does not know what to find out. "
        "Until this is added at Aseed, its links could not be used."
    ),
    (_GUIDE,): N_(
        "**This project has no interview guide.** Without it the AI interviewer does not know what to ask. "
        "Until this is added at Aseed, its links could not be used."
    ),
    (_GOALS, _GUIDE): N_(
        "**This project has no research goals and no interview guide.** Without them the AI interviewer does not know "
        "what to find out. Without it the AI interviewer does not know what to ask. Until this is added at Aseed, its "
        "links could not be used."
    ),
}
"""What is told of a project by what it lacks (ProjectResponse.missing)."""

OFFERED = 6
"""How many projects are offered on a page where none is chosen; the header's list has all."""


def pick_project(problem: str | None = None) -> ProjectResponse | None:
    """Returns the project that is chosen, and warns where it cannot be used; lets the researcher choose where none is.

    problem: what was wrong with the last choice.
    """
    # Always one thing on the page, also where nothing is said: what follows keeps its place.
    with st.container():
        try:
            projects = reads.projects()
        except AseedError as error:
            project = _by_id(error)
        else:
            project = _from_list(projects)
        show_beside(problem)
        if project and not shared.id_of(project.id):
            show_beside(
                _("Aseed gave this project an ID that it does not accept for new rooms. Choose another project.")
            )
            return None
        if project:
            _warn(project)
        return project


def _from_list(projects: list[ProjectResponse]) -> ProjectResponse | None:
    if not projects:
        st.info(_("This account has no projects yet. Create one at Aseed first."), icon=":material/info:")
        _look_again(_("I have created one: look again"))
        return None
    chosen = next((each for each in projects if each.id == shared.chosen()), None)
    if chosen is None:
        _offer(projects)
    return chosen


def _offer(projects: list[ProjectResponse]) -> None:
    """Offers some of the projects, those first that can be used at once."""
    usable = sorted((each for each in projects if each.status != CLOSED), key=lambda each: bool(each.missing))
    names = names_of(projects)
    st.markdown(_("**Which project is it for?**"))
    with st.container(horizontal=True, key="offered_projects"):
        for each in usable[:OFFERED]:
            icon = ":material/pending:" if each.missing else ":material/check_circle:"
            st.button(
                literal(names[each.id]), key=f"choose_{each.id}", icon=icon, on_click=shared.choose, args=(each.id,)
            )
    if len(projects) > len(usable[:OFFERED]):
        st.caption(_("The list at the top of the page has all {count} projects.", count=number(len(projects))))


def is_chosen_by_id(error: AseedError) -> bool:
    """Whether Aseed gives this token no list of projects, so that one has to be named by its id."""
    return isinstance(error, NotFound) or (isinstance(error, TokenRefused) and error.status == 403)


def _by_id(error: AseedError) -> ProjectResponse | None:
    """The project of a typed id, where Aseed does not give the list."""
    if not is_chosen_by_id(error):
        explain(error).show()
        _look_again(_("Try again"))
        return None
    st.info(
        _(
            "This token may not list projects. Paste the project's ID instead: it is the last part of the project's "
            "address at Aseed."
        ),
        icon=":material/folder_off:",
    )
    placeholder = "00000000-0000-0000-0000-000000000000"
    st.text_input(_("Project ID"), key=shared.KEY, placeholder=placeholder, persist_state="session")
    typed = shared.chosen()
    if not typed:
        return None
    project_id = shared.id_of(typed)
    if project_id is None:
        show_beside(_("This is no project ID. It has 32 digits and letters from a to f, in five groups."))
        return None
    try:
        return visibility.project(project_id)
    except AseedError as unknown:
        explain(unknown).show()
        return None


def _look_again(label: str) -> None:
    """Asks Aseed again, without a reload of the page, which would lose what was typed."""
    st.button(label, key="look_again", icon=":material/refresh:", on_click=visibility.forget_reads)


def names_of(projects: list[ProjectResponse]) -> dict[str, str]:
    """A name for each project, by its id; no two look alike."""
    names = {
        project.id: _("{project} (closed)", project=project.name) if project.status == CLOSED else project.name
        for project in projects
    }
    return distinct(names, str)


def _warn(project: ProjectResponse) -> None:
    if project.missing:
        st.warning(_(WHY[project.missing]), icon=":material/rule:")
        _look_again(_("I have added it: look again"))
    if project.status == CLOSED:
        st.caption(_(":orange[:material/lock:] This project is closed. New interviews are unusual here."))
