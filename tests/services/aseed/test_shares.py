"""The share of connections: one account that uses all of its own leaves the others theirs."""

from contextlib import ExitStack

import httpx
import pytest
from pydantic import SecretStr

from services.aseed.client import AseedClient, Connections
from services.aseed.errors import NotReached
from services.aseed.models import CreateRoomsRequest
from services.aseed.shares import ACCOUNT_AT_ONCE, MOST_AT_ONCE, Shares

ORDER = CreateRoomsRequest(
    project_id="5f0f8e3c-8c1e-4f55-9f5e-0c4f1f0a0001", count=1, max_duration_minutes=30, expires_in_hours=24
)


def test_busy_account_leaves_others_their_share() -> None:
    shares = Shares(wait=0)
    with ExitStack() as busy:
        for _ in range(ACCOUNT_AT_ONCE):
            busy.enter_context(shares.of("first"))
        with pytest.raises(httpx.PoolTimeout), shares.of("first"):
            pass
        with shares.of("second"):
            pass
    with shares.of("first"):
        pass


def test_no_account_can_use_all() -> None:
    assert ACCOUNT_AT_ONCE < MOST_AT_ONCE


def test_creation_without_a_share_sends_nothing() -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(500)

    with Connections(transport=httpx.MockTransport(answer)) as connections, ExitStack() as busy:
        client = AseedClient("https://aseed.example", SecretStr("token"), connections)
        connections.shares[True] = Shares(wait=0)
        for _ in range(ACCOUNT_AT_ONCE):
            busy.enter_context(connections.shares[True].of(client.account))
        with pytest.raises(NotReached):
            client.create_rooms(ORDER)
    assert not sent
