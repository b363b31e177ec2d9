"""The facts of the published document: how they are read from it, and that those kept are still its own."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from services.sandbox.api import create_api
from services.sandbox.store import Store
from tests.contract.__main__ import main
from tests.contract.facts import CALLS, differences, facts, published


@pytest.fixture
def document(tmp_path: Path) -> dict[str, Any]:
    """An OpenAPI document with every call: the sandbox's own."""
    return create_api(Store(tmp_path / "sandbox.sqlite3")).openapi()


if "ASEED_OPENAPI" in os.environ:
    # The document is not part of this project, so there is nothing to hold the facts against elsewhere.
    def test_kept_facts_are_those_of_document() -> None:
        document = json.loads(Path(os.environ["ASEED_OPENAPI"]).read_text())
        found = list(differences(published(), facts(document), ""))
        assert not found, "\n".join([*found, "Write them again: python -m tests.contract DOCUMENT"])


def test_kept_facts_name_every_call() -> None:
    assert published()["calls"].keys() == set(CALLS)


def test_command_writes_what_tests_read(tmp_path: Path, document: dict[str, Any]) -> None:
    given, written = tmp_path / "openapi.json", tmp_path / "facts.json"
    given.write_text(json.dumps(document))
    main([str(given)], written)
    assert json.loads(written.read_text()) == facts(document)


def test_facts_hold_no_prose(document: dict[str, Any]) -> None:
    for path in document["paths"].values():
        for call in path.values():
            call["description"] = call["summary"] = "A sentence."
    for schema in document["components"]["schemas"].values():
        schema["description"] = schema["title"] = "A sentence."
    assert "A sentence." not in json.dumps(facts(document))


@pytest.mark.parametrize(
    ("name", "field", "schema", "fact"),
    [
        ("CreateRoomsRequest", "project_id", {"type": "string", "format": "uuid"}, "string uuid, required"),
        ("CreateRoomsRequest", "count", {"type": "integer", "default": 1, "title": "Count"}, "integer = 1"),
        ("CreateRoomsRequest", "voice", {"anyOf": [{"type": "string"}, {"type": "null"}]}, "string | null"),
        ("CreateRoomsResponse", "rooms", {"type": "array", "items": {"type": "string"}}, "(string)[], required"),
        ("UpdateRoomRequest", "display_name", {"type": "string", "maxLength": 42}, "string of at most 42"),
    ],
)
def test_type_is_one_line(document: dict[str, Any], name: str, field: str, schema: dict[str, Any], fact: str) -> None:
    document["components"]["schemas"][name]["properties"][field] = schema
    assert facts(document)["types"][name][field] == fact


def test_unknown_keyword_is_refused(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["CreateRoomsRequest"]["properties"]["count"]["multipleOf"] = 2
    with pytest.raises(ValueError, match="no form for multipleOf"):
        facts(document)


def test_difference_is_found_and_named() -> None:
    assert list(differences({"a": {"type": "string"}, "b": 1}, {"a": {"type": "integer"}, "c": 2}, "it")) == [
        "it/a/type: ours 'string', published 'integer'",
        "it/b: ours 1, published nothing",
        "it/c: ours nothing, published 2",
    ]
