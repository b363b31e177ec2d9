"""What is wanted becomes the fewest calls, and every room is wanted once."""

from hypothesis import given
from hypothesis import strategies as st

from services.aseed.models import InterviewConfigResponse, RoomSettings
from services.batches.plan import Order, plan
from services.participants import Participant

FORM = RoomSettings(language="English")
PRICE = InterviewConfigResponse(tokens_per_30_min=30)


def test_same_settings_share_calls_of_a_hundred() -> None:
    calls = Order(FORM, 250).calls
    assert [len(call.places) for call in calls] == [100, 100, 50]
    assert [place for call in calls for place in call.places] == list(range(1, 251))


def test_people_with_own_settings_keep_their_places() -> None:
    people = (
        Participant(label="A"),
        Participant(label="B", language="Russian"),
        Participant(label="C"),
        Participant(label="D", language="Russian"),
    )
    calls = Order(FORM, 4, people).calls
    assert [(call.settings.language, call.places) for call in calls] == [("English", (1, 3)), ("Russian", (2, 4))]


def test_own_settings_come_before_the_forms() -> None:
    own = Participant(
        label="A", language="Russian", max_duration_minutes=45, voice="cedar", topics_for_respondent="Tea"
    )
    (call,) = Order(FORM, 1, (own,)).calls
    assert call.settings == FORM.model_copy(
        update={"language": "Russian", "max_duration_minutes": 45, "voice": "cedar", "topics_for_respondent": "Tea"}
    )


def test_creation_sends_only_a_persons_settings() -> None:
    (call,) = Order(FORM, 1, (Participant(label="Anna", email="anna@example.org", external_id="P-007"),)).calls
    sent = call.settings.model_dump_json()
    assert not any(secret in sent for secret in ("Anna", "anna@example.org", "P-007"))


def test_the_estimate_follows_the_list() -> None:
    people = (Participant(label="A"), Participant(label="B", max_duration_minutes=60))
    assert Order(FORM, 2, people).tokens(PRICE) == 30 + 60
    assert Order(FORM, 2, people).own_settings == 1
    assert Order(FORM, 10_000).tokens(PRICE) == 300_000


@given(st.lists(st.sampled_from([None, "English", "Russian", "French"]), max_size=450))
def test_every_place_is_in_one_call(languages: list[str | None]) -> None:
    wanted = [FORM.model_copy(update={"language": language}) for language in languages]
    calls = plan(wanted)
    places = sorted(place for call in calls for place in call.places)
    assert places == list(range(1, len(wanted) + 1))
    assert all(1 <= len(call.places) <= 100 for call in calls)
    assert all(wanted[place - 1] == call.settings for call in calls for place in call.places)
    fewest = sum(-(-languages.count(language) // 100) for language in set(languages))
    assert len(calls) == fewest
