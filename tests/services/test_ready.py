"""Whether a process is ready: what it says of its journal and of Aseed, and what asking it costs them."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from services import ready as module
from services.journal.database import Database
from services.ready import Readiness
from services.settings import load
from tests.faults.study import refusing_address
from tests.journals import empty_journal
from tests.servers import PATIENCE, answered, serving

CANARY = "CANARY"

ReadyOf = Callable[..., Readiness]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Database]:
    with closing(Database(empty_journal(tmp_path))) as made:
        yield made


@pytest.fixture
def ready_with(journal: Database) -> Iterator[ReadyOf]:
    with ExitStack() as stack:

        def made(patience: float = PATIENCE, **environment: str) -> Readiness:
            deployment = load(environment, Path("/nowhere/secrets.toml"))
            return stack.enter_context(closing(Readiness(deployment, journal, patience)))

        yield made


def parts(ready: Readiness, times: int = 1) -> dict[str, str]:
    """What is said to each of several who ask at once, which has to be the same."""

    async def all_at_once() -> list[dict[str, str]]:
        return await asyncio.gather(*(ready.parts() for _ in range(times)))

    first, *others = answered(all_at_once())
    assert all(other == first for other in others) and CANARY not in str(first)
    return first


def test_sandbox_needs_the_journal_alone(ready_with: ReadyOf) -> None:
    assert parts(ready_with()) == {"journal": "ready"}


def test_lost_journal_is_not_ready(ready_with: ReadyOf, tmp_path: Path) -> None:
    (tmp_path / "journal.sqlite3").unlink()
    assert parts(ready_with()) == {"journal": "does not work"}


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (200, "ready"),
        (401, "refuses the token"),
        (403, "ready"),
        (404, "is not at this address"),
        (429, "ready"),
        (503, "gives no answer that can be used"),
    ],
)
def test_aseed_is_asked_once_for_many(
    ready_with: ReadyOf, status: int, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "ASEED_EVERY", PATIENCE)
    asked: list[str] = []

    def answer(request: Request) -> JSONResponse:
        asked.append(f"{request.method} {request.url.path}")
        return JSONResponse({"detail": f"{CANARY} https://aseed.example/{CANARY}"}, status)

    with serving(Starlette(routes=[Route("/{path:path}", answer)])) as address:
        ready = ready_with(ASEED_BASE_URL=address, ASEED_API_TOKEN=CANARY)
        assert parts(ready, 20)["aseed"] == parts(ready, 20)["aseed"] == told
    assert asked == ["GET /api/interviews/config"]


def test_no_token_of_ours_is_no_fault(sandbox: str, ready_with: ReadyOf) -> None:
    assert parts(ready_with(ASEED_BASE_URL=f"{sandbox}/custdev"))["aseed"] == "ready"


def test_unreachable_aseed_leaves_the_journal_ready(ready_with: ReadyOf) -> None:
    ready = ready_with(ASEED_BASE_URL=refusing_address())
    assert parts(ready) == {"journal": "ready", "aseed": "gives no answer that can be used"}


def test_silent_aseed_is_not_waited_for(ready_with: ReadyOf) -> None:
    gate = threading.Event()

    def answer(_: Request) -> JSONResponse:
        gate.wait(PATIENCE)
        return JSONResponse({})

    with serving(Starlette(routes=[Route("/{path:path}", answer)])) as address:
        ready = ready_with(0.05, ASEED_BASE_URL=address)
        assert parts(ready)["aseed"] in ("does not answer", "gives no answer that can be used")
        gate.set()
