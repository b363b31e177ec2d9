"""The screen Batches: the list, and one batch with its links, its codes, and what it waits for.

It imports elements and state, and no other screen.
"""
