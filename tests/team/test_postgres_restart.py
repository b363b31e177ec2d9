"""PostgreSQL is stopped and started again while a batch is under way: it ends complete, and nothing is bought twice."""

import signal

import pytest

from services.journal.records import State
from tests.browser.service import Service
from tests.postgres import Server
from tests.servers import eventually
from tests.team.presses import WANTED, at_rest, dashboard, now, press


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["fast", "immediate"])
def test_batch_outlives_a_restart(server: Server, journal: str, aseed: Service, how: signal.Signals) -> None:
    project, aseed.allowed = aseed.new_project()["id"], 1
    with dashboard(journal, aseed.address) as (engine, client):
        batch = engine.start(press(client, project, "nonce"), client)
        eventually(lambda: aseed.received == 2 and now(engine, batch).rooms == 100)
        server.stop(how)
        # The answer to the second call comes while nothing can be written down, and is kept until then.
        aseed.allowed = float("inf")
        eventually(lambda: len(aseed.rooms_of(project)) == 200)
        server.start()
        if not (batch := at_rest(engine, batch)).over:
            eventually(lambda: engine.resume(batch, client))
            batch = at_rest(engine, batch)
        created = [room["id"] for room in aseed.rooms_of(project)]
        kept = [each.room.id for each in engine.journal.batches.rooms(batch.id)]
        assert (batch.state, aseed.received) == (State.DONE, 3)
        assert sorted(kept) == sorted(created) and len(created) == WANTED
