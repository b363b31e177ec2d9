"""Every verb that acts for a person refuses those who lack the right for it."""

import importlib
import pkgutil

import pytest

import services
from services.people.acting import VERBS, NotAllowed, Person
from services.people.roles import RIGHTS, Right, Role

PLACES = ("services.batches", "services.changes", "services.export", "services.journal")

for module in pkgutil.walk_packages(services.__path__, "services."):
    # A verb is known once its module is. Commands and migrations have none.
    if module.name.startswith(PLACES) and ".migrations" not in module.name:
        importlib.import_module(module.name)

TAKES = {
    Right.CREATE: {
        *(f"batches.engine.Engine.{verb}" for verb in ("start", "resume", "cancel", "adopt", "leave", "cancel_rooms")),
    },
    Right.CHANGE: {
        *(f"export.reconciliation.{verb}" for verb in ("submissions_csv", "unsubmitted_csv")),
        "export.visitors.visitors_csv",
        "batches.engine.Engine.label_again",
        "changes.job.Changes.start",
        "changes.job.Changes.stop",
        "journal.batches.Batches.rename",
        *(f"journal.door.doors.Doors.{verb}" for verb in ("make", "change", "close")),
        *(f"journal.presets.Presets.{verb}" for verb in ("save", "delete", "set_default")),
        *(f"journal.rooms.RoomRecords.{verb}" for verb in ("settle_flag", "set_target")),
        *(
            f"journal.desk.hand_outs.HandOuts.{verb}"
            for verb in ("recall", "return_recalled", "return_given", "take_out")
        ),
    },
    Right.LINKS: {
        *(f"export.table.{verb}" for verb in ("links_csv", "mail_merge_csv", "links_only", "taskflow_csv")),
        *(f"export.messages.{verb}" for verb in ("invitations_csv", "invitations_text")),
        *("export.workbook.links_workbook", "export.codes.pack.code_pack", "export.cards.pdf.print_cards"),
        "export.offline.page.offline_pack",
        *(f"journal.desk.packs.Packs.{verb}" for verb in ("pack", "enter", "unpack")),
    },
    Right.HAND_OUT: {
        *(f"journal.desk.stations.Stations.{verb}" for verb in ("open", "hold", "close")),
        *(f"journal.desk.hand_outs.HandOuts.{verb}" for verb in ("claim", "give_back", "give_on_paper", "name")),
        *("journal.door.doors.Doors.pause", "journal.door.visits.Visits.allow"),
    },
    Right.CONNECT: {"journal.journal.Journal.forget"},
    Right.PEOPLE: {
        *(f"journal.audit.Audit.{verb}" for verb in ("count", "every", "lines", "people", "verify")),
        *(f"journal.personal.data.PersonalData.{verb}" for verb in ("find", "held", "withdraw")),
        *("export.person.held_json", "export.receipt.receipt_text"),
    },
}
"""What each right lets a person do, by the names of the verbs below `services`."""

OURS = {name.removeprefix("services."): known for name, known in VERBS.items() if name.startswith("services.")}

REFUSED = [(role, name) for name, (right, _) in OURS.items() for role in Role if right not in RIGHTS[role]]


def test_verbs_take_the_rights_that_are_told() -> None:
    assert {name: right for name, (right, _) in OURS.items()} == {
        name: right for right, names in TAKES.items() for name in names
    }


@pytest.mark.parametrize(("role", "name"), REFUSED)
def test_verb_refuses_a_role_without_its_right(at_work: list[Person], role: Role, name: str) -> None:
    at_work.append(Person("1", "anna@example.org", role))
    right, verb = OURS[name]
    # Before it looks at what it was given.
    with pytest.raises(NotAllowed) as refused:
        verb()
    assert refused.value.right == right
