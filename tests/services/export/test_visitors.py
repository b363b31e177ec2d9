"""The file of a door's visitors: who agreed to what and answered what, and no cell comes alive."""

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.export.delimited import Delimiter
from services.export.visitors import Visitors, visitors_csv
from services.journal.door.records import Door, Visit, VisitState
from services.journal.records import RoomRecord
from services.participants import Participant
from tests.entries import GUARDED, HOSTILE
from tests.office import rows_read
from tests.services.journal.desks import PROJECT, SERVICE
from tests.services.journal.door.visitors import settings

AT, BEFORE = datetime(2026, 6, 1, 12, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
VISIT = Visit(7, 1, "key", "device", "person", "P7", {}, "en", 1, VisitState.DONE, AT, AT, "CODE", "room-1")
AGES = [
    {
        "texts": {"en": "How old are you?", "ru": "Сколько вам лет?"},
        "answers": [{"texts": {"en": "Under 18"}, "lets_in": False}, {"texts": {"en": "18 or more"}}],
    }
]


def visitors(*visits: Visit, answers: Mapping[int, Mapping[int, int]] | None = None, **how: object) -> Visitors:
    its = settings(**how)
    door = Door(1, "code", "secret", SERVICE, "account", PROJECT, its, 2, BEFORE)
    known = {"room-1": RoomRecord("room-1", participant=Participant(external_id="P1", email="p1@example.org"))}
    texts = {1: {"en": {"consent": " "}}, 2: {"en": {"consent": "I agree."}, "ru": {"consent": ""}}}
    return Visitors(door, visits, known, answers or {}, texts, {1: BEFORE, 2: AT})


def rows(found: Visitors, delimiter: Delimiter = Delimiter.COMMA, *, room_ids: bool = False) -> list[dict[str, str]]:
    file = visitors_csv(found, delimiter, room_ids=room_ids).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(file, newline=""), delimiter=delimiter))


@pytest.mark.parametrize("delimiter", Delimiter)
def test_visitor_has_a_row_with_everything(delimiter: Delimiter) -> None:
    visit = replace(VISIT, version=2, parameters={"SESSION_ID": "s;1"})
    (row,) = rows(visitors(visit, answers={7: {0: 1}}, questions=AGES), delimiter, room_ids=True)
    assert row == {
        "visitor": "7",
        "state": "done",
        "entered_at": "2026-06-01T12:00:00Z",
        "room_id": "room-1",
        "panel_id": "P1",
        "language": "en",
        "consent_version": "2",
        "consent_version_at": "2026-06-01T12:00:00Z",
        "consented_at": "2026-06-01T12:00:00Z",
        "parameter_SESSION_ID": "s;1",
        "question_1": "How old are you?",
        "answer_1": "18 or more",
        "completion_code": "CODE",
    }


def test_every_state_is_told_in_words() -> None:
    found = rows(visitors(*(replace(VISIT, state=state) for state in VisitState)))
    assert [row["state"] for row in found] == [state.replace("_", " ") for state in VisitState]


def test_room_ids_are_told_where_asked_for() -> None:
    (row,) = rows(visitors(VISIT))
    assert "room_id" not in row and "room-1" not in row.values()


@pytest.mark.parametrize(("language", "version", "consented"), [("en", 2, True), ("ru", 2, False), ("en", 1, False)])
def test_consent_is_where_something_was_agreed(language: str, version: int, consented: bool) -> None:
    (row,) = rows(visitors(replace(VISIT, language=language, version=version)))
    assert (row["consent_version"], bool(row["consented_at"])) == (str(version), consented)


def test_panel_id_is_that_of_the_room() -> None:
    waits = replace(VISIT, state=VisitState.ENTERED, room_id=None)
    other = replace(VISIT, room_id="room-2")
    found = visitors(VISIT, waits, other)
    assert [row["panel_id"] for row in rows(found)] == ["P1", "", ""]
    gone = RoomRecord("room-1", participant=Participant(external_id="P1"), is_withdrawn=True)
    assert [row["panel_id"] for row in rows(replace(found, known={"room-1": gone}))] == ["", "", ""]


def test_answer_that_is_asked_no_more_stays() -> None:
    others = [replace(VISIT, id=8), replace(VISIT, id=9)]
    found = visitors(VISIT, *others, answers={7: {0: 0, 1: 4}, 8: {0: 5}}, questions=AGES)
    told = [[row[name] for name in ("question_1", "answer_1", "question_2", "answer_2")] for row in rows(found)]
    asked = "How old are you?"
    assert told == [[asked, "Under 18", "2", "5"], [asked, "6", "", ""], ["", "", "", ""]]


def test_code_is_the_one_that_was_given() -> None:
    states = (VisitState.DONE, VisitState.SCREENED_OUT, VisitState.QUOTA_FULL, VisitState.CUT_OFF)
    visits = [replace(VISIT, state=state) for state in states]
    panel = {"kind": "prolific", "done_code": "D", "screened_code": "S", "full_code": "F"}
    assert [row["completion_code"] for row in rows(visitors(*visits, panel=panel))] == ["D", "S", "F", ""]
    assert [row["completion_code"] for row in rows(visitors(*visits))] == ["CODE", "", "", ""]


def test_door_without_visitors_gives_names_alone() -> None:
    assert rows(visitors()) == []
    assert visitors_csv(visitors()).decode("utf-8-sig").startswith("visitor,state,")


def test_libreoffice_runs_nothing_of_visitors(tmp_path: Path) -> None:
    visits = [replace(VISIT, id=place, room_id=text, code=text) for place, text in enumerate(HOSTILE)]
    visits = [replace(visit, parameters={"x": visit.code, "a,=1+1": "1", '"\n=1': "1"}) for visit in visits]
    answers = [{"texts": {"en": text}} for text in HOSTILE]
    found = visitors(
        *visits,
        answers={visit.id: {0: visit.id} for visit in visits},
        questions=[{"texts": {"en": "=1+1"}, "answers": answers}],
    )
    known = {text: RoomRecord(text, participant=Participant(external_id=text)) for text in HOSTILE}
    file = tmp_path / "visitors.csv"
    file.write_bytes(visitors_csv(replace(found, known=known), room_ids=True))
    header, *read = rows_read(file, "CSV:44,34,76,1")
    names = [cell.text for cell in header]
    for name in ("room_id", "panel_id", "parameter_x", "answer_1", "completion_code"):
        assert [row[names.index(name)].text for row in read] == [text.replace("\r", "\n") for text in GUARDED]
    assert not [cell for row in (header, *read) for cell in row if cell.formula or cell.kind == "error"]
