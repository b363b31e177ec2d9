"""A door's code on paper and as a picture: choose a form, look at it, take it. No link to a room is in it."""

from collections.abc import Callable

import streamlit as st

from components.elements.download import download
from components.elements.exported import Exported, made_by
from components.elements.take_away.cards import all_named
from components.state import take_away
from components.state.kept_file import KeptFile
from components.state.take_away import SeenPoster
from services.export.cards.lettering import REPLACEMENT
from services.export.cards.preview import preview
from services.export.poster.forms import FORMS
from services.export.poster.pdf import code_png, code_svg, lacking, print_poster, reading_distance
from services.journal.deeds import Export
from services.journal.door.records import Door
from services.texts.speech import _, number

PREVIEW_WIDTH = 320
"""Pixels of the poster on the page."""


def poster_download(door: Door, address: str, minutes: int | None) -> None:
    """Shows what is to be chosen, the poster, and a button for each file.

    address: of the door, as visitors open it. minutes: how long the interview takes at most; None for not telling it.
    """
    texts, key = door.settings.texts, door.code
    chosen = st.selectbox(
        _("Paper"),
        list(FORMS),
        format_func=lambda name: FORMS[name].name,
        key=f"poster_form_{key}",
        persist_state="session",
    )
    form = FORMS[chosen]
    try:
        seen = _seen(door, address, minutes, chosen)
    except ValueError:
        st.error(_("**This door has no address that a code can hold.**"), icon=":material/link_off:")
        return
    if characters := lacking(texts):
        boxes = _(
            "**The name has characters that posters cannot show.** A box ({box}) is printed for each: {characters}",
            box=REPLACEMENT,
            characters=all_named(characters),
        )
        st.warning(boxes, icon=":material/font_download_off:")

    def file(label: str, name: str, ending: str, make: Callable[[], bytes]) -> None:
        def made() -> Exported:
            return Exported(Export.POSTER, make(), projects=[door.project_id])

        download(label, made, f"{door.settings.name} {name}", ending, f"{name}_{ending}_{key}", holds_links=False)

    with st.container(horizontal=True):
        file(
            _("Download the PDF"),
            "poster",
            "pdf",
            lambda: print_poster(texts, address, form, minutes=minutes, made_by=made_by()),
        )
        file(_("Code as SVG"), "code", "svg", lambda: code_svg(address).encode())
        file(_("Code as PNG"), "code", "png", lambda: code_png(address))
    with st.container(key=f"poster_preview_{key}"):
        told = _("The code is read from up to {distance} away.", distance=_distance(seen.metres))
        st.caption(f"{told} {_('Print at 100 %, not “fit to page”.')}")
        if form.is_tent:
            st.caption(_("Fold it along the dashed line, so that it stands."))
        # Its paper is as white as the page: where it ends is to be seen.
        with st.container(border=True, width=PREVIEW_WIDTH):
            st.image(seen.picture.read(), alt=_("The poster: {form}", form=form.name), width="stretch")


def _seen(door: Door, address: str, minutes: int | None, chosen: str) -> SeenPoster:
    """The poster as it was looked at, drawn once for each choice. Raises ValueError for an address that is none."""
    names = tuple((tag, its.name) for tag, its in door.settings.texts.items())
    made_of = (door.code, chosen, names, address, minutes)
    seen = take_away.current().poster
    if seen is None or seen.made_of != made_of:
        texts, form = door.settings.texts, FORMS[chosen]
        picture = KeptFile(preview(print_poster(texts, address, form, minutes=minutes)))
        seen = SeenPoster(made_of, reading_distance(texts, address, form, minutes), picture)
        take_away.current().poster = seen
    return seen


def _distance(metres: float) -> str:
    if metres < 1:
        return _("{count} cm", count=round(metres * 20) * 5)
    return _("{count} m", count=number(round(metres, 1)))
