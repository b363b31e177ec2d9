"""A verb acts only for a person whose role has the right."""

import pytest

from services.people.acting import UNKNOWN, NotAllowed, Person, begun_by, key_at_work, needs
from services.people.roles import RIGHTS, Right, Role


@needs(Right.CREATE)
def buy(count: int) -> int:
    return count


def test_verb_acts_for_those_who_may(at_work: list[Person]) -> None:
    for role in (Role.RESEARCHER, Role.ADMIN):
        at_work.append(Person("1", "anna@example.org", role))
        assert buy(3) == 3


@pytest.mark.parametrize("person", [UNKNOWN, Person("1", "", Role.VIEWER), Person("1", "", Role.DESK)])
def test_verb_refuses_everybody_else(at_work: list[Person], person: Person) -> None:
    at_work.append(person)
    with pytest.raises(NotAllowed) as refused:
        buy(3)
    assert refused.value.right == Right.CREATE


def test_each_role_but_desk_includes_the_one_before() -> None:
    assert RIGHTS[Role.VIEWER] < RIGHTS[Role.RESEARCHER] < RIGHTS[Role.ADMIN] == frozenset(Right)
    assert RIGHTS[Role.DESK] < RIGHTS[Role.RESEARCHER]


def test_key_is_of_the_one_at_work(at_work: list[Person]) -> None:
    assert key_at_work() == ""
    with begun_by("key of anna"):
        assert key_at_work() == "key of anna"
        with begun_by(""):
            assert key_at_work() == ""
        # Who acts now comes before who began.
        at_work.append(Person("key of ben", "ben@example.org", Role.VIEWER))
        assert key_at_work() == "key of ben"
        at_work.pop()
    assert key_at_work() == ""


def test_thread_gets_no_rights_of_its_beginner(at_work: list[Person]) -> None:
    at_work.append(Person("key of ben", "ben@example.org", Role.VIEWER))
    with begun_by("key of an admin"), pytest.raises(NotAllowed):
        buy(3)
