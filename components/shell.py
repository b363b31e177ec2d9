"""The script that Streamlit runs for every page: what is the same on all of them."""

import streamlit as st

from components.frame.entrance import entrance
from components.frame.header import header
from components.frame.language import tell_browser
from components.frame.pages import pages_at_foot
from components.frame.skip import skip_to
from components.frame.streamlit_texts import replace_streamlit_texts
from components.state import device, language, person, press, project, viewer
from services.gate import closed_pages
from services.journal.database import JournalError
from services.settings import ROOT
from services.texts.speech import _
from services.trust import literal

closed_pages.pages.note(viewer.session_id())
# Before the navigation, which else takes a page's icon from the network; the title needs the page, and comes after.
st.set_page_config(page_icon=ROOT / "components" / "icon.svg", layout="wide")
language.recall()
person.recall()
try:
    let_in: bool | None = person.is_let_in()
except JournalError as error:
    # The journal knows whether the sign-in was ended. Its text says what to do.
    let_in = None
    st.error(literal(str(error)), icon=":material/error:")
if let_in is False:
    entrance()
elif let_in:
    # Also before it: a person who goes to another page leaves behind what the address says.
    press.recall()
    project.recall()
    create = st.Page(ROOT / "pages" / "create.py", title=_("Create"), icon=":material/add_link:", default=True)
    links = st.Page(ROOT / "pages" / "links.py", title=_("Links"), icon=":material/link:")
    desk = st.Page(ROOT / "pages" / "desk.py", title=_("Desk"), icon=":material/qr_code_2:")
    batches = st.Page(ROOT / "pages" / "batches.py", title=_("Batches"), icon=":material/stacks:")
    settings = st.Page(ROOT / "pages" / "settings.py", title=_("Settings"), icon=":material/settings:")
    pages = [create, links, desk, batches, settings]
    # The keys of what holds the main button of a page.
    main_buttons = {create: ("create", "copy_all", "rooms"), links: ("study_table",)}
    page = st.navigation(pages, position="top")
    # A visitor's swipe back on the tablet must not lead to other people's links.
    at_work = device.keeps_window()
    if at_work and page is not desk:
        st.switch_page(desk)
    st.set_page_config(page_title=_("{page} · Interview rooms", page=page.title))
    st.html(ROOT / "components" / "page.css")
    replace_streamlit_texts()
    st.logo(ROOT / "components" / "name.svg", size="large")
    tell_browser()
    if not at_work:
        skip_to(*main_buttons.get(page, ()))
        header(needs_project=page in (create, desk), has_project=page is not settings)
        pages_at_foot(pages)
    # Not on a desk's screen: it has its code again, and visitors look at it.
    if viewer.came_back_too_late() and not at_work:
        st.warning(
            _(
                "This page had no connection for over two minutes. What was typed here is forgotten, and so is an API "
                "token that was pasted. Look at the top at what it is connected to now; reload the page to hide this."
            ),
            icon=":material/history:",
        )

    press.remember()
    project.remember()
    try:
        page.run()
    except JournalError as error:
        # No page is whole without the journal. Its text says what to do.
        st.error(literal(str(error)), icon=":material/error:")
