"""The script that Streamlit runs for every page: what is the same on all of them."""

import streamlit as st

from components.state import connection, device, press
from services.journal.database import JournalError
from services.settings import ROOT
from services.trust import literal

# Before the navigation, which else takes a page's icon from the network; the title needs the page, and comes after.
st.set_page_config(page_icon=ROOT / "components" / "icon.svg", layout="wide")
# Also before it: a person who goes to another page leaves behind what the address says.
press.recall()
desk = st.Page(ROOT / "pages" / "desk.py", title="Desk", icon=":material/qr_code_2:")
page = st.navigation(
    [
        st.Page(ROOT / "pages" / "create.py", title="Create", icon=":material/add_link:", default=True),
        st.Page(ROOT / "pages" / "links.py", title="Links", icon=":material/link:"),
        desk,
        st.Page(ROOT / "pages" / "batches.py", title="Batches", icon=":material/stacks:"),
        st.Page(ROOT / "pages" / "settings.py", title="Settings", icon=":material/settings:"),
    ],
    position="top",
)
# A visitor's swipe back on the tablet must not lead to other people's links.
if page is not desk and device.keeps_window():
    st.switch_page(desk)
st.set_page_config(page_title=f"{page.title} · Interview rooms")
st.html(ROOT / "components" / "page.css")

connected = connection.current()
if connected.is_sandbox:
    st.badge("Sandbox: rehearsal, links lead nowhere real", icon=":material/science:", color="orange")
elif connected.token is None:
    st.badge(f"Not connected to {literal(connected.host)}: no API token", icon=":material/key_off:", color="red")
else:
    st.badge(f"Aseed at {literal(connected.host)}", icon=":material/cloud_done:", color="green")

press.remember()
try:
    page.run()
except JournalError as error:
    # No page is whole without the journal. Its text says what to do.
    st.error(literal(str(error)), icon=":material/error:")
