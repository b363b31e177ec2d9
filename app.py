"""The ASGI application: the dashboard, and beside it on the same port the sandbox, on which a newcomer starts.

Start it with `streamlit run app.py`.
"""

import sys

from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit import get_option
from streamlit.starlette import App

from services import settings
from services.headers import SecurityHeaders
from services.journal.database import Database, JournalError
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store

try:
    deployment = settings.load()
    # Opened once before anybody comes: it is brought up to date here, and what is wrong with it is said here.
    Database(deployment.journal_url).close()
except (settings.SettingsError, JournalError) as error:
    sys.exit(f"This cannot start with these settings. {error}")

# Streamlit itself holds its list of allowed hosts against the websocket only. Loopback is us, calling the sandbox.
allowed_hosts = get_option("server.allowedHosts")
trusted = [*allowed_hosts, "127.0.0.1", "localhost"] if allowed_hosts else ["*"]

sandbox = sandbox_routes(Store(deployment.sandbox_file), deployment.sandbox_public_url) if deployment.rehearses else []


def healthz(_: Request) -> JSONResponse:
    """Whether this process answers; it asks nobody else."""
    return JSONResponse({"status": "ok"})


# The script lies where no `pages/` is its neighbour: beside one, Streamlit would run a page without the frame.
app = App(
    "components/shell.py",
    routes=[Route("/healthz", healthz), *sandbox],
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(TrustedHostMiddleware, trusted, www_redirect=False),
    ],
)
