"""The script that Streamlit runs for every page: what is the same on all of them."""

import streamlit as st

from components.frame.header import header
from components.frame.language import tell_browser
from components.frame.pages import pages_at_foot
from components.frame.skip import skip_to
from components.frame.streamlit_texts import replace_streamlit_texts
from components.state import device, language, press, project, viewer
from services.gate import closed_pages
from services.journal.database import JournalError
from services.people.acting import NotAllowed, current, may
from services.people.roles import Right
from services.settings import ROOT
from services.texts.speech import _
from services.trust import literal

closed_pages.pages.note(viewer.session_id())
# Before the navigation, which else takes a page's icon from the network; the title needs the page, and comes after.
st.set_page_config(page_icon=ROOT / "components" / "icon.svg", layout="wide")
language.recall()
# Also before it: a person who goes to another page leaves behind what the address says.
press.recall()
project.recall()
creates = may(Right.CREATE)
create = st.Page(ROOT / "pages" / "create.py", title=_("Create"), icon=":material/add_link:", default=creates)
links = st.Page(ROOT / "pages" / "links.py", title=_("Links"), icon=":material/link:")
desk = st.Page(ROOT / "pages" / "desk.py", title=_("Desk"), icon=":material/qr_code_2:")
batches = st.Page(ROOT / "pages" / "batches.py", title=_("Batches"), icon=":material/stacks:")
settings = st.Page(ROOT / "pages" / "settings.py", title=_("Settings"), icon=":material/settings:")
# What each page takes; Settings is for everyone.
needed = {create: Right.CREATE, links: Right.SEE, desk: Right.HAND_OUT, batches: Right.SEE}
pages = [each for each in (create, links, desk, batches, settings) if each not in needed or may(needed[each])]
# The header has little room: where no one signs in, the page is found on Settings alone.
audit = st.Page(
    ROOT / "pages" / "audit.py",
    title=_("Audit"),
    icon=":material/history_edu:",
    visibility="visible" if current().key else "hidden",
)
admins = [audit] if may(Right.PEOPLE) else []
# The keys of what holds the main button of a page.
main_buttons = {create: ("create", "copy_all", "rooms"), links: ("study_table",)}
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
st.html(ROOT / "components" / "page.css")
replace_streamlit_texts()
st.logo(ROOT / "components" / "name.svg", size="large")
tell_browser()
if not at_work:
    skip_to(*main_buttons.get(page, ()))
    header(needs_project=page in (create, desk), has_project=page not in (settings, audit))
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
except NotAllowed:
    st.error(_("**Your role does not allow this.** Ask an administrator of this dashboard."), icon=":material/block:")
