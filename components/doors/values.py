"""The form's values and the settings that they stand for, each made of the other."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from components.elements.choices import WHOLE_PROJECT
from components.elements.moments import moment_of
from services.journal.door.records import (
    PROLIFIC_ID,
    PROLIFIC_RETURN,
    PROLIFIC_SESSION,
    PROLIFIC_STUDY,
    DoorSettings,
    Filling,
    Hours,
    Panel,
    PanelKind,
    Question,
)

Values = Mapping[str, object]
"""What was typed and chosen, by the names of the fields."""

NO_PANEL = "none"
"""Stands for no panel, among the kinds of panel."""

MORNING, EVENING = time(9), time(18)
"""When days at a door begin and end, unless it is said otherwise."""

PLACES = 3
"""How many answers a new question has room for."""

PLAIN = (
    "most",
    "most_a_day",
    "asks_pin",
    "asks_email",
    "one_a_device",
    "minutes_to_start",
    "cut_off_minutes",
    "replacements",
    "releases_tokens",
)
"""The fields whose values are those of the settings, under the same names."""

TEXTS = ("welcome", "consent", "contact")
"""What visitors read in each language, besides the name."""

CODES = ("done_code", "screened_code", "full_code")


def first_values(language: str, zone: str) -> dict[str, object]:
    """The values of a form for a new door. zone: the viewer's."""
    blank = DoorSettings.model_validate({"texts": {language: {"name": ""}}, "zone": zone})
    return values_of(blank)


def values_of(settings: DoorSettings) -> dict[str, object]:
    """The values of a form that stand for these settings."""
    values: dict[str, object] = {name: getattr(settings, name) for name in PLAIN}
    values |= {"name": settings.name, "languages": list(settings.languages)}
    values["rooms"] = settings.batch_id or WHOLE_PROJECT
    for language, texts in settings.texts.items():
        values[f"name_{language}"] = texts.name
        values |= {f"{what}_{language}": getattr(texts, what) for what in TEXTS}
    values |= _day(settings.opens, settings.clock, "opens", MORNING)
    values |= _day(settings.closes, settings.clock, "closes", EVENING)
    values |= {"zone": settings.zone, **_of_hours(settings.hours), **_of_panel(settings.panel)}
    values |= _of_filling(settings.filling)
    for number, question in enumerate(settings.questions):
        values |= _of_question(number, question)
    return values


def _day(moment: datetime | None, zone: ZoneInfo, name: str, clock: time) -> dict[str, object]:
    there = moment.astimezone(zone) if moment else None
    return {f"{name}_day": there and there.date(), f"{name}_at": there.time() if there else clock}


def _of_hours(hours: Hours | None) -> dict[str, object]:
    if hours is None:
        return {"has_hours": False, "days": [0, 1, 2, 3, 4], "since": MORNING, "until": EVENING}
    return {"has_hours": True, "days": list(hours.days), "since": hours.since, "until": hours.until}


def _of_panel(panel: Panel | None) -> dict[str, object]:
    if panel is None:
        blank = {"panel": NO_PANEL, "id_parameter": "", "kept": "", "return_address": ""}
        return {**blank, **dict.fromkeys(CODES, "")}
    values: dict[str, object] = {name: getattr(panel, name) for name in (*CODES, "id_parameter", "return_address")}
    return {**values, "panel": panel.kind.value, "kept": ", ".join(panel.kept)}


def _of_filling(filling: Filling | None) -> dict[str, object]:
    if filling is None:
        return {"fills": False, "like_batch": None, "keep_free": 5, "most_tokens": None}
    return {"fills": True, **filling.model_dump()}


def _of_question(number: int, question: Question) -> dict[str, object]:
    values: dict[str, object] = {f"q{number}_{language}": text for language, text in question.texts.items()}
    for place, answer in enumerate(question.answers):
        key = f"q{number}_a{place}"
        values |= {f"{key}_{language}": text for language, text in answer.texts.items()}
        values |= {f"{key}_in": answer.lets_in, f"{key}_quota": answer.quota}
    return values


def settings_in(values: Values, places: tuple[int, ...]) -> dict[str, object]:
    """What a form stands for, as DoorSettings takes it, valid or not.

    places: how many places for answers each question has.
    """
    languages = languages_in(values)
    zone = str(values.get("zone") or "UTC")
    return {
        **{name: values.get(name) for name in PLAIN},
        "texts": {language: _texts(values, language, is_first=place == 0) for place, language in enumerate(languages)},
        "batch_id": values.get("rooms") or None,
        "zone": zone,
        "opens": _moment(values, "opens", zone, MORNING),
        "closes": _moment(values, "closes", zone, EVENING),
        "hours": _hours(values) if values.get("has_hours") else None,
        "questions": [question for _place, question in questions_in(values, places)],
        "panel": _panel(values),
        "filling": _filling(values) if values.get("fills") else None,
    }


def languages_in(values: Values) -> list[str]:
    """The languages that are chosen; the first one is for all other visitors."""
    found = values.get("languages")
    return [str(each) for each in found] if isinstance(found, list) else []


def questions_in(values: Values, places: tuple[int, ...]) -> list[tuple[int, dict[str, object]]]:
    """The questions that have a text, each with its number in the form; answers without a text are left out."""
    languages = languages_in(values)
    found: list[tuple[int, dict[str, object]]] = []
    for number, count in enumerate(places):
        texts = _said(values, f"q{number}", languages)
        if not any(texts.values()):
            continue
        answers = [_answer(values, key, languages) for key, _place in answers_in(values, number, count)]
        found.append((number, {"texts": texts, "answers": answers}))
    return found


def answers_in(values: Values, number: int, count: int) -> list[tuple[str, int]]:
    """The answers of a question that have a text: the beginning of their fields' names, and their places."""
    keys = [(f"q{number}_a{place}", place) for place in range(count)]
    return [(key, place) for key, place in keys if any(_said(values, key, languages_in(values)).values())]


def _answer(values: Values, key: str, languages: list[str]) -> dict[str, object]:
    lets_in = bool(values.get(f"{key}_in", True))
    quota = values.get(f"{key}_quota") if lets_in else None
    return {"texts": _said(values, key, languages), "lets_in": lets_in, "quota": quota}


def _said(values: Values, key: str, languages: list[str]) -> dict[str, str]:
    """A text in each language; where one is not translated, as it is in the first language."""
    texts = {language: _line(values, f"{key}_{language}") for language in languages}
    first = next((text for text in texts.values() if text), "")
    return {language: text or first for language, text in texts.items()}


def _texts(values: Values, language: str, *, is_first: bool) -> dict[str, str]:
    name = _line(values, "name")
    own = name if is_first else _line(values, f"name_{language}") or name
    return {"name": own, **{what: str(values.get(f"{what}_{language}") or "").strip() for what in TEXTS}}


def _line(values: Values, name: str) -> str:
    """A text of one line, without spaces around it."""
    return " ".join(str(values.get(name) or "").split())


def _moment(values: Values, name: str, zone: str, clock: time) -> datetime | None:
    day, at = values.get(f"{name}_day"), values.get(f"{name}_at")
    if not isinstance(day, date):
        return None
    return moment_of(day, at if isinstance(at, time) else clock, ZoneInfo(zone))


def _hours(values: Values) -> dict[str, object]:
    days = values.get("days")
    return {
        "days": sorted(days) if isinstance(days, list) else [],
        "since": values.get("since"),
        "until": values.get("until"),
    }


def _panel(values: Values) -> dict[str, object] | None:
    codes = {name: _line(values, name) for name in CODES}
    match values.get("panel"):
        case PanelKind.PROLIFIC:
            address = {"id_parameter": PROLIFIC_ID, "return_address": PROLIFIC_RETURN}
            return {"kind": PanelKind.PROLIFIC, "kept": (PROLIFIC_STUDY, PROLIFIC_SESSION), **address, **codes}
        case PanelKind.OTHER:
            address = {name: _line(values, name) for name in ("id_parameter", "return_address")}
            kept = tuple(_line(values, "kept").replace(",", " ").split())
            return {"kind": PanelKind.OTHER, "kept": kept, **address, **codes}
    return None


def _filling(values: Values) -> dict[str, object]:
    return {name: values.get(name) for name in ("like_batch", "keep_free", "most_tokens")}
