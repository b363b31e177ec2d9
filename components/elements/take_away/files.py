"""Links as files: spreadsheets and plain links. Each is made on a press, from the selection."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import streamlit as st

from components.elements.csv_download import download_csv, download_other_csv
from components.elements.download import download
from components.elements.exported import Exported, exported, made_by
from components.elements.take_away.selection import Selection
from components.state import viewer
from services.export.delimited import Delimiter
from services.export.invitable import invitable
from services.export.table import links_csv, links_only, mail_merge_csv, taskflow_csv
from services.export.workbook import links_workbook
from services.journal.deeds import Export
from services.rooms.entry import Entry
from services.texts.catalogues import SOURCE
from services.texts.speech import N_, _, language, ngettext

COUNTED_AT_MOST = 1_000
"""Of so many rooms it is counted at each drawing how many the mail merge leaves out; more take too long for that."""

MERGE = N_("Mail merge")
"""What that file is called."""

LINES_SHOWN = 3
"""How many rooms of the file are shown before it is made."""


def files(selection: Selection) -> None:
    """Shows a button for each file, and the first lines of the CSV."""
    entries, key = selection.entries, selection.key
    project_name = selection.project_name
    zone, delimiter = viewer.zone(), viewer.delimiter()

    def file(name: str, make: Callable[[], Exported], ending: str, spoken: str = SOURCE, help: str = "") -> None:
        download(_(name), make, f"{project_name} {name}", ending, f"file_{name}_{key}", spoken=spoken, help=help)

    st.caption(_("Spreadsheets hold everything that is known of each room, with its link."))
    room_ids = st.checkbox(
        _("With room ids"),
        key=f"room_ids_{key}",
        help=_(
            "Aseed tells anybody who has a room's id about its interview. Leave them out unless a program needs them."
        ),
    )

    def links(delimiter: Delimiter) -> Exported:
        return exported(Export.CSV, entries(), lambda rooms: links_csv(rooms, zone, delimiter, room_ids=room_ids))

    def excel() -> Exported:
        def make(rooms: Sequence[Entry]) -> bytes:
            return links_workbook(rooms, zone, room_ids=room_ids, made_by=made_by())

        return exported(Export.EXCEL, entries(), make)

    def merge(delimiter: Delimiter) -> Exported:
        now = datetime.now(UTC)
        return exported(
            Export.MAIL_MERGE, invitable(entries(), now), lambda rooms: mail_merge_csv(rooms, zone, now, delimiter)
        )

    def taskflow() -> Exported:
        now = datetime.now(UTC)
        return exported(Export.TASKFLOW, invitable(entries(), now), lambda rooms: taskflow_csv(rooms, now))

    with st.container(horizontal=True):
        download_csv("CSV", links, f"{project_name} CSV", f"file_CSV_{key}")
        # Its second sheet explains the columns to the person who reads this page; the first is always the same.
        file(N_("Excel"), excel, "xlsx", language())
        file(N_("Links only"), lambda: exported(Export.LINKS, entries(), links_only), "txt")
        download_csv(
            _(MERGE),
            merge,
            f"{project_name} {MERGE}",
            f"file_{MERGE}_{key}",
            help=_(
                "Label, email, link and end of each room that can still be joined, for a mail program's own letters."
            ),
        )
        file(
            N_("Taskflow"),
            taskflow,
            "csv",
            help=_(
                "For a study of Prolific's with Taskflow: the link of each room that can still be joined, for one "
                "participant each."
            ),
        )
    with st.container(horizontal=True):
        download_other_csv("CSV", links, f"{project_name} CSV", f"file_CSV_{key}")
        download_other_csv(_(MERGE), merge, f"{project_name} {MERGE}", f"file_{MERGE}_{key}")
    if selection.count > COUNTED_AT_MOST:
        st.caption(_("The mail merge leaves out rooms whose link cannot be used."))
    else:
        _left_out_of_merge(entries())
    # Made of these rooms alone: no file is made before it is asked for.
    lines = links_csv(selection.sample()[:LINES_SHOWN], zone, delimiter, room_ids=room_ids)
    with st.container(key=f"file_preview_{key}"):
        st.caption(_("The first lines of the CSV:"))
        st.code(lines.decode("utf-8-sig").rstrip(), language=None, wrap_lines=True)


def _left_out_of_merge(entries: Sequence[Entry]) -> None:
    """Says how many rooms the mail merge leaves out, which would else be missed in it."""
    if left_out := len(entries) - len(invitable(entries, datetime.now(UTC))):
        told = ngettext(
            "The mail merge leaves out {count} room whose link cannot be used.",
            "The mail merge leaves out {count} rooms whose link cannot be used.",
            left_out,
        )
        st.caption(told)
