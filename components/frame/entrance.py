"""What a person sees who has not signed in, or is not let in: a way to sign in, and nothing of the dashboard."""

from typing import TypedDict

import streamlit as st

from components.elements.browser import component
from components.frame.language import tell_browser
from components.state import connection, person, process, viewer
from services.gate.sign_in import FAILED, WANTED, Failure
from services.people.admission import Reason, Refused
from services.settings import ROOT
from services.texts.speech import N_, _
from services.trust import literal

BUTTON = "sign_in"

PAGES = ("", "links", "desk", "doors", "batches", "settings", "audit")
"""The pages' addresses: each stays as it is, so that the person comes back to it."""

ASK = N_("Ask the person who runs this dashboard.")

WHY = {
    Reason.NOT_LISTED: N_("You signed in as {email}. This address is not among those that may use this dashboard."),
    Reason.NOT_VERIFIED: N_(
        "You signed in as {email}, but the sign-in service does not vouch that it is your address."
    ),
    Reason.NO_ADDRESS: N_(
        "You signed in, but the sign-in service named no email address of yours that can be used here. Addresses under "
        ".local, .test and the like cannot."
    ),
    Reason.UNCLEAR: N_("You signed in, but the sign-in service did not say clearly who you are, and since when."),
}
"""Why a person who has signed in is not let in."""

OVER = {
    Reason.TOO_OLD: N_("Your sign-in as {email} is over, as it was a long time ago. Sign in again to go on."),
    Reason.ENDED: N_("You are signed out."),
}
"""Why a person has to sign in once more."""

FAILURES = {
    Failure.UNREACHABLE: N_("The sign-in service did not answer as it should. Try again in a moment."),
    Failure.DENIED: N_("You were not signed in: that was refused, or broken off, at the sign-in service."),
}


class EntranceData(TypedDict):
    """What the browser keeps when the button is pressed (entrance.js). cookie: its name. button: the button's key."""

    cookie: str
    button: str


def entrance() -> None:
    """Draws all of the page."""
    at = person.found()
    if not isinstance(at, Refused):
        return
    # This session comes to nothing more: signing in begins another.
    connection.forget_pasted()
    st.navigation(
        [st.Page(_nothing, title=_("Sign in"), url_path=path, default=not path) for path in PAGES], position="hidden"
    )
    st.set_page_config(page_title=_("{page} · Interview rooms", page=_("Sign in")))
    st.html(ROOT / "components" / "page.css")
    tell_browser()
    with st.container(key="entrance"):
        st.title(_("Interview rooms"), anchor=False)
        _why(at)
        _way_in(at)


def _why(at: Refused) -> None:
    failure = st.context.cookies.get(FAILED, "")
    if failure in list(Failure):
        st.warning(_(FAILURES[Failure(failure)]), icon=":material/warning:")
    if at.reason in WHY:
        st.warning(f"{_(WHY[at.reason], email=literal(at.email))} {_(ASK)}", icon=":material/block:")
    elif at.reason in OVER:
        st.info(_(OVER[at.reason], email=literal(at.email)), icon=":material/history:")
    else:
        st.markdown(_("Create interview rooms, hand out their links, and follow every interview until it is done."))


def _way_in(at: Refused) -> None:
    sign_in = process.deployment().sign_in
    address = sign_in.address(st.get_option("server.port")) if sign_in else ""
    if viewer.origin() != address:
        # The provider leads back there alone.
        st.markdown(_("This dashboard has people sign in at another of its addresses: {address}", address=address))
        return
    label = _("Sign in as another person") if at.reason in WHY else _("Sign in")
    if st.button(label, type="primary", icon=":material/login:", key=BUTTON):
        st.login()
    component("frame/entrance")(key="live_entrance", data=EntranceData(cookie=WANTED, button=BUTTON))
    st.caption(_("You sign in with your organization's account. This dashboard never sees your password."))


def _nothing() -> None:
    """Stands for each page that cannot be seen yet."""
