"""Our own components that run in the browser, each registered once.

A component's script and style lie beside the Python file that uses it. They are trusted code and get only data:
text that is not ours is put in as text, never as markup.
"""

import base64
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

COMPONENTS = Path(__file__).parents[1]

_SHARED = "elements/elements"
"""What the script and the style of every component begin with."""


@st.cache_resource
def component(name: str) -> ComponentRenderer:
    """The component of a name.

    name: its path under components/, without an ending, such as `desk/screen`.
    """
    script = "\n".join(_asset(f"{part}.js") for part in (_SHARED, name))
    style = "\n".join(_asset(f"{part}.css") for part in (_SHARED, name) if (COMPONENTS / f"{part}.css").exists())
    registered = f"rooms_{name.replace('/', '_')}"
    return st.components.v2.component(registered, html='<div id="root"></div>', css=style, js=script)


def data_url(kind: str, content: bytes) -> str:
    """An address that holds its content. kind: its media type, such as `image/png`."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _asset(name: str) -> str:
    return (COMPONENTS / name).read_text(encoding="utf-8")
