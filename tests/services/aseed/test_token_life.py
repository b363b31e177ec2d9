"""When a token runs out by its own account."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr

from services.aseed.token_life import runs_out


def token(claims: object) -> SecretStr:
    parts = (json.dumps(part).encode() for part in ({"alg": "RS256"}, claims, "signature"))
    return SecretStr(".".join(urlsafe_b64encode(part).decode().rstrip("=") for part in parts))


def test_token_tells_when_it_runs_out() -> None:
    assert runs_out(token({"exp": 1_800_000_000})) == datetime(2027, 1, 15, 8, tzinfo=UTC)
    assert runs_out(token({"exp": 1_800_000_000.5})) == datetime(2027, 1, 15, 8, 0, 0, 500_000, tzinfo=UTC)


@pytest.mark.parametrize(
    "odd",
    [
        None,
        SecretStr("sandbox"),
        SecretStr("a.b.c"),
        SecretStr("..."),
        SecretStr("a.b"),
        SecretStr("ä.ö.ü"),
        token({}),
        token([]),
        token(7),
        token({"exp": "soon"}),
        token({"exp": None}),
        token({"exp": True}),
        token({"exp": 10**30}),
        token({"exp": float("inf")}),
        token({"exp": float("nan")}),
    ],
)
def test_token_that_does_not_tell_is_fine(odd: SecretStr | None) -> None:
    assert runs_out(odd) is None
