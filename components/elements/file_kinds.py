"""What kinds of files are called that people take away."""

from collections.abc import Mapping

from services.journal.deeds import Export
from services.texts.speech import N_

FILE_KINDS: Mapping[str, str] = {
    Export.CSV: N_("CSV"),
    Export.EXCEL: N_("Excel"),
    Export.LINKS: N_("Links only"),
    Export.MAIL_MERGE: N_("Mail merge"),
    Export.CODES: N_("Codes"),
    Export.CARDS: N_("Cards"),
    Export.MESSAGES: N_("Messages as text"),
    Export.PACK: N_("Offline pack"),
    Export.OUTCOMES: N_("What became of each room"),
    Export.AUDIT: N_("Audit"),
    Export.PERSON: N_("What is held on a person"),
    Export.RECEIPT: N_("Receipt of a withdrawal"),
    Export.TASKFLOW: N_("Taskflow"),
    Export.POSTER: N_("Poster of a door"),
    Export.RECONCILIATION: N_("Comparison with a panel"),
    Export.VISITORS: N_("Visitors of a door"),
}
"""To be said by `_`."""
