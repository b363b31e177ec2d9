"""What each tool exports is known by its columns, and what it means otherwise is left alone."""

import pytest

from services.roster.columns import ambiguous, recognise
from services.roster.sources import SOURCES, source_of

EXPORTS = {
    "Qualtrics": (
        "StartDate,Status,Duration (in seconds),ResponseId,RecipientLastName,RecipientFirstName,RecipientEmail,"
        "ExternalReference,UserLanguage,Q1",
        "RecipientFirstName,RecipientLastName,RecipientEmail,ExternalReference,UserLanguage",
    ),
    "LimeSurvey": (
        "tid,firstname,lastname,email,emailstatus,token,language,validfrom,usesleft",
        "firstname,lastname,email,tid,language",
    ),
    "REDCap": (
        "Email,Name,Record ID,Responded?,Invitation Sent?,Link,Survey Access Code and QR Code",
        "Name,Email,Record ID",
    ),
    "KoboToolbox": (
        "start,end,username,group_a/name,group_a/email,_id,_uuid,_submission_time",
        "group_a/name,group_a/email",
    ),
    "ODK": ("SubmissionDate,data-name,contact-email,meta-instanceID,KEY,SubmitterName", "data-name,contact-email"),
    "SurveyCTO": (
        "SubmissionDate,starttime,deviceid,username,duration,caseid,name,instanceID,formdef_version,KEY",
        "name,caseid",
    ),
    "Google Forms": ("Timestamp,Email Address,Your name,Email,Score", "Your name,Email Address"),
    "Microsoft Forms": ("ID,Start time,Completion time,Email,Name,Your email", "Name,Email,ID"),
    "Teams": ("Name,First Join,Last Leave,Duration,Email,Participant ID (UPN),Role", "Name,Email"),
    "Zoom": ("Name (original name),User Email,Total Duration (Minutes),Guest", "Name (original name),User Email"),
    "Prolific": ("Submission id,Participant id,Status,Time taken,Completion code,Language", "Participant id,Language"),
    "SurveyMonkey": (
        "Respondent ID,Collector ID,Email Address,First Name,Last Name,Custom Data 1",
        "First Name,Last Name,Email Address,Respondent ID",
    ),
    "Outlook": (
        "Title,First Name,Middle Name,Last Name,Company,E-mail Address,E-mail Display Name,E-mail 2 Address,Initials",
        "First Name,Middle Name,Last Name,E-mail Address",
    ),
    "Google Contacts": (
        "First Name,Middle Name,Last Name,Organization Name,Labels,E-mail 1 - Label,E-mail 1 - Value",
        "First Name,Middle Name,Last Name,E-mail 1 - Value",
    ),
}
"""The header of an export of each tool, and the columns that are taken."""


@pytest.mark.parametrize("tool", EXPORTS)
def test_columns_of_each_tool_are_taken(tool: str) -> None:
    header, taken = (names.split(",") for names in EXPORTS[tool])
    source = source_of(header)
    assert source and source.name == tool
    assert sorted(header[column] for column in recognise(header).values()) == sorted(taken)
    assert not ambiguous(header)


def test_every_known_tool_is_tried() -> None:
    assert {source.name for source in SOURCES} == set(EXPORTS)


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("RecipientID,FirstName,LastName,Email,ExternalDataReference,Language", "1,2,3,4,5"),
        ("record_id,redcap_survey_identifier,first_name,last_name,email", "0,2,3,4"),
        ("id,submitdate,startlanguage,firstname", "0,2,3"),
        ("Name,Given Name,Additional Name,Family Name,Group Membership,E-mail 1 - Value", "0,1,2,3,5"),
    ],
)
def test_other_exports_of_same_tool_are_known(header: str, taken: str) -> None:
    assert sorted(recognise(header.split(",")).values()) == list(map(int, taken.split(",")))


def test_blank_column_of_tool_gives_way() -> None:
    header = ["ResponseId", "RecipientEmail", "Email"]
    assert list(recognise(header, [["R_1", "", "a@x.org"]]).values()) == [2]
    assert list(recognise(header, [["R_1", "b@x.org", "a@x.org"]]).values()) == [1]
