"""The script that Streamlit runs for every page: who the person is, and then the entrance or the dashboard."""

import streamlit as st

from components.frame.dashboard import dashboard
from components.frame.entrance import entrance
from components.state import language, person, viewer
from services.gate import closed_pages
from services.journal.database import JournalError
from services.settings import ROOT
from services.trust import literal

closed_pages.pages.note(viewer.session_id())
# Before the navigation, which else takes a page's icon from the network; the title needs the page, and comes after.
st.set_page_config(page_icon=ROOT / "components" / "icon.svg", layout="wide")
language.recall()
person.recall()
try:
    let_in: bool | None = person.is_let_in()
    if let_in:
        person.note_arrival()
except JournalError as error:
    # The journal knows whether the sign-in was ended. Its text says what to do.
    let_in = None
    st.error(literal(str(error)), icon=":material/error:")
if let_in is False:
    entrance()
elif let_in:
    dashboard()
