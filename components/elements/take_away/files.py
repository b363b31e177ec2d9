"""Links as files: spreadsheets, plain links, and codes as pictures. Each is made on a press, from the selection."""

from collections.abc import Callable

import streamlit as st

from components.elements.download import download
from components.elements.take_away.selection import Entries
from components.state import viewer
from services.export.codes.pack import Picture, code_pack
from services.export.table import links_csv, links_only, mail_merge_csv
from services.export.workbook import links_workbook


def files(entries: Entries, project_name: str, key: str) -> None:
    """Shows a button for each file."""
    zone = viewer.zone()

    def file(label: str, make: Callable[[], bytes], ending: str, help: str = "") -> None:
        download(label, make, f"{project_name} {label}", ending, f"file_{label}_{key}", help=help)

    st.caption("Spreadsheets hold everything that is known of each room, with its link.")
    with st.container(horizontal=True):
        file("CSV", lambda: links_csv(entries(), zone), "csv")
        file("Excel", lambda: links_workbook(entries(), zone), "xlsx")
        file("Links only", lambda: links_only(entries()), "txt")
        file(
            "Mail merge",
            lambda: mail_merge_csv(entries(), zone),
            "csv",
            help="Label, email, link and end of each room, for a mail program's own letters.",
        )
    st.caption("QR codes, one picture a room, named by number and label, with the CSV beside them.")
    with st.container(horizontal=True):
        file("Codes as PNG", lambda: code_pack(entries(), zone, Picture.PNG), "zip")
        file("Codes as SVG", lambda: code_pack(entries(), zone, Picture.SVG), "zip")
