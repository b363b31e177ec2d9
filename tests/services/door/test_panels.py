"""What panels tell is taken in bounds, and the way back leads only where browsers go safely."""

import pytest

from services.door.panels import Sent, alias_of, query_of, sent_by, way_back
from services.journal.door.records import PROLIFIC_RETURN, DoorSettings, Panel, PanelKind

PROLIFIC = Panel(kind=PanelKind.PROLIFIC, kept=("STUDY_ID",), return_address=PROLIFIC_RETURN)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"PROLIFIC_PID": "5f3e", "STUDY_ID": "s", "OTHER": "o"}, Sent("5f3e", {"STUDY_ID": "s"})),
        ({"PROLIFIC_PID": " 5f3e "}, Sent("5f3e")),
        ({"PROLIFIC_PID": "x" * 101, "STUDY_ID": "a\nb"}, Sent()),
        ({}, Sent()),
    ],
)
def test_known_parameters_alone_are_taken(told: dict[str, str], expected: Sent) -> None:
    assert sent_by(PROLIFIC, told) == expected
    assert sent_by(None, told) == Sent()


def test_parameters_stay_in_the_address() -> None:
    assert query_of(PROLIFIC, Sent("a b", {"STUDY_ID": "&"})) == "PROLIFIC_PID=a+b&STUDY_ID=%26"
    assert query_of(None, Sent()) == ""


@pytest.mark.parametrize(
    ("address", "code", "panel_id", "expected"),
    [
        (PROLIFIC_RETURN, "C1", "", "https://app.prolific.com/submissions/complete?cc=C1"),
        (PROLIFIC_RETURN, "a&b=c", "", "https://app.prolific.com/submissions/complete?cc=a%26b%3Dc"),
        (PROLIFIC_RETURN, "", "5f", ""),
        ("https://panel.example/{id}/{code}", "{id}", "{code}", "https://panel.example/%7Bcode%7D/%7Bid%7D"),
        ("https://panel.example/?r={id}", "C1", "", ""),
        ("https://panel.example/", "C1", "", "https://panel.example/"),
        ("http://panel.example/", "C1", "", ""),
        ("http://127.0.0.1:8000/end", "C1", "", "http://127.0.0.1:8000/end"),
        ("javascript:alert(1)//{code}", "C1", "", ""),
        ("https:///nowhere", "C1", "", ""),
        ("https://panel.example/ x", "C1", "", ""),
        ("", "C1", "5f", ""),
    ],
)
def test_way_back_is_safe_and_whole(address: str, code: str, panel_id: str, expected: str) -> None:
    assert way_back(Panel(kind=PanelKind.OTHER, return_address=address), code, panel_id) == expected


def test_alias_is_an_address_of_prolific() -> None:
    settings = DoorSettings.model_validate({"texts": {"en": {"name": "Study"}}, "panel": PROLIFIC})
    assert alias_of(settings, "5f3e") == "5f3e@email.prolific.com"
    assert alias_of(settings, "a b@c") == ""
    assert alias_of(settings.model_copy(update={"panel": None}), "5f3e") == ""
