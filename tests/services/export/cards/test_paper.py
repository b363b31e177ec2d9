"""Every label lies where its maker says, to a tenth of a millimetre, and on the page."""

import pytest

from services.export.cards.paper import INCH, MM, SHEETS

MEASURED = {
    # page, cards, first card's left and top, last card's right and bottom as distances from the page's edges, in mm
    "a4-3x4": (210, 297, 12, 10, 10, 10, 10),
    "a4-2x4": (210, 297, 8, 10, 10, 10, 10),
    "l7160": (210, 297, 21, 7.2, 15.15, 7.3, 15.15),
    "5160": (215.9, 279.4, 30, 4.7625, 12.7, 4.7625, 12.7),
    "5163": (215.9, 279.4, 10, 3.96875, 12.7, 3.96875, 12.7),
    "5371": (215.9, 279.4, 10, 19.05, 12.7, 19.05, 12.7),
}
CLOSE = pytest.approx


@pytest.mark.parametrize("key", SHEETS)
def test_cards_fill_the_page_as_published(key: str) -> None:
    sheet = SHEETS[key]
    width, height, cards, *edges = MEASURED[key]
    assert sheet.page == CLOSE((width * MM, height * MM), abs=0.1 * MM)
    assert sheet.cards == cards
    left, bottom_of_first = sheet.corner(0)
    left_of_last, bottom = sheet.corner(cards - 1)
    found = (
        left,
        sheet.page[1] - bottom_of_first - sheet.height,
        sheet.page[0] - left_of_last - sheet.width,
        bottom,
    )
    assert [edge / MM for edge in found] == CLOSE(edges, abs=0.1)


@pytest.mark.parametrize("key", SHEETS)
def test_cards_go_along_rows_without_overlap(key: str) -> None:
    sheet = SHEETS[key]
    corners = [sheet.corner(place) for place in range(sheet.cards)]
    assert corners == sorted(corners, key=lambda corner: (-round(corner[1]), corner[0]))
    assert sheet.across > sheet.width - 0.001 and sheet.down > sheet.height - 0.001


@pytest.mark.parametrize(
    ("key", "width", "height"),
    [
        ("l7160", 63.5 * MM, 38.1 * MM),
        ("5160", 2.625 * INCH, INCH),
        ("5163", 4 * INCH, 2 * INCH),
        ("5371", 3.5 * INCH, 2 * INCH),
    ],
)
def test_card_is_as_large_as_published(key: str, width: float, height: float) -> None:
    assert (SHEETS[key].width, SHEETS[key].height) == CLOSE((width, height))
