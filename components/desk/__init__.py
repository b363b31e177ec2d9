"""The screen Desk: one code at a time held towards a person, all desks of a project, and packs for offline use.

It imports elements and state, and no other screen.
"""
