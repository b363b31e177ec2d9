"""Names of files that people download: safe on Windows and macOS, and each of them unique."""

import re
import secrets
from datetime import datetime
from hashlib import sha256

from services.normal_form import normal_form

LONGEST = 60
"""Characters kept of a name that is not ours: paths on Windows are short."""

_LOOKED_AT = 600
"""How much of it is looked at: it may begin with signs that are not kept."""

LONGEST_BYTES = 100
"""Bytes of UTF-8 kept of it: macOS and Linux allow 255 for the whole name, which may hold two of them."""


def file_name(project: str, moment: datetime, ending: str) -> str:
    """Such as `Morning-coffee_2026-11-23_2213_k3x9.csv`: project, date, time in the moment's own zone, and a stamp.

    The stamp keeps two files of one minute apart, also in the browser's and Streamlit's caches.
    """
    return f"{_stem(project, moment, secrets.token_hex(2))}.{ending}"


def code_name(project: str, moment: datetime, batch: str, number: int, label: str, ending: str) -> str:
    """Such as `Morning-coffee_2026-11-23_2213_k3x9_007_Anna.png`: the same stamp for all rooms of a batch."""
    return f"{_stem(project, moment, sha256(batch.encode()).hexdigest()[:4])}_{member_name(number, label, ending)}"


def member_name(number: int, label: str, ending: str, digits: int = 3) -> str:
    """Such as `007_Anna.png`, for one file of many.

    The number comes first, so names with different numbers differ also where a file system ignores case and accents,
    and none is reserved by Windows, as CON is.

    ending: of the file, without a dot.
    digits: to which the number is filled up, so that names sort like numbers.
    """
    named = f"_{safe}" if (safe := _safe(label, "")) else ""
    return f"{number:0{digits}}{named}.{ending}"


def _stem(project: str, moment: datetime, stamp: str) -> str:
    return f"{_safe(project, 'rooms')}_{moment:%Y-%m-%d_%H%M}_{stamp}"


def _safe(text: str, otherwise: str) -> str:
    """Letters, digits and hyphens of any script: nothing with a meaning for a file system or a shell.

    Accents become part of their letters (NFC), as Windows and Linux write them; macOS takes both.
    """
    plain = re.sub(r"[\W_]+", "-", normal_form("NFC", text[:_LOOKED_AT])).strip("-")[:LONGEST]
    return plain.encode()[:LONGEST_BYTES].decode(errors="ignore").strip("-") or otherwise
