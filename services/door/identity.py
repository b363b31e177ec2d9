"""What tells the people before a door apart: digests, which are of no use outside of this door."""

import hmac
from typing import Literal

from services.email_address import folded_address
from services.journal.door.records import Door

PersonKind = Literal["panel", "email"]
"""What a person is told by: the id of a panel, or an email address."""

LENGTH = 32
"""Digits of a digest that are kept: 128 bits."""


def person_digest(door: Door, kind: PersonKind, text: str) -> str:
    """The digest of a person, as `person` of a visit is; empty where the text is.

    An address counts however its letters and its domain are written, an id of a panel as it is but for spaces around.
    """
    folded = folded_address(text) if kind == "email" else text.strip()
    if not folded:
        return ""
    return hmac.digest(door.secret.encode(), f"{kind} {folded}".encode(errors="replace"), "sha256").hex()[:LENGTH]
