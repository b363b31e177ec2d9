"""Answers of the sandbox's API that belong to no single kind of call."""

import pytest

from services.aseed.client import Connections

SOME_ID = "01890000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/health", "GET"),
        ("POST", "/projects/", "GET"),
        ("PUT", "/projects/create", "POST"),
        ("POST", f"/projects/{SOME_ID}", "GET, PUT"),
        ("PUT", "/api/interviews/rooms", "GET, POST"),
        ("POST", f"/api/interviews/rooms/{SOME_ID}", "DELETE, GET, PATCH"),
        ("PUT", "/api/interviews/join/never-was", "GET, POST"),
        ("GET", "/api/interviews/join/never-was/leave", "POST"),
    ],
)
def test_refused_method_names_allowed_methods(
    sandbox: str, connections: Connections, method: str, path: str, allowed: str
) -> None:
    answer = connections.kept.request(method, f"{sandbox}/custdev{path}", headers={"Authorization": "Bearer sandbox"})
    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
