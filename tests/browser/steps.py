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


def type_choice(page: Page, key: str, value: str, said: str = "") -> None:
    """Type into the form what a list does not have; once more where the page, just being drawn, took it back.

    said: how the plan then calls it, where that differs.
    """
    field = page.locator(f".st-key-{key} input")

    def is_taken() -> bool:
        # Until the list leads to an option, Enter only closes it, and what was typed is not taken.
        if field.get_attribute("aria-activedescendant"):
            field.press("Enter")
        elif field.input_value() != value:
            if field.get_attribute("aria-expanded") != "true":
                field.click()
            field.fill(value)
        return (said or value) in page.locator(".st-key-plan").inner_text()

    eventually(is_taken)


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
    """The links on show: those of the table's page, or that of a room alone."""
    shown = page.locator(".st-key-rooms .link")
    expect(shown.first).to_be_visible()
    return shown.all_inner_texts()


def open_newest_batch(page: Page) -> None:
    page.get_by_role("link", name="Batches").click()
    # Until it is there, the page before may still be in its place, and has buttons to open lists with.
    expect(page.get_by_role("heading", name="Batches")).to_be_visible()
    open_buttons(page).first.click()


def open_buttons(page: Page) -> Locator:
    """The buttons that open batches of the list; by key, as the arrow of a field with choices is called Open, too."""
    return page.locator("[class*=st-key-open_] button")


def open_files(page: Page) -> None:
    """Open the dialog with the files of the page Links."""
    page.get_by_role("button", name="Take away").click()
    expect(take_away(page).get_by_role("button", name="Mail merge", exact=True)).to_be_visible()


def take_away(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Take away")


def choose_take_away(page: Page, what: str) -> None:
    """In the dialog: what to take."""
    take_away(page).get_by_role("radio", name=what).click()


def create_more(page: Page) -> None:
    """Bring the form back, once another press may create rooms of its own."""
    page.get_by_role("button", name="Create more").click()
    expect(create_button(page)).to_be_enabled()


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


def expect_door(page: Page, label: str = "Sign in") -> None:
    expect(page.get_by_role("button", name=label, exact=True)).to_be_visible()
    expect(page.locator(".st-key-frame")).to_have_count(0)


def sign_in(page: Page, name: str, label: str = "Sign in") -> None:
    page.get_by_role("button", name=label, exact=True).click()
    page.get_by_role("button", name=name, exact=True).click()


def sign_out(page: Page) -> None:
    page.locator(".st-key-mode button").click()
    page.get_by_role("button", name="Sign out").click()
    # The provider asks before it lets its own sign-in go.
    page.get_by_role("button", name="End session").click()
    expect_door(page)
