"""Replicas whose clocks are an hour off: leases and claims hold, as the database's clock counts.

libfaketime gives a whole process another clock, whichever way it asks for it.
"""

import os
import subprocess
import sys
import time
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from services.journal.journal import Journal
from services.journal.records import State
from tests.browser.service import Service
from tests.faults import giver
from tests.faults.test_kill import let_lease_pass
from tests.servers import PATIENCE, ROOT, eventually
from tests.team.presses import WANTED, at_rest, dashboard, now, press

HOUR = 3600


LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
"""Where Debian has libfaketime."""

START = """
import runpy, select, sys, time
time.sleep = lambda seconds: select.select([], [], [], seconds)
sys.argv.pop(0)
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
"""Starts a module. The library breaks the call of the system by which Python sleeps, and not this one."""

pytestmark = pytest.mark.skipif(not LIBRARIES, reason="libfaketime is Linux's")


def with_clock(off: str, *command: str) -> subprocess.Popen[str]:
    """Starts a module of ours with its clock so far off, such as +1h."""
    # The monotonic clock stays: it measures waits, and no one sets it.
    shifted = {"LD_PRELOAD": str(LIBRARIES[0]), "FAKETIME": off, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return subprocess.Popen(
        [sys.executable, "-c", START, *command],
        cwd=ROOT,
        env={**os.environ, **shifted},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    return process.stdout.readline().split()


@pytest.mark.parametrize("off", ["+1h", "-1h"])
def test_lease_holds_between_clocks(journal: str, aseed: Service, off: str) -> None:
    project, aseed.allowed = aseed.new_project()["id"], 0
    other = ("tests.team.presses", journal, aseed.address, project, "nonce")
    with dashboard(journal, aseed.address) as (engine, client), with_clock(off, *other, "start") as runner:
        clock, _ = said(runner)
        assert abs(abs(float(clock) - time.time()) - HOUR) < PATIENCE
        # It sends its calls: by the database's clock, its claims are new.
        eventually(lambda: aseed.received == 1)
        batch = engine.start(press(client, project, "nonce"), client)
        assert not engine.resume(batch, client)
        runner.kill()
        let_lease_pass(engine.journal, "nonce")
        assert engine.resume(batch, client)
        # Nor does it take a batch from a runner whose clock is right.
        with with_clock(off, *other, "resume") as late:
            assert said(late)[1] == "False"
            aseed.allowed = float("inf")
            batch = at_rest(engine, batch)
            late.kill()
        assert batch.state == State.DONE and now(engine, batch).rooms == WANTED
        assert len(aseed.rooms_of(project)) == WANTED


def test_claims_hold_between_clocks(journal: str) -> None:
    with closing(Journal(journal)) as opened, ExitStack() as stack:
        offers = giver.offers(60)
        opened.hand_outs.offer(giver.MINE, giver.PROJECT, offers)
        desks = [
            stack.enter_context(with_clock(off, "tests.faults.giver", journal, name, "claim"))
            for name, off in (("ahead", "+1h"), ("behind", "-1h"))
        ]
        for desk in desks:
            assert said(desk) == ["ready"]
        claimed = [room_id for desk in desks for room_id in desk.communicate("\n", PATIENCE)[0].split()]
        assert sorted(claimed) == sorted(offer.room.id for offer in offers)
