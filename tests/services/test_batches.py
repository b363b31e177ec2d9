"""A press of Create pays once, and what came of it is never lost or shown to others."""

import threading
from collections.abc import Iterator
from uuid import UUID

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse

from services.aseed.client import AseedClient, Connections
from services.aseed.errors import NotReached, OutcomeUnknown, TokensShort
from services.aseed.models import CreateRoomsRequest, ProjectResponse
from services.batches import KEPT, Batch, Batches
from tests.servers import eventually, serving


@pytest.fixture
def project(client: AseedClient) -> ProjectResponse:
    return client.projects()[0]


def wanted(project: ProjectResponse, count: int = 2) -> CreateRoomsRequest:
    return CreateRoomsRequest(project_id=UUID(project.id), count=count)


def finished(batch: Batch) -> Batch:
    eventually(lambda: batch.done)
    return batch


def test_a_batch_runs_to_its_rooms(client: AseedClient, project: ProjectResponse) -> None:
    batch = finished(Batches().start("nonce", client, project, wanted(project)))
    assert batch.error is None
    assert {room.id for room in batch.rooms} <= {room.id for room in client.rooms(project.id)}
    assert len(batch.rooms) == 2


def test_one_intent_pressed_by_sixteen_threads_makes_one_call(client: AseedClient, project: ProjectResponse) -> None:
    batches, before = Batches(), len(client.rooms(project.id))
    started: list[Batch] = []
    gate = threading.Barrier(16)

    def press() -> None:
        gate.wait()
        started.append(batches.start("nonce", client, project, wanted(project, 3)))

    threads = [threading.Thread(target=press) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(batch) for batch in started}) == 1
    finished(started[0])
    assert len(client.rooms(project.id)) == before + 3


def test_another_account_is_not_shown_the_batch(client: AseedClient, project: ProjectResponse) -> None:
    batches = Batches()
    batch = finished(batches.start("nonce", client, project, wanted(project)))
    assert batches.find("nonce", client.account) is batch
    assert batches.find("nonce", "another account") is None
    assert batches.find("another nonce", client.account) is None


def test_a_refusal_is_kept_with_the_batch(client: AseedClient, project: ProjectResponse) -> None:
    batch = finished(Batches().start("nonce", client, project, wanted(project, 100)))
    assert isinstance(batch.error, TokensShort)
    assert batch.rooms == ()


@pytest.fixture
def short_of_rooms(client: AseedClient, connections: Connections) -> Iterator[AseedClient]:
    """An Aseed that answers a creation with one room, however many were asked for."""
    one = client.rooms()[0].model_dump_json()
    app = Starlette()
    app.add_route(
        "/api/interviews/rooms",
        lambda _: PlainTextResponse(f'{{"rooms": [{one}]}}', media_type="application/json"),
        methods=["POST"],
    )
    with serving(app) as address:
        yield AseedClient(address, SecretStr("sandbox"), connections)


def test_rooms_of_an_incomplete_answer_are_kept(short_of_rooms: AseedClient, project: ProjectResponse) -> None:
    batch = finished(Batches().start("nonce", short_of_rooms, project, wanted(project, 5)))
    assert isinstance(batch.error, OutcomeUnknown)
    assert len(batch.rooms) == 1


def test_the_oldest_batches_are_forgotten_first(client: AseedClient, project: ProjectResponse) -> None:
    batches = Batches()
    for number in range(KEPT + 1):
        batches._known[client.account, str(number)] = Batch(
            str(number), client.account, project, wanted(project), done=True
        )
    batch = finished(batches.start("newest", client, project, wanted(project)))
    assert batches.find("newest", client.account) is batch
    assert batches.find("0", client.account) is None


def test_the_same_intent_of_another_account_is_another_batch(
    client: AseedClient, sandbox: str, connections: Connections, project: ProjectResponse
) -> None:
    batches = Batches()
    other = AseedClient(f"{sandbox}/custdev", SecretStr("sandbox-other"), connections)
    theirs = other.projects()[0]
    first = finished(batches.start("nonce", client, project, wanted(project)))
    second = finished(batches.start("nonce", other, theirs, wanted(theirs)))
    assert first is not second and len(second.rooms) == 2


def test_a_batch_that_cannot_be_started_is_over_and_says_that_nothing_was_done(
    client: AseedClient, project: ProjectResponse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    before = len(client.rooms())
    with monkeypatch.context() as broken:
        broken.setattr(threading.Thread, "start", refuse)
        batch = Batches().start("nonce", client, project, wanted(project))
    assert batch.done and isinstance(batch.error, NotReached)
    assert len(client.rooms()) == before
