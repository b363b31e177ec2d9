"""Invitations: what a template says, with each person's own link, and never more than was meant."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.export.default_messages import DEFAULTS
from services.export.messages import (
    FIELDS,
    LONGEST_MAILTO,
    Invitation,
    LeftOut,
    Template,
    TemplateError,
    invitations,
    invitations_csv,
    invitations_text,
    message,
    subject,
)
from services.journal.records import RoomRecord
from services.participants import Participant
from services.rooms.entry import Entry
from services.texts.speech import speaking
from tests.entries import BERLIN, GUARDED, HOSTILE, entry

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ANNA = Participant(label="Anna", email="anna@example.org")
ALL = Template("{label}: {project}", "{label}|{link}|{minutes}|{expires}|{topics}|{project}")


def invited(*entries: Entry, template: Template = ALL) -> list[Invitation]:
    made, left_out = invitations(template, entries, BERLIN, NOW)
    assert not left_out
    return made


def left_out(one: Entry, template: Template = ALL) -> str:
    made, (left,) = invitations(template, [one], BERLIN, NOW)
    assert not made and isinstance(left, LeftOut) and left.entry is one
    return left.why


def to(email: str = "anna@example.org", text: str = "{link}", subject: str = "Interview") -> Invitation:
    (one,) = invited(entry(person=Participant(label="Anna", email=email)), template=Template(subject, text))
    return one


def test_every_field_is_filled() -> None:
    one = entry(person=ANNA, topics_for_respondent="Coffee\nTea")
    assert message(ALL, one, BERLIN) == (
        "Anna|https://app.aseed.ai/interview/SECRET1|30|2026-11-30 22:13 (Europe/Berlin)|Coffee\nTea|Coffee"
    )
    assert subject(ALL, one, BERLIN) == "Anna: Coffee"


@pytest.mark.parametrize("label", ["{link}", "{{label}}", "{label.__class__}", "%s", "{", "}", "\\1"])
def test_inserted_text_is_not_a_template(label: str) -> None:
    template = Template("{label}", "{label} {link}")
    assert message(template, entry(display_name=label), BERLIN) == f"{label} https://app.aseed.ai/interview/SECRET1"
    assert subject(template, entry(display_name=label), BERLIN) == label


def test_two_braces_are_one() -> None:
    assert message(Template("", "{{label}} {{{minutes}}} {link}"), entry(), BERLIN).startswith("{label} {30} https")


@pytest.mark.parametrize(
    "field",
    [
        "{name}",
        "{email}",
        "{}",
        "{0}",
        "{ label }",
        "{Label}",
        "{label.email}",
        "{label.__class__}",
        "{label[0]}",
        "{label!r}",
        "{label:>10}",
        "{label:}",
        "{access_token}",
    ],
)
def test_unknown_field_is_refused_with_known_ones(field: str) -> None:
    for texts in (("", f"{{link}} {field}"), (field, "{link}")):
        with pytest.raises(TemplateError) as error:
            Template(*texts)
        assert f"{field} is no field" in str(error.value)
        assert all(f"{{{name}}}" in str(error.value) for name in FIELDS)


@pytest.mark.parametrize("text", ["{link", "link}", "{link}}", "{{link}", "{link} }{", "{a{link}}", "{link} {"])
def test_a_brace_that_stands_alone_is_refused(text: str) -> None:
    with pytest.raises(TemplateError, match="alone"):
        Template("", text)


@given(
    st.lists(st.sampled_from(["{", "}", "{{", "}}", "{label}", "{minutes}", "label", "!r", ":>9", ".", " "])).map(
        "".join
    )
)
def test_braces_mean_what_python_means(text: str) -> None:
    body = text + "{link}"
    try:
        template = Template("", body)
    except TemplateError:
        return
    one = entry(person=ANNA)
    assert message(template, one, BERLIN) == body.format(label="Anna", minutes=30, link=one.link.text)


def test_a_message_without_the_link_is_refused() -> None:
    with pytest.raises(TemplateError, match=r"no \{link\}"):
        Template("Hello", "Hello {{link}}")


def test_link_in_the_subject_is_refused() -> None:
    with pytest.raises(TemplateError, match="subject"):
        Template("{link}", "{link}")


def test_subject_is_one_line() -> None:
    one = entry(display_name="Anna\r\nBcc: everybody@example.org")
    assert subject(Template("For\n{label}", "{link}"), one, BERLIN) == "For Anna Bcc: everybody@example.org"


@pytest.mark.parametrize("language", DEFAULTS)
def test_default_templates_say_what_to_do(language: str) -> None:
    (one,) = invited(entry(), template=DEFAULTS[language])
    for needed in (one.entry.link.text, "Safari", "Chrome", "30", "2026-11-30 22:13 (Europe/Berlin)", "Coffee"):
        assert needed in one.text
    assert "икрофон" in one.text or "microphone" in one.text
    assert one.subject.endswith(": Coffee")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"status": "active"}, "its link has been used"),
        ({"status": "completed"}, "its link has been used"),
        ({"status": "expired"}, "its link has run out"),
        ({"status": "cancelled"}, "it was cancelled"),
        ({"status": "on hold"}, "its status is on hold"),
        ({"expires_at": NOW}, "its link has run out"),
        ({"expires_at": NOW - timedelta(seconds=1)}, "its link has run out"),
    ],
)
def test_only_a_joinable_room_gets_a_message(changes: dict[str, Any], why: str) -> None:
    assert left_out(entry(person=ANNA, **changes)) == why


def test_link_gets_a_message_to_its_end() -> None:
    template = Template("Interview", "{link}")
    assert invited(entry(expires_at=NOW + timedelta(seconds=1)), entry(expires_at=None), template=template)


def test_replaced_room_gets_no_message() -> None:
    replaced = replace(entry(person=ANNA), known=RoomRecord("a", replaced_by="b"))
    assert left_out(replaced) == "another room has replaced it"


def test_message_names_the_offset_of_doubled_times() -> None:
    template = Template("Interview", "{link} {expires}")
    hours = [datetime(2027, 10, 31, hour, 30, tzinfo=UTC) for hour in (0, 1, 2)]
    made = invited(*(entry(expires_at=moment) for moment in hours), template=template)
    assert [one.text.split(" ", 1)[1] for one in made] == [
        "2027-10-31 02:30 UTC+2 (Europe/Berlin)",
        "2027-10-31 02:30 UTC+1 (Europe/Berlin)",
        "2027-10-31 03:30 (Europe/Berlin)",
    ]
    rows = csv.DictReader(io.StringIO(invitations_csv(made, BERLIN).decode("utf-8-sig"), newline=""))
    assert [row["expires_at_local"][10:] for row in rows] == [" 02:30 UTC+2", " 02:30 UTC+1", " 03:30"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://evil.example/x", ""])
def test_improper_link_gets_no_message(url: str) -> None:
    assert "proper link" in left_out(entry(person=ANNA, url=url))


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (entry(topics_for_respondent="x"), "label"),
        (entry(person=ANNA, topics_for_respondent="x", expires_at=None), "no end"),
        (entry(person=ANNA, topics_for_respondent=" \n"), "topics"),
        (entry(person=ANNA, topics_for_respondent="x", project=""), "project"),
    ],
)
def test_no_message_leaves_with_a_hole_in_it(one: Entry, why: str) -> None:
    assert why in left_out(one)
    assert invited(one, template=Template("Interview", "{link} {minutes}"))


def test_mail_merge_holds_subject_and_message() -> None:
    template = Template("For {label}", "Hello {label},\nhere: {link}")
    file = invitations_csv(invited(entry(person=ANNA), template=template), BERLIN).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(file, newline=""))
    assert row == {
        "label": "Anna",
        "email": "anna@example.org",
        "link": "https://app.aseed.ai/interview/SECRET1",
        "expires_at_local": "2026-11-30 22:13",
        "subject": "For Anna",
        "message": "Hello Anna,\nhere: https://app.aseed.ai/interview/SECRET1",
    }


@pytest.mark.parametrize(("text", "cell"), list(zip(HOSTILE, GUARDED, strict=True)))
def test_mail_merge_holds_no_formula(text: str, cell: str) -> None:
    template = Template("{project}", "{label} {link}")
    made = invited(entry(person=Participant(label=text, email=text), project=text), template=template)
    (row,) = csv.DictReader(io.StringIO(invitations_csv(made, BERLIN).decode("utf-8-sig"), newline=""))
    assert row["label"] == row["email"] == cell and row["message"].startswith(cell)
    assert row["subject"].startswith("'")


def test_name_in_a_message_runs_nowhere() -> None:
    template = Template("For you, {label}", "Bring:\n- a pen\n{label}\n{link}")
    made = invited(entry(person=Participant(label="=1+1;=2")), template=template)
    (row,) = csv.DictReader(io.StringIO(invitations_csv(made, BERLIN).decode("utf-8-sig"), newline=""))
    assert row["subject"] == "For you, '=1+1;'=2"
    assert row["message"].startswith("Bring:\n- a pen\n'=1+1;'=2\nhttps://")
    assert made[0].text.startswith("Bring:\n- a pen\n=1+1;=2\n")


def test_mailto_keeps_every_character() -> None:
    one = to("anna+x&cc=eve?y@example.org", "Hello, 100 %\n& thanks = #1?\r\n{link}\nÄ", "A & B? 50 %")
    assert one.mailto.startswith("mailto:anna%2Bx%26cc%3Deve%3Fy@example.org?subject=A%20%26%20B%3F%2050%20%25&body=")
    assert "%0D%0A" in one.mailto and "+" not in one.mailto
    asked = parse_qs(urlsplit(one.mailto).query, strict_parsing=True)
    assert asked.keys() == {"subject", "body"}
    assert asked["body"] == [f"Hello, 100 %\r\n& thanks = #1?\r\n{one.entry.link.text}\r\nÄ"]


@pytest.mark.parametrize(
    "email",
    [
        "",
        "anna",
        "anna@",
        "@example.org",
        "a@b",
        "a@x.org,b@x.org",
        "a@x.org;b@x.org",
        "Anna <a@x.org>",
        "a b@x.org",
        "a@x.org\r\nBcc: b@x.org",
        "a..b@x.org",
        ".a@x.org",
        f"{'a' * 64}@{'x' * 250}.org",
    ],
)
def test_mailto_needs_one_plain_address(email: str) -> None:
    assert to(email).mailto == "" and not to(email).mailto_is_too_long


def test_long_mailto_is_told() -> None:
    short = to(text="{link}")
    room = LONGEST_MAILTO - len(short.mailto)
    fits, cut = to(text="{link}" + "x" * room), to(text="{link}" + "x" * (room + 1))
    assert len(fits.mailto) == LONGEST_MAILTO and not fits.mailto_is_too_long
    assert cut.mailto_is_too_long


def test_text_file_holds_every_message() -> None:
    made = invited(entry(1, ANNA), entry(2), template=Template("Interview", "Hello\n{link}\n"))
    assert invitations_text(made).decode() == (
        "=== Anna anna@example.org ===\n\nInterview\n\nHello\nhttps://app.aseed.ai/interview/SECRET1\n"
        "\n\n=== Room 2 ===\n\nInterview\n\nHello\nhttps://app.aseed.ai/interview/SECRET2\n"
    )


def test_mistakes_are_told_in_the_language_spoken() -> None:
    with speaking("ru"):
        assert left_out(entry(status="on_hold")) == "её статус: on_hold"
        with pytest.raises(TemplateError, match=r"Вставьте {link} туда"):
            Template("Subject", "No link")
        with pytest.raises(TemplateError, match=r"^Знак { стоит один\. Поля пишутся так: {link}; .* напишите {{\.$"):
            Template("Subject", "{link} {")
