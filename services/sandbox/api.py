"""The published API, served from a Store: the same paths, models, statuses and 422 bodies as the real service.

The contract does not publish the bodies for 401, 402, 404 and 409; here they are FastAPI's usual `{"detail": "…"}`.
"""

import re
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.routing import Match

from services.aseed.models import (
    CreateProjectRequest,
    CreateRoomsRequest,
    CreateRoomsResponse,
    InterviewConfigResponse,
    InterviewRoomResponse,
    JoinRoomRequest,
    JoinRoomResponse,
    ProjectResponse,
    RoomInfoResponse,
    UpdateProjectRequest,
    UpdateRoomRequest,
)
from services.sandbox.database import Row
from services.sandbox.rules import PRICE, Refusal
from services.sandbox.store import Store
from services.settings import SANDBOX_TOKEN_PREFIX

health = APIRouter()
projects = APIRouter(prefix="/projects", tags=["projects"])
interviews = APIRouter(prefix="/api/interviews", tags=["interviews"])
ROUTERS = (health, projects, interviews)


class _PublishedAPI(FastAPI):
    """FastAPI, describing its 422 bodies as the published document does, which its newer versions extend."""

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        for extension in ("ctx", "input"):
            document["components"]["schemas"]["ValidationError"]["properties"].pop(extension, None)
        return document


def create_api(store: Store, public_url: str | None = None) -> FastAPI:
    """The API over a store.

    public_url: where respondents reach the sandbox; None for the address that the caller used.
    """
    api = _PublishedAPI(title="Aseed Insight API (sandbox)", version="0.1.0", docs_url=None, redoc_url=None)
    api.state.store = store
    api.state.public_url = public_url
    api.add_exception_handler(Refusal, _refuse)
    api.add_exception_handler(RequestValidationError, _refuse_values)
    api.add_exception_handler(405, _refuse_method)
    for router in ROUTERS:
        api.include_router(router)
    return api


def _refuse(_: Request, refusal: Exception) -> JSONResponse:
    assert isinstance(refusal, Refusal)
    return JSONResponse({"detail": refusal.detail}, refusal.status)


def _refuse_values(_: Request, refusal: Exception) -> JSONResponse:
    assert isinstance(refusal, RequestValidationError)
    try:
        return JSONResponse({"detail": jsonable_encoder(refusal.errors())}, 422)
    except ValueError:
        # What was sent has no JSON: not a number, or half a character.
        bare = [{"loc": error["loc"], "msg": error["msg"], "type": error["type"]} for error in refusal.errors()]
        return JSONResponse({"detail": bare}, 422)


def _refuse_method(request: Request, _: Exception) -> JSONResponse:
    return JSONResponse({"detail": "Method Not Allowed"}, 405, {"Allow": _allowed(request)})


# What a call is given. Coroutines where nothing waits for the file: any other function costs a change of the thread.


async def _store(request: Request) -> Store:
    store: Store = request.app.state.store
    return store


async def _link_base(request: Request) -> str:
    return f"{request.app.state.public_url or origin(request)}/interview/"


SandboxStore = Annotated[Store, Depends(_store)]
LinkBase = Annotated[str, Depends(_link_base)]


def _account(store: SandboxStore, credentials: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> str:
    if not credentials.credentials.startswith(SANDBOX_TOKEN_PREFIX):
        raise HTTPException(401, "Invalid or expired token", {"WWW-Authenticate": "Bearer"})
    return store.account(credentials.credentials)


Account = Annotated[str, Depends(_account)]


@health.get("/health", response_model=None)
async def health_check() -> dict[str, str]:
    return {"status": "ok"}


@projects.get("/")
def get_projects(store: SandboxStore, account: Account) -> list[ProjectResponse]:
    """Get all projects for the current user."""
    return [ProjectResponse(**row) for row in store.projects(account)]


@projects.post("/create")
def create_project(store: SandboxStore, account: Account, wanted: CreateProjectRequest) -> ProjectResponse:
    """Create a new project."""
    return ProjectResponse(**store.create_project(account, wanted))


@projects.api_route("/create", methods=["GET", "PUT"], include_in_schema=False)
def create_is_no_project() -> None:
    raise HTTPException(405)


@projects.get("/{project_id}")
def get_project_details(store: SandboxStore, account: Account, project_id: UUID) -> ProjectResponse:
    """Get project details by ID."""
    return ProjectResponse(**store.project(account, project_id))


@projects.put("/{project_id}")
def update_project(
    store: SandboxStore, account: Account, project_id: UUID, change: UpdateProjectRequest
) -> ProjectResponse:
    """Update an existing project."""
    return ProjectResponse(**store.update_project(account, project_id, change))


@interviews.get("/config")
def get_interview_config(_: Account) -> InterviewConfigResponse:
    """Return interview config (e.g. tokens per 30 min) so the client can show correct costs."""
    return PRICE


@interviews.post("/rooms")
def create_rooms(
    store: SandboxStore, account: Account, base: LinkBase, wanted: CreateRoomsRequest
) -> CreateRoomsResponse:
    """Create interview rooms for a project."""
    return CreateRoomsResponse(rooms=[_room(row, base) for row in store.create_rooms(account, wanted)])


@interviews.get("/rooms", response_model=list[InterviewRoomResponse])
def get_rooms(
    store: SandboxStore,
    account: Account,
    base: LinkBase,
    project_id: UUID | None = None,
    status: str | None = None,
) -> Response:
    """Get interview rooms for the current user, newest first."""
    return Response(store.rooms_as_json(account, base, project_id, status), media_type="application/json")


@interviews.get("/rooms/{room_id}")
def get_room(store: SandboxStore, account: Account, base: LinkBase, room_id: UUID) -> InterviewRoomResponse:
    """Get details of a specific interview room."""
    return _room(store.room(account, room_id), base)


@interviews.patch("/rooms/{room_id}")
def update_room(
    store: SandboxStore, account: Account, base: LinkBase, room_id: UUID, change: UpdateRoomRequest
) -> InterviewRoomResponse:
    """Update an interview room, which must be pending."""
    return _room(store.update_room(account, room_id, change), base)


@interviews.delete("/rooms/{room_id}", response_model=None)
def delete_room(store: SandboxStore, account: Account, room_id: UUID) -> dict[str, str]:
    """Cancel an interview room."""
    store.cancel_room(account, room_id)
    return {"message": "Interview room cancelled"}


@interviews.get("/join/{access_token}")
def get_room_info(store: SandboxStore, access_token: str) -> RoomInfoResponse:
    """Get public information about an interview room. Reading it is not joining it."""
    room = store.invitation(access_token)
    # Only what is published: the row also knows who joined and what the interviewer will ask.
    return RoomInfoResponse(**{name: room[name] for name in RoomInfoResponse.model_fields})


@interviews.post("/join/{access_token}")
def join_room(store: SandboxStore, access_token: str, request: JoinRoomRequest) -> JoinRoomResponse:
    """Join an interview room as a respondent. There is no voice here: the LiveKit details lead nowhere."""
    room = store.join(access_token, request.email)
    return JoinRoomResponse(
        token=f"rehearsal-{room['room_name']}",
        url="wss://voice.invalid",
        room_name=room["room_name"],
        max_duration_minutes=room["max_duration_minutes"],
    )


@interviews.post("/join/{access_token}/leave", response_model=None)
def participant_leave(store: SandboxStore, access_token: str) -> dict[str, str]:
    """Notify that the respondent has left the interview: the room is completed."""
    store.leave(access_token)
    return {"message": "Interview completed"}


def origin(request: Request) -> str:
    """The scheme and host that the caller used, such as http://192.168.1.5:8501.

    The dashboard calls over loopback and names its viewer's address in X-Forwarded-Proto and X-Forwarded-Host.
    """
    host = request.headers.get("X-Forwarded-Host", "")
    scheme = request.headers.get("X-Forwarded-Proto", "")
    if re.fullmatch(r"[\w.-]+(:\d+)?|\[[0-9a-fA-F:]+\](:\d+)?", host, re.ASCII) and scheme in ("http", "https"):
        return f"{scheme}://{host}"
    return f"{'https' if request.url.scheme == 'https' else 'http'}://{request.url.netloc}"


def _allowed(request: Request) -> str:
    """All methods of a path, as RFC 9110 requires: the framework names those of one route only."""
    routes = [
        route
        for router in ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and route.include_in_schema and route.matches(request.scope)[0] != Match.NONE
    ]
    exact = [route for route in routes if "{" not in route.path] or routes
    return ", ".join(sorted({method for route in exact for method in route.methods or ()}))


def _room(row: Row, link_base: str) -> InterviewRoomResponse:
    return InterviewRoomResponse(**row, url=f"{link_base}{row['access_token']}")
