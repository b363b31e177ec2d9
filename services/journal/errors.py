"""What the journal raises where it does not work."""


class JournalError(Exception):
    """The journal cannot be opened, read or written. Its text names no password and no link."""


class Clash(JournalError):
    """What is to be written is there already: another writer was faster."""
