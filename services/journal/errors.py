"""What the journal raises where it does not work."""

from services.texts.kept import SaidError


class JournalError(SaidError):
    """The journal cannot be opened, read or written. Its text names no password and no link."""


class Clash(JournalError):
    """What is to be written is there already: another writer was faster."""
