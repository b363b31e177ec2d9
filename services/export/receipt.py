"""The receipt of a withdrawal, as plain text in the language that is spoken: what went, what stays and why. No name."""

from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from services.journal.personal.records import Kind, Receipt
from services.local_time import in_words
from services.people.acting import needs
from services.people.roles import Right
from services.texts.speech import N_, _, counted, ngettext, number

KINDS = {
    Kind.LABELS: N_("names"),
    Kind.EMAILS: N_("email addresses"),
    Kind.CODES: N_("codes"),
    Kind.TEXTS: N_("texts that were about the person alone or named them"),
}
"""What went, by its kind."""

STAYS = (
    N_("The batch, its number of rooms, and what they are like: the rooms were created and paid."),
    N_("The id, the link and the state of each room: so that no other room is taken for it."),
    N_("When and where a link was handed out, by which desk, and what was done to the room."),
    N_("The audit: ids of rooms and who did what to them, without the name."),
)


@needs(Right.PEOPLE)
def receipt_text(receipt: Receipt, zone: ZoneInfo, kinds: Mapping[str, str]) -> bytes:
    """The receipt. kinds: what each kind of file is called, in English, to be said."""
    return "\n".join(_lines(receipt, zone, kinds)).encode() + b"\n"


def _lines(receipt: Receipt, zone: ZoneInfo, kinds: Mapping[str, str]) -> Iterator[str]:
    yield _("A person's data was withdrawn")
    yield ""
    yield _("When: {moment} ({zone})", moment=in_words(receipt.at, zone), zone=zone.key)
    yield _("By: {person}", person=receipt.by or _("This installation"))
    yield _("Rooms: {ids}", ids=", ".join(receipt.room_ids) or "–")
    yield _("Batches: {numbers}", numbers=", ".join(map(str, receipt.batch_ids)) or "–")
    if receipt.places:
        yield ngettext(
            "{count} place of a batch had no room.", "{count} places of batches had no room.", receipt.places
        )
    yield from _part(_("What went"), (f"{_(KINDS[Kind(kind)])}: {number(n)}" for kind, n in receipt.erased.items()))
    yield from _part(_("What stays, and why"), map(_, STAYS))
    yield from _part(_("Files that were made and may still name the person"), _files(receipt, zone, kinds))
    backups = _(
        "Backups of the journal have the data until they are replaced by newer ones. Do not restore older ones."
    )
    yield from _part(_("Backups"), (backups,))
    yield from _part(_("At Aseed"), _at_aseed(receipt))


def _files(receipt: Receipt, zone: ZoneInfo, kinds: Mapping[str, str]) -> Iterator[str]:
    for file in receipt.files:
        kind = _(kinds[file.kind]) if file.kind in kinds else file.kind
        rooms = counted(file.rooms, "of these rooms", "of these rooms")
        person = file.by or _("This installation")
        moment = in_words(file.at, zone)
        yield _(
            "{moment}: {kind}, with {rooms}, made by {person}", moment=moment, kind=kind, rooms=rooms, person=person
        )
    if receipt.files:
        yield _("Ask those who made them to delete their copies, and what was printed or mailed from them.")
    else:
        yield _("None is noted in the audit.")


def _at_aseed(receipt: Receipt) -> Iterator[str]:
    yield _(
        "This dashboard deletes nothing at Aseed. It holds the email with which the person joined, the recording, the "
        "transcript and the analysis. Ask Aseed to delete these, by the ids of the rooms."
    )
    if receipt.labelled:
        ids = ", ".join(room.room_id for room in receipt.labelled)
        yield _("These rooms had the label there, where it stays unless you clear it: {ids}", ids=ids)
    if receipt.open:
        ids = ", ".join(room.room_id for room in receipt.open)
        yield _("Who has the link of one of these rooms can still join it, until it is cancelled: {ids}", ids=ids)


def _part(title: str, lines: Iterator[str] | tuple[str, ...]) -> Iterator[str]:
    yield ""
    yield title
    yield from (f"- {line}" for line in lines)
