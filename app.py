"""The ASGI application: the dashboard, doors and, on the same port, the sandbox on which a new installation starts.

Start it with `streamlit run app.py`.
"""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit import get_option
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import get_instance
from streamlit.runtime.secrets import secrets_singleton
from streamlit.starlette import App

from services import background, events, settings
from services.door.opened import OpenedDoors
from services.gate import closed_pages, listening
from services.gate.bodies import UPLOADS, BodyLimits
from services.gate.browser import OneBrowser
from services.gate.closed import ClosedRoutes
from services.gate.hosts import OwnHosts
from services.gate.sign_in import SignInRoutes
from services.gate.uploads import Uploads
from services.headers import SecurityHeaders, broken
from services.journal.batch_reads import BatchReads
from services.journal.batches import LEASE_SECONDS
from services.journal.database import Database, JournalError
from services.ready import READY, Readiness
from services.sandbox.database import SandboxFileError
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from services.texts import speech
from services.texts.catalogues import SOURCE

allowed_hosts = get_option("server.allowedHosts")

try:
    deployment = settings.load()
    settings.refuse_sign_in_elsewhere(deployment, get_option("secrets.files"))
    listening.check(get_option("server.address"), deployment, allowed_hosts)
    # Opened before the first page: this brings the journal up to date, and reports what is wrong with it.
    journal = Database(deployment.journal_url)
    readiness = Readiness(deployment, journal)
    if deployment.metrics_port:
        # Loaded only where they are wanted, as is the log below.
        from services.metrics import Metrics

        batches = BatchReads(journal, LEASE_SECONDS)
        Metrics(batches, lambda: closed_pages.pages.count).serve(deployment.metrics_port, deployment.metrics_address)
    sandbox = (
        sandbox_routes(Store(deployment.sandbox_file), deployment.sandbox_public_url) if deployment.rehearses else []
    )
    own = f"http://127.0.0.1:{get_option('server.port')}"
    doors = OpenedDoors(deployment, own, carries_sandbox=deployment.rehearses)
except (settings.SettingsError, JournalError, SandboxFileError) as error:
    sys.exit(f"This cannot start with these settings. {error}")

settings.start_with(deployment)
# For doors, which have visitors before the first session asks for languages.
speech.asks_for(lambda: SOURCE, deployment.languages_folder)
sign_in = deployment.sign_in
# Before the application is made, which signs cookies with a secret of it. Streamlit looks for no file of its own then.
secrets_singleton.merge_programmatic_secrets({"auth": sign_in.auth.told() if sign_in else {}})

if deployment.log == "json":
    from services.json_lines import write_json_lines

    write_json_lines(sys.stderr)

if told := settings.readable_by_others():
    logging.getLogger("rooms").warning(told)


def healthz(_: Request) -> JSONResponse:
    """Whether this process answers; no other service is asked."""
    return JSONResponse({"status": "ok"})


async def readyz(_: Request) -> JSONResponse:
    """Whether this process can do its work: 503 where a part that it needs is not ready, and which one that is."""
    parts = await readiness.parts()
    is_ready = set(parts.values()) == {READY}
    return JSONResponse({"status": READY if is_ready else "not ready", **parts}, 200 if is_ready else 503)


def upload_addresses(message: bytes) -> list[str]:
    """The addresses to which a message of Streamlit's lets a page upload files."""
    if UPLOADS.encode() not in message:
        return []
    return [each.upload_url for each in ForwardMsg.FromString(message).file_urls_response.file_urls]


@asynccontextmanager
async def lifespan(_: App) -> AsyncIterator[None]:
    """Runs beside the pages, from the start of this process to its end."""
    forgetting = asyncio.create_task(closed_pages.pages.keep_forgetting(get_instance))
    # What was loaded stays: to look through it for garbage would take longer with each library.
    gc.collect()
    gc.freeze()
    doors.start()
    events.tell("process.started")
    yield
    # Here, as a server that was told to stop dies of its signal a moment later.
    await asyncio.to_thread(background.end)
    events.tell("process.stopped")
    forgetting.cancel()
    readiness.close()


# The script is not beside `pages/`: if it were, Streamlit would run a page without the frame around it.
app = App(
    "components/shell.py",
    lifespan=lifespan,
    routes=[Route("/healthz", healthz), Route("/readyz", readyz), *doors.routes, *sandbox],
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(listening.OnlyWhereAllowed, listening.may_leave_loopback(deployment, allowed_hosts)),
        Middleware(OwnHosts, listening.hosts(deployment, allowed_hosts), get_option("server.corsAllowedOrigins")),
        Middleware(ClosedRoutes),
        Middleware(OneBrowser),
        *([Middleware(SignInRoutes, sign_in.is_secure, sign_in.rules.max_age)] if sign_in else []),
        Middleware(BodyLimits, get_option("server.maxUploadSize") * 1024 * 1024),
        Middleware(Uploads, upload_addresses, get_option("server.disconnectedSessionTTL")),
    ],
    exception_handlers={Exception: broken},
)
