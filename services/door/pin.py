"""The PIN of the day: staff read it to visitors who stand before them, and it is another one tomorrow."""

import hmac
from datetime import datetime

from services.journal.door.records import Door

DIGITS = 4


def pin_of_day(door: Door, now: datetime) -> str:
    """The PIN of a door on the day of a moment, by the door's clock."""
    day = now.astimezone(door.settings.clock).date().isoformat()
    digest = hmac.digest(door.secret.encode(), f"pin {day}".encode(), "sha256")
    return f"{int.from_bytes(digest[:8]) % 10**DIGITS:0{DIGITS}}"


def is_pin_of_day(door: Door, now: datetime, typed: str) -> bool:
    """Whether this is the PIN, however it is spaced."""
    digits = "".join(letter for letter in typed if letter.isdecimal())
    return hmac.compare_digest(digits.encode(), pin_of_day(door, now).encode())
