"""Whether a visitor fits: answers that let no one in, and quotas that are reached."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select

from services.journal.door.doors import answered
from services.journal.door.records import Door, DoorSettings, VisitState
from services.journal.door_tables import door_answers

Counts = Mapping[tuple[int, int], int]
"""How many visitors with a room gave each answer, by the places of question and answer."""


def fitting(db: Connection, door: Door, answers: Sequence[int]) -> VisitState:
    """Whether a visitor with these answers may take part."""
    for question, place in zip(door.settings.questions, answers, strict=True):
        if not question.answers[place].lets_in:
            return VisitState.SCREENED_OUT
    full = is_full(door.settings, enumerate(answers), answered(db, door.id))
    return VisitState.QUOTA_FULL if full else VisitState.ENTERED


def is_full(settings: DoorSettings, answers: Iterable[tuple[int, int]], counts: Counts) -> bool:
    """Whether a quota of one of these answers is reached. Answers to questions that are asked no more count nothing."""
    for question, place in answers:
        if question < len(settings.questions) and place < len(settings.questions[question].answers):
            quota = settings.questions[question].answers[place].quota
            if quota is not None and counts.get((question, place), 0) >= quota:
                return True
    return False


def answers_of(db: Connection, visit_id: int) -> list[tuple[int, int]]:
    found = select(door_answers.c.question, door_answers.c.answer).where(door_answers.c.visit_id == visit_id)
    return [(question, answer) for question, answer in db.execute(found)]
