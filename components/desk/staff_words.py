"""What staff read on the desk's screen, in the language of the page: their sheet, and the buttons that they hold."""

from typing import TypedDict

from components.desk.words import LANGUAGE
from services.texts.speech import _


class HoldWords(TypedDict):
    """A button that is to be held, and what a short press of it asks instead.

    does: what it does. hold: what it says. hint: that it is to be held.
    """

    does: str
    hold: str
    hint: str
    question: str
    yes: str
    no: str


def hold_words(does: str, hold: str, question: str, yes: str, hint: str = "") -> HoldWords:
    """Returns the words of a button that is to be held. hint: where the button does not say that it is to be held."""
    return HoldWords(does=does, hold=hold, hint=hint, question=question, yes=yes, no=_("No"))


def next_code() -> HoldWords:
    """After an interview has begun."""
    return hold_words("next", _("Hold for the next code"), _("Show the next code?"), _("Show it"))


def first_code() -> HoldWords:
    """Where no code is on show."""
    return hold_words("next", _("Hold to show the next code"), _("Show the next code?"), _("Show it"))


def use_here() -> HoldWords:
    """Where another window shows the desk."""
    return hold_words("here", _("Hold to use it here"), _("Use this desk in this window?"), _("Use it here"))


class StaffWords(TypedDict):
    """What staff read on the screen and on their sheet.

    staff: the button that opens the sheet. lost: that the connection is lost.
    languages: the name of the group of languages.
    touch: that a signal works only once the screen was touched.
    awake, insecure, refused: whether the tablet stays on, and what to set where it does not.
    """

    staff: HoldWords
    lost: str
    languages: str
    sheet: str
    close: str
    whom: str
    placeholder: str
    save: str
    paper: str
    give_back: str
    full_screen: str
    end: str
    signal: str
    off: str
    sound: str
    vibration: str
    touch: str
    awake: str
    insecure: str
    refused: str


def staff_words() -> StaffWords:
    """Returns all of them."""
    insecure = _("The tablet may switch off: a browser keeps it on only for an address that begins with https.")
    refused = _("The tablet may switch off: the browser does not keep it on, such as to save the battery.")
    what_to_set = _(
        "Set it on the tablet: the screen's timeout to “Never” or the longest there is (Android: Settings, Display; "
        "iPad: Settings, Display & Brightness, Auto-Lock)."
    )
    return StaffWords(
        staff=hold_words("staff", _("Staff"), _("Are you staff of this desk?"), _("Yes, open"), _("Hold to open")),
        lost=_("No connection. The code stays as it is, and it still works."),
        languages=LANGUAGE,
        sheet=_("For staff"),
        close=_("Close"),
        whom=_("Who is it for?"),
        placeholder=_("Name or number"),
        save=_("Save"),
        paper=_("Given on paper"),
        give_back=_("Not taken: give it back"),
        full_screen=_("Full screen"),
        end=_("End this desk"),
        signal=_("When an interview begins"),
        off=_("Nothing"),
        sound=_("Sound"),
        vibration=_("Vibration"),
        touch=_("Touch the screen once, so that its signal works"),
        awake=_("The tablet stays on while this desk is on show."),
        insecure=f"{insecure} {what_to_set}",
        refused=f"{refused} {what_to_set}",
    )
