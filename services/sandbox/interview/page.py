"""The respondent's page, which a sandbox link opens: plain HTML, readable on a phone, nothing from other sites."""

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import RedirectResponse
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from services.aseed.models import ACTIVE, PENDING, JoinRoomRequest
from services.headers import SecurityHeaders
from services.sandbox.database import Row
from services.sandbox.interview.words import WORDS, duration, language_for
from services.sandbox.rules import Refusal
from services.sandbox.store import Store

HEADERS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
}
"""The address of this page is the capability: no other site learns it, and no script of another site runs here."""

PROBLEMS = {ACTIVE: "other_respondent", PENDING: "pending_unready"}
"""Why a respondent is not let in, by the room's status; for the other statuses, the page says it already."""

_FILES = Path(__file__).parent / "templates"
_JOIN = TypeAdapter(JoinRoomRequest)


def create_interview(store: Store) -> FastAPI:
    """The respondent's pages over a store, for the path /interview."""
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    app.add_middleware(SecurityHeaders, headers=HEADERS)
    app.mount("/files", StaticFiles(directory=_FILES / "files"), name="files")
    templates = Jinja2Templates(_FILES)

    def page(request: Request, room: Row | None, status: int = 200, **more: Any) -> Response:  # noqa: ANN401
        language = language_for(room["language"] if room else None, request.headers.get("Accept-Language", ""))
        context = {"room": room, "words": WORDS[language], "ends_at": _moment(room, "ends_at"), **more}
        context["valid_until"] = _moment(room, "expires_at")
        context["duration"] = duration(room["max_duration_minutes"], language) if room else ""
        return templates.TemplateResponse(request, "interview.html", context, status)

    @app.exception_handler(Refusal)
    def unknown(request: Request, _: Exception) -> Response:
        return page(request, None, 404)

    @app.api_route("/{access_token}", methods=["GET", "HEAD"])
    def invitation(request: Request, access_token: str) -> Response:
        return page(request, store.invitation(access_token))

    @app.post("/{access_token}")
    def join(request: Request, access_token: str, email: Annotated[str, Depends(_typed_email)]) -> Response:
        try:
            wanted = _JOIN.validate_python({"email": email.strip()})
        except ValidationError:
            return page(request, store.invitation(access_token), 422, problem="bad_email", email=email)
        try:
            return page(request, store.join(access_token, wanted.email), in_session=True)
        except Refusal:
            room = store.invitation(access_token)
            return page(request, room, 409, problem=PROBLEMS.get(room["status"]), email=email)

    @app.post("/{access_token}/leave")
    def leave(request: Request, access_token: str) -> Response:
        store.invitation(access_token)
        # An interview that has not started has nothing to end.
        with suppress(Refusal):
            store.leave(access_token)
        return RedirectResponse(request.url_for("invitation", access_token=access_token).path, 303)

    return app


async def _typed_email(request: Request) -> str:
    """The email of the form; empty where the body is not such a form."""
    try:
        async with request.form() as form:
            email = form.get("email")
    except HTTPException:
        return ""
    return email if isinstance(email, str) else ""


def _moment(room: Row | None, name: str) -> datetime | None:
    return datetime.fromisoformat(room[name]) if room and room[name] else None
