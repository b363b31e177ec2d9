"""The sandbox's schema says what the published one says, for every call that it serves."""

from pathlib import Path
from typing import Any

import pytest

from services.sandbox.api import create_api
from services.sandbox.store import Store
from tests.contract.facts import CALLS, differences, facts, published, served


@pytest.fixture
def document(tmp_path: Path) -> dict[str, Any]:
    return create_api(Store(tmp_path / "sandbox.sqlite3")).openapi()


def test_every_promised_call_is_served(document: dict[str, Any]) -> None:
    assert served(document) == set(CALLS)


@pytest.mark.parametrize("kind", ["calls", "types", "tokens"])
def test_sandbox_keeps_published_facts(document: dict[str, Any], kind: str) -> None:
    found = list(differences(facts(document)[kind], published()[kind], kind))
    assert not found, "\n".join(found)


def test_sandbox_adds_no_named_type(document: dict[str, Any]) -> None:
    assert document["components"]["schemas"].keys() == published()["types"].keys()
    assert document["components"]["securitySchemes"].keys() == published()["tokens"].keys()
