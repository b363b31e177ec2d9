"""The screen Create: the form, the list of people, presets, the summary and the button.

It imports elements and state, and no other screen.
"""
