"""What went wrong, in the researcher's words: what happened, and what to do next."""

from dataclasses import dataclass, field

import streamlit as st

from components.state import visibility
from services.aseed.errors import (
    AseedError,
    Failed,
    Invalid,
    NotFound,
    NotReached,
    OutcomeUnknown,
    RateLimited,
    Refused,
    TokenRefused,
    TokensShort,
)
from services.settings import ROOT
from services.texts.speech import N_, _, ngettext
from services.trust import literal

FIELDS = {
    "project_id": "project",
    "count": "count",
    "max_duration_minutes": "max_duration_minutes",
    "expires_in_days": "expires_in_days",
    "voice": "voice",
    "realtime_provider": "realtime_provider",
    "language": "language",
    "topics_for_respondent": "topics_for_respondent",
}
"""The API's name of a field, and the key of the widget that it is typed into."""


NOTHING = N_("Nothing was created.")
"""What is true of a refused call, and not of a batch of which other calls were answered."""


@dataclass(frozen=True)
class Problem:
    """What to tell, and where. fields: messages that belong beside one widget, by its key."""

    what: str
    next_step: str
    detail: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    settings: bool = False

    def show(self, done: int = 0) -> None:
        """An error box where it is called; with a way to Settings where that is the next step.

        done: how many rooms there are all the same.
        """
        said = "\n\n" + _("Aseed says: {detail}", detail=literal(self.detail)) if self.detail else ""
        nothing, no_more = _(NOTHING), _("No more rooms are created.")
        next_step = self.next_step if not done else self.next_step.replace(nothing, no_more)
        st.error(f"**{self.what}** {next_step}{said}", icon=":material/error:")
        if self.settings:
            _to_settings()


def _to_settings() -> None:
    st.page_link(str(ROOT / "pages" / "settings.py"), label=_("Open Settings"), icon=":material/settings:")


def explain(error: AseedError) -> Problem:
    """The problem behind an error."""
    detail = error.detail if isinstance(error, Refused) else ""
    nothing = _(NOTHING)
    match error:
        case NotReached():
            return Problem(
                _("Aseed could not be reached."),
                _("{nothing} Check the network, then try again.", nothing=nothing),
            )
        case TokenRefused(status=status):
            return _token_refused(status, detail)
        case TokensShort():
            return Problem(
                _("The account has too few tokens for this."),
                _("{nothing} Ask for fewer or shorter interviews, or top up the account.", nothing=nothing),
                detail,
            )
        case NotFound():
            return Problem(
                _("Aseed does not know this project."),
                _("It may have been deleted. Choose another one."),
                detail,
                fields={"project": _("Aseed does not know this project any more. Choose another one.")},
            )
        case Invalid(fields=fields):
            beside = {FIELDS[name]: message for name, message in fields.items() if name in FIELDS}
            change = _("{nothing} Change them.", nothing=nothing)
            return Problem(_("Aseed does not accept these settings."), change, detail, beside)
        case RateLimited(retry_after=wait):
            return Problem(_("Aseed is asked too often just now."), _try_again_after(wait), detail)
        case Refused(status=status):
            return Problem(_("Aseed refused this ({status}).", status=status), nothing, detail)
        case OutcomeUnknown():
            return Problem(
                _("It is not certain whether rooms were created."),
                f"{error} " + _("**Before you press Create again, look:** rooms may exist, and each one costs tokens."),
            )
        case Failed():
            return Problem(str(error), _("Try again in a moment."))
    return Problem(_("Something went wrong."), _("Try again in a moment."))


def _try_again_after(seconds: float | None) -> str:
    """What to do once the service has asked for a pause. seconds: how long it is; None where that is not known."""
    if seconds is None or seconds >= 120:
        return _("{nothing} Try again in a few minutes.", nothing=_(NOTHING))
    return ngettext(
        "{nothing} Try again in {count} second.",
        "{nothing} Try again in {count} seconds.",
        round(seconds),
        nothing=_(NOTHING),
    )


def _token_refused(status: int, detail: str) -> Problem:
    """The problem of a token that is not accepted (401) or not allowed (403)."""
    if status == 401:
        return Problem(
            _("Aseed no longer accepts the API token."),
            _("It may have expired. {nothing} Paste a new one in Settings, then try again.", nothing=_(NOTHING)),
            detail,
            settings=True,
        )
    return Problem(
        _("This API token is not allowed to do that."),
        _("{nothing} Ask the owner of the project for access, or use another token.", nothing=_(NOTHING)),
        detail,
        settings=True,
    )


def links_are_hidden(grace: float = visibility.GRACE_SECONDS, project_id: str | None = None) -> bool:
    """Whether no link may be shown, because Aseed does not answer for this session's token; then it is said here.

    The arguments are those of components.state.visibility.links_problem.
    """
    problem = visibility.links_problem(grace, project_id)
    if problem is None:
        return False
    st.warning(f"{_('**The links are not shown:**')} {why_hidden(problem)}", icon=":material/key_off:")
    with st.container(horizontal=True, vertical_alignment="center"):
        if isinstance(problem, TokenRefused):
            _to_settings()
        st.button(_("Try again"), key="try_token", icon=":material/refresh:", on_click=visibility.forget_reads)
    return True


def why_hidden(problem: AseedError) -> str:
    """Why links are not shown, and what to do."""
    match problem:
        case TokenRefused(status=401):
            return _("Aseed does not accept this API token. Paste a new one in Settings.")
        case TokenRefused():
            return _(
                "Aseed does not let this API token read projects and rooms (403). Ask the owner for access, or use "
                "another token."
            )
        case RateLimited():
            return _("Aseed is asked too often just now, and did not answer for this API token. Try again in a minute.")
        case NotReached():
            return _(
                "Aseed could not be reached, so it is not known whether this API token may still open them. Check "
                "the network, then try again."
            )
    return _("Aseed has not answered for this API token lately. Try again in a minute.")


def show_beside(message: str | None) -> None:
    """A message under the widget that it is about."""
    if message:
        st.markdown(f":small[:red[:material/error: {literal(message)}]]")
