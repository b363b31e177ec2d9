"""The demonstration data of a new sandbox account: a researcher's project list in the middle of a study."""

from dataclasses import dataclass

from services.aseed.models import CANCELLED, CLOSED, COMPLETED, EXPIRED, PENDING


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
