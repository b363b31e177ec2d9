"""The sandbox: a list over HTTP, and creation."""

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from uuid import UUID

from pydantic import SecretStr
from starlette.applications import Starlette

from services.aseed.client import AseedClient, Connections
from services.aseed.models import CreateRoomsRequest, InterviewRoomResponse
from services.sandbox.server import sandbox_routes
from services.sandbox.store import Store
from tests.bench.timing import at_most, compare, faster
from tests.servers import serving

ROOMS = 10_000


def bench_sandbox() -> None:
    """A list over HTTP, against SQLite writing the same JSON; and creation, against a client made for each call."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sandbox.sqlite3"
        store = Store(file, balance=10**9)
        with serving(Starlette(routes=sandbox_routes(store))) as address, Connections(trust_env=False) as connections:
            token = SecretStr("sandbox")
            aseed = AseedClient(f"{address}/custdev", token, connections)
            project = UUID(aseed.projects()[0].id)
            call = CreateRoomsRequest(project_id=project, count=100)

            def with_a_new_client() -> None:
                with Connections(trust_env=False) as made:
                    AseedClient(f"{address}/custdev", token, made).create_rooms(call)

            what = "create 100 rooms / with a client of its own"
            compare(what, with_a_new_client, lambda: aseed.create_rooms(call), faster(1), 20)
            while len(store.rooms(store.account("sandbox"))) < ROOMS:
                aseed.create_rooms(call)

            fields = [name for name in InterviewRoomResponse.model_fields if name not in ("url", "created_by")]
            pairs = ", ".join(f"'{name}', {name}" for name in [*fields, "account"])
            query = f"SELECT json_group_array(json_object({pairs})) FROM (SELECT * FROM rooms ORDER BY seq DESC)"
            headers = {"Authorization": "Bearer sandbox"}
            url = f"{address}/custdev/api/interviews/rooms"
            with closing(sqlite3.connect(file)) as db:
                compare(
                    f"list {ROOMS:,} rooms over HTTP / SQLite's own JSON",
                    lambda: db.execute(query).fetchone(),
                    lambda: connections.kept.get(url, headers=headers).content,
                    at_most(2),
                    15,
                )
