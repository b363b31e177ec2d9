"""Numbers that a person types, in fields without bounds: those keep the number before behind what is out of them."""


def number_problem(value: int | None, least: int, most: int) -> str | None:
    """Why a number does not fit; None where it does."""
    if value is None or not least <= value <= most:
        return f"Enter a number from {least:,} to {most:,}."
    return None
