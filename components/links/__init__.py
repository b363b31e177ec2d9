"""The screen Links: the rooms of a study with filters, figures, what needs a person, and changes of one or many.

It imports elements and state, and no other screen.
"""
