"""Who is let in: from what the provider says of a person, to the person at work or the reason why not."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

from services.email_address import folded_address, is_email_address
from services.normal_form import normal_form
from services.people.acting import Person
from services.people.roles import Role

AHEAD_SECONDS = 300
"""How far the provider's clock may be ahead of ours."""


LATEST = 1e11
"""A moment that no clock tells, in seconds since 1970: the year 5138."""


class Reason(StrEnum):
    """Why a person is not let in.

    NOT_SIGNED_IN: no person has signed in here. UNCLEAR: the provider's answer lacks what is needed, or is of the
    future. NO_ADDRESS, NOT_VERIFIED: it names no email address, or does not vouch for it. TOO_OLD: it was
    long ago. ENDED: it was signed out. NOT_LISTED: no list and no claim gives this person a role.
    """

    NOT_SIGNED_IN = "not_signed_in"
    UNCLEAR = "unclear"
    NO_ADDRESS = "no_address"
    NOT_VERIFIED = "not_verified"
    TOO_OLD = "too_old"
    ENDED = "ended"
    NOT_LISTED = "not_listed"


@dataclass(frozen=True)
class Rules:
    """Whom the deployment lets in.

    addresses, domains: the role of each, as address_key and domain_of write them.
    role_claim: the provider's claim that may name a role; empty for none.
    max_age: seconds after which a sign-in is over.
    """

    addresses: Mapping[str, Role] = field(default_factory=dict)
    domains: Mapping[str, Role] = field(default_factory=dict)
    role_claim: str = ""
    max_age: float = 12 * 3600


@dataclass(frozen=True)
class Admitted:
    """A person who is let in. sign_in: the key of the sign-in by which they are."""

    person: Person
    sign_in: str


@dataclass(frozen=True)
class Refused:
    """A person who is not. email: the address that the provider named; empty where it named none."""

    reason: Reason
    email: str = ""


def admit(
    claims: Mapping[str, object], rules: Rules, now: float, is_ended: Callable[[str], bool]
) -> Admitted | Refused:
    """Whether these claims let a person in.

    claims: of the provider, as Streamlit gives them; its signature is checked there.
    now: in seconds since 1970. is_ended: whether the sign-in of a key was ended before its time.
    """
    if claims.get("is_logged_in") is not True:
        return Refused(Reason.NOT_SIGNED_IN)
    told = claims.get("email")
    email = told.strip() if isinstance(told, str) and is_email_address(told.strip()) else ""
    issuer, subject, at = claims.get("iss"), claims.get("sub"), claims.get("iat")
    if not (isinstance(issuer, str) and issuer and isinstance(subject, str) and subject and _is_moment(at)):
        return Refused(Reason.UNCLEAR, email)
    age = now - float(at)  # type: ignore[arg-type]  # a moment, as was just seen
    if age < -AHEAD_SECONDS:
        return Refused(Reason.UNCLEAR, email)
    if age > rules.max_age:
        return Refused(Reason.TOO_OLD, email)
    sign_in = _hashed(issuer, subject, at, *(claims.get(name) for name in ("nonce", "sid", "jti")))
    if is_ended(sign_in):
        return Refused(Reason.ENDED, email)
    if not email:
        return Refused(Reason.NO_ADDRESS)
    if claims.get("email_verified") is not True and claims.get("email_verified") != "true":
        return Refused(Reason.NOT_VERIFIED, email)
    role = _role(claims, email, rules)
    if role is None:
        return Refused(Reason.NOT_LISTED, email)
    return Admitted(Person(_hashed(issuer, subject), folded_address(email), role), sign_in)


def address_key(email: str) -> str:
    """The form in which the addresses of people are compared.

    Stricter than folded_address: outside ASCII, casefolding makes one of names that may be two people's, as ß and ss.
    """
    local = normal_form("NFC", email.strip().rpartition("@")[0])
    return f"{local.casefold() if local.isascii() else local}@{domain_of(email)}"


def domain_of(email: str) -> str:
    """The domain of an address in the form in which domains are compared."""
    return folded_address(email).rpartition("@")[2]


def _role(claims: Mapping[str, object], email: str, rules: Rules) -> Role | None:
    """What was decided for this person alone wins over what is so for the whole domain."""
    return (
        rules.addresses.get(address_key(email))
        or _claimed(claims.get(rules.role_claim) if rules.role_claim else None)
        or rules.domains.get(domain_of(email))
    )


def _claimed(value: object) -> Role | None:
    """The highest role that a claim names, which is one text or a list of them."""
    named = {each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)}
    return max((role for role in Role if role.value in named), key=list(Role).index, default=None)


def _is_moment(value: object) -> bool:
    # False also for what is not a number, or larger than a float.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LATEST


def _hashed(*parts: object) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()
