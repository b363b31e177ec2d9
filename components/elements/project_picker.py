"""Which project the rooms are for, and whether its interviews can be held at all."""

from uuid import UUID

import streamlit as st

from components.elements.choices import distinct
from components.elements.problems import explain, show_beside
from components.state import reads, visibility
from services.aseed.errors import AseedError, NotFound, TokenRefused
from services.aseed.models import CLOSED, ProjectResponse

WHY = {
    "research goals": "Without them the AI interviewer does not know what to find out.",
    "interview guide": "Without it the AI interviewer does not know what to ask.",
}


def pick_project(problem: str | None = None) -> ProjectResponse | None:
    """Lets the researcher choose a project, and gives it; None until one is chosen.

    problem: what was wrong with the last choice.
    """
    try:
        projects = reads.projects()
    except AseedError as error:
        project = _by_id(error)
    else:
        project = _from_list(projects)
    show_beside(problem)
    if project and not _is_uuid(project.id):
        show_beside("Aseed gave this project an ID that it does not accept for new rooms. Choose another project.")
        return None
    if project:
        _warn(project)
    return project


def _from_list(projects: list[ProjectResponse]) -> ProjectResponse | None:
    if not projects:
        st.info("This account has no projects yet. Create one at Aseed first.", icon=":material/info:")
        _look_again("I have created one: look again")
        return None
    closed = [project for project in projects if project.status == CLOSED]
    with_closed = bool(closed) and st.session_state.get("show_closed", False)
    offered = {project.id: project for project in projects if with_closed or project.status != CLOSED}
    chosen = st.selectbox(
        "Project",
        list(offered),
        index=None,
        format_func=names_of(list(offered.values())).__getitem__,
        placeholder="Choose a project: type to search",
        key="project",
        persist_state="session",
    )
    project = offered.get(chosen) if chosen else None
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(_readiness(project), width="content")
        if closed:
            st.toggle(f"Show closed projects ({len(closed)})", key="show_closed", persist_state="session")
    return project


def _readiness(project: ProjectResponse | None) -> str:
    if project is None:
        return "The study that the interviews are for."
    if project.missing:
        return ":orange[:material/pending:] Not ready yet."
    return ":green[:material/check_circle:] Ready: it has research goals and an interview guide."


def _by_id(error: AseedError) -> ProjectResponse | None:
    """The project of a typed id, where Aseed does not give the list."""
    forbidden = isinstance(error, TokenRefused) and error.status == 403
    if not forbidden and not isinstance(error, NotFound):
        explain(error).show()
        _look_again("Try again")
        return None
    st.info(
        "This token may not list projects. Paste the project's ID instead: it is the last part of the project's "
        "address at Aseed.",
        icon=":material/folder_off:",
    )
    placeholder = "00000000-0000-0000-0000-000000000000"
    typed = st.text_input("Project ID", key="project", placeholder=placeholder, persist_state="session")
    # None where a list was there before, in which nothing was chosen.
    typed = (typed or "").strip()
    if not typed:
        return None
    if not _is_uuid(typed):
        show_beside("This is no project ID. It has 32 digits and letters from a to f, in five groups.")
        return None
    try:
        return visibility.project(str(UUID(typed)))
    except AseedError as unknown:
        explain(unknown).show()
        return None


def _look_again(label: str) -> None:
    """Asks Aseed again, without a reload of the page, which would lose what was typed."""
    st.button(label, key="look_again", icon=":material/refresh:", on_click=visibility.forget_reads)


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def names_of(projects: list[ProjectResponse]) -> dict[str, str]:
    """A name for each project, by its id; no two look alike."""
    names = {
        project.id: f"{project.name} (closed)" if project.status == CLOSED else project.name for project in projects
    }
    return distinct(names, str)


def _warn(project: ProjectResponse) -> None:
    if project.missing:
        reasons = " ".join(WHY[part] for part in project.missing)
        st.warning(
            f"**This project has no {' and no '.join(project.missing)}.** {reasons} "
            "Until this is added at Aseed, its links could not be used.",
            icon=":material/rule:",
        )
        _look_again("I have added it: look again")
    if project.status == CLOSED:
        st.caption(":orange[:material/lock:] This project is closed. New interviews are unusual here.")
