"""Brings the page back where Streamlit's own script takes it away."""

from components.elements.browser import component


def come_back() -> None:
    """Watches over the page in the browser, which is loaded again once nothing is left of it; nothing is to be seen.

    What was created, and what the address says, is there again (components.state.press).
    """
    # Such keys take no place on the page (components/page.css).
    component("frame/come_back")(key="live_come_back")
