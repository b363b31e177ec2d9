"""Digests of people: one for each person of a door, and of no use elsewhere."""

import dataclasses
from datetime import UTC, datetime

from services.door.identity import LENGTH, person_digest
from services.journal.door.records import Door
from tests.services.journal.door.visitors import settings

DOOR = Door(1, "abc", "a secret", "service", "account", "project", settings(), 1, datetime(2026, 6, 1, tzinfo=UTC))


def test_address_counts_however_it_is_written() -> None:
    one = person_digest(DOOR, "email", "Anna@почта.рф")
    assert one == person_digest(DOOR, "email", " anna@xn--80a1acny.xn--p1ai ") and len(one) == LENGTH
    assert one != person_digest(DOOR, "email", "boris@почта.рф")


def test_panel_id_counts_as_it_is() -> None:
    assert person_digest(DOOR, "panel", " 5f1a ") == person_digest(DOOR, "panel", "5f1a")
    assert person_digest(DOOR, "panel", "5F1A") != person_digest(DOOR, "panel", "5f1a")


def test_digest_is_of_no_use_elsewhere() -> None:
    other = dataclasses.replace(DOOR, secret="another")
    its = {person_digest(at, kind, "anna@a.org") for at in (DOOR, other) for kind in ("panel", "email")}
    assert len(its) == 4 and not any("anna" in each for each in its)


def test_no_text_has_no_digest() -> None:
    assert person_digest(DOOR, "panel", "  ") == person_digest(DOOR, "email", "") == ""
