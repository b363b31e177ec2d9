"""Who is signed in, in the header's menu, and the way out."""

import streamlit as st

from components.state import person, visibility
from services.people.admission import Admitted
from services.people.roles import Role
from services.texts.speech import N_, _
from services.trust import literal

ROLES = {
    Role.VIEWER: N_("viewer"),
    Role.DESK: N_("desk"),
    Role.RESEARCHER: N_("researcher"),
    Role.ADMIN: N_("admin"),
}
"""What a person is here, in the words of the pages."""

WATCH_SECONDS = 5


def signed_in_as() -> None:
    """Draws it; nothing where no sign-in is needed."""
    at = person.found()
    if isinstance(at, Admitted) and at.person.role is not None:
        role = _(ROLES[at.person.role])
        st.markdown(_("Signed in as {email} ({role})", email=literal(at.person.email), role=role))
        st.button(_("Sign out"), icon=":material/logout:", key="sign_out", on_click=_sign_out)


def leave_when_over() -> None:
    """Has a page that stands still leave what it shows once the person is not let in any more."""
    if isinstance(person.found(), Admitted):
        st.fragment(person.stay_out, run_every=WATCH_SECONDS)()


def _sign_out() -> None:
    # First: without a sign-in there is no connection of which it could be forgotten.
    visibility.use_token(None)
    person.end()
