"""The list of people that rooms are for: uploaded or pasted, its columns matched, its mistakes shown by row."""

from collections.abc import Sequence

import streamlit as st

from components.create.people_source import (
    choose_charset,
    current_source,
    hand_over,
    offer_other_charset,
    offer_other_sheet,
    reading_key,
    say_sheet,
    sheet_of,
)
from components.elements.words import bullets, counted
from components.state import create
from components.state.create import Source
from services.participants import Participant
from services.roster.columns import Field, ambiguous, guess, has_header, recognise
from services.roster.people import Report, RowProblem, people
from services.roster.sheet import CharsetNeeded, RosterError, Sheet
from services.trust import literal

NAMES = {
    Field.LABEL: "Label or name",
    Field.EMAIL: "Email",
    Field.EXTERNAL_ID: "External ID",
    Field.LANGUAGE: "Language",
    Field.MINUTES: "Minutes",
    Field.VOICE: "Voice",
    Field.TOPICS: "Topics",
}

NO_COLUMN = "(none)"

PEOPLE_SHOWN = 8
"""How many people, problems and remarks are shown; the rest is counted."""

EXAMPLE = "label,email,external_id,language,minutes\r\nAnna K.,anna@example.org,P-001,English,30\r\n"


def people_panel() -> None:
    """Lets the researcher hand over a list, and shows how it is understood."""
    with st.container(border=True, key="people"):
        hand_over()
        source = current_source()
        if source is None:
            st.caption("One row a person. The first row may name the columns; only a label, email or ID is needed.")
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
            offer_other_sheet(source, error)
            return
        say_sheet(source, sheet)
        _columns(source, sheet)
        offer_other_charset(source)
        _understood(source, sheet)


def listed_people() -> tuple[Participant, ...]:
    """The people of the list as it stands at this moment; none while anything about it is wrong."""
    source = current_source()
    try:
        report = _report(source, sheet_of(source)) if source else None
    except RosterError:
        return ()
    return report.people if report and not report.problems else ()


def _header(source: Source, sheet: Sheet) -> bool:
    return bool(st.session_state.get(_header_key(source), has_header(sheet.rows)))


def _mapping(source: Source, sheet: Sheet) -> dict[Field, int]:
    """Which column holds what: as it was chosen by hand, else as its name says."""
    found = recognise(sheet.rows[0]) if _header(source, sheet) else guess(sheet.rows)
    chosen = {name: st.session_state.get(_column_key(source, name), found.get(name)) for name in Field}
    return {name: column for name, column in chosen.items() if column is not None and column >= 0}


def _header_key(source: Source) -> str:
    return f"header_{reading_key(source)}"


def _column_key(source: Source, name: Field) -> str:
    return f"column_{name}_{reading_key(source)}"


def _columns(source: Source, sheet: Sheet) -> None:
    """Shows which column was taken for what, and lets that be changed."""
    mapping = _mapping(source, sheet)
    known = bool(mapping.keys() & {Field.LABEL, Field.EMAIL, Field.EXTERNAL_ID})
    names = {-1: NO_COLUMN, **_column_names(source, sheet)}
    doubtful = ambiguous(sheet.rows[0]) if _header(source, sheet) else {}
    for name in doubtful.keys() - mapping.keys():
        st.warning(f"Several columns could be the {NAMES[name].lower()}. Choose one under Columns.")
    with st.expander("Columns", expanded=not known or bool(doubtful), icon=":material/view_column:"):
        st.checkbox(
            "The first row names the columns",
            _header(source, sheet),
            key=_header_key(source),
            persist_state="session",
        )
        for row in (tuple(Field)[:3], tuple(Field)[3:]):
            for cell, name in zip(st.columns(len(row)), row, strict=True):
                cell.selectbox(
                    NAMES[name],
                    list(names),
                    index=list(names).index(mapping.get(name, -1)),
                    format_func=names.__getitem__,
                    key=_column_key(source, name),
                    persist_state="session",
                )
    _unused(sheet, mapping, names)


def _unused(sheet: Sheet, mapping: dict[Field, int], names: dict[int, str]) -> None:
    """Names the columns that are not taken for anything, so that no name is lost unseen."""
    unused = [column for column in range(len(sheet.rows[0])) if column not in mapping.values()]
    if unused:
        st.caption(f"Not used: {', '.join(literal(names[column]) for column in unused)}.")


def _column_names(source: Source, sheet: Sheet) -> dict[int, str]:
    """A name for each column. Streamlit tells options apart by what they show, so no two may look alike."""
    first = sheet.rows[0] if _header(source, sheet) else ("",) * len(sheet.rows[0])
    return {column: f"{column + 1}: {name}" if name else f"Column {column + 1}" for column, name in enumerate(first)}


def _report(source: Source, sheet: Sheet) -> Report:
    """The list as people, made once. Raises RosterError."""
    made = (reading_key(source), tuple(sorted(_mapping(source, sheet).items())), _header(source, sheet))
    kept = create.current().report
    if kept is None or kept[0] != made:
        report = people(sheet, _mapping(source, sheet), _header(source, sheet))
        kept = (made, report)
        create.current().report = kept
    return kept[1]


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
    if report.remarks:
        with st.expander(
            f"{counted(len(report.remarks), 'row is', 'rows are')} worth a look", icon=":material/visibility:"
        ):
            st.markdown(_listed(report.remarks, 200))
    _preview(report.people)


def _preview(listed: Sequence[Participant]) -> None:
    """The first people as they were understood. A table's cells show text as it is."""
    values = [{name: getattr(person, name) for name in Field} for person in listed[:PEOPLE_SHOWN]]
    used = [name for name in Field if any(row[name] for row in values)]
    st.dataframe(
        [{NAMES[name]: str(row[name] or "") for name in used} for row in values], hide_index=True, width="stretch"
    )
    if len(listed) > PEOPLE_SHOWN:
        st.caption(f"and {len(listed) - PEOPLE_SHOWN:,} more")


def _listed(notes: Sequence[RowProblem], most: int = PEOPLE_SHOWN) -> str:
    def line(note: RowProblem) -> str:
        return f"Row {note.row}{f', {literal(note.column)}' if note.column else ''}: {literal(note.message)}"

    return bullets(notes, line, most)
