"""Names of files that people download: safe on Windows and macOS, and never twice the same."""

import re
import secrets
from datetime import datetime
from hashlib import sha256

LONGEST = 60
"""Characters kept of a name that is not ours: paths on Windows are short."""


def file_name(project: str, moment: datetime, ending: str) -> str:
    """Such as `Morning-coffee_2026-11-23_2213_k3x9.csv`: project, date, time in the moment's own zone, and a stamp.

    The stamp keeps two files of one minute apart, also in the browser's and Streamlit's caches.
    """
    return f"{_stem(project, moment, secrets.token_hex(2))}.{ending}"


def code_name(project: str, moment: datetime, batch: str, number: int, label: str, ending: str) -> str:
    """Such as `Morning-coffee_2026-11-23_2213_k3x9_007_Anna.png`: the same stamp for all rooms of a batch."""
    named = f"_{safe}" if (safe := _safe(label, "")) else ""
    return f"{_stem(project, moment, sha256(batch.encode()).hexdigest()[:4])}_{number:03}{named}.{ending}"


def _stem(project: str, moment: datetime, stamp: str) -> str:
    return f"{_safe(project, 'rooms')}_{moment:%Y-%m-%d_%H%M}_{stamp}"


def _safe(text: str, otherwise: str) -> str:
    """Letters, digits and hyphens of any script; nothing that a file system or a shell reads differently."""
    return re.sub(r"[\W_]+", "-", text).strip("-")[:LONGEST].strip("-") or otherwise
