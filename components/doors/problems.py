"""What is wrong with a form, in the researcher's words, by the names of its fields: the settings themselves say it."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from pydantic import ValidationError

from components.doors.values import Values, answers_in, languages_in, questions_in, settings_in
from services.journal.door.records import DoorSettings, PanelKind
from services.texts.speech import N_, _, number

Problems = Mapping[str, str]
"""What to say beside a field, by its name."""

FIRST = "first"
"""The section that is always open."""

SECTIONS = {
    "texts": N_("What visitors read"),
    "times": N_("When it is open"),
    "who": N_("Who may come in"),
    "questions": N_("Questions before the interview"),
    "panel": N_("Visitors from a panel"),
    "interview": N_("If an interview does not begin, or breaks off"),
    "filling": N_("More rooms, and tokens"),
}
"""The parts of the form that are opened on demand, in their order."""

_PLACES = {
    "first": ("name", "languages", "rooms", "most"),
    "times": ("opens_", "closes_", "has_hours", "days", "since", "until", "zone", "most_a_day"),
    "who": ("asks_", "one_a_device"),
    "panel": ("panel", "id_parameter", "kept", "return_address", "done_code", "screened_code", "full_code"),
    "interview": ("minutes_to_start", "cut_off_minutes", "replacements"),
    "filling": ("fills", "like_batch", "keep_free", "most_tokens", "releases_tokens"),
}


def section_of(field: str) -> str:
    """In which part of the form a field is."""
    if field in _PLACES["first"]:
        return FIRST
    if field.startswith("q") and field[1:2].isdigit():
        return "questions"
    found = (section for section, names in _PLACES.items() if section != FIRST and field.startswith(names))
    return next(found, "texts")


def checked(values: Values, places: tuple[int, ...]) -> tuple[DoorSettings | None, Problems]:
    """The settings that a form stands for, and what is wrong with it; None where something is.

    places: how many places for answers each question has.
    """
    problems: dict[str, str] = {}
    settings = None
    try:
        settings = DoorSettings.model_validate(settings_in(values, places))
    except ValidationError as error:
        numbers = [question for question, _its in questions_in(values, places)]
        for each in error.errors(include_url=False, include_input=False):
            field = _field(values, places, numbers, each["loc"], str(each["type"]))
            problems.setdefault(field, _in_words(field, str(each["type"]), each.get("ctx", {})))
    for field in [each for each in problems if each.endswith("_answers")]:
        # Of answers that are wrong themselves, too few are right.
        if any(each.startswith(field.removesuffix("nswers")) and each != field for each in problems):
            del problems[field]
    problems |= _further(values)
    return (None if problems else settings), problems


def _further(values: Values) -> dict[str, str]:
    """What no setting by itself is wrong with, and what visitors would stumble over."""
    found = {}
    if not str(values.get("name") or "").strip():
        found["name"] = _("Give the door a name: visitors read it.")
    if not values.get("languages"):
        found["languages"] = _("Choose a language.")
    if values.get("fills") and values.get("like_batch") is None:
        found["like_batch"] = _("Choose the batch whose settings new rooms get.")
    if values.get("panel") == PanelKind.PROLIFIC and not str(values.get("done_code") or "").strip():
        found["done_code"] = _("Copy the study's completion code from Prolific.")
    if values.get("panel") == PanelKind.OTHER:
        if not str(values.get("id_parameter") or "").strip():
            found["id_parameter"] = _("Say by which parameter the panel tells people apart.")
        if not _is_address(str(values.get("return_address") or "").strip()):
            found["return_address"] = _("Enter an address that begins with https://, or leave it empty.")
    return found


def _is_address(text: str) -> bool:
    """Whether a browser may be sent there, or it is empty."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return not text or (parts.scheme in ("https", "http") and bool(parts.hostname) and text.isprintable())


def _field(values: Values, places: tuple[int, ...], numbers: list[int], loc: tuple[int | str, ...], kind: str) -> str:
    """The name of the field that an error of the settings is about."""
    match loc:
        case ():
            return "closes_day"
        case ("texts",):
            return "languages"
        case ("texts", language, "name"):
            first = next(iter(languages_in(values)), "")
            return "name" if language == first else f"name_{language}"
        case ("texts", language, what):
            return f"{what}_{language}"
        case ("questions", int(place), "texts", language):
            return f"q{numbers[place]}_{language}"
        case ("questions", int(place), "answers"):
            return f"q{numbers[place]}_answers"
        case ("questions", int(place), "answers", int(answer), what, *rest):
            question = numbers[place]
            key, _place = answers_in(values, question, places[question])[answer]
            return f"{key}_{rest[0] if what == 'texts' and rest else 'quota'}"
        case ("hours" | "panel" | "filling", str(name), *_rest):
            return name
        case ("batch_id", *_rest):
            return "rooms"
        case (name, *_rest):
            return str(name)
    raise ValueError(kind)


def _in_words(field: str, kind: str, facts: Mapping[str, object]) -> str:
    """An error of the settings. kind, facts: as pydantic names them."""
    match kind:
        case "greater_than_equal":
            return _("Enter {least} or more.", least=_number(facts.get("ge")))
        case "less_than_equal":
            return _("Enter {most} or less.", most=_number(facts.get("le")))
        case "int_type":
            return _("Enter a number.")
        case "time_type":
            return _("Enter a time.")
        case "too_short" if field == "days":
            return _("Choose a day.")
        case "too_short":
            return _("A question needs two answers or more.")
        case "string_too_long":
            return _("Not more than {most} characters.", most=_number(facts.get("max_length")))
        case "value_error":
            return _("The door would close before it opens. Choose a later moment.")
    return _("This cannot be used.")


def _number(value: object) -> str:
    return number(value) if isinstance(value, int) else ""
