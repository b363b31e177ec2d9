"""The journal behind PgBouncer in transaction mode: tables, batches and claims, with nothing to set."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from services.journal.journal import Journal
from services.journal.records import State
from tests.browser.service import Service
from tests.faults import giver
from tests.team.bouncer import pooled
from tests.team.presses import WANTED, at_rest, dashboard, press


@pytest.fixture
def through(journal: str) -> Iterator[str]:
    with TemporaryDirectory(prefix="pgbouncer-") as folder, pooled(journal, Path(folder)) as url:
        yield url


def test_claims_hold_behind_pgbouncer(through: str) -> None:
    with ExitStack() as stack, ThreadPoolExecutor(6) as threads:
        # Both make the tables at once.
        opened = threads.map(lambda _: stack.enter_context(closing(Journal(through))), range(2))
        journals = list(opened)
        offers = giver.offers(90)
        journals[0].hand_outs.offer(giver.MINE, giver.PROJECT, offers)
        desks = [(journals[number % 2], str(number)) for number in range(6)]
        claimed = [room_id for its in threads.map(lambda desk: list(giver.claims(*desk)), desks) for room_id in its]
        assert sorted(claimed) == sorted(offer.room.id for offer in offers)


def test_batch_is_created_behind_pgbouncer(through: str, aseed: Service) -> None:
    project = aseed.new_project()["id"]
    with dashboard(through, aseed.address) as (engine, client):
        batch = at_rest(engine, engine.start(press(client, project, "nonce"), client))
        assert (batch.state, batch.rooms, len(aseed.rooms_of(project))) == (State.DONE, WANTED, WANTED)
