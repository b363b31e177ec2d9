"""The faults as the real client sees them, and what the sandbox has done meanwhile."""

import socket
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import httpx
import pytest
import stamina
from pydantic import SecretStr

from services.aseed.client import AseedClient, Connections
from services.aseed.errors import (
    AseedError,
    Failed,
    NotFound,
    NotReached,
    OutcomeUnknown,
    RateLimited,
    TokenRefused,
    TokensShort,
)
from services.aseed.models import CreateProjectRequest, CreateRoomsRequest, UpdateRoomRequest
from services.sandbox.store import Store
from tests.faults.proxy import (
    CHANGE_FAULTS,
    CREATION_FAULTS,
    LIST_FAULTS,
    Decide,
    Fault,
    FaultyProxy,
    Request,
    faulty,
    seeded,
)
from tests.servers import PATIENCE

WANTED = 5

LATE_FAULTS = (Fault.LATE_ANSWER, Fault.LATE_COMMIT)

TIMEOUT = timedelta(seconds=1)
"""How long a client waits that is to give up soon."""

CREATED: dict[Fault, int] = {
    **dict.fromkeys(CREATION_FAULTS, WANTED),
    **dict.fromkeys((Fault.RESET_BEFORE_READ, Fault.ERROR_500_BEFORE_COMMIT, Fault.HTML_LOGIN_PAGE), 0),
    **dict.fromkeys((Fault.REDIRECT, Fault.KNOWN_IDS, Fault.UNAUTHORIZED, Fault.PAYMENT, Fault.CONFLICT), 0),
    **{fault: 0 for fault in CREATION_FAULTS if fault.name.startswith("RATE_LIMIT")},
    **dict.fromkeys((Fault.PARTIAL_COMMIT_500, Fault.FEWER_ROOMS), WANTED // 2),
    Fault.MORE_ROOMS: WANTED + 1,
}
"""How many rooms there are after a creation of WANTED with each fault."""

REFUSALS: dict[Fault, type[AseedError]] = {
    **{fault: RateLimited for fault in CREATION_FAULTS if fault.name.startswith("RATE_LIMIT")},
    Fault.TOO_MANY_429_AFTER_COMMIT: RateLimited,
    Fault.UNAUTHORIZED: TokenRefused,
    Fault.PAYMENT: TokensShort,
}
"""The faults after which the client is told that nothing was done."""

TOLD = {
    Fault.FEWER_ROOMS: WANTED // 2,
    Fault.ANSWER_SHORTENED: WANTED // 2,
    Fault.MORE_ROOMS: WANTED + 1,
    Fault.REPEATED_IDS: WANTED,
}
"""How many rooms come with an outcome that is unknown, where any do."""


@pytest.fixture
def wanted(client: AseedClient) -> CreateRoomsRequest:
    project = next(project for project in client.projects() if not project.missing)
    return CreateRoomsRequest(project_id=UUID(project.id), count=WANTED)


@pytest.fixture(autouse=True)
def no_waiting_between_attempts() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[Connections]:
    """Connections on which a creation is soon given up."""
    timeout = httpx.Timeout(PATIENCE, read=TIMEOUT.total_seconds())
    monkeypatch.setattr("services.aseed.client.CREATE_TIMEOUT", timeout)
    with Connections(trust_env=False) as made:
        yield made


def through(proxy: FaultyProxy, connections: Connections) -> AseedClient:
    return AseedClient(f"{proxy.address}/custdev", SecretStr("sandbox"), connections)


def always(fault: Fault) -> Decide:
    """Every request for which the fault is possible has it."""
    return lambda request: fault if fault in request.faults else Fault.NONE


def once(fault: Fault) -> Decide:
    """The first request for which the fault is possible has it."""
    coming = [fault]
    return lambda request: coming.pop() if coming and fault in request.faults else Fault.NONE


@contextmanager
def only_once() -> Iterator[None]:
    """The client sends nothing twice."""
    with stamina.set_testing(True, attempts=1):
        yield


def ids(store: Store, wanted: CreateRoomsRequest) -> set[str]:
    """The rooms that the project really has."""
    return {room["id"] for room in store.rooms(store.account("sandbox"), wanted.project_id)}


# Creations


@pytest.mark.parametrize("fault", [fault for fault in CREATION_FAULTS if fault not in LATE_FAULTS])
def test_a_creation_ends_as_its_fault_says(
    fault: Fault, sandbox: str, store: Store, connections: Connections, wanted: CreateRoomsRequest
) -> None:
    before = ids(store, wanted)
    with faulty(sandbox, always(fault), hold=PATIENCE) as proxy, only_once():
        client = through(proxy, connections)
        # The faults that the client cannot see: it does not know which rooms there are, and whose.
        if fault is Fault.KNOWN_IDS:
            assert {room.id for room in client.create_rooms(wanted)} <= before
        elif fault in (Fault.FOREIGN_PROJECT, Fault.FOREIGN_SETTINGS):
            assert not {room.id for room in client.create_rooms(wanted)} & ids(store, wanted)
        elif fault is Fault.SAME_LINK:
            made = client.create_rooms(wanted)
            assert len({room.url for room in made}) == len({room.access_token for room in made}) == WANTED - 1
        else:
            with pytest.raises(REFUSALS.get(fault, OutcomeUnknown)) as raised:
                client.create_rooms(wanted)
            assert type(raised.value) is REFUSALS.get(fault, OutcomeUnknown)
            assert len(getattr(raised.value, "rooms", ())) == TOLD.get(fault, 0)
        proxy.settled()
        assert len(ids(store, wanted) - before) == CREATED[fault]
        assert proxy.log == [(1, fault)] and proxy.counts == {fault: 1}


def test_late_answer_comes_after_the_client_gave_up(
    sandbox: str, store: Store, impatient: Connections, wanted: CreateRoomsRequest
) -> None:
    before = ids(store, wanted)
    with faulty(sandbox, always(Fault.LATE_ANSWER), hold=PATIENCE) as proxy:
        with pytest.raises(OutcomeUnknown, match="in time"):
            through(proxy, impatient).create_rooms(wanted)
        proxy.settled()
        assert len(ids(store, wanted) - before) == WANTED


def test_late_commit_comes_before_the_proxy_is_settled(
    sandbox: str, store: Store, impatient: Connections, wanted: CreateRoomsRequest
) -> None:
    before, start = ids(store, wanted), datetime.now(UTC)
    with faulty(sandbox, always(Fault.LATE_COMMIT), hold=PATIENCE, late=0.1) as proxy:
        with pytest.raises(OutcomeUnknown, match="in time"):
            through(proxy, impatient).create_rooms(wanted)
        proxy.settled()
        rooms = [room for room in store.rooms(store.account("sandbox"), wanted.project_id) if room["id"] not in before]
        assert len(rooms) == WANTED
        assert min(datetime.fromisoformat(room["created_at"]) for room in rooms) >= start + TIMEOUT


@pytest.mark.parametrize("fault", LATE_FAULTS)
def test_no_answer_is_held_for_too_long(
    fault: Fault, sandbox: str, store: Store, connections: Connections, wanted: CreateRoomsRequest
) -> None:
    before = ids(store, wanted)
    with faulty(sandbox, always(fault), hold=0.05) as proxy:
        if fault is Fault.LATE_ANSWER:
            assert len(through(proxy, connections).create_rooms(wanted)) == WANTED
        else:
            with pytest.raises(OutcomeUnknown, match="broke off"):
                through(proxy, connections).create_rooms(wanted)
        proxy.settled()
        assert len(ids(store, wanted) - before) == WANTED


def test_every_wait_of_a_refusal_differs(sandbox: str, connections: Connections, wanted: CreateRoomsRequest) -> None:
    waits = {
        Fault.RATE_LIMIT_SECONDS: 0,
        Fault.RATE_LIMIT_DATE: 0,
        Fault.RATE_LIMIT_NEGATIVE: 0,
        Fault.RATE_LIMIT_DAY: 86400,
        Fault.RATE_LIMIT_SILENT: None,
    }
    for fault, wait in waits.items():
        with faulty(sandbox, always(fault), hold=PATIENCE) as proxy, only_once():
            with pytest.raises(RateLimited) as raised:
                through(proxy, connections).create_rooms(wanted)
            assert raised.value.retry_after == wait


def test_known_ids_are_those_of_rooms_that_exist(
    sandbox: str, client: AseedClient, connections: Connections, wanted: CreateRoomsRequest
) -> None:
    made = {room.id for room in client.create_rooms(wanted)}
    with faulty(sandbox, always(Fault.KNOWN_IDS), hold=PATIENCE) as proxy:
        assert {room.id for room in through(proxy, connections).create_rooms(wanted)} == made


@pytest.mark.parametrize(
    ("fault", "created", "told"),
    [
        (Fault.PARTIAL_COMMIT_500, 0, 0),
        (Fault.FEWER_ROOMS, 0, 0),
        (Fault.ANSWER_SHORTENED, 1, 0),
        (Fault.REPEATED_IDS, 1, 2),
        (Fault.MORE_ROOMS, 2, 2),
    ],
)
def test_single_room_meets_the_same_faults(
    fault: Fault, created: int, told: int, sandbox: str, store: Store, connections: Connections,
    wanted: CreateRoomsRequest,
) -> None:  # fmt: skip
    before = ids(store, wanted)
    with faulty(sandbox, always(fault), hold=PATIENCE) as proxy:
        with pytest.raises(OutcomeUnknown) as raised:
            through(proxy, connections).create_rooms(wanted.model_copy(update={"count": 1}))
        assert (len(ids(store, wanted) - before), len(raised.value.rooms)) == (created, told)


def test_largest_call_can_answer_with_one_more(
    sandbox: str, store: Store, connections: Connections, wanted: CreateRoomsRequest
) -> None:
    before = ids(store, wanted)
    with faulty(sandbox, always(Fault.MORE_ROOMS), hold=PATIENCE) as proxy:
        with pytest.raises(OutcomeUnknown) as raised:
            through(proxy, connections).create_rooms(wanted.model_copy(update={"count": 100}))
        assert {room.id for room in raised.value.rooms} == ids(store, wanted) - before
        assert len(raised.value.rooms) == 101


def test_single_room_gets_link_of_an_older_one(
    sandbox: str, client: AseedClient, connections: Connections, wanted: CreateRoomsRequest
) -> None:
    one = wanted.model_copy(update={"count": 1})
    older = {room.url for room in client.create_rooms(wanted)}
    with faulty(sandbox, always(Fault.SAME_LINK), hold=PATIENCE) as proxy:
        (made,) = through(proxy, connections).create_rooms(one)
        assert made.url in older and through(proxy, connections).room(made.id).url not in older


@pytest.mark.parametrize("fault", [Fault.ANSWER_SHORTENED, Fault.MORE_ROOMS, Fault.REPEATED_IDS, Fault.FEWER_ROOMS])
def test_what_the_service_itself_refuses_stays_refused(
    fault: Fault, sandbox: str, connections: Connections, wanted: CreateRoomsRequest
) -> None:
    elsewhere = wanted.model_copy(update={"project_id": uuid4()})
    with faulty(sandbox, always(fault), hold=PATIENCE) as proxy, pytest.raises(NotFound):
        through(proxy, connections).create_rooms(elsewhere)


# Everything else


@pytest.mark.parametrize("fault", CHANGE_FAULTS)
def test_a_change_is_repeated_until_its_answer_arrives(
    fault: Fault, sandbox: str, client: AseedClient, connections: Connections, wanted: CreateRoomsRequest
) -> None:
    room = client.create_rooms(wanted)[0]
    with faulty(sandbox, once(fault), hold=PATIENCE) as proxy:
        changed = through(proxy, connections).update_room(room.id, UpdateRoomRequest(display_name="Anna"))
        assert changed.display_name == client.room(room.id).display_name == "Anna"
        assert proxy.counts == {fault: 1, Fault.NONE: 1} and not proxy.log


def test_list_fails_until_it_may_succeed(
    sandbox: str, client: AseedClient, connections: Connections, wanted: CreateRoomsRequest
) -> None:
    with faulty(sandbox, always(Fault.LIST_FAILS), hold=PATIENCE) as proxy:
        with pytest.raises(Failed):
            through(proxy, connections).rooms(wanted.project_id)
        proxy.decide = once(Fault.LIST_FAILS)
        assert through(proxy, connections).rooms(wanted.project_id) == client.rooms(wanted.project_id)


@pytest.mark.parametrize(
    ("fault", "kept"),
    [(Fault.LIST_CAPPED, [0, 1]), (Fault.LIST_DROPS, [0, 1, 3]), (Fault.LIST_REPEATS, [0, 0, 1, 1, 2, 2, 3, 3])],
)
def test_list_has_gaps_or_repeats_as_named(
    fault: Fault, kept: list[int], sandbox: str, connections: Connections, wanted: CreateRoomsRequest
) -> None:
    with faulty(sandbox, always(fault), hold=PATIENCE) as proxy:
        client = through(proxy, connections)
        project = client.create_project(CreateProjectRequest(name="A", research_goals="Why.", interview_guide="Why?"))
        made = client.create_rooms(wanted.model_copy(update={"project_id": UUID(project.id), "count": 4}))
        url = f"{proxy.address}/custdev/api/interviews/rooms?project_id={project.id}"
        listed = httpx.get(url, headers={"Authorization": "Bearer sandbox"}, trust_env=False).json()
        newest = sorted((room.id for room in made), reverse=True)
        assert [room["id"] for room in listed] == [newest[number] for number in kept]


def test_service_shows_rooms_in_its_form(sandbox: str, connections: Connections, wanted: CreateRoomsRequest) -> None:
    with faulty(sandbox, lambda _: Fault.NONE, hold=PATIENCE) as proxy:
        proxy.form = lambda room: {**room, "voice": "marin"}
        client = through(proxy, connections)
        (made, *_) = client.create_rooms(wanted)
        label = UpdateRoomRequest(display_name="Anna")
        seen = [made, client.room(made.id), client.update_room(made.id, label), *client.rooms(made.project_id)]
        assert {room.voice for room in seen} == {"marin"}


def test_lagging_list_leaves_out_new_rooms(sandbox: str, connections: Connections, wanted: CreateRoomsRequest) -> None:
    moments = [0.0]
    with faulty(sandbox, always(Fault.LIST_LAGS), hold=PATIENCE, lag=60, clock=lambda: moments[-1]) as proxy:
        client = through(proxy, connections)

        def listed() -> set[str]:
            return {room.id for room in client.rooms(wanted.project_id)}

        old = listed()
        first = {room.id for room in client.create_rooms(wanted)}
        moments.append(30)
        second = {room.id for room in client.create_rooms(wanted)}
        assert listed() == old
        moments.append(60)
        assert listed() == old | first
        moments.append(90)
        assert listed() == old | first | second


def test_other_requests_pass_untouched(
    sandbox: str, client: AseedClient, connections: Connections, wanted: CreateRoomsRequest
) -> None:
    def never(request: Request) -> Fault:
        raise AssertionError(f"{request.method} {request.path}")

    room = client.create_rooms(wanted)[0]
    with faulty(sandbox, never, hold=PATIENCE) as proxy:
        through_it = through(proxy, connections)
        assert through_it.projects() == client.projects()
        assert through_it.interview_config() == client.interview_config()
        assert through_it.room(room.id).id == room.id
        through_it.cancel_room(room.id)
        assert not proxy.counts


def test_mistake_in_the_test_is_no_fault(sandbox: str, connections: Connections, wanted: CreateRoomsRequest) -> None:
    with (
        pytest.RaisesGroup(pytest.RaisesExc(ValueError, match="LIST_LAGS cannot happen to POST")),
        faulty(sandbox, lambda _: Fault.LIST_LAGS, hold=PATIENCE) as proxy,
        pytest.raises(OutcomeUnknown),
    ):
        through(proxy, connections).create_rooms(wanted)


def test_client_killed_while_sending_is_no_mistake(sandbox: str) -> None:
    with faulty(sandbox, always(Fault.NONE), hold=PATIENCE) as proxy:
        for linger in (b"", struct.pack("ii", 1, 0)):
            with socket.create_connection(("127.0.0.1", urlsplit(proxy.address).port)) as client:
                client.sendall(b"POST /custdev/api/interviews/rooms HTTP/1.1\r\nContent-Length: 9\r\n\r\n{")
                if linger:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        proxy.settled()
        assert not proxy.log


def test_closed_proxy_refuses_connections(sandbox: str, connections: Connections, wanted: CreateRoomsRequest) -> None:
    with faulty(sandbox, always(Fault.NONE), hold=PATIENCE) as proxy:
        client = through(proxy, connections)
    with pytest.raises(NotReached), only_once():
        client.create_rooms(wanted)


def test_creations_at_once_each_get_their_own_fault(
    sandbox: str, store: Store, connections: Connections, wanted: CreateRoomsRequest
) -> None:
    def third(request: Request) -> Fault:
        return Fault.NONE if request.number % 3 else Fault.RESET_AFTER_COMMIT

    before = ids(store, wanted)
    with faulty(sandbox, third, hold=PATIENCE) as proxy, ThreadPoolExecutor(8) as threads, only_once():
        client = through(proxy, connections)
        calls = [threads.submit(client.create_rooms, wanted) for _ in range(30)]
        assert sum(isinstance(call.exception(), OutcomeUnknown) for call in calls) == 10
        proxy.settled()
        assert [number for number, _ in proxy.log] == list(range(1, 31))
        assert proxy.counts == {Fault.NONE: 20, Fault.RESET_AFTER_COMMIT: 10}
        assert len(ids(store, wanted) - before) == 30 * WANTED


# Chance


def creation(body: bytes = b"{}") -> Request:
    return Request("POST", "/custdev/api/interviews/rooms", (), body)


LIST = Request("GET", "/custdev/api/interviews/rooms?project_id=1", (), b"")
CHANGE = Request("PATCH", "/custdev/api/interviews/rooms/1", (), b"{}")


def test_the_same_seed_gives_the_same_faults() -> None:
    first, again, other = (
        [decide(creation(b"%d" % n)) for n in range(100)] for decide in (seeded(1, 0.5), seeded(1, 0.5), seeded(2, 0.5))
    )
    assert first == again != other


def test_faults_occur_at_the_rate_asked_for() -> None:
    decide = seeded(1, 0.3, (*CREATION_FAULTS, *LIST_FAULTS))
    drawn = [decide(creation(b"%d" % n)) for n in range(3000)]
    assert set(drawn) == {Fault.NONE, *CREATION_FAULTS}
    assert 0.25 < sum(fault is not Fault.NONE for fault in drawn) / len(drawn) < 0.35


def test_request_gets_only_faults_of_its_kind() -> None:
    decide = seeded(1, 1, tuple(Fault)[1:], at_most_in_a_row=100)
    assert {decide(LIST) for _ in range(100)} == set(LIST_FAULTS)
    assert {decide(CHANGE) for _ in range(100)} == set(CHANGE_FAULTS)
    assert seeded(1, 1)(LIST) is Fault.NONE


def test_same_call_gets_through_after_some_faults() -> None:
    decide = seeded(1, 1, at_most_in_a_row=2)
    spared = [decide(creation()) is Fault.NONE for _ in range(9)]
    assert spared == [False, False, True] * 3
    assert decide(creation(b"other")) is not Fault.NONE
