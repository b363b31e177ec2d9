"""A door's form stands for its settings: nothing is lost on the way there and back, and what is wrong has its field."""

from typing import Any

import pytest

from components.doors.problems import SECTIONS, checked, section_of
from components.doors.values import first_values, values_of
from services.journal.door.records import DoorSettings

QUESTIONS = [
    {
        "texts": {"en": "How old are you?", "ru": "Сколько вам лет?"},
        "answers": [
            {"texts": {"en": "Under 18", "ru": "До 18"}, "lets_in": False},
            {"texts": {"en": "18 or more", "ru": "18 и больше"}, "quota": 5},
        ],
    }
]

EVERYTHING: dict[str, Any] = {
    "texts": {
        "ru": {"name": "Библиотека", "welcome": "Привет", "consent": "Я согласен", "contact": "112"},
        "en": {"name": "Library", "consent": "I agree"},
    },
    "batch_id": 7,
    "zone": "Europe/Berlin",
    "opens": "2026-06-01T06:30:00Z",
    "closes": "2026-12-01T20:00:00Z",
    "hours": {"days": [0, 5], "since": "22:00", "until": "02:00"},
    "most": 40,
    "most_a_day": 9,
    "asks_pin": True,
    "asks_email": True,
    "one_a_device": False,
    "questions": QUESTIONS,
    "minutes_to_start": 7,
    "cut_off_minutes": 0,
    "replacements": 3,
    "panel": {
        "kind": "other",
        "id_parameter": "rid",
        "kept": ["wave", "src"],
        "return_address": "https://panel.example/end?c={code}",
        "done_code": "D",
        "screened_code": "S",
        "full_code": "F",
    },
    "filling": {"like_batch": 7, "keep_free": 3, "most_tokens": 500},
    "releases_tokens": True,
}

PROLIFIC = {
    "texts": {"en": {"name": "Library"}},
    "panel": {
        "kind": "prolific",
        "kept": ["STUDY_ID", "SESSION_ID"],
        "return_address": "https://app.prolific.com/submissions/complete?cc={code}",
        "done_code": "C1",
    },
}


def typed(**values: object) -> dict[str, object]:
    return {**first_values("en", "Europe/Berlin"), "name": "City library", **values}


@pytest.mark.parametrize("its", [EVERYTHING, PROLIFIC, {"texts": {"en": {"name": "Library"}}}])
def test_unchanged_form_keeps_every_setting(its: dict[str, Any]) -> None:
    settings = DoorSettings.model_validate(its)
    places = tuple(len(question.answers) for question in settings.questions)
    assert checked(values_of(settings), places) == (settings, {})


def test_name_is_all_that_a_door_needs() -> None:
    settings, problems = checked(typed(), ())
    assert not problems and settings is not None
    assert (settings.name, settings.zone, settings.one_a_device) == ("City library", "Europe/Berlin", True)


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"name": "  "}, "name", "Give the door a name"),
        ({"name": "x" * 81}, "name", "Not more than 80 characters."),
        ({"languages": []}, "languages", "Choose a language."),
        ({"most": 0}, "most", "Enter 1 or more."),
        ({"minutes_to_start": None}, "minutes_to_start", "Enter a number."),
        ({"replacements": 11}, "replacements", "Enter 10 or less."),
        ({"has_hours": True, "days": []}, "days", "Choose a day."),
        ({"has_hours": True, "since": None}, "since", "Enter a time."),
        ({"welcome_en": "x" * 4001}, "welcome_en", "Not more than 4,000 characters."),
        ({"fills": True, "like_batch": 1}, "most_tokens", "Enter a number."),
        ({"fills": True, "most_tokens": 9}, "like_batch", "Choose the batch"),
        ({"panel": "prolific"}, "done_code", "completion code from Prolific"),
        ({"panel": "other"}, "id_parameter", "by which parameter"),
        ({"panel": "other", "id_parameter": "r", "return_address": "javascript:1"}, "return_address", "https://"),
    ],
)
def test_wrong_value_is_told_beside_its_field(values: dict[str, object], field: str, said: str) -> None:
    settings, problems = checked(typed(**values), ())
    assert settings is None and said in problems[field]
    assert section_of(field) in {"first", *SECTIONS}


def test_door_that_closes_first_is_told() -> None:
    its = DoorSettings.model_validate(EVERYTHING)
    values = values_of(its) | {"closes_day": values_of(its)["opens_day"], "closes_at": None, "opens_at": None}
    values["opens_day"], values["closes_day"] = values_of(its)["closes_day"], values_of(its)["opens_day"]
    settings, problems = checked(values, (2,))
    assert settings is None and list(problems) == ["closes_day"]


def test_empty_questions_and_answers_are_left_out() -> None:
    values = typed(q1_en="How old?", q1_a0_en="Under 18", q1_a0_in=False, q1_a0_quota=3, q1_a2_en="Over")
    settings, problems = checked(values, (3, 3))
    assert settings is not None and not problems
    (question,) = settings.questions
    # Of those who may not take part there is no quota.
    assert [(answer.texts["en"], answer.lets_in, answer.quota) for answer in question.answers] == [
        ("Under 18", False, None),
        ("Over", True, None),
    ]


def test_problems_of_questions_find_their_own_fields() -> None:
    one = typed(q1_en="How old?", q1_a1_en="Under 18")
    assert list(checked(one, (3, 3))[1]) == ["q1_answers"]
    other = typed(q1_en="How old?", q1_a1_en="x" * 90, q1_a2_en="Over", q1_a2_quota=0)
    assert list(checked(other, (3, 3))[1]) == ["q1_a1_en", "q1_a2_quota"]


def test_missing_translation_is_the_first_language() -> None:
    values = typed(languages=["en", "ru"], q0_en="How old?", q0_a0_en="Under 18", q0_a1_en="Over", q0_a1_ru="Больше")
    settings, _problems = checked(values, (2,))
    assert settings is not None and settings.texts["ru"].name == "City library"
    assert [answer.texts["ru"] for answer in settings.questions[0].answers] == ["Under 18", "Больше"]
