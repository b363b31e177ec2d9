"""The screen Batches: the list, and one batch with its links and codes, what can be done, and what it waits for.

It imports elements and state, and no other screen.
"""
