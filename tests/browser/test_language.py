"""The pages speak the language of the person who reads them: the browser's, or the one that was chosen."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenContext
from tests.browser.steps import choose_project, fill_number, open_create

TITLES = {"en": "Create interview rooms", "ru": "Создание комнат для интервью"}


def open_in(page: Page, address: str, language: str) -> None:
    page.goto(address)
    expect_language(page, language)


def expect_language(page: Page, language: str) -> None:
    expect(page.get_by_role("heading", name=TITLES[language])).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)


def choose_language(page: Page, name: str) -> None:
    page.locator(".st-key-mode button").first.click()
    page.locator(".st-key-page_language input").click()
    page.get_by_role("option", name=name).click()


def test_pages_speak_the_browsers_language(dashboard: str, open_context: OpenContext) -> None:
    page = open_context(locale="ru-RU").new_page()
    open_in(page, dashboard, "ru")
    expect(page).to_have_title(re.compile("Комнаты для интервью"))
    expect(page.locator("[data-testid=stHeader]").get_by_text("Ссылки")).to_be_visible()
    page.get_by_text("Список людей").click()
    # Streamlit says this one in English alone.
    upload = page.get_by_test_id("stFileUploaderDropzone").locator("button p")
    expect(upload).to_be_visible()
    assert upload.evaluate("each => getComputedStyle(each, '::after').content") == '"Выбрать файл"'


def test_language_that_is_not_spoken_gives_english(dashboard: str, open_context: OpenContext) -> None:
    open_in(open_context(locale="ja-JP").new_page(), dashboard, "en")


def test_chosen_language_is_kept_with_what_was_typed(dashboard: str, page: Page) -> None:
    open_create(page, dashboard)
    choose_project(page)
    fill_number(page, "count", 7)
    expect(page.locator(".st-key-create")).to_contain_text("7 rooms")
    choose_language(page, "Русский")
    expect_language(page, "ru")
    expect(page.locator(".st-key-create")).to_contain_text("7 комнат")
    page.reload()
    expect_language(page, "ru")
    choose_language(page, "English")
    expect_language(page, "en")
    page.reload()
    expect_language(page, "en")


def test_two_people_read_two_languages_at_once(dashboard: str, open_context: OpenContext) -> None:
    pages = {language: open_context(locale=language).new_page() for language in ("ru", "en")}
    for language, page in pages.items():
        open_in(page, dashboard, language)
        choose_project(page)
    for language, page in pages.items():
        # What a press draws again stays in its own language, although the other page came last.
        fill_number(page, "count", 3)
        expect(page.locator(".st-key-create")).to_contain_text({"ru": "3 комнаты", "en": "3 rooms"}[language])
