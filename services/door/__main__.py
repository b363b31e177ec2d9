"""Serves doors alone, away from the dashboard: `python -m services.door --port 8600`."""

import argparse
import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from services import background, events, settings
from services.door import pages
from services.door.opened import OpenedDoors
from services.headers import SecurityHeaders, broken
from services.journal.database import JournalError
from services.texts import speech
from services.texts.catalogues import SOURCE


def healthz(_: Request) -> JSONResponse:
    """Whether this process answers; no other service is asked."""
    return JSONResponse({"status": "ok"})


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m services.door", description=__doc__)
    options.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    options.add_argument("--port", type=int, default=8600, help="port to listen on; 0 for any free port")
    options.add_argument("--sandbox", default="http://127.0.0.1:8501", help="where the sandbox answers, for rehearsals")
    chosen = options.parse_args()
    try:
        deployment = settings.load()
        doors = OpenedDoors(deployment, chosen.sandbox.rstrip("/"), carries_sandbox=False)
    except (settings.SettingsError, JournalError) as error:
        sys.exit(f"This cannot start with these settings. {error}")
    if not (deployment.rehearses or deployment.api_token):
        sys.exit("Doors need a token of the deployment's own: set ASEED_API_TOKEN or ASEED_API_TOKEN_FILE.")
    settings.start_with(deployment)
    speech.asks_for(lambda: SOURCE, deployment.languages_folder)
    if deployment.log == "json":
        from services.json_lines import write_json_lines

        write_json_lines(sys.stderr)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        doors.start()
        events.tell("process.started")
        yield
        await asyncio.to_thread(background.end)
        events.tell("process.stopped")

    app = Starlette(
        routes=[Route("/healthz", healthz), *doors.routes],
        middleware=[Middleware(SecurityHeaders, pages.headers())],
        lifespan=lifespan,
        exception_handlers={Exception: broken},
    )
    # No access log: the address of a visitor who comes from a panel says who they are.
    uvicorn.run(app, host=chosen.host, port=chosen.port, access_log=False)


if __name__ == "__main__":
    main()
