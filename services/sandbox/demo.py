"""The demonstration data of a new sandbox account: the projects and rooms of a researcher in the middle of a study."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.aseed.models import CANCELLED, CLOSED, COMPLETED, EXPIRED, PENDING
from services.sandbox.database import Row, as_text, new_room_keys, time_ordered_id
from services.sandbox.rules import PRICE


@dataclass(frozen=True)
class DemoRoom:
    status: str
    age_days: int
    display_name: str | None = None
    respondent_email: str | None = None
    max_duration_minutes: int = 30
    minutes_used: int = 0
    voice: str | None = None
    realtime_provider: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class DemoProject:
    name: str
    description: str
    status: str
    age_days: int
    research_goals: str | None = None
    interview_guide: str | None = None
    rooms: tuple[DemoRoom, ...] = ()


PROJECTS = (
    DemoProject(
        name="Morning coffee routines",
        description="How people in cities decide where their first coffee of the day comes from.",
        status="Opened",
        age_days=21,
        research_goals="Understand what makes people buy the first coffee of the day rather than make it.",
        interview_guide="1. Tell me about this morning. 2. When did your routine last change? 3. What would you miss?",
        rooms=(
            DemoRoom(COMPLETED, 6, "Anna, pilot", "anna@example.com", 30, 24, "marin", "openai", "English"),
            DemoRoom(COMPLETED, 6, "Ben, pilot", "ben@example.com", 30, 4, "marin", "openai", "English"),
            DemoRoom(EXPIRED, 12, "Clara, pilot", None, 30, 0, "cedar", "openai", "English"),
            DemoRoom(CANCELLED, 5, None, None, 45, 0, "cedar", "openai"),
            DemoRoom(PENDING, 2, "Dora", None, 30, 0, "marin", "openai", "English"),
        ),
    ),
    DemoProject(
        name="Выбор мобильного оператора",
        description="Почему люди меняют оператора и что их удерживает.",
        status="Opened",
        age_days=9,
        research_goals="Понять, какие события запускают смену оператора и какие страхи её останавливают.",
        interview_guide="1. Расскажите о вашем операторе. 2. Когда вы думали его сменить? 3. Что вас остановило?",
        rooms=(DemoRoom(COMPLETED, 3, "Мария", "maria@example.com", 45, 38, "cedar", "gemini", "Russian"),),
    ),
    DemoProject(
        name="Clinic waiting rooms",
        description="What patients notice while they wait.",
        status="New",
        age_days=2,
        research_goals="Learn what makes waiting feel longer or shorter than it is.",
    ),
    DemoProject(
        name="Concept test, spring packaging",
        description="Two designs, twelve interviews. Finished.",
        status=CLOSED,
        age_days=70,
        research_goals="Find out which of the two designs is understood without help.",
        interview_guide="1. What is this? 2. Who is it for? 3. What would you do with it first?",
    ),
)


def rows(now: datetime) -> tuple[list[Row], list[Row]]:
    """The rows of PROJECTS, and the rows of their rooms in the order in which they would have been created.

    The rows still lack their account.
    """
    projects: list[Row] = []
    rooms: list[tuple[int, Row]] = []
    for project in PROJECTS:
        row = _project_row(project, now)
        projects.append(row)
        rooms += [(room.age_days, {"project_id": row["id"], **_room_row(room, now)}) for room in project.rooms]
    return projects, [row for _, row in sorted(rooms, key=lambda aged: aged[0], reverse=True)]


def _project_row(project: DemoProject, now: datetime) -> Row:
    return {
        "id": time_ordered_id(),
        "name": project.name,
        "description": project.description,
        "status": project.status,
        "created_at": as_text(now - timedelta(days=project.age_days)),
        "research_goals": project.research_goals,
        "interview_guide": project.interview_guide,
    }


def _room_row(room: DemoRoom, now: datetime) -> Row:
    created = now - timedelta(days=room.age_days)
    started = created + timedelta(hours=3) if room.status == COMPLETED else None
    finished = started + timedelta(minutes=room.minutes_used) if started else None
    return {
        **new_room_keys(),
        "status": room.status,
        "created_at": as_text(created),
        "expires_at": as_text(created + timedelta(days=7)),
        "started_at": started and as_text(started),
        "finished_at": finished and as_text(finished),
        "record_id": time_ordered_id() if started else None,
        "respondent_email": room.respondent_email,
        "max_duration_minutes": room.max_duration_minutes,
        "voice": room.voice,
        "realtime_provider": room.realtime_provider,
        "language": room.language,
        "display_name": room.display_name,
        "tokens": PRICE.tokens_for(room.max_duration_minutes),
    }
