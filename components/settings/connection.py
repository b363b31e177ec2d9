"""The connection on the Settings page: shown, tried, changed for this session, and the sandbox reset."""

import time

import streamlit as st
from pydantic import SecretStr

from components.elements.problems import explain
from components.elements.writing import writing
from components.state import connection, press, process, settings, visibility
from services.aseed.errors import AseedError, TokenRefused
from services.journal.deeds import Deed
from services.journal.records import State
from services.people.acting import may
from services.people.roles import Right
from services.sandbox.store import Store
from services.settings import is_token
from services.texts.speech import _, number
from services.trust import literal


def show_connection() -> None:
    """Where requests go, and with whose token."""
    connected = connection.current()
    if connected.is_sandbox:
        st.markdown(
            _(
                "You are in the **sandbox**, a local stand-in for Aseed. Rooms cost nothing here, and their links open "
                "a rehearsal page without a voice. To create real rooms, use an API token of Aseed's."
            )
        )
        return
    told = _("With no API token yet: paste one below, requests go to:")
    if connection.pasted_token():
        told = _("With the API token that you pasted, for this browser session only, requests go to:")
    elif connected.token:
        told = _("With the API token of this installation, requests go to:")
    st.markdown(told)
    st.code(connected.base_url, language=None)


def try_connection() -> None:
    """Reads the projects and the price, and says how long it took."""
    pressed = st.button(_("Test the connection"), key="test_connection", icon=":material/network_check:")
    if not (pressed or settings.current().wants_test):
        return
    settings.current().wants_test = False
    aseed = connection.client()
    started = time.perf_counter()
    try:
        projects, config = aseed.projects(), aseed.interview_config()
    except AseedError as error:
        explain(error).show()
        return
    took = (time.perf_counter() - started) * 1000
    st.success(
        _(
            "It works: {projects} projects, {tokens} tokens per 30 minutes, both read in {milliseconds} ms.",
            projects=len(projects),
            tokens=number(config.tokens_per_30_min),
            milliseconds=number(round(took)),
        ),
        icon=":material/check_circle:",
    )


def paste_token() -> None:
    """A token for this browser session: kept in its memory, and nowhere else."""
    if connection.pasted_token():
        if connection.keeps_tokens():
            st.markdown(_("Your token is kept, encrypted, for your next sign-in. Disconnect forgets it everywhere."))
        else:
            st.markdown(
                _(
                    "This browser session uses a token that you pasted. Disconnect forgets it at once; two minutes "
                    "after you close or reload the tab it is forgotten, too. A batch that is at work keeps it until "
                    "it ends."
                )
            )
        st.button(_("Disconnect"), key="disconnect", icon=":material/link_off:", on_click=_disconnect)
        return
    if process.deployment().api_token and not may(Right.CONNECT):
        st.markdown(_("This dashboard has a token for everyone. Only an administrator uses another one."))
        return
    turn = settings.current().tokens_used
    where = _("Kept in this browser session's memory only: never on disk, in an address or in a log.")
    if connection.keeps_tokens():
        where = _("Kept encrypted for you alone: never in an address or in a log.")
    with st.form("token_form", border=False), st.container(key="token"):
        st.text_input(
            _("API token"),
            type="password",
            key=_token_key(turn),
            autocomplete="off",
            help=where,
        )
        st.form_submit_button(_("Use this token"), key="use_token", on_click=_use_typed_token, args=(turn,))
    if problem := settings.current().problem:
        settings.current().problem = None
        st.error(problem, icon=":material/error:")


def reset_sandbox() -> None:
    """Forgets the sandbox's rooms and projects; asks twice, because rehearsal data may be hours of work."""
    connected, kept = connection.current(), settings.current()
    if kept.reset:
        # Shown here: a toast of the dialog's own callback goes with the dialog.
        (message, worked), kept.reset = kept.reset, None
        st.toast(message, icon=":material/check_circle:" if worked else ":material/error:")
    if not connected.is_sandbox:
        st.markdown(_("The sandbox is not in use: this session talks to Aseed."))
        return
    if not may(Right.CONNECT):
        st.markdown(_("Only an administrator resets the sandbox."))
        return
    st.markdown(_("Start over with the demonstration projects. Every room made in the sandbox is forgotten."))
    if st.button(_("Reset the sandbox"), key="reset", icon=":material/restart_alt:"):
        # Made here: its title is in the language of the moment.
        st.dialog(_("Reset the sandbox?"))(_confirm_reset)()


def _confirm_reset() -> None:
    st.markdown(
        _("All sandbox rooms and projects are deleted, and links that you handed out in rehearsal stop working.")
    )
    # A whole rerun closes the dialog; a press alone would only redraw it.
    with st.container(horizontal=True):
        if st.button(_("Keep everything"), key="keep"):
            st.rerun()
        if st.button(_("Delete and start over"), key="confirm_reset", type="primary", on_click=_reset):
            st.rerun()


def _reset() -> None:
    token = connection.current().token
    if token:
        with writing(_("The sandbox was not reset."), _tell_failed_reset) as attempt:
            process.journal().forget(visibility.current())
        if not attempt.worked:
            return
        Store(process.deployment().sandbox_file).reset(token.get_secret_value())
    visibility.forget_reads()
    press.forget()
    settings.current().reset = (_("The sandbox is as new."), True)


def _tell_failed_reset(problem: str) -> None:
    settings.current().reset = (problem, False)


def _token_key(turn: int) -> str:
    """Another field after each token that was used: the browser would keep what was typed into the same one."""
    return f"token_{turn}"


def _disconnect() -> None:
    # Before it is noted: a token is forgotten whatever fails.
    visibility.use_token(None)
    with writing(_("The token that is kept for your next sign-in was not forgotten.")):
        connection.keep_token()
    with writing(_("The token is forgotten. That was not noted."), next_step=""):
        process.journal().audit.note(Deed.FORGET_TOKEN)


def _use_typed_token(turn: int) -> None:
    """Takes the token of a field. A form that is sent twice in a row has its token taken already."""
    if turn < settings.current().tokens_used:
        return
    typed = st.session_state[_token_key(turn)].strip()
    if not is_token(typed):
        settings.current().problem = _(
            "That is no API token: a token is letters, digits and signs without spaces. Copy it from Aseed again."
        )
        return
    with writing(_("The token is not used."), _tell_unused_token) as attempt:
        process.journal().audit.note(Deed.USE_TOKEN)
    if not attempt.worked:
        return
    settings.current().tokens_used = turn + 1
    settings.current().wants_test = True
    visibility.use_token(SecretStr(typed))
    with writing(_("The token was not kept for your next sign-in.")):
        connection.keep_token()
    _resume_parked()


def _tell_unused_token(problem: str) -> None:
    settings.current().problem = problem


def _resume_parked() -> None:
    """Resumes this session's own batch, if it waits for a token; no other batch, as the token pays for it."""
    batch = press.last_batch()
    if batch is None or batch.state != State.PARKED or not isinstance(batch.problem, TokenRefused):
        return
    resumed = False
    with writing(_("The batch that waits for a token was not resumed.")):
        resumed = process.engine().resume(batch, connection.client())
    if resumed:
        goes_on = _("The batch for {project} goes on.", project=literal(batch.project_name))
        st.toast(goes_on, icon=":material/play_arrow:")
