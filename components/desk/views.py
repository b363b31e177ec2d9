"""What the desk's screen shows (screen.js): one code with everything around it, or a few words."""

from typing import TypedDict

from components.desk.staff_words import HoldWords, StaffWords, next_code
from components.desk.words import (
    ABOUT,
    ALT,
    AN_INTERVIEW,
    ASK,
    BEGUN,
    LANGUAGES,
    OWN_LANGUAGE,
    OWN_NAMES,
    REHEARSAL,
    State,
    in_a_word,
)
from components.elements.browser import data_url
from components.state import connection, device
from services.desk import NoLink
from services.export.cards.words import CODE, INSTRUCTIONS, NUMBER, Language, language_of, minutes
from services.export.codes import qr
from services.journal.desk.records import HandOut
from services.languages import language_name
from services.texts import speech


class Words(TypedDict):
    """What a person before the screen reads, in one language.

    lang, language: which, by its code and by its own name.
    state, lost: the word for the desk's state, and for that without a connection.
    ask: what to do, or a message's text.
    """

    lang: str
    language: str
    state: str
    lost: str
    title: str
    facts: str
    ask: str
    steps: list[str]
    alt: str
    code: str


class CodeView(TypedDict):
    """One code. whom: the person whom it is for, where that is known."""

    svg: str
    link: str
    whom: str


class View(TypedDict):
    """What is shown, without what staff read.

    state: its colour (words.State).
    own: the language of the desk, which the next person finds.
    words: in each language that a person may choose.
    code: None where only words are shown.
    press: what may be done by holding a button.
    """

    state: str
    own: str
    words: list[Words]
    code: CodeView | None
    press: HoldWords | None
    room: str
    label: str
    trouble: str


class StaffPanel(TypedDict):
    """What staff read beside their buttons. count: how many links were handed out, and are left."""

    station: str
    count: str
    said: str
    words: StaffWords


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


def code_view(shown: HandOut, about: str, trouble: str = "") -> View:
    """Returns one code, held towards a person.

    about: what the interview is about, as far as visitors may know.
    trouble: what staff should know: the code stays, and the desk is not reachable.

    Raises NoLink.
    """
    link = device.desk().link_of(shown)
    if link.why_not:
        raise NoLink(link.why_not)
    return View(
        state="unreachable" if trouble else "ready",
        own=language_of(shown.room.language),
        words=[_words_of_code(shown, about, language, "unreachable" if trouble else "ready") for language in LANGUAGES],
        code=CodeView(svg=data_url("image/svg+xml", qr.svg(link).encode()), link=link.target, whom=shown.label),
        press=None,
        room=shown.room_id,
        label=shown.label,
        trouble=trouble,
    )


def _words_of_code(shown: HandOut, about: str, language: Language, state: State) -> Words:
    room = shown.room
    facts = [minutes(room.max_duration_minutes, language)]
    if room.language:
        facts.append(OWN_NAMES.get(language_name(room.language) or "", room.language))
    code = [f"{CODE[language]} {device.desk().entry(shown, '').staff_code}"]
    if not shown.label:
        code.insert(0, NUMBER[language].format(shown.number))
    if connection.current().is_sandbox:
        code.append(REHEARSAL[language])
    title = ABOUT[language].format(about) if about else AN_INTERVIEW[language]
    words = _words(state, title, ASK[language], language)
    words["facts"], words["steps"] = " · ".join(facts), list(INSTRUCTIONS[language])
    words["alt"], words["code"] = ALT[language], " · ".join(code)
    return words


def begun_view(shown: HandOut) -> View:
    """Returns that the interview has begun, without the code."""
    view = message_view("begun", press=next_code())
    view["own"] = language_of(shown.room.language)
    view["words"] = [_words("begun", *BEGUN[language], language) for language in LANGUAGES]
    return view


def message_view(
    state: State, title: str = "", text: str = "", press: HoldWords | None = None, trouble: str = ""
) -> View:
    """Returns a few words for staff, in their language.

    press: what may be done by holding a button.
    trouble: what staff should know.
    """
    own = speech.language()
    words = [_words(state, title, text, own)]
    return View(state=state, own=own, words=words, code=None, press=press, room="", label="", trouble=trouble)


def _words(state: State, title: str, text: str, language: str) -> Words:
    with speech.speaking(language):
        word, lost = in_a_word(state), in_a_word("unreachable")
    return Words(
        lang=language,
        language=OWN_LANGUAGE.get(language, language),
        state=word,
        lost=lost,
        title=title,
        facts="",
        ask=text,
        steps=[],
        alt="",
        code="",
    )
