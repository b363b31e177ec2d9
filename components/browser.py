"""Our own components that run in the browser, registered once: their parts lie in assets/.

They are trusted code and get only data: whatever is not ours is put in as text, never as markup.
"""

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

ASSETS = Path(__file__).parent / "assets"


@st.cache_resource
def component(name: str) -> ComponentRenderer:
    """The component of a name: its script and its style, each after the one that all share."""
    script = "\n".join(_asset(f"{part}.js") for part in ("elements", name))
    style = "\n".join(_asset(f"{part}.css") for part in ("elements", name) if (ASSETS / f"{part}.css").exists())
    return st.components.v2.component(f"rooms_{name}", html='<div id="root"></div>', css=style, js=script)


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")
