"""The contract with Aseed, once: the client sends and reads these models, the sandbox serves them.

Requests are strict: an impossible value is refused before it is sent. The bounds are checks that do not show
in the JSON schema, because the published schema does not state them either.
Responses are tolerant: unknown statuses, extra fields, and ids that are not UUIDs are kept as they came.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    EmailStr,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
)

from services.texts.speech import N_

MAX_ROOMS_PER_CALL = 100
"""The most rooms one call may ask for (the published prose: "max: 100")."""

MAX_DURATION_MINUTES = 24 * 60
"""The longest interview that can be asked for: a day. Our limit; the contract names none."""

MAX_EXPIRES_IN_DAYS = 3650
"""The longest life of a link that can be asked for: ten years. Our limit; the contract names none."""

MAX_LABEL_LENGTH = 42
"""The longest `display_name`, in Unicode code points (published as maxLength; the unit is our reading)."""

PENDING, ACTIVE, COMPLETED, EXPIRED, CANCELLED = "pending", "active", "completed", "expired", "cancelled"
"""The room statuses the contract names; any other string may come as well."""

CLOSED = "Closed"
"""The status of a project that takes no more interviews (the vendor: New, Opened, Closed)."""


def _between(low: int, high: int) -> AfterValidator:
    def check(value: int) -> int:
        if not low <= value <= high:
            raise ValueError(f"must be between {low} and {high}")
        return value

    return AfterValidator(check)


def _whole(value: object) -> object:
    """JSON has no integers: 30.0 counts as one."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _as_utc(moment: datetime) -> datetime:
    """A moment without a zone is UTC: the service's framework writes such moments."""
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is out of the calendar's range") from error


def _encodable(text: str) -> str:
    """JSON can name half a character, which nothing can store or send."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("holds half a character") from None
    return text


def _label_fits(label: str) -> str:
    if len(label) > MAX_LABEL_LENGTH:
        raise ValueError(f"must be at most {MAX_LABEL_LENGTH} characters")
    return label


_Whole = Annotated[StrictInt, BeforeValidator(_whole)]
Count = Annotated[_Whole, _between(1, MAX_ROOMS_PER_CALL)]
Minutes = Annotated[_Whole, _between(1, MAX_DURATION_MINUTES)]
Days = Annotated[_Whole, _between(1, MAX_EXPIRES_IN_DAYS)]
Text = Annotated[StrictStr, AfterValidator(_encodable)]
Moment = Annotated[datetime, AfterValidator(_as_utc)]
_PUBLISHED_LABEL: dict[str, Any] = {"anyOf": [{"type": "string", "maxLength": MAX_LABEL_LENGTH}, {"type": "null"}]}


class Request(BaseModel):
    """What we send."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


def _without_additional_properties(schema: dict[str, Any]) -> None:
    schema.pop("additionalProperties", None)


class Response(BaseModel):
    """What we are sent. Errors of validation never quote it: it may hold links."""

    model_config = ConfigDict(
        frozen=True,
        extra="allow",
        hide_input_in_errors=True,
        json_schema_extra=_without_additional_properties,
    )


class CreateProjectRequest(Request):
    name: Text
    description: Text | None = None
    research_goals: Text | None = None
    interview_guide: Text | None = None


class UpdateProjectRequest(Request):
    name: Text | None = None
    description: Text | None = None
    status: Text | None = None
    research_goals: Text | None = None
    interview_guide: Text | None = None


class ProjectResponse(Response):
    id: str
    name: str
    description: str | None
    status: str
    records_count: int
    total_reports_count: int
    created_at: Moment
    research_goals: str | None = None
    interview_guide: str | None = None
    owner_email: str | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """What the project still needs before its links can be used, in words: research goals, interview guide."""
        needs = {N_("research goals"): self.research_goals, N_("interview guide"): self.interview_guide}
        return tuple(name for name, text in needs.items() if not (text or "").strip())

    @property
    def is_ready(self) -> bool:
        """Whether interviews can be held, and nothing says that they are over."""
        return not self.missing and self.status != CLOSED


class InterviewConfigResponse(Response):
    """Public config for interview links (tokens per 30 min)."""

    tokens_per_30_min: int

    def tokens_for(self, minutes: int) -> int:
        """What a room of that many minutes costs, in tokens, rounded up (the rounding is our assumption)."""
        return -(-minutes * self.tokens_per_30_min // 30)


class _RoomFields(Request):
    max_duration_minutes: Minutes = 30
    expires_in_days: Days = 7
    voice: Text | None = None
    realtime_provider: Text | None = None
    language: Text | None = None
    topics_for_respondent: Text | None = None


class RoomSettings(_RoomFields):
    """What one room is like, whichever project it is of and however many are like it."""


class _CallFields(Request):
    project_id: UUID
    count: Count = 1


# In this order, so that the project comes first in what is sent.
class CreateRoomsRequest(_RoomFields, _CallFields):
    """Request model for creating interview rooms."""

    @classmethod
    def of(cls, project_id: str, count: int, settings: RoomSettings) -> Self:
        """One call for `count` rooms that are all like the settings. Raises ValueError for an id that is no UUID."""
        return cls(project_id=UUID(project_id), count=count, **dict(settings))


class InterviewRoomResponse(Response):
    """Response model for interview room details."""

    id: str
    project_id: str
    record_id: str | None = None
    access_token: str
    url: str
    room_name: str
    respondent_email: str | None = None
    max_duration_minutes: int
    research_goals_override: str | None = None
    interview_guide_override: str | None = None
    status: str
    created_at: Moment
    started_at: Moment | None = None
    finished_at: Moment | None = None
    expires_at: Moment | None = None
    created_by: str
    voice: str | None = None
    realtime_provider: str | None = None
    language: str | None = None
    topics_for_respondent: str | None = None
    # Published with a length, which a label that came all the same need not keep to.
    display_name: str | None = Field(default=None, json_schema_extra=_PUBLISHED_LABEL)

    def without_person(self) -> "InterviewRoomResponse":
        """The room without its label, without who joined it, and without fields that the contract does not name."""
        told = {name: getattr(self, name) for name in InterviewRoomResponse.model_fields}
        return InterviewRoomResponse.model_construct(**{**told, "display_name": None, "respondent_email": None})

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """A room is shown in logs and tracebacks without its link and without who joined it."""
        yield from (("id", self.id), ("status", self.status))


class CreateRoomsResponse(Response):
    """Response model for room creation."""

    rooms: list[InterviewRoomResponse]


class UpdateRoomRequest(Request):
    """Request model for updating an interview room."""

    research_goals_override: Text | None = None
    interview_guide_override: Text | None = None
    topics_for_respondent: Text | None = None
    max_duration_minutes: Minutes | None = None
    expires_at: Moment | None = None
    clear_research_goals_override: StrictBool = False
    clear_interview_guide_override: StrictBool = False
    clear_topics_for_respondent: StrictBool = False
    display_name: Annotated[Text, AfterValidator(_label_fits)] | None = Field(
        default=None, json_schema_extra=_PUBLISHED_LABEL
    )
    clear_display_name: StrictBool = False


class RoomInfoResponse(Response):
    """Response model for public room information."""

    room_name: str
    max_duration_minutes: int
    status: str
    project_name: str | None = None
    expires_at: Moment | None = None
    language: str | None = None
    topics_for_respondent: str | None = None


class JoinRoomRequest(Request):
    """Request model for joining an interview room."""

    email: EmailStr


class JoinRoomResponse(Response):
    """Response model for joining an interview room."""

    token: str = Field(repr=False)
    url: str = Field(repr=False)
    room_name: str
    max_duration_minutes: int
