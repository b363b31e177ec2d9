"""CSV files to take away: in the form that the viewer's spreadsheets open by a double click, and in the other one."""

from collections.abc import Callable

from components.elements.download import download
from components.elements.exported import Exported
from components.state import viewer
from services.export.delimited import Delimiter
from services.texts.speech import _


def download_csv(
    label: str,
    make: Callable[[Delimiter], Exported],
    subject: str,
    key: str,
    *,
    help: str = "",
    holds_links: bool = True,
) -> None:
    """Shows a button for the form that the viewer's locale expects; the rest is as in `download`."""
    delimiter = viewer.delimiter()
    download(label, lambda: make(delimiter), subject, "csv", key, help=help, holds_links=holds_links)


def download_other_csv(label: str, make: Callable[[Delimiter], Exported], subject: str, key: str) -> None:
    """Shows a quiet button for the other form, whose label says what stands between the cells there."""
    other = viewer.delimiter().other
    download(
        _("{file} with {separators}", file=label, separators=other.words),
        lambda: make(other),
        subject,
        "csv",
        f"{key}_other",
        quiet=True,
        help=_("For a spreadsheet that shows each row of the other file in one cell."),
    )
