"""The form before a door: what a visitor has typed, what is missing in it, and the visit that comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.door.identity import person_digest
from services.door.panels import Sent, alias_of
from services.email_address import LONGEST, is_email_address
from services.journal.door.records import Door, DoorSettings, NewVisit
from services.texts.speech import _

EMAIL, PIN, CONSENT = "email", "pin", "consent"
"""The names of the form's fields; that of a question is `question_name`."""

_LONGEST_PIN = 20


@dataclass(frozen=True)
class Typed:
    """What a visitor has typed. answers: the place of the answer to each question that has one, by its place."""

    email: str = field(default="", repr=False)
    pin: str = field(default="", repr=False)
    agrees: bool = False
    answers: Mapping[int, int] = field(default_factory=dict)


def question_name(place: int) -> str:
    return f"question{place}"


def typed_in(form: Mapping[str, str], settings: DoorSettings) -> Typed:
    """What of a form counts."""
    answers = {}
    for place, question in enumerate(settings.questions):
        told = form.get(question_name(place), "")
        if told.isascii() and told.isdecimal() and len(told) < 3 and int(told) < len(question.answers):
            answers[place] = int(told)
    return Typed(
        email=form.get(EMAIL, "").strip()[: LONGEST + 1],
        pin=form.get(PIN, "").strip()[:_LONGEST_PIN],
        agrees=CONSENT in form,
        answers=answers,
    )


def problems_of(door: Door, typed: Typed, language: str) -> dict[str, str]:
    """What is missing or wrong, in words, by the name of the field; the PIN is looked at elsewhere."""
    found = {}
    settings = door.settings
    for place in range(len(settings.questions)):
        if place not in typed.answers:
            found[question_name(place)] = _("Choose an answer.")
    if settings.asks_email and not is_email_address(typed.email):
        found[EMAIL] = (
            _("This is no email address. An address looks like anna@example.org.")
            if typed.email
            else _("Type your email address.")
        )
    if settings.asks_pin and not typed.pin:
        found[PIN] = _("Type the PIN of the day.")
    if settings.texts_in(language).consent.strip() and not typed.agrees:
        found[CONSENT] = _("You can take part only if you agree.")
    return found


def new_visit(door: Door, device_digest: str, typed: Typed, sent: Sent, language: str) -> NewVisit:
    """The visitor who comes in with what was typed; nothing may be missing in it."""
    email = typed.email if door.settings.asks_email else alias_of(door.settings, sent.panel_id)
    person = ""
    if sent.panel_id:
        person = person_digest(door, "panel", sent.panel_id)
    elif email:
        person = person_digest(door, "email", email)
    return NewVisit(
        device=device_digest,
        language=language,
        version=door.version,
        person=person,
        email=email,
        panel_id=sent.panel_id,
        parameters=sent.kept,
        answers=tuple(typed.answers[place] for place in range(len(door.settings.questions))),
    )
