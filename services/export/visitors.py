"""A door's visitors as CSV, for the researcher: what they agreed to and answered, and what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from services.door.panels import code_of
from services.export.delimited import Delimiter, csv_file, utc_cell
from services.journal.door.records import Answer, Door, Question, Visit
from services.journal.records import RoomRecord
from services.people.acting import needs
from services.people.roles import Right
from services.trust import as_cell, as_cells


@dataclass(frozen=True)
class Visitors:
    """What the file is made of.

    visits: all of the door, in their order. known: what the journal knows of rooms, by their ids.
    answers: of each visit, the place of the answer by that of its question.
    texts: by language, by version. versions: since when each was read.
    """

    door: Door
    visits: Sequence[Visit]
    known: Mapping[str, RoomRecord] = field(repr=False)
    answers: Mapping[int, Mapping[int, int]]
    texts: Mapping[int, Mapping[str, Mapping[str, str]]]
    versions: Mapping[int, datetime]


@needs(Right.CHANGE)
def visitors_csv(found: Visitors, delimiter: Delimiter = Delimiter.COMMA, *, room_ids: bool = False) -> bytes:
    """The visitors in the order in which they came, as CSV.

    The id of the panel is that of the room: it is not told of a visitor without one, so that a file is found by its
    rooms when a person withdraws. `consented_at` is empty where nothing was to be agreed to. Questions and answers are
    those of the door as it is set up now, in its first language; in place of one that is asked no more stands its
    number. `completion_code` is the code that the visitor was given.

    room_ids: whether the ids of rooms are among the columns; by them anybody learns of the interview.
    """
    visits = found.visits
    ids = {"room_id": as_cells([visit.room_id or "" for visit in visits])} if room_ids else {}
    columns = {
        "visitor": [str(visit.id) for visit in visits],
        "state": [visit.state.replace("_", " ") for visit in visits],
        "entered_at": [utc_cell(visit.entered) for visit in visits],
        **ids,
        "panel_id": as_cells([_panel_id(found, visit) for visit in visits]),
        "language": as_cells([visit.language for visit in visits]),
        "consent_version": [str(visit.version) for visit in visits],
        "consent_version_at": [utc_cell(found.versions.get(visit.version)) for visit in visits],
        "consented_at": [utc_cell(visit.entered if _agreed(found, visit) else None) for visit in visits],
        **_parameters(visits),
        **_answers(found),
        "completion_code": as_cells([code_of(found.door.settings, visit) for visit in visits]),
    }
    return csv_file(columns, delimiter)


def _panel_id(found: Visitors, visit: Visit) -> str:
    its = found.known.get(visit.room_id) if visit.room_id else None
    if its is None or its.participant is None or its.is_withdrawn:
        return ""
    return its.participant.external_id


def _agreed(found: Visitors, visit: Visit) -> bool:
    """Whether there was anything to agree to in the version that the visitor read: none comes in without it."""
    texts = found.texts.get(visit.version, {})
    its = texts.get(visit.language) or next(iter(texts.values()), {})
    return bool(its.get("consent", "").strip())


def _parameters(visits: Sequence[Visit]) -> dict[str, Sequence[str]]:
    """A column for each further parameter of the address that was ever written down."""
    names = dict.fromkeys(name for visit in visits for name in visit.parameters)
    # People name them in the door's form: the name of a column is a cell, too.
    return {as_cell(f"parameter_{name}"): as_cells([its.parameters.get(name, "") for its in visits]) for name in names}


def _answers(found: Visitors) -> dict[str, Sequence[str]]:
    """Two columns for each question: the question, where the visitor has answered it, and the answer."""
    asked = found.door.settings.questions
    count = max([len(asked), *(place + 1 for its in found.answers.values() for place in its)])
    columns: dict[str, Sequence[str]] = {}
    for place in range(count):
        question = asked[place] if place < len(asked) else None
        given = [found.answers.get(visit.id, {}).get(place) for visit in found.visits]
        name, words = f"{place + 1}", question and _first(question)
        columns[f"question_{name}"] = as_cells([(words or name) if answer is not None else "" for answer in given])
        columns[f"answer_{name}"] = as_cells([_in_words(question, answer) for answer in given])
    return columns


def _in_words(question: Question | None, answer: int | None) -> str:
    if answer is None:
        return ""
    known = question is not None and answer < len(question.answers)
    return _first(question.answers[answer]) if question and known else str(answer + 1)


def _first(asked: Question | Answer) -> str:
    """A text in the door's first language."""
    return next(iter(asked.texts.values()), "")
