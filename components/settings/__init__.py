"""The screen Settings: the connection, the token, the reset of the sandbox, people's data, the way to the audit.

It imports elements and state, and no other screen.
"""
