"""Labels hold no address, whatever form it is written in."""

import pytest

from services.labels import HAS_ADDRESS, problem_of, without_addresses


@pytest.mark.parametrize(
    "label",
    [
        *("Anna <a@x.org>", "Anna (a@x.org)", "Anna [a@x.org]", "Anna a@x.org", "a@x.org Anna", "Anna, a@x.org"),
        *("Anna - a@x.org", "Anna: mailto:a@x.org", '"Anna" <a@x.org>', "'Anna' <a@x.org>", "Anna;a@x.org"),
        *("Anna <a@x.org> (A@X.org)", "Anna a＠x.org", "Anna (a@x.org).", "a@x.org/Anna", "Anna | a@x.org"),
    ],
)
def test_address_is_taken_out_of_label(label: str) -> None:
    found = without_addresses(label)
    assert found.text.rstrip(".").strip() == "Anna" and [one.casefold() for one in found.addresses] == ["a@x.org"]


@pytest.mark.parametrize("label", ["Anna @ home", "@anna", "Team@Home", "Anna (Riga)", '"Anna"', "O'Neill", ""])
def test_label_without_address_stays_as_typed(label: str) -> None:
    assert without_addresses(label).text == label and not without_addresses(label).addresses


@pytest.mark.parametrize("label", ["a@x.org", "<a@x.org>", "(a@x.org)", "mailto:a@x.org"])
def test_address_alone_leaves_nothing(label: str) -> None:
    assert without_addresses(label).text == ""


def test_the_rest_of_brackets_is_kept() -> None:
    assert without_addresses("Anna (a@x.org, Berlin)").text == "Anna (Berlin)"


@pytest.mark.parametrize("label", ["Anna a..b@x.org", "a@@x.org", "Anna (a@x..org)"])
def test_what_only_looks_like_address_is_named(label: str) -> None:
    assert without_addresses(label).doubtful


@pytest.mark.parametrize("label", ["Anna <a@x.org>", "a@x.org", "Anna a＠x.org", "anna@@x.org"])
def test_typed_address_is_told_what_to_do(label: str) -> None:
    assert problem_of(label) == HAS_ADDRESS


@pytest.mark.parametrize("label", ["", "Anna", "Anna @ Berlin", "@anna"])
def test_typed_name_has_no_problem(label: str) -> None:
    assert problem_of(label) is None
