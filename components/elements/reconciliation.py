"""A panel's list of submissions beside a door's visitors: who is to be paid, who is not, and what needs a look."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

import streamlit as st

from components.elements.csv_download import download_csv
from components.elements.exported import Exported
from components.elements.sheet_file import read_or_ask
from components.elements.words import bullets
from components.state import viewer
from services.door.panel_file import Columns, Part, known_columns, names_of, submissions, table_of
from services.door.reconcile import Became, Compared, Reconciliation, Unsubmitted, Verdict, reconcile
from services.export.delimited import Delimiter
from services.export.reconciliation import submissions_csv, unsubmitted_csv
from services.journal.deeds import Export
from services.journal.door.records import Door, Visit
from services.local_time import in_words
from services.people.acting import may
from services.people.roles import Right
from services.roster.reading import UPLOADS
from services.roster.sheet import RosterError, Sheet
from services.texts.speech import N_, _, ngettext, number, pgettext
from services.trust import literal

SHOWN = 200
"""How many rows of a table are shown; the file has all."""

LISTED = 10
"""How many ids and rows are named; the rest is counted."""

_Make = Callable[[Delimiter], bytes]

_BECAME: Mapping[Became, str] = {
    Became.NEVER_CAME: N_("Never came"),
    Became.SCREENED_OUT: N_("Screened out"),
    Became.QUOTA_FULL: N_("Quota full"),
    Became.NOT_BEGUN: N_("Did not begin"),
    Became.IN_INTERVIEW: N_("In interview"),
    Became.CUT_OFF: N_("Cut off"),
    Became.LOST: N_("Room was cancelled or ran out"),
    Became.COMPLETED: N_("Completed"),
}

_VERDICTS: Mapping[Verdict, str] = {
    Verdict.NOT_COMPLETED: N_("No completed interview"),
    Verdict.WRONG_CODE: N_("Another code"),
    Verdict.NO_CODE: N_("No code"),
}

_ASKED = {
    Part.PERSON: N_("Ids of people"),
    Part.STATUS: N_("Status"),
    Part.CODE: N_("Completion code"),
}
"""The columns that a person may choose; the others are found by their names or not at all."""


def reconcile_panel(door: Door, visits: Sequence[Visit]) -> None:
    """Takes the panel's file and shows how it agrees with the visits. visits: all of the door."""
    if not may(Right.CHANGE):
        st.caption(_("Your role does not compare submissions."))
        return
    file = st.file_uploader(
        _("The panel's list of submissions, such as Prolific's export"), UPLOADS, key=f"panel_file_{door.code}"
    )
    st.caption(_("It is compared with this door's visitors, and not kept."))
    if file is None:
        return
    content = file.getvalue()
    try:
        sheet = read_or_ask(content, file.name, f"panel_{door.code}")
    except RosterError as error:
        st.error(f"**{_('This file cannot be read.')}** {literal(str(error))}", icon=":material/error:")
        return
    if sheet is None:
        return
    table = table_of(sheet)
    columns = _columns(table, f"{door.code}_{sha256(content).hexdigest()[:8]}")
    if Part.PERSON not in columns:
        st.info(_("Choose the column that holds the panel's ids of people."), icon=":material/view_column:")
        return
    rows = submissions(table, columns)
    _show(door, reconcile(door, visits, rows, has_codes=Part.CODE in columns))


def _columns(table: Sheet, key: str) -> Columns:
    """Which column holds what: known by its name, or as a person chooses."""
    names, known = names_of(table), known_columns(table)
    chosen = dict(known)
    for place, (part, label) in zip(st.columns(len(_ASKED)), _ASKED.items(), strict=True):
        # A name is a row of the panel's: options of a select box show text as it is.
        column = place.selectbox(
            _(label),
            range(len(names)),
            index=known.get(part),
            format_func=names.__getitem__,
            placeholder=_("No such column"),
            key=f"panel_{part}_{key}",
        )
        chosen.pop(part, None)
        if column is not None:
            chosen[part] = column
    return chosen


def _show(door: Door, found: Reconciliation) -> None:
    if not found.is_of_this_door:
        no_one = _(
            "**No person of this file has come to this door.** Is it another study's, or is another column meant?"
        )
        st.warning(no_one, icon=":material/person_search:")
    _figures(found)
    _notes(found)
    _look_at(door, found)
    _without_submission(door, found.unsubmitted)


def _figures(found: Reconciliation) -> None:
    codes = found.of(Verdict.WRONG_CODE, Verdict.NO_CODE)
    figures = {
        _("Agree"): len(found.of(Verdict.AGREED)),
        _("No completed interview"): len(found.of(Verdict.NOT_COMPLETED)),
        _("Another code, or none"): len(codes),
        _("Completed, not submitted"): len(found.unsubmitted),
        _("Returned, rejected or not finished"): len(found.of(Verdict.OVER)),
    }
    with st.container(horizontal=True, gap="medium", key="panel_figures"):
        for label, count in figures.items():
            st.metric(label, number(count), width="content")


def _notes(found: Reconciliation) -> None:
    """What of the file was not compared, and why."""
    told = [
        *_of_rows(found.empty, N_("Rows without an id: {rows}")),
        *_of_rows(found.damaged, N_("Rows with an id that a spreadsheet rounded: {rows}. Take the panel's own file.")),
        *_of_rows(found.others, N_("Rows of other studies, left out: {rows}")),
    ]
    if found.twice:
        ids = [f"{literal(person)} ({', '.join(map(str, rows))})" for person, rows in found.twice[:LISTED]]
        told.append(_("Ids that appear more than once, each compared once: {ids}", ids=_cut(ids, len(found.twice))))
    if found.elsewhere:
        told.append(
            ngettext(
                "{count} completed interview belongs to a study that is not in this file.",
                "{count} completed interviews belong to studies that are not in this file.",
                found.elsewhere,
            )
        )
    if not found.has_codes:
        told.append(_("Without a column of completion codes, none was checked."))
    if told:
        st.warning(bullets(told, str, len(told)), icon=":material/info:")


def _of_rows(rows: Sequence[int], words: str) -> list[str]:
    return [_(words, rows=_cut([*map(str, rows[:LISTED])], len(rows)))] if rows else []


def _cut(named: Sequence[str], count: int) -> str:
    told, more = ", ".join(named), count - len(named)
    return _("{names} and {count} more", names=told, count=number(more)) if more > 0 else told


def _look_at(door: Door, found: Reconciliation) -> None:
    """The submissions that do not agree, and the file of all."""
    rows = found.of(*_VERDICTS)
    if rows:
        st.markdown(f"**{_('Submitted, and not as it should be')}**")
        st.dataframe([_submission_row(each) for each in rows[:SHOWN]], hide_index=True, width="stretch")
        _say_more(len(rows))
    _file(
        door, _("Download all submissions"), "submissions", [each.visit for each in found.compared],
        lambda delimiter: submissions_csv(found, delimiter),
    )  # fmt: skip


def _submission_row(one: Compared) -> dict[str, object]:
    return {
        pgettext("table", "Row"): one.submission.row,
        _("Person"): one.submission.person,
        _("Status"): one.submission.status,
        _("What is wrong"): _(_VERDICTS[one.verdict]),
        _("What became of them"): _(_BECAME[one.became]),
        _("Code"): one.submission.code,
        _("Right code"): one.expected if one.became == Became.COMPLETED else "",
    }


def _without_submission(door: Door, rows: Sequence[Unsubmitted]) -> None:
    if not rows:
        return
    st.markdown(f"**{_('Completed, without a submission that counts')}**")
    st.caption(_("The panel knows these people; here they are known by the code that they were given."))
    st.dataframe([_unsubmitted_row(each) for each in rows[:SHOWN]], hide_index=True, width="stretch")
    _say_more(len(rows))
    _file(
        door, _("Download them"), "unsubmitted", [each.visit for each in rows],
        lambda delimiter: unsubmitted_csv(rows, delimiter),
    )  # fmt: skip


def _unsubmitted_row(one: Unsubmitted) -> dict[str, object]:
    zone, sent = viewer.zone(), one.submission
    return {
        _("Visitor"): one.visit.id,
        _("Came"): in_words(one.visit.entered, zone),
        _("Finished"): in_words(one.visit.ended, zone) if one.visit.ended else "",
        _("Code"): one.code,
        _("Person"): sent.person if sent else "",
        _("Status"): sent.status if sent else "",
    }


def _say_more(count: int) -> None:
    if count > SHOWN:
        st.caption(ngettext("and {count} more", "and {count} more", count - SHOWN))


def _file(door: Door, label: str, name: str, visits: Sequence[Visit | None], make: _Make) -> None:
    """A button for a file. visits: those that it tells of."""
    rooms = [visit.room_id for visit in visits if visit and visit.room_id]

    def made(delimiter: Delimiter) -> Exported:
        return Exported(Export.RECONCILIATION, make(delimiter), rooms, [door.project_id])

    key = f"panel_{name}_{door.code}"
    download_csv(label, made, f"{door.settings.name} {name}", key, holds_links=False)
