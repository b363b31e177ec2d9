"""Who a visitor is, as digests: they tell persons apart within one door, and are of no use outside of it."""

import hmac
from typing import Literal

from services.email_address import folded_address
from services.journal.door.records import Door

LETTERS = 32


def person_digest(door: Door, kind: Literal["panel", "email"], text: str) -> str:
    """Stands for the person with this id of a panel, or with this address, however it is spelled."""
    folded = folded_address(text) if kind == "email" else text.strip()
    return hmac.digest(door.secret.encode(), f"{kind} {folded}".encode(), "sha256").hex()[:LETTERS]
