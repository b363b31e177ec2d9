"""A fair for each test of doors."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import stamina

from tests.journals import empty_journal
from tests.services.door.fair import Fair, fair


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Fair]:
    with stamina.set_testing(True, attempts=1), fair(tmp_path, empty_journal(tmp_path)) as opened:
        yield opened
