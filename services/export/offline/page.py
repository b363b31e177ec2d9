"""The offline pack: one HTML file that stands for a desk where there is no network.

Staff read it in the language that is spoken when it is made. It needs nothing but a browser: its style, its script
and its rooms are inside it, and it may load nothing else. What is ticked stays in that browser until it is downloaded
as CSV, which services.roster.ticks reads.
"""

import base64
import json
import re
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from services.export.cards.words import CODE, INSTRUCTIONS, NUMBER, language_of, minutes, valid_until
from services.export.codes.qr import QUIET_ZONE
from services.export.codes.symbol import modules
from services.export.made_by import MadeBy
from services.folding import rule
from services.people.acting import needs
from services.people.roles import Right
from services.rooms.entry import Entry
from services.texts.scripts import texts_of
from services.texts.speech import _, language, pgettext

_PARTS = Path(__file__).parent

_PLACE = re.compile(r"\{\{(\w+)\}\}")
"""Where a part goes in the page."""

_NEVER_IN_SCRIPT = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
"""Characters by which a label could end the element that holds the rooms."""


@needs(Right.LINKS)
def offline_pack(
    entries: Sequence[Entry], *, pack_id: str, title: str, station: str, zone: ZoneInfo, made_by: MadeBy | None = None
) -> bytes:
    """The page, as UTF-8. Rooms that cannot be joined any more, or without a proper link, are left out.

    pack_id: names the pack in its CSV, and in what the browser keeps.
    title: the project's name.
    station: the place that hands out.
    zone: in which the ends of links are told.
    made_by: told beneath what the page is about.
    """
    rooms = [_room(entry, zone) for entry in entries if entry.is_pending and entry.link.is_proper]
    style, script = _part("page.css"), _part("page.js")
    data = {
        "texts": texts_of(script),
        "pack": pack_id,
        "title": title,
        "station": station,
        "quiet": QUIET_ZONE,
        "folding": rule(),
        # Once for each language: with every room, they would be a third of the file.
        "steps": {room["lang"]: INSTRUCTIONS[room["lang"]] for room in rooms},
        "rooms": rooms,
    }
    parts = {
        "policy": f"default-src 'none'; base-uri 'none'; style-src {_hash(style)}; script-src {_hash(script)}",
        "title": escape(f"{title} · {station}"),
        "style": style,
        "script": script,
        "language": language(),
        "made_by": f'<p class="about">{escape(made_by.words)}</p>' if made_by else "",
        **{name: escape(text) for name, text in _texts().items()},
        "data": json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_NEVER_IN_SCRIPT),
    }
    # All at once, so that nothing in one part, such as a project's name, can stand for another.
    return _PLACE.sub(lambda found: parts[found[1]], _part("page.html")).encode()


def _texts() -> dict[str, str]:
    """What the page says besides what its script says."""
    return {
        "preview": _("This is only a preview. Open the file in a browser, such as Chrome or Safari."),
        "about": _(
            "Works without a network. Use it on one device only: every copy gives the same links. A link is a key: "
            "guard this file."
        ),
        "next": _("Next free link"),
        "download": _("Download the ticks (CSV)"),
        "by": _("Who hands out"),
        "find": pgettext("field", "Search"),
        "by_what": _("Name, number, staff code"),
        "show": pgettext("which rooms", "Show"),
        "none": _("No room here is like that."),
    }


def _room(entry: Entry, zone: ZoneInfo) -> dict[str, Any]:
    """What the page says of a room, without an email: the file travels, and its cards are shown to people."""
    room, language = entry.room, language_of(entry.room.language)
    rows = modules(entry.link.target)
    ends = room.expires_at
    return {
        "id": room.id,
        "no": entry.number,
        "name": entry.label or entry.participant.external_id or NUMBER[language].format(entry.number),
        "label": entry.label or entry.participant.external_id,
        "find": entry.participant.external_id,
        "code": entry.staff_code,
        "staff": f"{CODE[language]} {entry.staff_code}",
        "lang": language,
        "language": room.language or "",
        "minutes": minutes(room.max_duration_minutes, language),
        "until": valid_until(ends, zone, language) if ends else "",
        "ends": ends.timestamp() * 1000 if ends else None,
        "link": entry.link.target,
        "size": len(rows),
        "bits": _packed("".join(rows)),
    }


def _packed(bits: str) -> str:
    """A symbol's modules, row after row, eight to a byte, as base64: a tenth of what they take as text."""
    whole = bits.ljust(-(-len(bits) // 8) * 8, "0")
    return base64.b64encode(int(whole, 2).to_bytes(len(whole) // 8)).decode()


@cache
def _part(name: str) -> str:
    return (_PARTS / name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    """How a policy names the one style or script that may run (CSP, source hashes)."""
    return f"'sha256-{base64.b64encode(sha256(content.encode()).digest()).decode()}'"
