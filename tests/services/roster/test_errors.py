"""Words that spreadsheets write in place of a value, and texts that only look like them."""

import pytest

from services.roster.errors import failure, lost_digits


@pytest.mark.parametrize(
    "text",
    [
        *("#N/A", "#NV", "#N/D", "#N/D!", "#YOK", "#Н/Д", "#REF!", "#BEZUG!", "#WERT!", "#ДЕЛ/0!", "#DIV/0!", "#DIV/0"),
        *("#NOM?", "#VALEUR!", "#NOMBRE!", "#¡VALOR!", "#¿NOMBRE?", "#¡REF!", "#¡DIV/0!", "#RIF!", "#NOME?", "#ARG!"),
        *("#ADR!", "#NAZWA?", "#AD?", "#DEĞER!", "#SAYI!", "#BAŞV!", "#ССЫЛКА!", "#ПОСИЛАННЯ!", "#ЗНАЧ!", "#ЧИСЛО!"),
        *("#SPILL!", "#CALC!", "#ERROR!", "#ÜBERLAUF!", "#GETTING_DATA", "Err:502", "Ошибка:502", "Err :508", "#####"),
        *("Loading...", "Loading…", "Wird geladen...", "Загрузка...", "Chargement…"),
    ],
)
def test_word_of_a_failed_cell_is_known(text: str) -> None:
    assert text in failure(text)


@pytest.mark.parametrize(
    "text", ["", "#", "#1", "#12", "# 7", "Anna", "#anna", "Err", "Loading", "Nan", "Null", "P-#7"]
)
def test_other_text_is_no_failure(text: str) -> None:
    assert not failure(text)


@pytest.mark.parametrize("text", ["4,47912E+11", "4.48E+11", "4.47912e+11", "1E+05", "1.5E-05", "-4.48E+11"])
def test_shortened_number_has_lost_digits(text: str) -> None:
    assert "as text" in lost_digits(text)


@pytest.mark.parametrize("text", ["", "12E5", "1E5", "1E-05", "E+11", "447912345678", "P-1E+11"])
def test_id_with_letters_keeps_its_digits(text: str) -> None:
    assert not lost_digits(text)
