"""Words that spreadsheet programs write into a cell in place of a value: they are never a name, an email or an ID.

Known are words of Microsoft Excel, LibreOffice Calc and Google Sheets in several languages. No list of them was
compared: a word that is missing is still known by its form, if it is in capital letters between # and ! or ?.
"""

import re

from services.texts.speech import _

_FAILED = frozenset(
    word.casefold()
    for word in (
        # Those that end in ! or ? are also known by their form; these are the ones that do not.
        *("#N/A", "#NA", "#NV", "#N/D", "#N/DISP", "#N/V", "#YOK", "#Н/Д", "#НД", "#BRAK", "#I/T", "#PUUTTUU!"),
        *("#REF", "#NAME", "#VALUE", "#DIV/0", "#NUM", "#NULL", "#SPILL", "#CALC", "#ERROR", "#ERR", "#WERT"),
        *("#BEZUG", "#ZAHL", "#ССЫЛКА", "#ИМЯ", "#ЗНАЧ", "#ДЕЛ/0", "#ЧИСЛО", "#ПУСТО", "#ОШИБКА", "#GETTING_DATA"),
        *("#N/A N/A", "#N/A Requesting Data...", "#EN ATTENTE", "#ОЖИДАНИЕ_ДАННЫХ", "#DATEN_ABRUFEN"),
    )
)

_FAILED_FORM = re.compile(r"#[^\W\d_][\w/ .'’¡¿-]*[!?]|#¡[\w/ .]+!|#¿[\w/ .]+\?")
"""Such as #BEZUG!, #ДЕЛ/0!, #¡VALOR!, #¿NOMBRE?; in capital letters."""

_NUMBERED_FORM = re.compile(
    r"#?(?:err|erro|error|erreur|errore|fehler|fout|fel|błąd|hata|ошибка|помилка)\s?:\s?[0-9]{3}", re.IGNORECASE
)
"""Such as Err:502 of LibreOffice."""

_NARROW_FORM = re.compile(r"#{2,}")
"""What a column shows that is too narrow for its number or date."""

_LOADING_FORM = re.compile(
    r"(?:loading|wird geladen|chargement|cargando|carregando|a carregar|caricamento(?: in corso)?|ładowanie|"
    r"wczytywanie|yükleniyor|загрузка|завантаження|laden|#busy)\s?(?:\.\.\.|…)",
    re.IGNORECASE,
)
"""What a cell shows whose value comes from a network."""

_POWER_FORM = re.compile(r"[+-]?[0-9](?:[.,][0-9]+)?E\+[0-9]{2,3}|[+-]?[0-9][.,][0-9]+E-?[0-9]{1,3}", re.IGNORECASE)
"""Such as 4,47912E+11. An ID such as 12E5 or 1E-05 has another form."""


def failure(text: str) -> str:
    """Returns what is wrong with a cell that shows an error of a spreadsheet and what to do; empty for other text."""
    if _NARROW_FORM.fullmatch(text):
        return _(
            "The column was too narrow to show this cell ({text}). Widen it, and save the list again.", text=text[:10]
        )
    if _LOADING_FORM.fullmatch(text):
        return _(
            "This cell was still loading when the list was saved ({text}). Wait for its value, and save it again.",
            text=text,
        )
    capitals = text == text.upper() and _FAILED_FORM.fullmatch(text)
    if capitals or text.casefold() in _FAILED or _NUMBERED_FORM.fullmatch(text):
        return _("The formula in this cell failed ({text}). Correct it, or clear the cell.", text=text)
    return ""


def lost_digits(text: str) -> str:
    """Returns what is wrong with a long number that a spreadsheet rounded, and what to do; empty for other text."""
    if not _POWER_FORM.fullmatch(text):
        return ""
    return _(
        "A spreadsheet shortened a long number to {text}, and its digits are lost. Format the column as text, "
        "enter the number again, and save the list.",
        text=text,
    )
