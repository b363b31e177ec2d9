"""The sandbox answers by its own schema, for every request that schemathesis generates."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from services.aseed.models import (
    MAX_DURATION_MINUTES,
    MAX_EXPIRES_IN_DAYS,
    MAX_ROOMS_PER_CALL,
    CreateRoomsRequest,
)
from services.sandbox.api import create_api
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from tests.servers import serving

ASSUMED_ERRORS = {
    "400": "Bad Request",
    "401": "Unauthorized",
    "402": "Payment Required",
    "404": "Not Found",
    "409": "Conflict",
}
"""Answers that the published schema leaves out and every such service gives."""


def test_schemathesis_finds_nothing(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    store = Store(tmp_path / "sandbox.sqlite3", balance=10**12)
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(_as_tight_as_the_prose(store)))
    with serving(Starlette(routes=sandbox_routes(store))) as address:
        run = subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")),
                "run",
                str(document),
                f"--url={address}/custdev",
                "--header=Authorization: Bearer sandbox",
                "--mode=all",
                # The one check that the contract contradicts: DELETE cancels, and a cancelled room can still be read.
                "--exclude-checks=use_after_free",
                f"--max-examples={pytestconfig.getoption('--examples')}",
                "--generation-deterministic",
                # No clock decides, however busy the machine is.
                "--request-timeout=600",
                "--suppress-health-check=too_slow",
                "--no-color",
            ],
            env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.services.sandbox.schemathesis_hooks", "PYTHONPATH": "."},
            cwd=pytestconfig.rootpath,
            capture_output=True,
            text=True,
            check=False,
        )
    print(run.stdout)  # noqa: T201 - shown when the test fails
    assert run.returncode == 0, run.stderr


def _as_tight_as_the_prose(store: Store) -> dict[str, Any]:
    """The sandbox's schema with what is published in prose alone: bounds and errors; and with ids that exist."""
    document = create_api(store).openapi()
    for path in document["paths"].values():
        for operation in path.values():
            for status, description in ASSUMED_ERRORS.items():
                operation["responses"][status] = {"description": description}
    schemas = document["components"]["schemas"]
    wanted = schemas["CreateRoomsRequest"]["properties"]
    minutes = {"minimum": 1, "maximum": MAX_DURATION_MINUTES}
    wanted["count"] |= {"minimum": 1, "maximum": MAX_ROOMS_PER_CALL}
    wanted["expires_in_days"] |= {"minimum": 1, "maximum": MAX_EXPIRES_IN_DAYS}
    wanted["max_duration_minutes"] |= minutes
    schemas["UpdateRoomRequest"]["properties"]["max_duration_minutes"]["anyOf"][0] |= minutes
    return _with_real_ids(document, store)


def _with_real_ids(document: dict[str, Any], store: Store) -> dict[str, Any]:
    account = store.account("sandbox")
    project = store.projects(account)[0]["id"]
    rooms = store.create_rooms(account, CreateRoomsRequest(project_id=project, count=20))
    properties = document["components"]["schemas"]["CreateRoomsRequest"]["properties"]
    properties["project_id"] = {"anyOf": [{"const": project}, properties["project_id"]]}
    for name, path in document["paths"].items():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "access_token":
                    real = [room["access_token"] for room in rooms]
                    parameter["schema"] = {"anyOf": [{"enum": real}, parameter["schema"]]}
                elif parameter["name"] == "room_id" and "rooms" in name:
                    real = [room["id"] for room in rooms]
                    parameter["schema"] = {"anyOf": [{"enum": real}, parameter["schema"]]}
    return document
