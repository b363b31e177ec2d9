"""Where the list of people comes from: a file or pasted rows, read once, in the charset that a person chose."""

from hashlib import sha256

import streamlit as st

from components.elements.sheet_choice import hidden_parts, sheet_choice
from components.elements.waiting_line import offer_second_try, place_in_line
from components.state import charsets, create, sheets
from components.state.create import Source
from services.roster.reading import UPLOADS, read_file, read_text
from services.roster.sheet import CharsetNeeded, RosterError, Sheet, SheetUnusable, Wish
from services.texts.speech import N_, _, language
from services.trust import literal

UPLOAD, PASTE = N_("Upload a file"), N_("Paste")


def hand_over() -> None:
    st.segmented_control(
        _("The list"),
        (UPLOAD, PASTE),
        key="roster_way",
        default=UPLOAD,
        format_func={way: _(way) for way in (UPLOAD, PASTE)}.__getitem__,
        required=True,
        persist_state="session",
    )
    if st.session_state["roster_way"] == PASTE:
        st.text_area(
            _("Paste rows from a spreadsheet, the recipients of a mail, or one name a line"),
            key="roster_text",
            height=140,
            persist_state="session",
        )
        return
    # Drawn again after a result, an upload looks empty, and its file is still in the session: so it is another widget.
    turn = create.current().turn
    key = f"roster_file_{turn}" if turn else "roster_file"
    st.file_uploader(
        _("A spreadsheet, CSV or text, up to 5,000 people"),
        type=UPLOADS,
        key=key,
        on_change=_take_file,
        args=(key,),
    )
    kept = create.current().upload
    if kept and not st.session_state.get(key):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_("In use: {name}", name=literal(kept.name)), width="content")
            st.button(_("Remove"), key="roster_remove", type="tertiary", on_click=_take_file, args=(key,))


def _take_file(key: str) -> None:
    """Keeps what was uploaded: the widget itself forgets it when it is drawn no more."""
    file = st.session_state.get(key)
    kept = Source(_key(file.name, file.getvalue()), file.name, file.getvalue()) if file else None
    if kept:
        charsets.forget(kept.key)
        sheets.forget(kept.key)
    create.current().upload = kept


def current_source() -> Source | None:
    if st.session_state.get("roster_way") != PASTE:
        return create.current().upload
    text = st.session_state.get("roster_text") or ""
    content = text.encode(errors="replace")
    return Source(_key(PASTE, content), PASTE, content) if text.strip() else None


def _key(name: str, content: bytes) -> str:
    return sha256(name.encode(errors="replace") + b"\0" + content).hexdigest()[:16]


def sheet_of(source: Source) -> Sheet:
    """The list as rows, read once. Raises RosterError."""
    read, wanted = create.current().sheet, (reading_key(source), language())
    if read is None or read[0] != wanted:
        read = (wanted, _read(source, _charset(source)))
        create.current().sheet = read
    if isinstance(read[1], RosterError):
        raise read[1]
    return read[1]


def _read(source: Source, charset: str | None) -> Sheet | RosterError:
    try:
        with place_in_line() as say:
            if source.name == PASTE:
                return read_text(source.content.decode(), say)
            return read_file(source.content, source.name, charset, sheets.wish(source.key), say)
    except RosterError as error:
        return error


def choose_charset(source: Source, error: CharsetNeeded) -> None:
    st.warning(f"{_('**Which of these reads right?**')} {error}", icon=":material/translate:")
    for charset, preview in error.previews.items():
        with st.container(border=True):
            st.text(preview)
            st.button(
                _("This one ({charset})", charset=charset),
                key=f"use_{charset}",
                on_click=charsets.choose,
                args=(source.key, charset),
            )


def say_sheet(source: Source, sheet: Sheet) -> None:
    """Names the sheet that is used and what is hidden in it, and lets both be changed."""
    sheet_choice(source.key, "roster", sheet.title, sheet.titles)
    hidden_parts(source.key, "roster", sheet)


def offer_way_out(source: Source, error: RosterError) -> None:
    """Offers the other sheets, where only one of them cannot be used, and a second try where others were in the way."""
    offer_second_try(error, "roster", _forget_sheet)
    if isinstance(error, SheetUnusable):
        sheet_choice(source.key, "roster", error.title, error.titles)


def _forget_sheet() -> None:
    create.current().sheet = None


def offer_other_charset(source: Source) -> None:
    if _charset(source):
        st.button(
            _("Letters look wrong? Choose again"),
            key="other_charset",
            type="tertiary",
            icon=":material/translate:",
            on_click=charsets.forget,
            args=(source.key,),
        )


def reading_key(source: Source) -> str:
    """Tells one list in one charset and of one sheet from every other: in another its columns have other names."""
    wish = sheets.wish(source.key)
    chosen = f"{wish.sheet}\n{wish.hidden_rows}\n{wish.hidden_columns}" if wish != Wish() else ""
    return f"{source.key}_{_charset(source) or ''}{sha256(chosen.encode()).hexdigest()[:16] if chosen else ''}"


def _charset(source: Source) -> str | None:
    return charsets.chosen(source.key)
