"""Links as printed cards: choose a sheet, look at the first card, take the PDF."""

import dataclasses
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import streamlit as st

from components.elements.download import download
from components.elements.exported import exported, made_by
from components.elements.numbers import number_problem
from components.elements.problems import show_beside
from components.elements.take_away.selection import Selection
from components.elements.words import bullets, rooms_in_words
from components.state import take_away, viewer
from components.state.kept_file import KeptFile
from components.state.take_away import MadeCards
from services.export.cards.lettering import REPLACEMENT
from services.export.cards.paper import SHEETS, Sheet
from services.export.cards.pdf import Printed, lacking, print_cards
from services.export.cards.preview import card_preview, preview
from services.export.cards.words import Language
from services.journal.deeds import Export
from services.rooms.entry import Entry
from services.texts.speech import N_, _, counted, language, ngettext
from services.trust import literal

LEFT_OUT_SHOWN = 10
"""How many rooms without a card are named; the rest is counted."""

CHARACTERS_NAMED = 5
"""How many characters that cannot be printed are named for a room; the rest is counted."""

LANGUAGES: dict[str, Language | None] = {N_("Each room's own"): None, N_("English"): "en", N_("Russian"): "ru"}


@dataclass(frozen=True)
class _Layout:
    """How cards are printed. start: the first card of the sheet that is free. problem: what is wrong with it."""

    sheet: Sheet
    start: int
    language: str
    is_sturdy: bool
    has_ruler: bool
    problem: str | None


PREVIEW_WIDTH = 320
"""Pixels of the first card on the page."""


def cards(selection: Selection) -> None:
    """Shows what is to be chosen, the first card, and the whole page once the cards are made."""
    key, project_name = selection.key, selection.project_name
    layout = _layout(key)
    entries = selection.entries()
    _warn_of_boxes(lacking(entries, datetime.now(UTC)))
    told = tuple((entry.label, entry.number, entry.link, entry.room) for entry in entries)
    # What was left out is told in the language in which it was made.
    made_of = (layout, project_name, viewer.zone().key, told, language())
    made = take_away.current().cards.get(key)
    # The place of the button stays when it goes: else all below moves up, and its picture is there twice for a moment.
    place = st.empty()
    if made is None or made.made_of != made_of:
        made = None
        pressed = place.button(
            _("Make the PDF"), key=f"make_cards_{key}", icon=":material/print:", disabled=layout.problem is not None
        )
        if pressed and not layout.problem:
            made = _make(entries, layout, project_name, made_of)
            take_away.current().cards[key] = made
            place.empty()
    if made:
        _show(made, entries, project_name, key)
    elif not layout.problem:
        _show_first(selection, layout)


def _show_first(selection: Selection, layout: _Layout) -> None:
    """The first card as it will be, before any file is made."""
    for entry in selection.sample():
        printed = _print([entry], layout, selection.project_name)
        if printed.cards:
            with st.container(key=f"card_preview_{selection.key}"):
                st.caption(_("The card of {name}:", name=literal(entry.name)))
                st.image(card_preview(printed.pdf, layout.sheet, layout.start - 1), width=PREVIEW_WIDTH)
            return


def _make(entries: Sequence[Entry], layout: _Layout, project_name: str, made_of: tuple[object, ...]) -> MadeCards:
    printed = _print(entries, layout, project_name)
    picture = preview(printed.pdf) if printed.pdf else b""
    return MadeCards(made_of, dataclasses.replace(printed, pdf=b""), KeptFile(printed.pdf), KeptFile(picture))


def _print(entries: Sequence[Entry], layout: _Layout, project_name: str) -> Printed:
    return print_cards(
        entries,
        layout.sheet,
        title=project_name,
        zone=viewer.zone(),
        now=datetime.now(UTC),
        start=layout.start,
        language=LANGUAGES[layout.language],
        level="Q" if layout.is_sturdy else "M",
        ruler=layout.has_ruler,
        made_by=made_by(),
    )


def _warn_of_boxes(rooms: Sequence[tuple[Entry, str]]) -> None:
    """Names the rooms on whose cards a box would stand for a character, and the characters."""
    if not rooms:
        return
    listed = bullets(rooms, lambda each: f"{literal(each[0].name)}: {all_named(each[1])}", LEFT_OUT_SHOWN)
    told = ngettext(
        "**The names of {count} room have characters that cards cannot show.** A box ({box}) is printed for each. "
        "Rename these rooms in a script that is shown, or send their links as messages.",
        "**The names of {count} rooms have characters that cards cannot show.** A box ({box}) is printed for each. "
        "Rename these rooms in a script that is shown, or send their links as messages.",
        len(rooms),
        box=REPLACEMENT,
    )
    st.warning(f"{told}\n\n{listed}", icon=":material/font_download_off:")


def all_named(characters: str) -> str:
    """The first characters that cannot be printed, each with its name, and how many more there are."""
    more = len(characters) - CHARACTERS_NAMED
    told = [ngettext("and {count} more", "and {count} more", more)] if more > 0 else []
    return ", ".join([*map(_named, characters[:CHARACTERS_NAMED]), *told])


def _named(character: str) -> str:
    """Such as `ܫ (U+072B, Syriac letter shin)`."""
    name = unicodedata.name(character, _("a character without a name")).capitalize()
    shown = f"{literal(character)} " if character.isprintable() else ""
    return f"{shown}(U+{ord(character):04X}, {name})"


def _layout(key: str) -> _Layout:
    paper, first, spoken = st.columns([3, 1.2, 1.6])
    chosen = paper.selectbox(
        _("Paper"),
        list(SHEETS),
        format_func=lambda name: SHEETS[name].name,
        key=f"sheet_{key}",
        persist_state="session",
    )
    sheet = SHEETS[chosen]
    start = first.number_input(
        _("Start at card"),
        value=1,
        step=1,
        key=f"start_{key}_{chosen}",
        help=_("For a sheet of which some are used up."),
    )
    problem = number_problem(start, 1, sheet.cards)
    with first:
        show_beside(problem)
    language = spoken.selectbox(_("Instructions in"), list(LANGUAGES), format_func=_, key=f"card_language_{key}")
    with st.container(horizontal=True):
        sturdy = st.checkbox(
            _("Cards are handled a lot"),
            key=f"sturdy_{key}",
            help=_("Codes that still scan when a quarter is worn off."),
        )
        ruler = st.checkbox(
            _("Ruler on the first page"),
            key=f"ruler_{key}",
            help=_("Shows whether the printer scales: print at 100 %."),
        )
    return _Layout(sheet, int(start or 1), language, sturdy, ruler, problem)


def _show(made: MadeCards, entries: Sequence[Entry], project_name: str, key: str) -> None:
    printed = made.printed
    without = {entry.id for entry, _why in printed.left_out}
    on_cards = [entry for entry in entries if entry.id not in without]
    if not printed.cards:
        none = _("**No card was made:** only rooms that have not started are printed, and none is left.")
        st.warning(none, icon=":material/print_disabled:")
    else:
        cards, pages = counted(printed.cards, "card", "cards"), counted(printed.pages, "page", "pages")
        said = _("**{cards} on {pages}.** Print at 100 %, not “fit to page”.", cards=cards, pages=pages)
        st.success(said, icon=":material/print:")
        download(
            _("Download the PDF"),
            lambda: exported(Export.CARDS, on_cards, lambda _rooms: made.pdf.read()),
            f"{project_name} cards",
            "pdf",
            f"pdf_{key}",
        )
        with st.container(width=420):
            caption, alt = _("The first page"), _("The first page of cards")
            st.image(made.picture.read(), caption=caption, alt=alt, width="stretch")
    if printed.small:
        small = ngettext(
            "The codes of {count} room come out small on this paper: old phones may not read them. Choose larger "
            "cards.",
            "The codes of {count} rooms come out small on this paper: old phones may not read them. Choose larger "
            "cards.",
            len(printed.small),
        )
        st.warning(small, icon=":material/warning:")
    if printed.left_out:
        listed = bullets(printed.left_out, lambda each: f"{literal(each[0].name)}: {literal(each[1])}", LEFT_OUT_SHOWN)
        left_out = _("**Left out: {rooms}**", rooms=rooms_in_words(len(printed.left_out)))
        st.markdown(f"{left_out}\n\n{listed}")
