"""From paper, or from a panel, to the completion code: over real sockets, with what a camera decodes."""

from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import httpx
import pypdfium2
from pyzbar import pyzbar

from services.door.panel_file import known_columns, submissions, table_of
from services.door.reconcile import Became, Verdict, reconcile
from services.export.poster.forms import FORMS
from services.export.poster.pdf import print_poster
from services.journal.door.records import VisitState
from services.roster.reading import read_file
from tests.prolific import APPROVED, AWAITING, Prolific
from tests.services.door.fair import Fair
from tests.services.door.visitor import Page, Visitor, doors

CONSENT = {"en": {"name": "City fair", "welcome": "How do you travel?", "consent": "Your voice is recorded."}}
ADULTS = {
    "texts": {"en": "How old are you?"},
    "answers": [{"texts": {"en": "Under 18"}, "lets_in": False}, {"texts": {"en": "18 or more"}}],
}


def decoded(pdf: bytes) -> str:
    """What the code on the first page says."""
    image = pypdfium2.PdfDocument(BytesIO(pdf))[0].render(scale=2).to_pil()
    (symbol,) = {each.data for each in pyzbar.decode(image)}
    return str(symbol.decode())


def interviewed(at: Fair, visitor: Visitor, name: str) -> Page:
    """Presses the button, sits the interview that it leads to, and comes back to the ticket."""
    led = visitor.claim()
    assert led.status_code == 303
    token = led.headers["Location"].rpartition("/")[2]
    at.store.join(token, f"{name}@example.org")
    at.advance(minutes=20)
    at.store.leave(token)
    at.watch().look()
    return visitor.ticket()


def test_poster_leads_two_phones_to_their_own_codes(at: Fair) -> None:
    door = at.door(2, texts=CONSENT, questions=[ADULTS])
    with doors(at) as address:
        poster = print_poster(door.settings.texts, f"{address}/door/{door.code}", FORMS["a4"], minutes=30)
        scanned = urlsplit(decoded(poster))
        codes = set()
        for name in ("anna", "boris"):
            phone = Visitor(f"{scanned.scheme}://{scanned.netloc}", door)
            assert scanned.path == f"/door/{door.code}" and "How do you travel?" in Page(phone.get()).text
            assert phone.enter(consent="yes", question0="1").status_code == 303
            ticket = interviewed(at, phone, name)
            assert "Your interview is complete." in ticket.text
            (code,) = (visit.code for visit in at.journal.visits.all(door) if visit.code in ticket.text)
            codes.add(code)
        rooms = {visit.room_id for visit in at.journal.visits.all(door)}
    assert len(codes) == len(rooms) == 2


def test_prolific_gets_back_what_became_of_each(at: Fair) -> None:
    panel = Prolific("", actions={"DONE1": APPROVED})
    with panel.serving(), doors(at) as address:
        told = {
            "kind": "prolific",
            "kept": ["STUDY_ID", "SESSION_ID"],
            "return_address": panel.return_address,
            "done_code": "DONE1",
            "screened_code": "OUT1",
        }
        door = at.door(2, texts=CONSENT, questions=[ADULTS], panel=told)
        panel.address = f"{address}/door/{door.code}"
        for person, answer in (("p-done", "1"), ("p-young", "0"), ("p-cheat", None)):
            with httpx.Client(trust_env=False) as browser:
                sent = browser.get(panel.start_address(person)).headers["Location"]
                visitor = Visitor(address, door)
                if answer is not None:
                    visitor.enter(dict(parse_qsl(urlsplit(sent).query)), consent="yes", question0=answer)
                    ticket = interviewed(at, visitor, person) if answer == "1" else visitor.ticket()
                    (back,) = (each for each in ticket.addresses if each.startswith(panel.url))
                else:
                    back = panel.return_address.replace("{code}", "DONE1")
                assert browser.get(back).is_success
        visits = at.journal.visits.all(door)
        table = table_of(read_file(panel.export(), "prolific_export.csv"))
    assert [(each.code, each.status) for each in panel.submissions] == [
        *(("DONE1", APPROVED), ("OUT1", AWAITING), ("DONE1", APPROVED))
    ]
    assert [visit.parameters["STUDY_ID"] for visit in visits] == [panel.study] * 2
    (room_id,) = (visit.room_id for visit in visits if visit.state == VisitState.DONE)
    whom = at.journal.rooms.known(at.whose, at.project_id)[str(room_id)].participant
    assert whom is not None
    assert (whom.external_id, whom.email) == ("p-done", "p-done@email.prolific.com")
    found = reconcile(door, visits, submissions(table, known_columns(table)), has_codes=True)
    assert [(each.submission.person, each.verdict, each.became) for each in found.compared] == [
        ("p-done", Verdict.AGREED, Became.COMPLETED),
        ("p-young", Verdict.AGREED, Became.SCREENED_OUT),
        ("p-cheat", Verdict.NOT_COMPLETED, Became.NEVER_CAME),
    ]
    assert found.unsubmitted == ()
