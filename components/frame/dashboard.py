"""The dashboard of a person who was let in: the pages of their role in one frame, and the page that was chosen."""

from collections.abc import Sequence
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from components.frame.come_back import come_back
from components.frame.header import header
from components.frame.language import tell_browser
from components.frame.pages import pages_at_foot
from components.frame.skip import skip_to
from components.frame.streamlit_texts import replace_streamlit_texts
from components.state import device, press, project, viewer
from services.journal.database import JournalError
from services.people.acting import NotAllowed, current, may
from services.people.roles import Right
from services.settings import ROOT
from services.texts.speech import _
from services.trust import literal

PAGES = ROOT / "pages"


def dashboard() -> None:
    """Draws the frame, and runs the page."""
    # Before the navigation: a person who goes to another page leaves behind what the address says.
    press.recall()
    project.recall()
    creates = may(Right.CREATE)
    create = st.Page(PAGES / "create.py", title=_("Create"), icon=":material/add_link:", default=creates)
    links = st.Page(PAGES / "links.py", title=_("Links"), icon=":material/link:")
    desk = st.Page(PAGES / "desk.py", title=_("Desk"), icon=":material/qr_code_2:")
    doors = st.Page(PAGES / "doors.py", title=_("Doors"), icon=":material/door_open:")
    batches = st.Page(PAGES / "batches.py", title=_("Batches"), icon=":material/stacks:")
    settings = st.Page(PAGES / "settings.py", title=_("Settings"), icon=":material/settings:")
    # What each page takes; Settings is for everyone.
    needed = {create: Right.CREATE, links: Right.SEE, batches: Right.SEE}
    needed |= {desk: Right.HAND_OUT, doors: Right.HAND_OUT}
    known = (create, links, desk, doors, batches, settings)
    pages = [each for each in known if each not in needed or may(needed[each])]
    # The header has little room: where no one signs in, the page is found on Settings alone.
    seen: Literal["visible", "hidden"] = "visible" if current().key else "hidden"
    audit = st.Page(PAGES / "audit.py", title=_("Audit"), icon=":material/history_edu:", visibility=seen)
    admins = [audit] if may(Right.PEOPLE) else []
    # Where Create is not for this person, the address without a page leads to the first one that is.
    home = st.Page(lambda: None, title=_("Interview rooms"), url_path="home", default=not creates, visibility="hidden")
    page = st.navigation([*([] if creates else [home]), *pages, *admins], position="top")
    if page is home:
        st.switch_page(pages[0])
    # A visitor's swipe back on the tablet must not lead to other people's links.
    at_work = device.keeps_window()
    if at_work and page is not desk:
        st.switch_page(desk)
    st.set_page_config(page_title=_("{page} · Interview rooms", page=page.title))
    _style()
    if not at_work:
        # The keys of what holds the main button of a page.
        main_buttons = {create: ("create", "copy_all", "rooms"), links: ("study_table",)}
        skip_to(*main_buttons.get(page, ()))
        header(needs_project=page in (create, desk, doors), has_project=page not in (settings, audit))
        _foot(pages)
    press.remember()
    project.remember()
    _run(page)


def _style() -> None:
    st.html(ROOT / "components" / "page.css")
    replace_streamlit_texts()
    st.logo(ROOT / "components" / "name.svg", size="large")
    tell_browser()
    come_back()


def _foot(pages: Sequence[StreamlitPage]) -> None:
    """The pages on a phone, and what a person is to know before they go on. Not on a desk's screen: visitors see it."""
    pages_at_foot(pages)
    if viewer.came_back_too_late():
        st.warning(
            _(
                "What served this page has ended, or the page had no connection for over two minutes. What was typed "
                "here is forgotten, and so is an API token that was pasted. Look at the top at what it is connected to "
                "now; reload the page to hide this."
            ),
            icon=":material/history:",
        )


def _run(page: StreamlitPage) -> None:
    try:
        page.run()
    except JournalError as error:
        # No page is whole without the journal. Its text says what to do.
        st.error(literal(str(error)), icon=":material/error:")
    except NotAllowed:
        st.error(
            _("**Your role does not allow this.** Ask an administrator of this dashboard."), icon=":material/block:"
        )
