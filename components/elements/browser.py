"""Our own components that run in the browser, each registered once in a language.

A component's script and style lie beside the Python file that uses it. They are trusted code and get only data:
text that is not ours is put in as text, never as markup.
"""

import base64
import json
from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from services.texts import speech
from services.texts.scripts import texts_of

COMPONENTS = Path(__file__).parents[1]

_SHARED = "elements/elements"
"""What the script and the style of every component begin with."""


def component(name: str) -> ComponentRenderer:
    """The component of a name, in the language that is spoken.

    name: its path under components/, without an ending, such as `desk/screen`. A long script begins with parts, which
        are in a folder beside it, such as `desk/screen_parts`.
    """
    return _component(name, speech.language())


@st.cache_resource
def _component(name: str, language: str) -> ComponentRenderer:
    parts = sorted(file.relative_to(COMPONENTS) for file in (COMPONENTS / f"{name}_parts").glob("*.js"))
    scripts: tuple[str | Path, ...] = (f"{_SHARED}.js", *parts, f"{name}.js")
    script = "\n".join(_asset(script) for script in scripts)
    style = "\n".join(_asset(f"{part}.css") for part in (_SHARED, name) if (COMPONENTS / f"{part}.css").exists())
    registered = f"rooms_{name.replace('/', '_')}_{language}"
    return st.components.v2.component(
        registered, html='<div id="root"></div>', css=style, js=f"{_texts(script, language)}\n{script}"
    )


def _texts(script: str, language: str) -> str:
    """What the script says in a language, for its `_` (elements.js)."""
    with speech.speaking(language):
        texts = texts_of(script)
    return f"const TEXTS = {json.dumps(texts)};"


def data_url(kind: str, content: bytes) -> str:
    """An address that holds its content. kind: its media type, such as `image/png`."""
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _asset(name: str | Path) -> str:
    return (COMPONENTS / name).read_text(encoding="utf-8")
