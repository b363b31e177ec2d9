"""What the desk's screen shows (screen.js): one code with everything around it, or a few words."""

from typing import TypedDict

from components.desk.words import ALT, ASK, BEGUN, OWN_NAMES
from components.elements.browser import data_url
from components.state import connection, device
from services.desk import NoLink
from services.export.cards.words import CODE, INSTRUCTIONS, NUMBER, language_of, minutes
from services.export.codes import qr
from services.journal.desk.records import HandOut
from services.languages import language_name


class CodeView(TypedDict):
    """One code, held towards the person whom it is for."""

    lang: str
    title: str
    ask: str
    svg: str
    alt: str
    facts: str
    steps: list[str]
    link: str
    code: str


class MessageView(TypedDict):
    """A few words. does: what a button does that has to be held, and hold: what it says."""

    lang: str
    title: str
    text: str
    does: str
    hold: str


class View(TypedDict):
    """What is shown, without what staff read. kind: "code" with `code`, or the kind of the words in `message`."""

    kind: str
    code: CodeView | None
    message: MessageView | None
    room: str
    label: str
    trouble: str


class StaffPanel(TypedDict):
    """What staff read beside their buttons."""

    station: str
    left: str
    said: str


class ScreenData(View):
    """What the screen shows (screen.js). every: seconds between two drawings. beat: differs in each."""

    staff: StaffPanel
    beat: float
    every: float


class ScreenAct(TypedDict):
    """What staff did, and about which room (from screen.js)."""

    what: str
    room: str
    text: str


def code_view(shown: HandOut, trouble: str = "") -> View:
    """Returns one code, held towards a person. trouble: what staff should know. Raises NoLink."""
    room, language, desk = shown.room, language_of(shown.room.language), device.desk()
    link = desk.link_of(shown)
    if link.why_not:
        raise NoLink(link.why_not)
    facts = [minutes(room.max_duration_minutes, language)]
    if room.language:
        facts.append(OWN_NAMES.get(language_name(room.language) or "", room.language))
    view = CodeView(
        lang=language,
        title=shown.label or NUMBER[language].format(shown.number),
        ask=ASK[language],
        svg=data_url("image/svg+xml", qr.svg(link).encode()),
        alt=ALT[language],
        facts=" · ".join(facts),
        steps=list(INSTRUCTIONS[language]),
        link=link.target,
        code=f"{CODE[language]} {desk.entry(shown, '').staff_code}{_sandbox_note()}",
    )
    return View(kind="code", code=view, message=None, room=shown.room_id, label=shown.label, trouble=trouble)


def _sandbox_note() -> str:
    return " · Sandbox: rehearsal" if connection.current().is_sandbox else ""


def begun_view(shown: HandOut) -> View:
    """Returns that the interview has begun, without the code."""
    language = language_of(shown.room.language)
    title, text = BEGUN[language]
    return message_view("begun", title, text, "next", "Hold for the next code", lang=language)


def message_view(
    kind: str, title: str, text: str = "", does: str = "", hold: str = "", trouble: str = "", lang: str = "en"
) -> View:
    """Returns a few words.

    kind: names the looks of the words (screen.css).
    does, hold: what a button does that has to be held, and what it says.
    trouble: what staff should know.
    lang: the language of the words.
    """
    view = MessageView(lang=lang, title=title, text=text, does=does, hold=hold)
    return View(kind=kind, code=None, message=view, room="", label="", trouble=trouble)
