"""Links as files: spreadsheets, plain links, and codes as pictures. Each is made on a press, from the selection."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import streamlit as st

from components.elements.csv_download import download_csv, download_other_csv
from components.elements.download import download
from components.elements.take_away.selection import Entries
from components.elements.words import counted
from components.state import viewer
from services.export.codes.pack import Picture, code_pack
from services.export.delimited import Delimiter
from services.export.invitable import invitable
from services.export.table import links_csv, links_only, mail_merge_csv
from services.export.workbook import links_workbook
from services.rooms.entry import Entry

COUNTED_AT_MOST = 1_000
"""Of so many rooms it is counted at each drawing how many the mail merge leaves out; more take too long for that."""


def files(entries: Entries, count: int, project_name: str, key: str) -> None:
    """Shows a button for each file. count: how many rooms are selected."""
    zone, delimiter = viewer.zone(), viewer.delimiter()

    def file(label: str, make: Callable[[], bytes], ending: str) -> None:
        download(label, make, f"{project_name} {label}", ending, f"file_{label}_{key}")

    st.caption("Spreadsheets hold everything that is known of each room, with its link.")
    room_ids = st.checkbox(
        "With room ids",
        key=f"room_ids_{key}",
        help="Aseed tells anybody who has a room's id about its interview. Leave them out unless a program needs them.",
    )

    def links(delimiter: Delimiter) -> bytes:
        return links_csv(entries(), zone, delimiter, room_ids=room_ids)

    def merge(delimiter: Delimiter) -> bytes:
        return mail_merge_csv(entries(), zone, datetime.now(UTC), delimiter)

    with st.container(horizontal=True):
        download_csv("CSV", links, f"{project_name} CSV", f"file_CSV_{key}")
        file("Excel", lambda: links_workbook(entries(), zone, room_ids=room_ids), "xlsx")
        file("Links only", lambda: links_only(entries()), "txt")
        download_csv(
            "Mail merge",
            merge,
            f"{project_name} Mail merge",
            f"file_Mail merge_{key}",
            help="Label, email, link and end of each room that can still be joined, for a mail program's own letters.",
        )
    with st.container(horizontal=True):
        download_other_csv("CSV", links, f"{project_name} CSV", f"file_CSV_{key}")
        download_other_csv("Mail merge", merge, f"{project_name} Mail merge", f"file_Mail merge_{key}")
    if count > COUNTED_AT_MOST:
        st.caption("The mail merge leaves out rooms whose link cannot be used.")
    else:
        _left_out_of_merge(entries())
    st.caption("QR codes, one picture a room, named by number and label, with the CSV beside them.")
    with st.container(horizontal=True):
        file("Codes as PNG", lambda: code_pack(entries(), zone, Picture.PNG, delimiter), "zip")
        file("Codes as SVG", lambda: code_pack(entries(), zone, Picture.SVG, delimiter), "zip")


def _left_out_of_merge(entries: Sequence[Entry]) -> None:
    """Says how many rooms the mail merge leaves out, which would else be missed in it."""
    if left_out := len(entries) - len(invitable(entries, datetime.now(UTC))):
        st.caption(f"The mail merge leaves out {counted(left_out, 'room', 'rooms')} whose link cannot be used.")
