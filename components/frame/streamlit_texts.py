"""Streamlit's own texts, which it says in English alone: those that are in the way are replaced by a style.

What stays English, as no style reaches it, and no screen of ours depends on it: names that are only read out (`Clear
value`, `Increment`, `Decrement`, `Close`, `Help for …`, `file upload`, `Show password`), the months and days of a date
field (Streamlit takes the browser's language for their order alone), `Running...` and `Stop` while a page is slow, the
box that says that the connection is lost, and a list's `Add: …` where a person types what it does not have.
"""

import json

import streamlit as st

from services.texts.catalogues import SOURCE
from services.texts.speech import _, language


def replace_streamlit_texts() -> None:
    """Draws the style; an empty one where the page speaks Streamlit's language."""
    texts = {} if language() == SOURCE else _texts()
    st.html(f"<style>{''.join(_rule(where, said) for where, said in texts.items())}\n</style>")


def _texts() -> dict[str, str]:
    """What is said, by the selector of the element that says it."""
    megabytes = st.get_option("server.maxUploadSize")
    return {
        '[data-testid="stFileUploaderDropzone"] button p': _("Choose a file"),
        '[data-testid="stFileUploaderDropzoneInstructions"] span': _("Up to {megabytes} MB", megabytes=megabytes),
        '[data-testid="InputInstructions"] span:first-child': _("Press Enter to apply"),
        '.stTextArea [data-testid="InputInstructions"] span:first-child': _("Press Ctrl+Enter to apply"),
        '[role="listbox"][data-empty="true"] span': _("No results"),
        '[data-testid="stTopNavSection"] p': _("More pages"),
    }


def _rule(where: str, said: str) -> str:
    content = json.dumps(said, ensure_ascii=False)
    return f"{where} {{ font-size: 0; }} {where}::after {{ font-size: 0.875rem; content: {content}; }}"
