"""The ASGI application: the dashboard and, on the same port, the sandbox on which a new installation starts.

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
    # Opened once before the first page: this brings the journal up to date, and reports what is wrong with it.
    Database(deployment.journal_url).close()
except (settings.SettingsError, JournalError) as error:
    sys.exit(f"This cannot start with these settings. {error}")

# Streamlit checks its list of allowed hosts only for the websocket. The dashboard calls the sandbox over loopback.
allowed_hosts = get_option("server.allowedHosts")
trusted = [*allowed_hosts, "127.0.0.1", "localhost"] if allowed_hosts else ["*"]

sandbox = sandbox_routes(Store(deployment.sandbox_file), deployment.sandbox_public_url) if deployment.rehearses else []


def healthz(_: Request) -> JSONResponse:
    """Whether this process answers; no other service is asked."""
    return JSONResponse({"status": "ok"})


# The script is not beside `pages/`: if it were, Streamlit would run a page without the frame around it.
app = App(
    "components/shell.py",
    routes=[Route("/healthz", healthz), *sandbox],
    middleware=[
        Middleware(SecurityHeaders),
        Middleware(TrustedHostMiddleware, trusted, www_redirect=False),
    ],
)
