"""What a researcher does on the pages, as steps that a test can read."""

from playwright.sync_api import Locator, Page, expect

from tests.servers import eventually

READY = "Morning coffee routines"


def open_create(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_role("heading", name="Create interview rooms")).to_be_visible()


def choose_option(page: Page, key: str, name: str, *, exact: bool = False) -> None:
    """Choose from a list, which is opened once more, as people do, where the page was just being drawn."""
    field, option = page.locator(f".st-key-{key} input"), page.get_by_role("option", name=name, exact=exact)

    def is_open() -> bool:
        if field.get_attribute("aria-expanded") != "true":
            field.click()
        return option.is_visible()

    eventually(is_open)
    option.click()


def choose_project(page: Page, name: str = READY) -> None:
    choose_option(page, "project", name)
    expect(page.locator(".st-key-plan")).to_contain_text(name)


def fill_number(page: Page, key: str, value: int) -> None:
    """Type a number and leave the field, as people do before they press something else."""
    field = page.locator(f".st-key-{key} input")
    field.fill(str(value))
    field.press("Enter")


def create_button(page: Page) -> Locator:
    return page.locator(".st-key-create button")


def create(page: Page, count: int) -> None:
    fill_number(page, "count", count)
    button = create_button(page)
    expect(button).to_contain_text(f"Create {rooms(count)}")
    button.click()
    expect(result_heading(page, count)).to_be_visible()


def result_heading(page: Page, count: int) -> Locator:
    return page.get_by_role("heading", name=f"{rooms(count)} for")


def rooms(count: int) -> str:
    return "1 room" if count == 1 else f"{count} rooms"


def links(page: Page) -> list[str]:
    """The links in the table's page on show."""
    table = page.locator(".st-key-rooms table")
    expect(table).to_be_visible()
    return table.locator("td .link").all_inner_texts()


def open_newest_batch(page: Page) -> None:
    page.get_by_role("link", name="Batches").click()
    # Until it is there, the page before may still be in its place, and has buttons to open lists with.
    expect(page.get_by_role("heading", name="Batches")).to_be_visible()
    page.get_by_role("button", name="Open", exact=True).first.click()


def open_files(page: Page) -> None:
    """Open the panel with the files, which come with the next drawing."""
    panel = page.locator("[data-testid=stExpander]", has_text="Download, print or invite")
    panel.locator("summary").click()
    expect(panel.get_by_role("button", name="Codes as SVG")).to_be_visible()


def open_desk(page: Page, address: str, project: str = READY) -> None:
    page.goto(f"{address}/desk")
    choose_pool(page, project)


def choose_pool(page: Page, project: str = READY) -> None:
    """On the page Desk: every pending room of a project."""
    expect(page.get_by_role("heading", name="Desk", exact=True)).to_be_visible()
    choose_option(page, "project", project)


def start_desk(page: Page, name: str, how: str = "") -> None:
    """Start the desk that has been opened. how: which link a person gets, where that is to be said."""
    field = page.get_by_role("textbox", name="Name of this desk")
    field.fill(name)
    field.press("Enter")
    if how:
        page.get_by_role("radio", name=how).click()
    page.get_by_role("button", name="Start").click()
