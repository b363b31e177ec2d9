"""Lists of people as tools and programs write them, from the file to what Aseed is asked for."""

import pytest
from streamlit.testing.v1 import AppTest

from services.sandbox.store import Store
from tests.pages.conftest import made_for, press_create, said, upload

Made = list[tuple[str | None, str | None, str, str]]
"""Label and language of each room, and email and ID of its person."""

ANNA, BOB = "anna@example.org", "bob@example.org"

FILES: dict[str, tuple[str, str, Made]] = {
    "KoboToolbox": (
        "kobo.csv",
        '"start";"group_a/name";"group_a/email";"group_a/preferred_language";"_id";"_uuid"\n'
        f'"2026-11-01";"Anna Keller";"{ANNA}";"Polish";"10234";"f2c1"\n',
        [("Anna Keller", "Polish", ANNA, "")],
    ),
    "LimeSurvey": (
        "tokens.csv",
        "\ufefftid,firstname,lastname,email,emailstatus,token,language,validfrom,usesleft\r\n"
        f'"1","Anna","Keller","{ANNA}","OK","a8Kd","en","","1"\r\n"2","Bob","Ruiz","{BOB}","OK","b7Jc","de-informal","","1"\r\n',
        [("Anna Keller", "English", ANNA, "1"), ("Bob Ruiz", "German", BOB, "2")],
    ),
    "Qualtrics": (
        "contacts.csv",
        "RecipientID,FirstName,LastName,Email,ExternalDataReference,Language,Phone\n"
        f"MLRP_1,Anna,Keller,{ANNA},P-001,EN-GB,\nMLRP_2,Bob,Ruiz,{BOB},P-002,RU,\n",
        [("Anna Keller", "English", ANNA, "P-001"), ("Bob Ruiz", "Russian", BOB, "P-002")],
    ),
    "REDCap": (
        "participants.csv",
        '"Email","Name","Record ID","Responded?","Invitation Sent?","Link","Survey Access Code and QR Code"\n'
        f'"{ANNA}","Anna Keller","1","Not Responded","No","https://redcap.example.org/surveys/?s=ABC","W8XTR3"\n',
        [("Anna Keller", None, ANNA, "1")],
    ),
    "SurveyCTO": (
        "form_WIDE.csv",
        "CompletionDate,SubmissionDate,caseid,person-name,person-email,formdef_version,KEY\n"
        f"2026-11-01,2026-11-01,C-17,Anna Keller,{ANNA},2611,uuid:1\n",
        [("Anna Keller", None, ANNA, "C-17")],
    ),
    "Microsoft Forms in German": (
        "antworten.csv",
        "ID;Startzeit;Fertigstellungszeit;E-Mail;Name;Sprache\n"
        f"1;01.11.2026 09:00;01.11.2026 09:04;{ANNA};Anna Keller;Französisch\n",
        [("Anna Keller", "French", ANNA, "1")],
    ),
    "Google Forms in Russian": (
        "ответы.csv",
        "Отметка времени,Адрес электронной почты,Как вас зовут?,Язык интервью\n"
        f"01.11.2026 9:00:00,{ANNA},Анна Каренина,немецкий\n",
        [("Анна Каренина", "German", ANNA, "")],
    ),
    "headers in Turkish": (
        "liste.csv",
        f"Ad;Soyad;E-posta;Dil;Katılımcı no\nAyşe;Yılmaz;{ANNA};Türkçe;K-7\n",
        [("Ayşe Yılmaz", "Turkish", ANNA, "K-7")],
    ),
    "headers in Polish": (
        "lista.tsv",
        f"Imię i nazwisko\tAdres e-mail\tJęzyk\nŁucja Kowalska\t{ANNA}\tukraiński\n",
        [("Łucja Kowalska", "Ukrainian", ANNA, "")],
    ),
    "title above the header": (
        "wave.csv",
        "Pilot study - participants wave 2,,\n,,\nName,ID,Notes\nAnna Keller,P-001,\nBob Ruiz,P-002,late\n",
        [("Anna Keller", None, "", "P-001"), ("Bob Ruiz", None, "", "P-002")],
    ),
    "whole rows quoted": (
        "people.csv",
        f'"label,email,external_id"\r\n"Anna Keller,{ANNA},P-001"\r\n"Bob Ruiz,{BOB},P-002"\r\n',
        [("Anna Keller", None, ANNA, "P-001"), ("Bob Ruiz", None, BOB, "P-002")],
    ),
    "whole rows quoted, with semicolons": (
        "people.csv",
        f'"Nachname;Vorname;E-Mail";;\r\n"Keller;Anna;{ANNA}";;\r\n"Ruiz;Bob;{BOB}";;\r\n',
        [("Anna Keller", None, ANNA, ""), ("Bob Ruiz", None, BOB, "")],
    ),
    "label with address": (
        "people.csv",
        f"Participant,ID\nAnna Keller <{ANNA}>,P-001\nBob Ruiz ({BOB}),P-002\ncarla@example.org,P-003\n",
        [
            ("Anna Keller", None, ANNA, "P-001"),
            ("Bob Ruiz", None, BOB, "P-002"),
            ("P-003", None, "carla@example.org", "P-003"),
        ],
    ),
    "address with name": (
        "people.csv",
        f'Email,ID\n"Keller, Anna <{ANNA}>",P-001\nmailto:{BOB},P-002\n',
        [("Keller, Anna", None, ANNA, "P-001"), ("P-002", None, BOB, "P-002")],
    ),
    "tabs in a file named .xls": (
        "people.xls",
        f"Name\tEmail\tLanguage\nAnna Keller\t{ANNA}\tuk\n",
        [("Anna Keller", "Ukrainian", ANNA, "")],
    ),
    "page in a file named .xls": (
        "people.xls",
        "<html><table><tr><th>Name</th><th>Code</th><th>Language</th></tr>"
        "<tr><td>Анна &amp; Ко</td><td>007</td><td>ru</td></tr></table></html>",
        [("Анна & Ко", "Russian", "", "007")],
    ),
}
"""Files by what wrote them: the name, the content, and the rooms that are made of it."""


@pytest.mark.parametrize("kind", FILES)
def test_aseed_is_asked_for_people_of_file(for_people: AppTest, store: Store, kind: str) -> None:
    name, content, made = FILES[kind]
    upload(for_people, name, content.encode())
    assert not for_people.error
    press_create(for_people)
    assert made_for(store) == made


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be", "utf-8-sig"])
def test_marked_text_needs_no_choice(for_people: AppTest, store: Store, charset: str) -> None:
    mark = "" if charset == "utf-8-sig" else "\ufeff"
    upload(for_people, "people.txt", f"{mark}Имя\tКод\r\nАнна Каренина\t007\r\n".encode(charset))
    press_create(for_people)
    assert made_for(store) == [("Анна Каренина", None, "", "007")]


OLD_MACS = {
    "mac-roman": ("name;email", ["José Muñoz", "Zoë Müller", "François Lefèvre"]),
    "mac-cyrillic": ("имя;почта", ["Анна Каренина", "Борис Годунов", "Юлия Щёголева"]),
}


@pytest.mark.parametrize("charset", OLD_MACS)
def test_list_of_old_mac_makes_right_labels(for_people: AppTest, store: Store, charset: str) -> None:
    header, names = OLD_MACS[charset]
    rows = "".join(f"{name};p{number}@example.org\r" for number, name in enumerate(names))
    upload(for_people, "people.csv", f"{header}\r{rows}".encode(charset))
    assert "**Which of these reads right?**" in said(for_people) and for_people.button("create").disabled
    previews = [text.value for text in for_people.text]
    (right,) = [place for place, preview in enumerate(previews) if all(name in preview for name in names)]
    choices = [str(button.key) for button in for_people.button if str(button.key).startswith("use_")]
    for_people.button(choices[right]).click()
    press_create(for_people.run())
    assert [label for label, *_ in made_for(store)] == names


PASTED = {
    "Outlook": f"Keller, Anna <{ANNA}>; Ruiz, Bob <{BOB}>; carla@example.net",
    "Gmail": f'"Keller, Anna" <{ANNA}>, "Ruiz, Bob" <{BOB}>, carla@example.net',
    "Apple Mail": f"Keller, Anna <{ANNA}>,\n Ruiz, Bob <{BOB}>,\n<carla@example.net>",
    "semicolons": f"{ANNA}; {BOB}; carla@example.net;",
    "commas": f"{ANNA},{BOB},carla@example.net",
    "German field": f"An: Keller, Anna <{ANNA}>; Ruiz, Bob <{BOB}>\nCc: carla@example.net",
}


@pytest.mark.parametrize("kind", PASTED)
def test_each_pasted_recipient_gets_a_room(for_people: AppTest, store: Store, kind: str) -> None:
    for_people.text_area("roster_text").set_value(PASTED[kind]).run()
    wanted = next(str(box.key) for box in for_people.checkbox if str(box.key).startswith("without_labels"))
    for_people.checkbox(wanted).check().run()
    press_create(for_people)
    made = made_for(store)
    assert [email for _, _, email, _ in made] == [ANNA, BOB, "carla@example.net"]
    named = "Keller" in PASTED[kind]
    assert [label for label, *_ in made] == (["Keller, Anna", "Ruiz, Bob", None] if named else [None, None, None])


def test_invisible_characters_reach_neither_aseed_nor_journal(for_people: AppTest, store: Store) -> None:
    rows = "An\u200bna,anna@\u200bexample.org,P-\ufeff001\nBo\u00adb,bob\u2060@example.org,P-\u200e002\n"
    upload(for_people, "people.csv", f"name,email,id\n{rows}".encode())
    assert all(
        f"Row {row}: Invisible characters, or marks piled on one letter, were removed" in said(for_people)
        for row in (2, 3)
    )
    press_create(for_people)
    assert made_for(store) == [("Anna", None, ANNA, "P-001"), ("Bob", None, BOB, "P-002")]


@pytest.mark.parametrize(
    "word",
    [
        *("#####", "Err:502", "#ERROR!", "#SPILL!", "#CALC!", "#NV", "#WERT!", "#BEZUG!", "#DIV/0", "Loading..."),
        *("#ИМЯ?", "#ССЫЛКА!", "#¡VALOR!", "#NOM?", "#AD?", "#ADR!", "#BLOCKED!", "#BUSY!", "Fehler:508", "Загрузка…"),
    ],
)
def test_error_word_makes_no_room(for_people: AppTest, word: str) -> None:
    upload(for_people, "people.csv", f"name,email,id\n{word},{ANNA},P-1\nBob,{word},P-2\nCarla,,{word}\n".encode())
    told = said(for_people)
    assert "3 rows need a correction before anything is created." in told
    assert all(f"Row {row}, {column}: " in told for row, column in ((2, "name"), (3, "email"), (4, "id")))
    assert for_people.button("create").disabled


def test_long_answers_in_unused_columns_refuse_nothing(for_people: AppTest, store: Store) -> None:
    upload(for_people, "people.csv", f"name,id,essay\nAnna,P-001,{'word ' * 4_000}\nBob,P-002,\n".encode())
    press_create(for_people)
    assert made_for(store) == [("Anna", None, "", "P-001"), ("Bob", None, "", "P-002")]


def test_long_cell_of_used_column_is_told(for_people: AppTest) -> None:
    upload(for_people, "people.csv", f"name,topics\nAnna,{'word ' * 4_000}\nBob,Coffee\n".encode())
    assert "Row 2, topics: This cell is longer than 10,000 characters." in said(for_people)
    assert for_people.button("create").disabled
