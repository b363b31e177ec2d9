"""The list of people that rooms are for: uploaded or pasted, its columns matched, its mistakes shown by row."""

from collections.abc import Sequence

import streamlit as st

from components.create.people_source import (
    choose_charset,
    current_source,
    hand_over,
    offer_other_charset,
    offer_way_out,
    reading_key,
    say_sheet,
    sheet_of,
)
from components.elements.words import bullets, shortened
from components.state import create
from components.state.create import Source
from services.participants import Participant
from services.roster.columns import ambiguous, guess, recognise
from services.roster.fields import IDENTIFYING, NAME_PARTS, Field
from services.roster.headers import SEARCHED_ROWS, headed, header_place
from services.roster.people import Report, RowProblem, people
from services.roster.sheet import CharsetNeeded, RosterError, Sheet
from services.texts.speech import N_, _, language, ngettext
from services.trust import literal

NAMES = {
    Field.LABEL: N_("Label or name"),
    Field.EMAIL: N_("Email"),
    Field.EXTERNAL_ID: N_("External ID"),
    Field.GIVEN_NAME: N_("First name"),
    Field.MIDDLE_NAME: N_("Middle name"),
    Field.FAMILY_NAME: N_("Last name"),
    Field.LANGUAGE: N_("Language"),
    Field.MINUTES: N_("Minutes"),
    Field.VOICE: N_("Voice"),
    Field.TOPICS: N_("Topics"),
}

LINES = (tuple(Field)[:3], tuple(Field)[3:6], tuple(Field)[6:])
"""The fields as they stand in lines under Columns."""

NO_COLUMN = N_("(none)")
NO_ROW = -1
"""The choice of no header, in place of a row's number."""

UNUSED_SHOWN = 20
"""How many columns without a use are named."""

PEOPLE_SHOWN = 8
"""How many people, problems and remarks are shown; the rest is counted."""

EXAMPLE = "label,email,external_id,language,minutes\r\nAnna K.,anna@example.org,P-001,English,30\r\n"


def people_panel() -> None:
    """Lets the researcher hand over a list, and shows how it is understood."""
    with st.container(border=True, key="people"):
        hand_over()
        source = current_source()
        if source is None:
            st.caption(_("One row a person. A row may name the columns; only a label, email or ID is needed."))
            st.download_button(
                _("Download an example"),
                EXAMPLE,
                "people.csv",
                "text/csv",
                key="example",
                type="tertiary",
                icon=":material/description:",
            )
            return
        try:
            sheet = sheet_of(source)
        except CharsetNeeded as error:
            choose_charset(source, error)
            return
        except RosterError as error:
            st.error(f"{_('**This list cannot be used.**')} {literal(str(error))}", icon=":material/error:")
            offer_way_out(source, error)
            return
        say_sheet(source, sheet)
        _columns(source, sheet)
        offer_other_charset(source)
        _understood(source, sheet)


def listed_people() -> tuple[Participant, ...]:
    """Returns the people of the list as it stands at this moment; none while anything about it is wrong or open."""
    source = current_source()
    try:
        report = _report(source, sheet_of(source)) if source else None
    except RosterError:
        return ()
    if source is None or report is None or report.problems:
        return ()
    return report.people if _may_go_without_labels(source, report) else ()


def _header(source: Source, sheet: Sheet) -> int | None:
    """The place of the row that names the columns: as it was chosen by hand, else as it was found."""
    chosen = st.session_state.get(_header_key(source))
    if chosen is None:
        return header_place(sheet.rows)
    # No list is without a row 0, so NO_ROW is never found.
    return next((place for place, number in enumerate(sheet.numbers) if number == chosen), None)


def _mapping(source: Source, sheet: Sheet, header: int | None) -> dict[Field, int]:
    """Which column holds what: as it was chosen by hand, else as its name says.

    sheet: from its header on.
    """
    found = guess(sheet.rows) if header is None else recognise(sheet.rows[0], sheet.rows[1:])
    chosen = {name: st.session_state.get(_column_key(source, name, header), found.get(name)) for name in Field}
    return {name: column for name, column in chosen.items() if column is not None and column >= 0}


def _header_key(source: Source) -> str:
    return f"header_{reading_key(source)}"


def _column_key(source: Source, name: Field, header: int | None) -> str:
    """The key of a choice of column: under another header it is another choice."""
    return f"column_{name}_{header}_{reading_key(source)}"


def _columns(source: Source, whole: Sheet) -> None:
    """Shows which row and which columns were taken for what, and lets that be changed."""
    header = _header(source, whole)
    sheet = headed(whole, header)
    mapping = _mapping(source, sheet, header)
    names = {-1: _(NO_COLUMN), **_column_names(sheet, header)}
    doubtful = {} if header is None else ambiguous(sheet.rows[0], sheet.rows[1:])
    open_fields = doubtful.keys() - mapping.keys()
    for name in sorted(open_fields):
        field = _(NAMES[name]).lower()
        st.warning(_("Several columns could be the {field}. Choose one under Columns.", field=field))
    expanded = not mapping.keys() & IDENTIFYING or bool(doubtful)
    with st.expander(_("Columns"), expanded=expanded, icon=":material/view_column:"):
        _choose_header(source, whole, header)
        for line in LINES:
            for cell, name in zip(st.columns(len(line)), line, strict=True):
                cell.selectbox(
                    _(NAMES[name]),
                    list(names),
                    index=list(names).index(mapping.get(name, -1)),
                    format_func=names.__getitem__,
                    key=_column_key(source, name, header),
                    persist_state="session",
                )
    if header is not None:
        _rows_left_out(whole, sheet)
    _unused(sheet, mapping, names)


def _choose_header(source: Source, sheet: Sheet, header: int | None) -> None:
    """Offers the first rows and none of them as the one that names the columns."""
    offered = {NO_ROW: _("No row: all rows are people")}
    for place, row in zip(sheet.numbers[:SEARCHED_ROWS], sheet.rows, strict=False):
        cells = ", ".join(filter(None, row))
        offered[place] = shortened(_("Row {place}: {cells}", place=place, cells=cells))
    st.selectbox(
        _("The row that names the columns"),
        list(offered),
        index=0 if header is None else header + 1,
        format_func=offered.__getitem__,
        key=_header_key(source),
        persist_state="session",
    )


def _rows_left_out(whole: Sheet, sheet: Sheet) -> None:
    """Says which row is the header, where that is not simply the first, and which rows are therefore not read."""
    read = frozenset(sheet.numbers)
    left_out = [str(place) for place in whole.numbers if place not in read]
    if not left_out:
        return
    header, rows = sheet.numbers[0], ", ".join(left_out[:UNUSED_SHOWN])
    if len(left_out) == 1:
        said = _("Row {header} names the columns. Not read: row {rows}.", header=header, rows=rows)
    elif len(left_out) <= UNUSED_SHOWN:
        said = _("Row {header} names the columns. Not read: rows {rows}.", header=header, rows=rows)
    else:
        said = _("Row {header} names the columns. Not read: rows {rows} and more.", header=header, rows=rows)
    st.caption(said)


def _unused(sheet: Sheet, mapping: dict[Field, int], names: dict[int, str]) -> None:
    """Names the columns that are not taken for anything, so that no name is lost unseen."""
    unused = [column for column in range(len(sheet.rows[0])) if column not in mapping.values()]
    if unused:
        shown = ", ".join(literal(shortened(names[column])) for column in unused[:UNUSED_SHOWN])
        said = _("Not used: {columns}.", columns=shown)
        if (more := len(unused) - UNUSED_SHOWN) > 0:
            said = ngettext(
                "Not used: {columns} and {count} more.", "Not used: {columns} and {count} more.", more, columns=shown
            )
        st.caption(said)


def _column_names(sheet: Sheet, header: int | None) -> dict[int, str]:
    """A name for each column. Streamlit tells options apart by what they show, so no two may look alike."""
    first = ("",) * len(sheet.rows[0]) if header is None else sheet.rows[0]
    return {
        column: f"{column + 1}: {name}" if name else _("Column {number}", number=column + 1)
        for column, name in enumerate(first)
    }


def _report(source: Source, whole: Sheet) -> Report:
    """The list as people, made once. Raises RosterError."""
    header = _header(source, whole)
    sheet = headed(whole, header)
    mapping = _mapping(source, sheet, header)
    made = (reading_key(source), tuple(sorted(mapping.items())), header, language())
    kept = create.current().report
    if kept is None or kept[0] != made:
        kept = (made, people(sheet, mapping, header is not None))
        create.current().report = kept
    return kept[1]


def _without_labels_key(source: Source) -> str:
    return f"without_labels_{reading_key(source)}"


def _may_go_without_labels(source: Source, report: Report) -> bool:
    return not report.unlabelled or bool(st.session_state.get(_without_labels_key(source)))


def _ask_about_labels(source: Source, report: Report) -> None:
    """Says that people have no label, and lets a person say that this is wanted."""
    st.warning(
        ngettext(
            "**{count} person has no label.** Their rooms would have no name at Aseed. Choose the column of labels or "
            "names under Columns, or say that this is wanted.",
            "**{count} people have no label.** Their rooms would have no name at Aseed. Choose the column of labels or "
            "names under Columns, or say that this is wanted.",
            report.unlabelled,
        ),
        icon=":material/label_off:",
    )
    st.checkbox(_("Create rooms without labels"), key=_without_labels_key(source), persist_state="session")


def _understood(source: Source, sheet: Sheet) -> None:
    try:
        report = _report(source, sheet)
    except RosterError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return
    if wrong := len({note.row for note in report.problems}):
        said = ngettext(
            "**{count} row needs a correction before anything is created.** Correct the list and hand it over again.",
            "**{count} rows need a correction before anything is created.** Correct the list and hand it over again.",
            wrong,
        )
        st.error(f"{said}\n\n{_listed(report.problems)}", icon=":material/error:")
    else:
        said = ngettext("{count} person: one room each.", "{count} people: one room each.", len(report.people))
        st.success(said, icon=":material/group:")
        if report.unlabelled:
            _ask_about_labels(source, report)
    if report.remarks:
        said = ngettext("{count} row is worth a look", "{count} rows are worth a look", len(report.remarks))
        with st.expander(said, icon=":material/visibility:"):
            st.markdown(_listed(report.remarks, 200))
    _preview(report.people)


def _preview(listed: Sequence[Participant]) -> None:
    """The first people as they were understood. A table's cells show text as it is."""
    kept = [name for name in Field if name not in NAME_PARTS]
    values = [{name: getattr(person, name) for name in kept} for person in listed[:PEOPLE_SHOWN]]
    used = [name for name in kept if any(row[name] for row in values)]
    st.dataframe(
        [{_(NAMES[name]): str(row[name] or "") for name in used} for row in values], hide_index=True, width="stretch"
    )
    if len(listed) > PEOPLE_SHOWN:
        more = len(listed) - PEOPLE_SHOWN
        st.caption(ngettext("and {count} more", "and {count} more", more))


def _listed(notes: Sequence[RowProblem], most: int = PEOPLE_SHOWN) -> str:
    def line(note: RowProblem) -> str:
        column, message = literal(note.column), literal(note.message)
        if note.column:
            return _("Row {row}, {column}: {message}", row=note.row, column=column, message=message)
        return _("Row {row}: {message}", row=note.row, message=message)

    return bullets(notes, line, most)
