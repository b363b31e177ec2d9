"""The screen Settings: the connection, the token, and the reset of the sandbox.

It imports elements and state, and no other screen.
"""
