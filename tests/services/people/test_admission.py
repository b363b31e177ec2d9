"""Who is let in, by what a provider may say of a person."""

import math
from collections.abc import Mapping
from typing import Any

import pytest

from services.people.acting import Person
from services.people.admission import Admitted, Reason, Refused, Rules, address_key, admit, domain_of
from services.people.roles import Role

NOW = 1_800_000_000.0
HOUR = 3600

RULES = Rules(
    addresses={
        "anna@example.org": Role.ADMIN,
        "guest@example.org": Role.DESK,
        "лена@xn--e1afmkfd.xn--p1ai": Role.VIEWER,
    },
    domains={"example.org": Role.VIEWER},
    role_claim="groups",
    max_age=12 * HOUR,
)


def claims(**changes: object) -> Mapping[str, object]:
    told = {
        "is_logged_in": True,
        "iss": "https://id.example.org",
        "sub": "4711",
        "iat": int(NOW) - HOUR,
        "nonce": "n",
        "email": "anna@example.org",
        "email_verified": True,
        **changes,
    }
    return {name: value for name, value in told.items() if value is not ...}


def admitted(rules: Rules = RULES, /, **changes: Any) -> Admitted:  # noqa: ANN401 - any claim
    found = admit(claims(**changes), rules, NOW, lambda _: False)
    assert isinstance(found, Admitted), found
    return found


def reason(rules: Rules = RULES, /, **changes: Any) -> Reason:  # noqa: ANN401 - any claim
    found = admit(claims(**changes), rules, NOW, lambda _: False)
    assert isinstance(found, Refused), found
    return found.reason


@pytest.mark.parametrize(
    ("email", "role"),
    [
        ("anna@example.org", Role.ADMIN),
        ("  Anna@EXAMPLE.Org ", Role.ADMIN),
        ("guest@example.org", Role.DESK),
        ("someone@example.org", Role.VIEWER),
        ("someone+study@example.org", Role.VIEWER),
        ("лена@пример.рф", Role.VIEWER),
        ("лена@XN--E1AFMKFD.xn--p1ai", Role.VIEWER),
    ],
)
def test_own_listing_wins_over_the_domain(email: str, role: Role) -> None:
    assert admitted(email=email).person.role == role


@pytest.mark.parametrize(
    "email",
    [
        "anna@example.com",
        "anna@sub.example.org",
        "anna@example.org.evil.com",
        "anna@evilexample.org",
        "example.org@evil.com",
        # Casefolding would make fiona and strauss of these: other people's mailboxes.
        "ﬁona@other.org",
        "strauß@other.org",
    ],
)
def test_no_other_address_comes_in(email: str) -> None:
    rules = Rules({"fiona@other.org": Role.ADMIN, "strauss@other.org": Role.ADMIN}, {"example.org": Role.VIEWER})
    assert reason(rules, email=email) == Reason.NOT_LISTED


@pytest.mark.parametrize(
    ("value", "role"),
    [
        ("researcher", Role.RESEARCHER),
        (["staff", "desk"], Role.DESK),
        (["viewer", "admin", "desk"], Role.ADMIN),
        (["viewer", None, 3, {"admin": 1}], Role.VIEWER),
    ],
)
def test_claim_gives_its_highest_role(value: object, role: Role) -> None:
    assert admitted(email="new@other.org", groups=value).person.role == role


@pytest.mark.parametrize(
    "value", [..., None, "", "root", "ADMIN", "admin,viewer", 1, True, [], ["root"], {"admin": True}]
)
def test_unknown_role_lets_nobody_in(value: object) -> None:
    assert reason(email="new@other.org", groups=value) == Reason.NOT_LISTED


def test_email_wins_over_claim_and_claim_over_domain() -> None:
    assert admitted(email="guest@example.org", groups="admin").person.role == Role.DESK
    assert admitted(email="someone@example.org", groups="desk").person.role == Role.DESK
    assert admitted(email="someone@example.org", groups="root").person.role == Role.VIEWER


def test_claim_counts_only_where_it_is_named() -> None:
    assert reason(Rules({"x@y.org": Role.VIEWER}), email="new@other.org", groups="admin", **{"": "admin"}) == (
        Reason.NOT_LISTED
    )


@pytest.mark.parametrize("value", [True, "true"])
def test_vouched_address_comes_in(value: object) -> None:
    assert admitted(email_verified=value)


@pytest.mark.parametrize("value", [..., None, False, "false", "True", "yes", "", 1, 1.0, [True], {"a": 1}])
def test_address_nobody_vouches_for_stays_out(value: object) -> None:
    assert reason(email_verified=value) == Reason.NOT_VERIFIED
    assert reason(email_verified=value, email="new@other.org", groups="admin") == Reason.NOT_VERIFIED


@pytest.mark.parametrize(
    "value", [..., None, "", "anna", "@example.org", "anna@", ["anna@example.org"], "a@b@example.org"]
)
def test_no_address_means_no_way_in(value: object) -> None:
    assert reason(email=value) == Reason.NO_ADDRESS


@pytest.mark.parametrize("name", ["iss", "sub"])
@pytest.mark.parametrize("value", [..., None, "", 7, ["x"]])
def test_nameless_person_stays_out(name: str, value: object) -> None:
    assert reason(**{name: value}) == Reason.UNCLEAR


@pytest.mark.parametrize(
    "value", [..., None, True, "1800000000", [], math.nan, math.inf, -math.inf, 10**400, NOW + 301]
)
def test_sign_in_without_a_moment_stays_out(value: object) -> None:
    assert reason(iat=value) == Reason.UNCLEAR


@pytest.mark.parametrize("iat", [NOW + 300, NOW, NOW - 12 * HOUR])
def test_sign_in_counts_for_its_time(iat: float) -> None:
    assert admitted(iat=iat)


@pytest.mark.parametrize("iat", [NOW - 12 * HOUR - 1, 0, -1, int(NOW) - 30 * 24 * HOUR])
def test_old_sign_in_is_over(iat: float) -> None:
    assert reason(iat=iat) == Reason.TOO_OLD


@pytest.mark.parametrize("value", [..., None, False, "true", 1])
def test_nobody_signed_in_is_told_apart(value: object) -> None:
    assert reason(is_logged_in=value) == Reason.NOT_SIGNED_IN


def test_nothing_said_is_nobody_signed_in() -> None:
    assert admit({}, RULES, NOW, lambda _: False) == Refused(Reason.NOT_SIGNED_IN)


def test_ended_sign_in_stays_out_alone() -> None:
    ended = {admitted().sign_in}
    assert admit(claims(), RULES, NOW, ended.__contains__) == Refused(Reason.ENDED, "anna@example.org")
    # The same person may sign in again.
    assert isinstance(admit(claims(nonce="another"), RULES, NOW, ended.__contains__), Admitted)


def test_key_of_a_person_outlives_the_sign_in() -> None:
    first, second = admitted(), admitted(iat=NOW, nonce="another", email="Anna@example.org")
    assert first.person == second.person == Person(first.person.key, "anna@example.org", Role.ADMIN)
    assert first.sign_in != second.sign_in
    others = [admitted(sub="4712"), admitted(iss="https://another.example.org")]
    assert len({first.person.key, *(each.person.key for each in others)}) == 3


@pytest.mark.parametrize("name", ["iat", "nonce", "sid", "jti"])
def test_each_part_tells_sign_ins_apart(name: str) -> None:
    assert admitted(**{name: 1_799_999_999}).sign_in != admitted().sign_in


def test_parts_of_a_key_do_not_run_together() -> None:
    assert admitted(iss="ab", sub="c").person.key != admitted(iss="a", sub="bc").person.key


def test_keys_tell_nobody_who_it_is() -> None:
    found = admitted()
    assert "4711" not in found.person.key + found.sign_in and "anna" not in found.person.key + found.sign_in


def test_addresses_are_compared_by_their_own_form() -> None:
    assert address_key(" Лена@Пример.РФ") == "Лена@xn--e1afmkfd.xn--p1ai"
    assert domain_of("a@Пример.РФ") == domain_of("b@xn--e1afmkfd.xn--p1ai")
