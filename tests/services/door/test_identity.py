"""Digests tell persons apart within a door, however they are written."""

from services.door.identity import person_digest
from tests.services.door.fair import Fair


def test_digest_stands_for_one_person_of_a_door(at: Fair) -> None:
    door, other = at.door(), at.door()
    anna = person_digest(door, "email", " Anna@Example.org ")
    assert anna == person_digest(door, "email", "anna@example.org")
    assert len(anna) == 32 and set(anna) <= set("0123456789abcdef")
    different = {
        anna,
        person_digest(other, "email", "anna@example.org"),
        person_digest(door, "panel", "anna@example.org"),
    }
    assert len(different) == 3
    # A panel tells its ids apart by case.
    assert (
        person_digest(door, "panel", " a1 ") == person_digest(door, "panel", "a1") != person_digest(door, "panel", "A1")
    )
