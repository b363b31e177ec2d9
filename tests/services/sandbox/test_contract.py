"""The sandbox's schema is the published one, for every path that it serves."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.sandbox.api import create_api
from services.sandbox.store import Store

ROOT = Path(__file__).parents[3]
PUBLISHED = Path(os.environ.get("ASEED_OPENAPI", ROOT.parent / "shared" / "contract" / "openapi.json"))

SERVED = {
    ("get", "/health"),
    ("get", "/projects/"),
    ("post", "/projects/create"),
    ("get", "/projects/{project_id}"),
    ("put", "/projects/{project_id}"),
    ("get", "/api/interviews/config"),
    ("get", "/api/interviews/rooms"),
    ("post", "/api/interviews/rooms"),
    ("get", "/api/interviews/rooms/{room_id}"),
    ("patch", "/api/interviews/rooms/{room_id}"),
    ("delete", "/api/interviews/rooms/{room_id}"),
    ("get", "/api/interviews/join/{access_token}"),
    ("post", "/api/interviews/join/{access_token}"),
    ("post", "/api/interviews/join/{access_token}/leave"),
}


@pytest.fixture
def ours(tmp_path: Path) -> dict[str, Any]:
    return create_api(Store(tmp_path / "sandbox.sqlite3")).openapi()


@pytest.fixture
def published() -> dict[str, Any]:
    if not PUBLISHED.exists():
        # The document belongs to the vendor, not to this project.
        pytest.skip(f"the published OpenAPI document is not at {PUBLISHED.name}; point ASEED_OPENAPI at it")
    document: dict[str, Any] = json.loads(PUBLISHED.read_text())
    return document


def test_every_promised_call_is_served(ours: dict[str, Any]) -> None:
    assert {(method, path) for path, methods in ours["paths"].items() for method in methods} == SERVED


def test_every_path_is_the_published_one(ours: dict[str, Any], published: dict[str, Any]) -> None:
    differences = [
        difference
        for method, path in sorted(SERVED)
        for difference in _differences(
            ours["paths"][path][method], published["paths"][path][method], f"{method} {path}"
        )
    ]
    assert not differences, "\n".join(differences)


def test_every_schema_is_the_published_one(ours: dict[str, Any], published: dict[str, Any]) -> None:
    differences = [
        difference
        for kind in ("schemas", "securitySchemes")
        for name, schema in ours["components"][kind].items()
        for difference in _differences(schema, published["components"][kind].get(name), name)
    ]
    assert not differences, "\n".join(differences)


def test_a_difference_is_found_and_named() -> None:
    assert list(_differences({"a": {"type": "string"}, "b": 1}, {"a": {"type": "integer"}, "c": 2}, "it")) == [
        "it/a/type: ours 'string', published 'integer'",
        "it/b: ours 1, published nothing",
        "it/c: ours nothing, published 2",
    ]


def _differences(ours: object, published: object, where: str) -> Iterator[str]:
    """Each place where two schemas differ, prose left aside."""
    if isinstance(ours, dict) and isinstance(published, dict):
        for key in sorted(ours.keys() | published.keys()):
            if key != "description":
                yield from _differences(ours.get(key, _NOTHING), published.get(key, _NOTHING), f"{where}/{key}")
    elif ours != published:
        yield f"{where}: ours {ours!r}, published {published!r}"


class _Nothing:
    def __repr__(self) -> str:
        return "nothing"


_NOTHING = _Nothing()
