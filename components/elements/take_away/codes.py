"""Links as pictures of QR codes: one as an example, and all of them as files."""

import streamlit as st

from components.elements.download import download
from components.elements.exported import Exported, exported, made_by
from components.elements.take_away.selection import Selection
from components.state import viewer
from services.export.codes import qr
from services.export.codes.pack import Picture, code_pack
from services.journal.deeds import Export
from services.texts.speech import N_, _
from services.trust import literal

PICTURE_WIDTH = 200
"""Pixels of the example on the page."""


def codes(selection: Selection) -> None:
    """Shows the first code, and a button for each kind of picture."""
    zone, delimiter = viewer.zone(), viewer.delimiter()

    def file(name: str, picture: Picture) -> None:
        def make() -> Exported:
            entries = selection.entries()
            return exported(
                Export.CODES, entries, lambda rooms: code_pack(rooms, zone, picture, delimiter, made_by=made_by())
            )

        key = f"file_{name}_{selection.key}"
        download(_(name), make, f"{selection.project_name} {name}", "zip", key)

    st.caption(_("QR codes, one picture a room, named by number and label, with the CSV beside them."))
    with st.container(horizontal=True):
        file(N_("Codes as PNG"), Picture.PNG)
        file(N_("Codes as SVG"), Picture.SVG)
    first = next((entry for entry in selection.sample() if entry.link.is_proper), None)
    if first:
        with st.container(key=f"code_preview_{selection.key}"):
            st.caption(_("The code of {name}:", name=literal(first.name)))
            st.image(qr.svg(first.link), alt=_("The QR code of {name}", name=first.name), width=PICTURE_WIDTH)
