"""What the desk's screen shows (screen.js): one code with everything around it, or a few words."""

from typing import Any

from components.desk.words import ALT, ASK, BEGUN, OWN_NAMES
from components.elements.browser import data_url
from components.state import connection, station
from services.desk import NoLink
from services.export.cards.words import CODE, INSTRUCTIONS, NUMBER, language_of, minutes
from services.export.codes import qr
from services.journal.desk.records import HandOut

View = dict[str, Any]


def code_view(shown: HandOut, trouble: str = "") -> View:
    """One code, held towards the person whom it is for. trouble: what staff should know. Raises NoLink."""
    room, language, desk = shown.room, language_of(shown.room.language), station.desk()
    link = desk.link_of(shown)
    if not link.is_proper:
        raise NoLink
    facts = [minutes(room.max_duration_minutes, language)]
    if room.language:
        facts.append(OWN_NAMES.get(room.language, room.language))
    view = {
        "lang": language,
        "title": shown.label or NUMBER[language].format(shown.number),
        "ask": ASK[language],
        "svg": data_url("image/svg+xml", qr.svg(link).encode()),
        "alt": ALT[language],
        "facts": " · ".join(facts),
        "steps": INSTRUCTIONS[language],
        "link": link.target,
        "code": f"{CODE[language]} {desk.entry(shown, '').staff_code}{_rehearsal()}",
    }
    return {"kind": "code", "view": view, "room": shown.room_id, "label": shown.label, "trouble": trouble}


def _rehearsal() -> str:
    return " · Sandbox: rehearsal" if connection.current().is_sandbox else ""


def begun_view(shown: HandOut) -> View:
    """The interview has begun: the code is gone."""
    language = language_of(shown.room.language)
    title, text = BEGUN[language]
    return message_view("begun", title, text, "next", "Hold for the next code", lang=language)


def message_view(
    kind: str, title: str, text: str = "", does: str = "", hold: str = "", trouble: str = "", lang: str = "en"
) -> View:
    """A few words. does: what a button does that has to be held, and hold: what it says."""
    view = {"lang": lang, "title": title, "text": text, "does": does, "hold": hold}
    return {"kind": kind, "view": view, "room": "", "label": "", "trouble": trouble}
