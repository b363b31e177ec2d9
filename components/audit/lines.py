"""The lines of the audit, the newest first, and the file of them."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

import streamlit as st

from components.audit.words import ROLES, about, room_ids, what, who
from components.elements.browser import component
from components.elements.csv_download import download_csv
from components.elements.exported import Exported
from components.elements.paging import page_start
from components.state import process, project, reads, viewer, visibility
from services.aseed.errors import AseedError
from services.export.audit import audit_csv
from services.export.delimited import Delimiter
from services.journal.audit import Which
from services.journal.chain import Line
from services.journal.deeds import Export
from services.local_time import in_words
from services.texts.speech import _, ngettext

LINES_A_PAGE = 50


class LineRow(TypedDict):
    """A line in words (lines.js)."""

    id: int
    when: str
    who: str
    role: str
    what: str
    about: str
    ids: str
    came_from: str


class LinesData(TypedDict):
    """What the list shows (lines.js)."""

    lines: Sequence[LineRow]


def show_lines(which: Which) -> None:
    journal = process.journal().audit
    total = journal.count(which)
    if not total:
        _say_empty(which)
        return

    def csv(delimiter: Delimiter) -> Exported:
        return Exported(Export.AUDIT, audit_csv(journal.every(which), delimiter))

    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(ngettext("{count} line", "{count} lines", total), width="content")
        download_csv(
            _("Download"),
            csv,
            "audit",
            "audit",
            help=_("All of these lines as CSV, with what is needed to check their hashes without this dashboard."),
            holds_links=False,
        )
    start = page_start(total, LINES_A_PAGE, key="audit_page")
    names = _names_of_projects()
    visible = visibility.current()
    places = {**process.journal().stations.names(visible), **process.journal().doors.names(visible)}
    rows = [_row(line, names, places) for line in journal.lines(which, LINES_A_PAGE, start)]
    component("audit/lines")(key="audit_lines", data=LinesData(lines=rows))


def _say_empty(which: Which) -> None:
    if which == Which():
        told = _(
            "**Nothing is noted yet.** Here will stand who created, changed, handed out and took away which rooms, "
            "when and from where."
        )
    else:
        told = _("No line is like that.")
    st.info(told, icon=":material/history_edu:")


def _names_of_projects() -> dict[str, str]:
    """As Aseed tells them now; where it does not, lines have the projects' ids."""
    try:
        return {each.id: each.name for each in reads.projects()}
    except AseedError:
        return project.current().names


def _row(line: Line, names: Mapping[str, str], places: Mapping[str, str]) -> LineRow:
    return LineRow(
        id=line.id,
        when=in_words(line.at, viewer.zone()),
        who=who(line.person, line.email),
        role=_(ROLES[line.role]) if line.role in ROLES and line.person else "",
        what=what(line),
        about=about(line, names, places),
        ids=room_ids(line),
        came_from=line.came_from,
    )
