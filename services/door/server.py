"""Doors as routes under /door: every page of one, and its files."""

from collections.abc import Awaitable, Callable, Mapping

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from services.door import notices, pages, rooms, welcome
from services.door.connection import DoorConnection
from services.door.doorway import Caller, Doorway, NoDoor, form_in, is_from_own_page
from services.door.language import language_for, spoken_for
from services.gate.bodies import BodyLimits
from services.journal.database import JournalError
from services.journal.journal import Journal
from services.texts.speech import known, speaking

LONGEST_BODY, BODY_SECONDS = 16 * 1024, 30.0
"""Bytes of a form, and how long it may take to arrive."""

CLAIMS_AT_ONCE, MOST_WAITING = 8, 200
"""Threads that ask Aseed for visitors, and how many may wait for one."""

Page = Callable[[Doorway, Caller], Response]
Press = Callable[[Doorway, Caller, Mapping[str, str]], Response]


def door_routes(
    journal: Journal, connection: DoorConnection, *, carries_sandbox: bool = False, public_url: str | None = None
) -> list[BaseRoute]:
    """The routes that an ASGI application mounts to serve doors; the arguments are those of `Doorway`."""
    at = _Routes(Doorway(journal, connection, carries_sandbox, public_url))
    routes = [
        Mount("/files", StaticFiles(directory=pages.FILES)),
        Route("/{code}", at.get(welcome.welcome), methods=["GET"]),
        Route("/{code}/enter", at.post(welcome.enter), methods=["POST"]),
        Route("/{code}/ticket", at.get(rooms.ticket), methods=["GET"]),
        Route("/{code}/claim", at.claim, methods=["POST"]),
        Route("/{code}/next", at.post(rooms.next_person), methods=["POST"]),
    ]
    limits = Middleware(BodyLimits, 0, seconds=BODY_SECONDS, longest=LONGEST_BODY)
    return [Mount("/door", routes=routes, middleware=[limits])]


class _Routes:
    def __init__(self, doorway: Doorway) -> None:
        self._doorway = doorway
        self._claims = CapacityLimiter(CLAIMS_AT_ONCE)

    def get(self, page: Page) -> Callable[[Request], Response]:
        """A page; it is made in a thread, as it asks the journal."""
        return lambda request: self._answer(request, None, lambda caller: page(self._doorway, caller))

    def post(self, press: Press) -> Callable[[Request], Awaitable[Response]]:
        """What is done at a press."""

        async def answer(request: Request) -> Response:
            return await run_in_threadpool(self._pressed, request, await form_in(request), press)

        return answer

    async def claim(self, request: Request) -> Response:
        """Leads into a room, in one of a few threads: Aseed may be slow, and is not to be asked by all at once."""
        form = await form_in(request)
        if self._claims.statistics().tasks_waiting >= MOST_WAITING:
            return await run_in_threadpool(self._pressed, request, form, rooms.crowded)
        return await to_thread.run_sync(self._pressed, request, form, rooms.claim, limiter=self._claims)

    def _pressed(self, request: Request, form: Mapping[str, str], press: Press) -> Response:
        def work(caller: Caller) -> Response:
            if not is_from_own_page(request):
                return welcome.refused(caller)
            return rooms.too_often(self._doorway.limits, caller) or press(self._doorway, caller, form)

        return self._answer(request, form, work)

    def _answer(self, request: Request, form: Mapping[str, str] | None, work: Callable[[Caller], Response]) -> Response:
        """What comes of the work, in the language of the visitor; or what is said where it cannot be done."""
        try:
            caller = self._doorway.caller(request, form)
            with speaking(spoken_for(caller.language)):
                return work(caller)
        except NoDoor:
            return _alone(request, notices.unknown, 404)
        except JournalError:
            # The journal has told it to the log.
            return _alone(request, notices.one_moment, 503)


def _alone(request: Request, told: Callable[[], notices.Notice], status: int) -> Response:
    """A page of no door, in the language of the browser."""
    spoken = language_for(tuple(known()), "", request.headers.get("Accept-Language", ""))
    more = {"Retry-After": "10"} if status == 503 else {}
    with speaking(spoken):
        return pages.notice_page(told(), {}, status, more)
