"""The one button that costs money, and the watch over what it started."""

import secrets

import streamlit as st

from components import session
from components.plan import rooms_in_words
from components.problems import explain
from components.room_form import requested
from services.aseed.models import ProjectResponse
from services.batches import Batch

POLL_SECONDS = 0.3
"""How often the browser asks how far a batch is."""


def current_batch() -> Batch | None:
    """This session's last batch, also after a reload, when the page's address still names it.

    The name alone gives nobody the links: the batch must be of the account that this session uses.
    """
    nonce = st.session_state.get("batch") or st.query_params.get("batch")
    batch = session.batches().find(nonce, session.client().account) if nonce else None
    if batch:
        st.session_state["batch"] = st.query_params["batch"] = batch.nonce
    elif "batch" in st.query_params:
        del st.query_params["batch"]
    return batch


def is_over(batch: Batch) -> bool:
    """Whether a batch has ended and this session's browser has been shown so."""
    return batch.done and st.session_state.get("intent") != batch.nonce


def said_beside(batch: Batch | None) -> dict[str, str]:
    """What Aseed said of single fields, by the key of their widgets, while the project is still the same."""
    if batch is None or batch.error is None or not is_over(batch):
        return {}
    return explain(batch.error).fields if st.session_state.get("project") == batch.project.id else {}


def create_button(project: ProjectResponse | None, batch: Batch | None) -> None:
    """The button, and the progress of the last press.

    Every press has an intent, made before it, and an intent pays once (services.batches). A new intent is made only
    when the browser itself has asked after the end of the last one: by then it has drawn the disabled button, and
    every press it sent before that has arrived, with the old intent.
    """
    st.session_state.setdefault("intent", secrets.token_urlsafe(16))
    request = requested(project)
    running = batch is not None and not is_over(batch)
    st.button(
        f"Create {rooms_in_words(request.count)}" if request else "Create",
        key="create",
        type="primary",
        icon=":material/add_link:",
        width="stretch",
        disabled=running or request is None,
        on_click=_start,
        args=(project, st.session_state.get("project")),
    )
    if batch and running:
        st.session_state["whole_page"] = True
        _watch(batch)


def _start(project: ProjectResponse, shown: str) -> None:
    """Start what the form says at this moment: a number typed just before the press counts.

    Except for another project: the price of a slip there is too high, so the press is not taken.
    """
    request = requested(project)
    if st.session_state.get("project") != shown or request is None:
        st.toast("The form had just changed. Look at the summary, then press Create again.", icon=":material/info:")
        return
    intent = st.session_state["intent"]
    batch = session.batches().start(intent, session.client(), project, request)
    st.session_state["batch"] = batch.nonce


@st.fragment(run_every=POLL_SECONDS)
def _watch(batch: Batch) -> None:
    asked_by_browser = not st.session_state.pop("whole_page", False)
    if batch.done and asked_by_browser:
        st.session_state["intent"] = secrets.token_urlsafe(16)
        st.rerun()
    # Nobody knows how long the service takes: the bar only shows that something moves.
    st.progress(batch.seconds / (batch.seconds + 3), f"Creating {rooms_in_words(batch.request.count)}…")
