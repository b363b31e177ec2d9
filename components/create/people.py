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
from components.elements.words import bullets, counted, shortened
from components.state import create
from components.state.create import Source
from services.participants import Participant
from services.roster.columns import ambiguous, guess, recognise
from services.roster.fields import IDENTIFYING, NAME_PARTS, Field
from services.roster.headers import SEARCHED_ROWS, headed, header_place
from services.roster.people import Report, RowProblem, people
from services.roster.sheet import CharsetNeeded, RosterError, Sheet
from services.trust import literal

NAMES = {
    Field.LABEL: "Label or name",
    Field.EMAIL: "Email",
    Field.EXTERNAL_ID: "External ID",
    Field.GIVEN_NAME: "First name",
    Field.MIDDLE_NAME: "Middle name",
    Field.FAMILY_NAME: "Last name",
    Field.LANGUAGE: "Language",
    Field.MINUTES: "Minutes",
    Field.VOICE: "Voice",
    Field.TOPICS: "Topics",
}

LINES = (tuple(Field)[:3], tuple(Field)[3:6], tuple(Field)[6:])
"""The fields as they stand in lines under Columns."""

NO_COLUMN = "(none)"
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
            st.caption("One row a person. A row may name the columns; only a label, email or ID is needed.")
            st.download_button(
                "Download an example", EXAMPLE, "people.csv", "text/csv", type="tertiary", icon=":material/description:"
            )
            return
        try:
            sheet = sheet_of(source)
        except CharsetNeeded as error:
            choose_charset(source, error)
            return
        except RosterError as error:
            st.error(f"**This list cannot be used.** {literal(str(error))}", icon=":material/error:")
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
    names = {-1: NO_COLUMN, **_column_names(sheet, header)}
    doubtful = {} if header is None else ambiguous(sheet.rows[0], sheet.rows[1:])
    open_fields = doubtful.keys() - mapping.keys()
    for name in sorted(open_fields):
        st.warning(f"Several columns could be the {NAMES[name].lower()}. Choose one under Columns.")
    expanded = not mapping.keys() & IDENTIFYING or bool(doubtful)
    with st.expander("Columns", expanded=expanded, icon=":material/view_column:"):
        _choose_header(source, whole, header)
        for line in LINES:
            for cell, name in zip(st.columns(len(line)), line, strict=True):
                cell.selectbox(
                    NAMES[name],
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
    offered = {NO_ROW: "No row: all rows are people"}
    for number, row in zip(sheet.numbers[:SEARCHED_ROWS], sheet.rows, strict=False):
        offered[number] = shortened(f"Row {number}: {', '.join(filter(None, row))}")
    st.selectbox(
        "The row that names the columns",
        list(offered),
        index=0 if header is None else header + 1,
        format_func=offered.__getitem__,
        key=_header_key(source),
        persist_state="session",
    )


def _rows_left_out(whole: Sheet, sheet: Sheet) -> None:
    """Says which row is the header, where that is not simply the first, and which rows are therefore not read."""
    read = frozenset(sheet.numbers)
    left_out = [str(number) for number in whole.numbers if number not in read]
    if left_out:
        st.caption(
            f"Row {sheet.numbers[0]} names the columns. Not read: {'row' if len(left_out) == 1 else 'rows'} "
            f"{', '.join(left_out[:UNUSED_SHOWN])}{' and more' if len(left_out) > UNUSED_SHOWN else ''}."
        )


def _unused(sheet: Sheet, mapping: dict[Field, int], names: dict[int, str]) -> None:
    """Names the columns that are not taken for anything, so that no name is lost unseen."""
    unused = [column for column in range(len(sheet.rows[0])) if column not in mapping.values()]
    if unused:
        more = f" and {len(unused) - UNUSED_SHOWN:,} more" if len(unused) > UNUSED_SHOWN else ""
        shown = (literal(shortened(names[column])) for column in unused[:UNUSED_SHOWN])
        st.caption(f"Not used: {', '.join(shown)}{more}.")


def _column_names(sheet: Sheet, header: int | None) -> dict[int, str]:
    """A name for each column. Streamlit tells options apart by what they show, so no two may look alike."""
    first = ("",) * len(sheet.rows[0]) if header is None else sheet.rows[0]
    return {column: f"{column + 1}: {name}" if name else f"Column {column + 1}" for column, name in enumerate(first)}


def _report(source: Source, whole: Sheet) -> Report:
    """The list as people, made once. Raises RosterError."""
    header = _header(source, whole)
    sheet = headed(whole, header)
    mapping = _mapping(source, sheet, header)
    made = (reading_key(source), tuple(sorted(mapping.items())), header)
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
        f"**{counted(report.unlabelled, 'person has', 'people have')} no label.** Their rooms would have no name at "
        "Aseed. Choose the column of labels or names under Columns, or say that this is wanted.",
        icon=":material/label_off:",
    )
    st.checkbox("Create rooms without labels", key=_without_labels_key(source), persist_state="session")


def _understood(source: Source, sheet: Sheet) -> None:
    try:
        report = _report(source, sheet)
    except RosterError as error:
        st.error(literal(str(error)), icon=":material/error:")
        return
    if wrong := len({note.row for note in report.problems}):
        st.error(
            f"**{counted(wrong, 'row needs', 'rows need')} a correction before anything is created.** "
            f"Correct the list and hand it over again.\n\n{_listed(report.problems)}",
            icon=":material/error:",
        )
    else:
        st.success(f"{counted(len(report.people), 'person', 'people')}: one room each.", icon=":material/group:")
        if report.unlabelled:
            _ask_about_labels(source, report)
    if report.remarks:
        with st.expander(
            f"{counted(len(report.remarks), 'row is', 'rows are')} worth a look", icon=":material/visibility:"
        ):
            st.markdown(_listed(report.remarks, 200))
    _preview(report.people)


def _preview(listed: Sequence[Participant]) -> None:
    """The first people as they were understood. A table's cells show text as it is."""
    kept = [name for name in Field if name not in NAME_PARTS]
    values = [{name: getattr(person, name) for name in kept} for person in listed[:PEOPLE_SHOWN]]
    used = [name for name in kept if any(row[name] for row in values)]
    st.dataframe(
        [{NAMES[name]: str(row[name] or "") for name in used} for row in values], hide_index=True, width="stretch"
    )
    if len(listed) > PEOPLE_SHOWN:
        st.caption(f"and {len(listed) - PEOPLE_SHOWN:,} more")


def _listed(notes: Sequence[RowProblem], most: int = PEOPLE_SHOWN) -> str:
    def line(note: RowProblem) -> str:
        return f"Row {note.row}{f', {literal(note.column)}' if note.column else ''}: {literal(note.message)}"

    return bullets(notes, line, most)
