"""A list of people on Create: understood, corrected, mapped, and never half used."""

import pytest
from streamlit.testing.v1 import AppTest

from components.state import process
from services.sandbox.store import Store
from tests.pages.conftest import CREATE, Aseed, form_again, go, mine, press_create, said, understood, upload

LIST = "имя\tпочта\tязык\tминуты\nАнна Каренина\tanna@example.org\tрусский\t45\nБорис\tboris@example.org\t\t\n"


def paste(app: AppTest, text: str) -> AppTest:
    app.text_area("roster_text").set_value(text).run()
    assert not app.exception
    return app


def test_without_a_list_nothing_can_be_created(for_people: AppTest) -> None:
    assert for_people.button("create").disabled
    assert "One row a person." in said(for_people)


def test_the_count_and_the_estimate_follow_the_list(for_people: AppTest) -> None:
    paste(for_people, LIST)
    assert "2 people: one room each." in [message.value for message in for_people.success]
    assert "**2 rooms** for **Morning coffee routines**, one for each person on the list" in said(for_people)
    assert "**1** of them with settings of their own" in said(for_people)
    assert "About **75 tokens** (estimate)" in said(for_people)
    assert for_people.button("create").label == "Create 2 rooms"


def test_each_person_gets_their_own_room(for_people: AppTest, store: Store) -> None:
    press_create(paste(for_people, LIST))
    assert "2 rooms for Morning coffee routines" in said(for_people)
    made = {room["display_name"]: room for room in store.rooms(store.account("sandbox"))[:2]}
    assert set(made) == {"Анна Каренина", "Борис"}
    assert (made["Анна Каренина"]["language"], made["Анна Каренина"]["max_duration_minutes"]) == ("Russian", 45)
    assert (made["Борис"]["language"], made["Борис"]["max_duration_minutes"]) == (None, 30)


def test_an_email_stays_here_and_is_never_sent(for_people: AppTest, store: Store) -> None:
    press_create(paste(for_people, LIST))
    rooms = store.rooms(store.account("sandbox"))
    assert not any("anna@example.org" in str(value) for room in rooms for value in room.values())
    (batch,) = process.journal().batches.newest(mine(), 10)
    kept = process.journal().batches.rooms(batch.id)
    assert [one.participant and one.participant.email for one in kept] == ["anna@example.org", "boris@example.org"]


def test_wrong_row_is_named_and_blocks_create(for_people: AppTest) -> None:
    paste(for_people, LIST + "Вера\tне почта\t\t\n" + "Глеб\t\t\tдолго\n")
    assert "2 rows need a correction before anything is created." in said(for_people)
    assert "Row 4, почта" in said(for_people) and "Row 5, минуты" in said(for_people)
    assert for_people.button("create").disabled
    paste(for_people, LIST)
    assert not for_people.button("create").disabled


def test_one_name_a_line_is_a_list_too(for_people: AppTest) -> None:
    paste(for_people, "Anna K.\nBoris\nVera")
    assert "**3 rooms**" in said(for_people)


@pytest.mark.parametrize(
    "text",
    [
        "Keller, Anna <anna@example.org>; Ruiz, Bob <bob@example.org>; c@example.net",
        '"Keller, Anna" <anna@example.org>, "Ruiz, Bob" <bob@example.org>,\n<c@example.net>',
    ],
)
def test_pasted_recipients_are_one_person_each(for_people: AppTest, text: str) -> None:
    assert understood(paste(for_people, text)) == [
        {"Label or name": "Keller, Anna", "Email": "anna@example.org"},
        {"Label or name": "Ruiz, Bob", "Email": "bob@example.org"},
        {"Label or name": "", "Email": "c@example.net"},
    ]
    assert "**1 person has no label.**" in said(for_people)


def test_pasted_addresses_are_one_person_each(for_people: AppTest) -> None:
    paste(for_people, "anna@example.org; bob@example.org; c@example.net")
    assert [row["Email"] for row in understood(for_people)] == ["anna@example.org", "bob@example.org", "c@example.net"]


@pytest.mark.parametrize(
    "row",
    ['"Anna,anna@example.org,""Coffee, tea"""', '"Anna,anna@example.org,"Coffee, tea""'],
)
def test_rows_in_quotation_marks_are_read(for_people: AppTest, row: str) -> None:
    upload(for_people, "people.csv", f'"name,email,topics"\r\n{row}\r\n"Bob,bob@example.org,Milk"\r\n'.encode())
    assert understood(for_people) == [
        {"Label or name": "Anna", "Email": "anna@example.org", "Topics": "Coffee, tea"},
        {"Label or name": "Bob", "Email": "bob@example.org", "Topics": "Milk"},
    ]


def test_list_of_an_old_mac_is_read(for_people: AppTest) -> None:
    names = ["José Muñoz", "Zoë Müller", "François Lefèvre"]
    rows = "".join(f"{name};person{number}@example.org\r" for number, name in enumerate(names))
    upload(for_people, "people.csv", f"name;email\r{rows}".encode("mac-roman"))
    assert any("José Muñoz" in text.value and "Zoë Müller" in text.value for text in for_people.text)
    for_people.button("use_mac-roman").click().run()
    assert [row["Label or name"] for row in understood(for_people)] == names


def test_invisible_characters_go_and_are_said(for_people: AppTest) -> None:
    addresses = ["anna@\u200bexample.org", "bob\u00ad@example.org", "c@example\ufeff.org", "d\u2060@example.org"]
    rows = "".join(f"Person {number},{address}\n" for number, address in enumerate(addresses, start=1))
    upload(for_people, "people.csv", f"name,email\n{rows}".encode())
    assert [row["Email"] for row in understood(for_people)] == [
        f"{name}@example.org" for name in ("anna", "bob", "c", "d")
    ]
    assert "Row 2: Invisible characters, or marks piled on one letter, were removed" in said(for_people)


def test_unknown_column_is_chosen_by_hand(for_people: AppTest) -> None:
    paste(for_people, "Who\tWhere from\nAnna\tRiga\nBoris\tOslo\n")
    assert for_people.button("create").disabled
    header = next(box.key for box in for_people.selectbox if str(box.key).startswith("header_"))
    for_people.selectbox(str(header)).set_value(1).run()
    key = next(box.key for box in for_people.selectbox if str(box.key).startswith("column_label"))
    for_people.selectbox(str(key)).set_value(0).run()
    assert "**2 rooms**" in said(for_people)
    assert not for_people.exception


def test_a_column_that_is_not_used_is_named(for_people: AppTest) -> None:
    paste(for_people, "имя\tгород\nАнна\tРига\n")
    assert "Not used: 2: город." in said(for_people)


def test_charset_can_be_chosen_again(for_people: AppTest) -> None:
    for_people.segmented_control("roster_way").set_value("Upload a file").run()
    for_people.file_uploader("roster_file").upload("люди.csv", "имя\nАнна\n".encode("cp1251"), "text/csv").run()
    assert "**Which of these reads right?**" in said(for_people)
    for_people.button("use_koi8-r").click().run()
    assert for_people.dataframe[0].value.iloc[0, 0] != "Анна"
    for_people.button("other_charset").click().run()
    for_people.button("use_windows-1251").click().run()
    assert for_people.dataframe[0].value.iloc[0, 0] == "Анна"


def test_the_list_survives_leaving_the_page(for_people: AppTest) -> None:
    paste(for_people, LIST)
    go(go(for_people, "settings"), "create")
    assert "**2 rooms**" in said(for_people)


def test_the_list_survives_the_result(for_people: AppTest) -> None:
    upload(for_people, "people.csv", b"name,email\r\nAnna,anna@example.org\r\nBen,ben@example.org\r\n")
    column = next(str(box.key) for box in for_people.selectbox if str(box.key).startswith("column_email_"))
    for_people.selectbox(column).set_value(-1).run()
    press_create(for_people).run()
    assert column not in [box.key for box in for_people.selectbox]
    form_again(for_people)
    assert "In use: people.csv" in said(for_people) and "**2 rooms**" in said(for_people)
    assert for_people.selectbox(column).value == -1


def test_hostile_names_are_shown_as_they_are(for_people: AppTest) -> None:
    paste(for_people, "name\temail\n**bold** ![x](http://127.0.0.1:9/x.png)\tnot an address\n")
    message = "\n".join(error.value for error in for_people.error)
    assert "![x](http" not in message


def test_press_beside_switch_to_links_creates_nothing(app: AppTest, store: Store, aseed: Aseed) -> None:
    app.session_state["for_whom"] = "A list of people"
    app.run()
    app.selectbox("project").set_value(store.projects(store.account("sandbox"))[0]["id"]).run()
    app.segmented_control("roster_way").set_value("Paste").run()
    app.text_area("roster_text").set_value("Anna\nBen").run()
    app.segmented_control("for_whom").set_value("A number of links")
    app.button("create").click().run()
    assert not app.exception
    assert "The form had just changed" in app.toast[0].value
    assert CREATE not in aseed.calls


EXPORTS = {
    "KoboToolbox": (
        '"start";"group_a/name";"group_a/email";"_id";"_uuid"\n"2026-11-01";"Ina Berg";"ina@example.org";"901";"c4"\n',
        ["Ina Berg", "ina@example.org"],
    ),
    "LimeSurvey": (
        "\ufefftid,firstname,lastname,email,emailstatus,token,language,usesleft\r\n"
        '"1","Ina","Berg","ina@example.org","OK","x9Q","de-informal","1"\r\n',
        ["Ina Berg", "ina@example.org", "1", "German"],
    ),
    "Qualtrics": (
        "RecipientID,FirstName,LastName,Email,ExternalDataReference,Language,Phone\nML_1,Ina,Berg,ina@example.org,K-7,EN-GB,\n",
        ["Ina Berg", "ina@example.org", "K-7", "English"],
    ),
    "REDCap": (
        '"Email","Name","Record ID","Responded?","Link"\n"ina@example.org","Ina Berg","7","No","https://example.org/s"\n',
        ["Ina Berg", "ina@example.org", "7"],
    ),
    "ODK": (
        "SubmissionDate,data-name,data-email,meta-instanceID,KEY\n2026-11-01,Ina Berg,ina@example.org,uuid:1,uuid:1\n",
        ["Ina Berg", "ina@example.org"],
    ),
    "title": ("Pilot study - wave 2,,\n,,\nName,ID,Notes\nIna Berg,K-7,late\n", ["Ina Berg", "K-7"]),
    "address in label": ("Participant,ID\nIna Berg <ina@example.org>,K-7\n", ["Ina Berg", "ina@example.org", "K-7"]),
    "wide": (
        f"{','.join(f'Q{number}' for number in range(300))},Vorname,Nachname\n{'x,' * 300}Ina,Berg\n",
        ["Ina Berg"],
    ),
}
"""Small files as tools write them, and the person whom the page understands."""


@pytest.mark.parametrize("kind", EXPORTS)
def test_export_is_understood_without_a_choice(for_people: AppTest, kind: str) -> None:
    content, person = EXPORTS[kind]
    for_people.segmented_control("roster_way").set_value("Upload a file").run()
    for_people.file_uploader("roster_file").upload("list.csv", content.encode(), "text/csv").run()
    assert not for_people.exception
    assert for_people.dataframe[0].value.iloc[0].tolist() == person
    assert not for_people.button("create").disabled


def test_header_row_is_shown_and_can_be_changed(for_people: AppTest) -> None:
    paste(for_people, "Pilot\t\n\nName\tID\nAnna\t1\n")
    assert "Row 3 names the columns. Not read: row 1." in said(for_people)
    header = next(str(box.key) for box in for_people.selectbox if str(box.key).startswith("header_"))
    assert for_people.selectbox(header).value == 3
    for_people.selectbox(header).set_value(-1).run()
    label = next(str(box.key) for box in for_people.selectbox if str(box.key).startswith("column_label"))
    for_people.selectbox(label).set_value(0).run()
    assert "3 people: one room each." in [message.value for message in for_people.success]


def test_rooms_without_labels_have_to_be_wanted(for_people: AppTest) -> None:
    paste(for_people, "email\nanna@example.org\nboris@example.org\n")
    assert "**2 people have no label.**" in said(for_people)
    assert for_people.button("create").disabled
    wanted = next(str(box.key) for box in for_people.checkbox if str(box.key).startswith("without_labels"))
    for_people.checkbox(wanted).check().run()
    press_create(for_people)
    assert "2 rooms for Morning coffee routines" in said(for_people)


def test_address_inside_label_is_never_sent(for_people: AppTest, store: Store) -> None:
    press_create(paste(for_people, "Participant\tID\nAnna <anna@example.org>\t1\ncarla@example.org\t2\n"))
    rooms = store.rooms(store.account("sandbox"))
    assert {room["display_name"] for room in rooms[:2]} == {"Anna", "2"}
    assert not any("@example.org" in str(value) for room in rooms for value in room.values())


def test_list_follows_the_language_of_the_page(for_people: AppTest) -> None:
    paste(for_people, "name\tminutes\nAnna\tlong")
    assert "Write whole minutes from 1 to 1,440" in said(for_people)
    for_people.session_state["page_language"] = "ru"
    assert "minutes: Впишите целое число минут" in said(for_people.run())


def test_unusable_list_follows_the_language_of_the_page(for_people: AppTest) -> None:
    paste(for_people, 'name\n"Anna')
    for_people.session_state["page_language"] = "ru"
    paste(for_people, "name\temail\n")
    assert "В списке есть заголовок, но нет людей." in said(for_people)
    for_people.session_state["page_language"] = "en"
    assert "The list has a header but no people." in said(for_people.run())
