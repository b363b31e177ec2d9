"""The exports of tools in which researchers keep people, by the columns that each is known to write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.roster.fields import Field


@dataclass(frozen=True)
class Source:
    """An export of one tool. Names of columns are compared without regard to case.

    name: the tool, as the README lists it.
    described: where its maker describes the columns, or where they were read.
    marks: sets of columns, of which one complete set tells the export.
    columns: the columns of each field, the best first; a column that is blank throughout gives way to the next.
    never: columns that look like a field and mean something else, such as the time that a person took.
    hyphens: whether groups of questions are joined to their questions by a hyphen.
    """

    name: str
    described: str
    marks: tuple[tuple[str, ...], ...]
    columns: Mapping[Field, tuple[str, ...]] = field(default_factory=dict)
    never: tuple[str, ...] = ()
    hyphens: bool = False


SOURCES = (
    Source(
        "Qualtrics",
        "Qualtrics support, Understanding Your Dataset",
        (("ResponseId", "RecipientEmail"), ("Response ID", "Recipient Email")),
        {
            Field.GIVEN_NAME: ("RecipientFirstName", "Recipient First Name"),
            Field.FAMILY_NAME: ("RecipientLastName", "Recipient Last Name"),
            Field.EMAIL: ("RecipientEmail", "Recipient Email"),
            Field.EXTERNAL_ID: ("ExternalReference", "ExternalDataReference", "External Data Reference"),
            Field.LANGUAGE: ("UserLanguage", "User Language"),
        },
        never=("Response ID", "Duration"),
    ),
    Source(
        "Qualtrics",
        "Qualtrics support, Downloading Contacts",
        (
            ("RecipientID", "Email"),
            ("ContactID", "Email"),
            ("Contact ID", "Email"),
            ("ExternalDataReference", "Email"),
            ("ExternalDataRef", "Email"),
        ),
        {
            Field.GIVEN_NAME: ("FirstName", "First Name"),
            Field.FAMILY_NAME: ("LastName", "Last Name"),
            Field.EMAIL: ("Email", "PrimaryEmail"),
            Field.EXTERNAL_ID: (
                *("ExternalDataReference", "External Data Reference", "ExternalDataRef"),
                *("RecipientID", "ContactID", "Contact ID"),
            ),
            Field.LANGUAGE: ("Language",),
        },
    ),
    Source(
        "LimeSurvey",
        "LimeSurvey manual, Survey participants",
        (("tid", "firstname", "lastname"), ("token", "firstname", "emailstatus"), ("tid", "token", "email")),
        {
            Field.GIVEN_NAME: ("firstname",),
            Field.FAMILY_NAME: ("lastname",),
            Field.EMAIL: ("email",),
            Field.EXTERNAL_ID: ("tid", "participant_id"),
            Field.LANGUAGE: ("language",),
        },
        # The access code opens that person's survey.
        never=("token", "access code"),
    ),
    Source(
        "LimeSurvey",
        "LimeSurvey manual, Exporting results",
        (("submitdate", "startlanguage"), ("Date submitted", "Start language")),
        {Field.EXTERNAL_ID: ("id", "Response ID"), Field.LANGUAGE: ("startlanguage", "Start language")},
        never=("token", "access code"),
    ),
    Source(
        "REDCap",
        "REDCap Help & FAQ, Participant List",
        (("Record ID", "Responded?"), ("Record", "Responded?"), ("Participant Identifier", "Responded?")),
        {
            Field.LABEL: ("Name", "Participant Identifier", "Identifier"),
            Field.EMAIL: ("Email",),
            Field.EXTERNAL_ID: ("Record ID", "Record"),
        },
        never=("Survey Access Code", "Survey Access Code and QR Code", "Link"),
    ),
    Source(
        "REDCap",
        "REDCap Help & FAQ, Data Exports",
        (
            *(("record_id", "redcap_event_name"), ("record_id", "redcap_survey_identifier")),
            *(("record_id", "redcap_repeat_instrument"), ("record_id", "redcap_data_access_group")),
            *(("Record ID", "Complete?"), ("Record ID", "Survey Identifier")),
        ),
        {Field.EXTERNAL_ID: ("record_id", "Record ID")},
        never=("redcap_survey_identifier", "redcap_data_access_group"),
    ),
    Source(
        "KoboToolbox",
        "KoboToolbox support, Managing and understanding your data",
        (("_id", "_uuid"), ("_uuid", "_submission_time")),
        never=("start", "end", "today", "username", "deviceid", "duration"),
    ),
    Source(
        "SurveyCTO",
        "SurveyCTO documentation, Data format",
        (("formdef_version", "KEY"), ("formdef_version", "instanceID")),
        {Field.EXTERNAL_ID: ("caseid",)},
        never=("duration", "username", "deviceid", "subscriberid", "simid"),
        hyphens=True,
    ),
    Source(
        "ODK",
        "ODK documentation, Central Submissions",
        (("SubmissionDate", "KEY"), ("SubmissionDate", "meta-instanceID"), ("meta-instanceID", "KEY")),
        never=("SubmitterID", "SubmitterName", "duration", "username", "deviceid"),
        hyphens=True,
    ),
    Source(
        "Google Forms",
        "Google Docs Editors help, View and manage form responses",
        (
            *(("Timestamp", "Email Address"), ("Timestamp", "Username"), ("Timestamp",), ("Отметка времени",)),
            *(("Позначка часу",), ("Zeitstempel",), ("Horodateur",), ("Marca temporal",), ("Carimbo de data/hora",)),
            *(("Informazioni cronologiche",), ("Sygnatura czasowa",), ("Zaman damgası",)),
        ),
        {
            Field.EMAIL: (
                *("Email Address", "Username", "Адрес электронной почты", "Имя пользователя", "E-Mail-Adresse"),
                *("Nutzername", "Adresse e-mail", "Dirección de correo electrónico", "Endereço de e-mail"),
                *("Indirizzo email", "Adres e-mail", "E-posta Adresi", "Електронна адреса"),
            )
        },
        never=("Score", "Total score"),
    ),
    Source(
        "Microsoft Forms",
        "Microsoft Support, Check and share your form results",
        (
            *(("ID", "Start time", "Completion time"), ("ID", "Startzeit", "Fertigstellungszeit")),
            *(("ID", "Heure de début", "Heure de fin"), ("ID", "Hora de inicio", "Hora de finalización")),
            *(("ID", "Hora de início", "Hora de conclusão"), ("ID", "Ora di inizio", "Ora di completamento")),
            *(("ID", "Godzina rozpoczęcia", "Godzina ukończenia"), ("Ид", "Время начала", "Время выполнения")),
            *(("Ідентифікатор", "Час початку", "Час завершення"), ("Kimlik", "Başlangıç zamanı", "Tamamlanma zamanı")),
        ),
        {Field.LABEL: ("Name",), Field.EMAIL: ("Email",), Field.EXTERNAL_ID: ("ID", "Ид", "Ідентифікатор", "Kimlik")},
        never=("Total points", "Quiz feedback"),
    ),
    Source(
        "Teams",
        "Microsoft Support, Manage meeting attendance reports in Microsoft Teams",
        (("First Join", "Last Leave"), ("Join Time", "Leave Time", "Role"), ("In-Meeting Duration", "Role")),
        {Field.LABEL: ("Name", "Full Name"), Field.EMAIL: ("Email", "Participant ID (UPN)")},
        never=("Duration",),
    ),
    Source(
        "Zoom",
        "Zoom support, Meeting and webinar reports",
        (("Name (original name)",), ("User Email", "Guest"), ("User Email", "Duration (Minutes)")),
        {Field.LABEL: ("Name (original name)", "User Name (original name)"), Field.EMAIL: ("User Email", "Email")},
        never=("Duration (Minutes)", "Total Duration (Minutes)"),
    ),
    Source(
        "Prolific",
        "Prolific researcher help, Exporting data",
        (("Submission id", "Participant id"), ("session_id", "participant_id", "completed_date_time")),
        {Field.EXTERNAL_ID: ("Participant id", "participant_id")},
        never=("Completion code", "Time taken"),
    ),
    Source(
        "SurveyMonkey",
        "SurveyMonkey help, Exporting results",
        (("Respondent ID", "Collector ID"), ("respondent_id", "collector_id")),
        {
            Field.GIVEN_NAME: ("First Name", "first_name"),
            Field.FAMILY_NAME: ("Last Name", "last_name"),
            Field.EMAIL: ("Email Address", "email_address"),
            Field.EXTERNAL_ID: ("Respondent ID", "respondent_id"),
        },
    ),
    Source(
        "Outlook",
        "Microsoft Support, Import and export contacts in Outlook",
        (("E-mail Address", "E-mail Display Name"), ("First Name", "E-mail Address", "Business Phone")),
        {
            Field.GIVEN_NAME: ("First Name",),
            Field.MIDDLE_NAME: ("Middle Name",),
            Field.FAMILY_NAME: ("Last Name",),
            Field.EMAIL: ("E-mail Address", "E-mail 2 Address", "E-mail 3 Address"),
        },
        never=("Initials", "Spouse", "Children"),
    ),
    Source(
        "Google Contacts",
        "Google Contacts help, Export, back up or restore contacts",
        (("E-mail 1 - Value",), ("Given Name", "Family Name", "Group Membership")),
        {
            Field.LABEL: ("Name",),
            Field.GIVEN_NAME: ("First Name", "Given Name"),
            Field.MIDDLE_NAME: ("Middle Name", "Additional Name"),
            Field.FAMILY_NAME: ("Last Name", "Family Name"),
            Field.EMAIL: ("E-mail 1 - Value", "E-mail 2 - Value"),
        },
        never=("Labels", "Organization Name"),
    ),
)
"""The exports that are known; where one has the marks of several, the first counts."""


def source_of(header: Sequence[str]) -> Source | None:
    """Returns the tool that wrote a header; None where that is not known."""
    names = {same(name) for name in header}
    return next((each for each in SOURCES if any(names.issuperset(map(same, marks)) for marks in each.marks)), None)


def same(name: str) -> str:
    """Returns the form in which two names of a column are equal."""
    return " ".join(name.casefold().split())
