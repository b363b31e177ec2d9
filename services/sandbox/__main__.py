"""Runs the sandbox alone: `python -m services.sandbox --port 8601`."""

import argparse
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from services import settings
from services.headers import SecurityHeaders
from services.sandbox.database import SandboxFileError
from services.sandbox.server import sandbox_routes
from services.sandbox.store import OPENING_BALANCE, Store


def main() -> None:
    deployment = settings.load()
    options = argparse.ArgumentParser(prog="python -m services.sandbox", description=__doc__)
    options.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    options.add_argument("--port", type=int, default=8601, help="port to listen on; 0 for any free port")
    options.add_argument("--file", type=Path, default=deployment.sandbox_file, help="the SQLite file")
    options.add_argument("--balance", type=int, default=OPENING_BALANCE, help="tokens of a new account")
    chosen = options.parse_args()
    try:
        store = Store(chosen.file, balance=chosen.balance)
    except SandboxFileError as error:
        sys.exit(str(error))
    routes = sandbox_routes(store, deployment.sandbox_public_url)
    app = Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)])
    # No access log: the address of a respondent's page is the capability.
    uvicorn.run(app, host=chosen.host, port=chosen.port, access_log=False)


if __name__ == "__main__":
    main()
