"""Invitations: a text with fields, seen with the first person's values, and taken away for all."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TypedDict

import streamlit as st

from components.elements.browser import component
from components.elements.csv_download import download_csv, download_other_csv
from components.elements.download import download
from components.elements.exported import Exported, exported
from components.elements.paging import page_start
from components.elements.problems import show_beside
from components.elements.take_away.files import MERGE
from components.elements.take_away.selection import Selection
from components.elements.words import bullets, rooms_in_words, told_apart
from components.state import viewer
from services.export.default_messages import DEFAULTS
from services.export.delimited import Delimiter
from services.export.messages import (
    FIELDS,
    Invitation,
    LeftOut,
    Template,
    TemplateError,
    invitations,
    invitations_csv,
    invitations_text,
)
from services.journal.deeds import Export
from services.languages import language_name
from services.rooms.entry import Entry
from services.texts.speech import _, ngettext, number
from services.trust import literal

PEOPLE_A_PAGE = 10


class MessageRow(TypedDict):
    """One person's message. spoken: what its buttons call it.

    mailto: empty where there is no email. paste: whether the text is too long for it.
    """

    name: str
    spoken: str
    email: str
    text: str
    mailto: str
    paste: bool


class MessagesData(TypedDict):
    """What the list shows (messages.js)."""

    people: list[MessageRow]


LEFT_OUT_SHOWN = 5
"""How many rooms without a message are named; the rest is counted."""


def invite(selection: Selection) -> None:
    """Shows the message to write, how it reads for the first person, and the ways to take it away."""
    entries, key = selection.entries(), selection.key
    template = _template(entries, key)
    if template is None:
        return
    zone = viewer.zone()
    invited, left_out = invitations(template, entries, zone, datetime.now(UTC))
    _left_out(left_out)
    if not invited:
        st.info(_("No one here can be invited."), icon=":material/info:")
        return
    first = invited[0]
    with st.container(border=True, key=f"message_preview_{key}"):
        st.caption(_("The message for {name}:", name=literal(first.entry.name)))
        st.text(first.subject)
        st.text(first.text)
    with st.container(horizontal=True):
        subject, merged = f"{selection.project_name} messages", f"messages_csv_{key}"

        rooms = [one.entry for one in invited]

        def merge(delimiter: Delimiter) -> Exported:
            return exported(Export.MAIL_MERGE, rooms, lambda _rooms: invitations_csv(invited, zone, delimiter))

        def texts() -> Exported:
            return exported(Export.MESSAGES, rooms, lambda _rooms: invitations_text(invited))

        download_csv(_("Mail merge with these messages"), merge, subject, merged)
        text = f"messages_txt_{key}"
        download(_("Messages as text"), texts, subject, "txt", text)
        download_other_csv(_(MERGE), merge, subject, merged)
    _one_by_one(invited, key)


def _template(entries: Sequence[Entry], key: str) -> Template | None:
    """The text as it is typed; None while it cannot be used, which is said beneath it."""
    language = st.segmented_control(
        _("Begin with"),
        list(DEFAULTS),
        format_func=_,
        key=f"message_language_{key}",
        default=_spoken(entries),
        required=True,
    )
    _warn_of_others(entries, language)
    default = DEFAULTS[language]
    subject = st.text_input(_("Subject"), default.subject, key=f"subject_{language}_{key}", persist_state="session")
    body = st.text_area(_("Message"), default.body, key=f"body_{language}_{key}", height=260, persist_state="session")
    st.caption(_("Fields: {fields}", fields=" ".join(f"`{{{name}}}`" for name in FIELDS)))
    try:
        return Template(subject or "", body or "")
    except TemplateError as error:
        show_beside(str(error))
        return None


def _spoken(entries: Sequence[Entry]) -> str:
    """The language that most of the rooms have been given, of those in which there is a text."""
    spoken = (language_name(entry.room.language) for entry in entries)
    given = Counter(language for language in spoken if language in DEFAULTS)
    return str(given.most_common(1)[0][0]) if given else next(iter(DEFAULTS))


def _warn_of_others(entries: Sequence[Entry], language: str) -> None:
    """Says how many of the interviews are in another language than the message."""
    others = sum(language_name(entry.room.language) not in (None, language) for entry in entries)
    if others:
        told = ngettext(
            "**{count} of these interviews is in another language than this message.** Tick the rooms of one language "
            "in the table to write to them alone.",
            "**{count} of these interviews are in another language than this message.** Tick the rooms of one language "
            "in the table to write to them alone.",
            others,
        )
        st.warning(told, icon=":material/translate:")


def _left_out(left_out: Sequence[LeftOut]) -> None:
    """Says how many rooms get no message and why, before they are named."""
    if not left_out:
        return
    times = Counter(one.why for one in left_out).most_common()
    reasons = "; ".join(f"{why} ({number(count)})" if len(times) > 1 else why for why, count in times)
    told = _("**No message for {rooms}:** {why}.", rooms=rooms_in_words(len(left_out)), why=literal(reasons))
    st.warning(told, icon=":material/block:")
    with st.expander(_("Which rooms get no message")):
        st.markdown(bullets(left_out, lambda one: f"{literal(one.entry.name)}: {literal(one.why)}", LEFT_OUT_SHOWN))


def _one_by_one(invited: Sequence[Invitation], key: str) -> None:
    """Shows each message, to copy or to open in the mail program."""
    start = page_start(len(invited), PEOPLE_A_PAGE, f"messages_page_{key}")
    shown = [one.entry for one in invited[start : start + PEOPLE_A_PAGE]]
    spoken = told_apart([entry.name for entry in shown], [entry.staff_code for entry in shown])
    rows = [
        MessageRow(
            name=one.entry.name,
            spoken=name,
            email=one.entry.participant.email,
            text=one.text,
            # A text that is too long for a URL is copied at the press, and pasted by hand.
            mailto=one.mailto.split("&body=")[0] if one.mailto_is_too_long else one.mailto,
            paste=one.mailto_is_too_long,
        )
        for one, name in zip(invited[start : start + PEOPLE_A_PAGE], spoken, strict=True)
    ]
    component("elements/take_away/messages")(key=f"messages_{key}", data=MessagesData(people=rows))
