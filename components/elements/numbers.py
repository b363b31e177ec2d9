"""Numbers that a person types, in fields without bounds: those keep the number before behind what is out of them."""

from services.texts.speech import _, number


def number_problem(value: int | None, least: int, most: int) -> str | None:
    """Why a number does not fit; None where it does."""
    if value is None or not least <= value <= most:
        return _("Enter a number from {least} to {most}.", least=number(least), most=number(most))
    return None
