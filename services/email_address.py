"""Email addresses, by their form alone: no server is asked about a domain."""

from email_validator import EmailNotValidError, validate_email


def is_email_address(text: str) -> bool:
    """Whether a text is one address and nothing more: no name around it, no second address, no local host."""
    try:
        # Strict: a part before the @ of more than 64 characters is refused.
        validate_email(text, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return False
    return True
