"""What the desk's screen says to the person who stands before it, in each language."""

from typing import Literal

from services.export.cards.words import Language
from services.texts.speech import pgettext

LANGUAGES: tuple[Language, ...] = ("en", "ru")
"""The languages that a person before the screen may choose."""

OWN_LANGUAGE: dict[str, str] = {"en": "English", "ru": "Русский"}

LANGUAGE = "Language · Язык"
"""What the choice of these is called: a person who looks for it may read either."""

ABOUT: dict[Language, str] = {"en": "An interview about {}", "ru": "Интервью на тему «{}»"}

AN_INTERVIEW: dict[Language, str] = {"en": "An interview", "ru": "Интервью"}
"""What is said where staff have not said what it is about."""

ASK: dict[Language, str] = {"en": "Scan the code with your phone", "ru": "Наведите на код камеру телефона"}

ALT: dict[Language, str] = {"en": "QR code of the interview", "ru": "QR-код интервью"}

REHEARSAL: dict[Language, str] = {"en": "Sandbox: rehearsal", "ru": "Песочница: репетиция"}

BEGUN: dict[Language, tuple[str, str]] = {
    "en": ("Your interview has begun", "Go on with it on your phone. Thank you!"),
    "ru": ("Интервью началось", "Продолжайте на своём телефоне. Спасибо!"),
}

OWN_NAMES = {"English": "English", "Russian": "Русский"}
"""What the API's languages call themselves, where a card speaks them."""

State = Literal["ready", "begun", "given", "paused", "empty", "unreachable", "staff", "elsewhere"]
"""How the desk is, as seen from a few metres: one word and one colour (screen.css)."""


def in_a_word(state: State) -> str:
    """How the desk is, in the language that is spoken."""
    return {
        "ready": pgettext("desk", "Ready"),
        "begun": pgettext("desk", "In interview"),
        "given": pgettext("desk", "Given"),
        "paused": pgettext("desk", "Paused"),
        "empty": pgettext("desk", "None left"),
        "unreachable": pgettext("desk", "Not reachable"),
        "staff": pgettext("desk", "Ask staff"),
        "elsewhere": pgettext("desk", "Not here"),
    }[state]
