"""One row of what can be done with all links of a batch."""

import streamlit as st

from components.batches.latest import latest
from components.elements.copy_button import copy_button
from components.elements.csv_download import download_csv
from components.elements.exported import Exported, exported
from components.elements.take_away.dialog import ask
from components.elements.take_away.selection import SAMPLE, Selection
from components.state import batches, process, project, viewer
from components.state.batches import BatchLinks
from services.export.delimited import Delimiter
from services.export.table import links_csv
from services.journal.deeds import Export
from services.journal.records import Batch
from services.local_time import local
from services.rooms.entry import Entry
from services.settings import ROOT
from services.texts.speech import N_, _, ngettext, pgettext

LINKS_SENT = 1_000
"""So many links are sent to the browser with each drawing of the page; more only when a person wants to copy them."""

AT_WORK = N_("When the batch has its rooms.")


def show_actions(batch: Batch, links: BatchLinks) -> None:
    """The row. One room alone has its way to be copied beside its code."""
    with st.container(horizontal=True, vertical_alignment="center", key="result_actions"):
        if batch.rooms > 1:
            _copy(batch, links)

        def csv(delimiter: Delimiter) -> Exported:
            entries = selection_of(batch).entries()
            return exported(Export.CSV, entries, lambda rooms: links_csv(rooms, viewer.zone(), delimiter))

        download_csv("CSV", csv, batch.project_name, "csv")
        _take_away(_("Codes"), "codes", ":material/qr_code:", batch)
        _take_away(pgettext("button", "Print"), "cards", ":material/print:", batch)
        _take_away(_("Messages"), "messages", ":material/mail:", batch)
        # Chosen by the callback: the header has drawn the project by now.
        if st.button(
            _("Hand out at a desk"),
            key="to_desk",
            icon=":material/qr_code_2:",
            on_click=_choose_for_desk,
            args=(batch,),
        ):
            st.switch_page(str(ROOT / "pages" / "desk.py"))


def selection_of(batch: Batch) -> Selection:
    """Every room of the batch, as Aseed last described it."""
    return Selection(
        lambda: _now(batch),
        lambda: _now(batch, SAMPLE),
        batch.rooms,
        batch.project_name,
        batch.project_id,
        key="batch",
    )


def _copy(batch: Batch, links: BatchLinks) -> None:
    if links.good > LINKS_SENT and batches.current().to_copy != batch.id:
        st.button(
            ngettext("Prepare {count} links for copying", "Prepare {count} links for copying", links.good),
            key="prepare_copy",
            type="primary",
            icon=":material/content_copy:",
            on_click=_prepare_copy,
            args=(batch.id,),
        )
    elif links.good:
        label = _("Copy the link")
        if links.good > 1:
            label = ngettext("Copy all {count} links", "Copy all {count} links", links.good)
        copy_button(label, links.text, "copy_all", primary=True)


def _prepare_copy(batch_id: int) -> None:
    batches.current().to_copy = batch_id


def _take_away(label: str, choice: str, icon: str, batch: Batch) -> None:
    """A button that opens the dialog; not while a batch is at work, whose end draws the page again."""
    key = f"take_{choice}"
    st.button(
        label,
        key=key,
        icon=icon,
        disabled=batch.working,
        help=_(AT_WORK) if batch.working else None,
        on_click=ask,
        args=(key, choice),
    )


def _choose_for_desk(batch: Batch) -> None:
    """Chooses the batch on the page Desk; no link is given before the desk is started there."""
    project.choose(batch.project_id)
    st.session_state["desk_batch"] = batch.id


def _now(batch: Batch, most: int | None = None) -> list[Entry]:
    """The rooms of the batch; most: of how many, from the first one."""
    # Stands for the batch in the file, where it has no name of its own.
    name = batch.name or f"{batch.project_name} {local(batch.made, viewer.zone()):%Y-%m-%d %H:%M}"
    journal = process.journal().batches
    kept = journal.rooms(batch.id, most) if most else journal.rooms(batch.id)
    return latest(batch).entries(batch, kept, name=name)
