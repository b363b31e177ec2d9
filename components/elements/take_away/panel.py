"""Links to take away: as files, as printed cards, as messages. Everything is made on a press, from the selection."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from components.elements.download import download
from components.elements.take_away.messages import invite
from components.elements.words import bullets, counted, rooms_in_words
from components.state import viewer
from services.export.cards.paper import SHEETS, Sheet
from services.export.cards.pdf import Printed, print_cards
from services.export.cards.preview import preview
from services.export.cards.words import Language
from services.export.codes.pack import Picture, code_pack
from services.export.table import links_csv, links_only, mail_merge_csv
from services.export.workbook import links_workbook
from services.rooms.entry import Entry
from services.trust import literal

LEFT_OUT = 10
"""How many rooms without a card are named; the rest is counted."""

LANGUAGES: dict[str, Language | None] = {"Each room's own": None, "English": "en", "Russian": "ru"}

Entries = Callable[[], Sequence[Entry]]
"""The selection, which may be thousands of rooms: read when it is needed."""


def take_away(entries: Entries, count: int, project_name: str, key: str) -> None:
    """The panel, which is drawn once it is open. key: tells it from that of another page."""
    # Its label must stay as it is: another one would close it under whoever is writing a message in it.
    panel = st.expander(
        "Download, print or invite", icon=":material/ios_share:", key=f"take_away_{key}", on_change="rerun"
    )
    if not panel.open:
        return
    with panel:
        st.caption(f"For {rooms_in_words(count)}.")
        files, cards, messages = st.tabs(
            [":material/download: Files", ":material/print: Printed cards", ":material/mail: Messages"],
            key=f"take_away_tabs_{key}",
            on_change="rerun",
        )
        if cards.open:
            with cards:
                _cards(entries, project_name, key)
        elif messages.open:
            with messages:
                invite(entries(), project_name, key)
        else:
            with files:
                _files(entries, project_name, key)


def _files(entries: Entries, project_name: str, key: str) -> None:
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


@dataclass(frozen=True)
class _Made:
    """Cards that were made, and what of: other rooms or another sheet make them out of date."""

    of: tuple[object, ...]
    printed: Printed
    picture: bytes


def _cards(entries: Entries, project_name: str, key: str) -> None:
    """Choose a sheet, look at the first page, take the PDF."""
    sheet, start, language, sturdy, ruler = _layout(key)
    selection = entries()
    zone = viewer.zone()
    told = tuple((entry.label, entry.number, entry.link, entry.room) for entry in selection)
    of = (sheet.name, start, language, sturdy, ruler, project_name, zone.key, told)
    made: _Made | None = st.session_state.get(f"cards_made_{key}")
    if made and made.of != of:
        made = None
    if made is None and st.button("Make the PDF", key=f"make_cards_{key}", icon=":material/print:"):
        printed = print_cards(
            selection,
            sheet,
            title=project_name,
            zone=zone,
            now=datetime.now(UTC),
            start=start,
            language=LANGUAGES[language],
            level="Q" if sturdy else "M",
            ruler=ruler,
        )
        made = _Made(of, printed, preview(printed.pdf) if printed.pdf else b"")
        st.session_state[f"cards_made_{key}"] = made
    if made:
        _made(made, project_name, key)


def _layout(key: str) -> tuple[Sheet, int, str, bool, bool]:
    paper, first, spoken = st.columns([3, 1.2, 1.6])
    chosen = paper.selectbox(
        "Paper", list(SHEETS), format_func=lambda name: SHEETS[name].name, key=f"sheet_{key}", persist_state="session"
    )
    sheet = SHEETS[chosen]
    start = first.number_input(
        "Start at card", 1, sheet.cards, 1, key=f"start_{key}_{chosen}", help="For a sheet of which some are used up."
    )
    language = spoken.selectbox("Instructions in", list(LANGUAGES), key=f"card_language_{key}")
    with st.container(horizontal=True):
        sturdy = st.checkbox(
            "Cards are handled a lot", key=f"sturdy_{key}", help="Codes that still scan when a quarter is worn off."
        )
        ruler = st.checkbox(
            "Ruler on the first page", key=f"ruler_{key}", help="Shows whether the printer scales: print at 100 %."
        )
    return sheet, int(start), language, sturdy, ruler


def _made(made: _Made, project_name: str, key: str) -> None:
    printed = made.printed
    if not printed.cards:
        st.warning(
            "**No card was made:** only pending rooms are printed, and none is.", icon=":material/print_disabled:"
        )
    else:
        cards, pages = counted(printed.cards, "card", "cards"), counted(printed.pages, "page", "pages")
        st.success(f"**{cards} on {pages}.** Print at 100 %, not “fit to page”.", icon=":material/print:")
        download("Download the PDF", lambda: printed.pdf, f"{project_name} cards", "pdf", f"pdf_{key}")
        with st.container(width=420):
            st.image(made.picture, caption="The first page", width="stretch")
    if printed.small:
        st.warning(
            f"The codes of {rooms_in_words(len(printed.small))} come out small on this paper: old phones may not read "
            "them. Choose larger cards.",
            icon=":material/warning:",
        )
    if printed.left_out:
        listed = bullets(printed.left_out, lambda each: f"{literal(each[0].name)}: {literal(each[1])}", LEFT_OUT)
        st.markdown(f"**Left out: {rooms_in_words(len(printed.left_out))}**\n\n{listed}")
