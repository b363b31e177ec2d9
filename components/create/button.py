"""The one button that costs money."""

import streamlit as st

from components.create.form import requested
from components.elements.problems import show_beside
from components.elements.writing import writing
from components.state import connection, create, press, process
from components.state.project import chosen
from services.aseed.models import ProjectResponse
from services.batches.plan import Order
from services.journal.batches import Busy
from services.journal.records import Batch, NewBatch
from services.texts.speech import _, ngettext


def create_button(project: ProjectResponse | None, order: Order | None, in_the_way: Batch | None) -> None:
    """The button. in_the_way: the batch that must be over before the next one may begin.

    Every press has a name, made before it, and a name pays once (services.journal). A new name is made only when the
    browser itself has asked after the last press (components.elements.progress): by then it has taken the button away,
    or drawn it disabled, and every press it sent before that has arrived, under the old name.
    """
    st.button(
        ngettext("Create {count} room", "Create {count} rooms", order.count) if order else _("Create"),
        key="create",
        type="primary",
        icon=":material/add_link:",
        width="stretch",
        disabled=in_the_way is not None or order is None,
        on_click=_start,
        args=(project, chosen()),
    )
    if problem := create.current().problem:
        show_beside(problem)
        create.current().problem = None
    if in_the_way and not in_the_way.over and not in_the_way.working:
        st.caption(
            _("A batch of this project waits for you, below. Nothing else can be created here before it is over.")
        )


def _start(project: ProjectResponse, shown: str) -> None:
    """Starts what the form says at this moment: a number typed just before the press counts.

    Except for another project: the price of a slip there is too high, so the press is not taken.
    """
    order = requested(project)
    if chosen() != shown or order is None:
        changed = _("The form had just changed. Look at the summary, then press Create again.")
        st.toast(changed, icon=":material/info:")
        return
    aseed = connection.client()
    new = NewBatch(
        press.intent(), aseed.account, aseed.service, project.id, project.name, order.form, order.calls, order.people
    )
    try:
        with writing(_("Nothing was created."), tell=_show_beside_button) as attempt:
            process.engine().start(new, aseed)
    except Busy:
        _show_beside_button(_("Nothing was created: another batch of this project is not finished. See Batches."))
        return
    if attempt.worked:
        press.pressed()
        create.show_result()
        create.current().shows_newest = False


def _show_beside_button(problem: str) -> None:
    """Shows the problem when the page is drawn after the press."""
    create.current().problem = problem
